"""The columns of an uploaded list of locations: what holds which field, and what only the whole file can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from qrbridge.errors import Problem
from qrbridge.spreadsheets import BadRow, Sheet, cells
from qrbridge.spreadsheets.headers import Match

# Field -> what councils call its column, best first. A unique property reference names a building, not a place in it.
COLUMNS = {
    "reference": (
        *("location reference", "location ref", "location id", "placement_ref", "placement reference", "ref", "ref no"),
        *("reference number", "unique_reference_number", "site reference", "site ref", "site id", "asset id", "id"),
        *("atco_code", "organisation_data_service_code", "ods code", "code"),
    ),
    "name": (
        *("location name", "venue_name", "name of venue", "venue", "site name", "place name", "building name", "place"),
        *("library name", "pharmacy_name", "practice name", "school name", "community_hub", "common_name", "site"),
        *("location", "title"),
    ),
    "address": ("full address", "location address", "street address", "address 1", "address line 1", "street"),
    "postcode": ("post code", "postal code"),
    "ward": ("ward_code", "ward code", "ward name"),
    "latitude": ("lat",),
    "longitude": ("lon", "long", "lng"),
    "kind": ("location type", "venue_type", "type of venue", "place type", "site type", "type", "category"),
    "setting": ("indoors or open", "indoors or outdoors", "indoor or outdoor", "indoors"),
}
NEEDED = ("reference", "name")

# Rows looked at, and names offered, when asking which column holds the reference.
LOOKED_AT, OFFERED = 2_000, 3
LONGEST_REFERENCE_SEEN = 40

# Columns named in such a question; the rest are counted.
NAMED = 12


@dataclass
class Survey:
    """What only the whole file can tell: how long references that begin with 0 are, and whether all share one point."""

    rows: int = 0
    numbers: int = 0
    zero_length: int = 0
    points: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_one_point(self) -> bool:
        """Whether every one of several rows has the same coordinates."""
        return self.rows > 1 and len(self.points) == 1 and ("", "") not in self.points


def survey(sheet: Sheet, columns: Mapping[str, int]) -> Survey:
    """Read a file through once for what only the whole of it can tell."""
    found = Survey()
    north, east = columns.get("latitude"), columns.get("longitude")
    for row in sheet.rows():
        if isinstance(row, BadRow):
            continue
        found.rows += 1
        reference = cells.tidy(row.cells[columns["reference"]])
        if reference.isascii() and reference.isdecimal():
            found.numbers += 1
            if reference[0] == "0":
                found.zero_length = max(found.zero_length, len(reference))
        if north is not None and east is not None and len(found.points) < 2:
            found.points.add((row.cells[north].strip(), row.cells[east].strip()))
    return found


def questions(sheet: Sheet, match: Match) -> list[Problem]:
    """What must be asked about the columns of a file: which of two, or which is one that there must be."""
    asked = {problem.field for problem in match.problems}
    missing = [name for name in NEEDED if name not in match.columns and name not in asked]
    if not missing:
        return list(match.problems)
    unlike = _distinct_columns(sheet, set(match.columns.values()))
    named = [f"“{header}”" for header in match.unused] or ["none left"]
    every = ", ".join(named[:NAMED]) + (f" and {len(named) - NAMED} more" if len(named) > NAMED else "")
    sentence = f"no column looks like it; say which column holds each location's own {{}}. The columns are {every}"
    could_be = (
        f"; no two rows are alike in {', '.join(unlike)}" if unlike else "; add one, with a reference for each row"
    )
    more = {"reference": could_be, "name": ""}
    return [*match.problems, *(Problem(name, sentence.format(name) + more[name]) for name in missing)]


def _distinct_columns(sheet: Sheet, taken: set[int]) -> list[str]:
    """The columns filled with something short and different in every row: what a reference could be in."""
    places = [place for place, header in enumerate(sheet.headers) if header and place not in taken]
    seen: dict[int, set[str]] = {place: set() for place in places}
    for row in islice((row for row in sheet.rows() if not isinstance(row, BadRow)), LOOKED_AT):
        for place in list(seen):
            value = cells.tidy(row.cells[place]).casefold()
            if not value or len(value) > LONGEST_REFERENCE_SEEN or value in seen[place]:
                del seen[place]
            else:
                seen[place].add(value)
    return [f"“{sheet.headers[place]}”" for place in islice(seen, OFFERED)]
