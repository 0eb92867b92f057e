"""Our own words on a sheet, per language; the rest are the council's."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "scan-or-type": "Scan or type",
        "opens": "Opens a page on {destination}",
        "phone": "Or call",
        "visit": "Or visit",
        "notice": "Notice {number}",
        "counted": "We count scans of this notice, not people.",
        "shown-at": "Shown at {location}",
    },
}
"""Fields in braces are filled from the words of the sheet."""
