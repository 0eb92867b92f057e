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
        "help-in-your-language": "Help in your language",
        "fold-here": "Fold here",
        "cut-here": "Cut here",
        "hang-check": "Scan to say it is up",
        "tick-when-up": "Tick when up",
        "start-here": "Start here",
    },
}
"""Fields in braces are filled from the words of the sheet."""
NAMES: Mapping[str, str] = {"en": "English", "cy": "Cymraeg", "pl": "Polski"}
UNCHECKED = frozenset(NAMES) - {"en"}
"""Languages whose phrases no native reader has checked yet."""


def direction(language: str) -> str:
    """Say which way a language is written: `rtl` or `ltr`."""
    return "rtl" if language in ("ar", "ur") else "ltr"
