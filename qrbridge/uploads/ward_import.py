"""Import a table that says which ward and where each postcode is: all or nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from qrbridge import postcodes, spreadsheets
from qrbridge.audit import By, Change, Many
from qrbridge.errors import InvalidInput, Problem
from qrbridge.installation import take_turn
from qrbridge.places import coordinates, wards
from qrbridge.places.areas import Areas
from qrbridge.places.wards import BATCH, Place
from qrbridge.spreadsheets import BadRow, Sheet, cells
from qrbridge.spreadsheets.headers import Match, match_headers
from qrbridge.store import Store

# Field -> what published tables call it (ONS, councils' own), best first.
COLUMNS = {
    "postcode": ("pcds", "pcd", "pcd2", "post code"),
    "code": ("ward_code", "ward code", "wd25cd", "wd24cd", "wd23cd", "osward", "electoral ward code"),
    "name": ("ward_name", "ward name", "wd25nm", "wd24nm", "wd23nm", "ward", "electoral ward"),
    "latitude": ("lat",),
    "longitude": ("lon", "long", "lng"),
}
NEEDED = ("postcode", "code", "name")

# GSS codes of wards: E05 and W05, Scotland's S13, Northern Ireland's N08 or N10.
CODE = re.compile(r"(?:[EW]05|S13|N08|N10)\d{6}")

# As many refused rows as are listed; the rest are counted.
LISTED = 100


@dataclass
class Loaded:
    """What loading a table did: rows read, postcodes new, wards, locations filled in, and rows refused."""

    read_as: str
    postcodes: int = 0
    new: int = 0
    repeated: int = 0
    wards: int = 0
    filled_wards: int = 0
    filled_coordinates: int = 0
    refused_count: int = 0
    refused: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def load(store: Store, path: Path, by: By, columns: Mapping[str, str] | None = None) -> Loaded:
    """Load a postcode-to-ward table, all or nothing, then give locations without a ward or coordinates theirs.

    `columns` names the column of a field where it cannot be told. Loading the same table again changes nothing.
    """
    sheet = spreadsheets.open_sheet(path)
    match = match_headers(sheet.headers, COLUMNS, columns)
    if problems := questions(match):
        raise InvalidInput(problems)
    loaded = Loaded(sheet.read_as, notes=[*sheet.notes, *match.in_words()])
    with store.atomic():
        take_turn(store, "places")
        changes = Many(store, by)
        _load(store, _good(read_rows(sheet, match), loaded), loaded, changes)
        loaded.filled_wards, loaded.filled_coordinates = wards.fill(store, changes)
        if loaded.repeated:
            loaded.notes.append(_repeated(loaded.repeated))
        changes.done(Change("ward", path.name, "load", {}, _counts(loaded)), in_one_line=True)
    return loaded


def _load(store: Store, places: Iterator[Place], loaded: Loaded, changes: Many) -> None:
    """Keep the places that say something else than what is kept, and count them."""
    areas, seen = Areas(store), set[str]()
    while batch := list(islice(places, BATCH)):
        pairs = [(areas.named(place.postcode), place) for place in batch]
        wards.keep(store, pairs, changes)
        loaded.postcodes += len(batch)
        loaded.new += sum(not before for before, _ in pairs)
        seen.update(place.ward for place in batch)
    loaded.wards = len(seen)


def questions(match: Match) -> list[Problem]:
    """What must be asked about the columns of a table: which of two, or which is one that there must be."""
    asked = {problem.field for problem in match.problems}
    missing = [name for name in NEEDED if name not in match.columns and name not in asked]
    known = ", ".join(f"“{header}”" for header in match.headers)
    return [
        *match.problems,
        *(Problem(name, f"no column looks like it; say which of {known} it is") for name in missing),
    ]


def read_rows(sheet: Sheet, match: Match) -> Iterator[tuple[Place | BadRow, tuple[str, ...]]]:
    """Every row of a table, good or refused, with its cells; one that says otherwise than an earlier is refused."""
    lines: dict[int, tuple[int, int]] = {}
    for row in sheet.rows():
        read = row if isinstance(row, BadRow) else _read(row, match)
        yield _after_others(read, lines) if isinstance(read, Place) else read, row.cells


def _after_others(place: Place, lines: dict[int, tuple[int, int]]) -> Place | BadRow:
    """A good row beside those before it, of whose postcodes `lines` has the line and a hash of what it says."""
    said = hash(tuple(place.said.values()))
    line, first = lines.setdefault(hash(place.postcode), (place.line, said))
    if first != said:
        remedy = f"the row on line {line} says otherwise of this postcode; delete the one that is wrong"
        return BadRow(place.line, "postcode", place.given, remedy)
    return replace(place, repeats=True) if line != place.line else place


def _good(reads: Iterator[tuple[Place | BadRow, tuple[str, ...]]], loaded: Loaded) -> Iterator[Place]:
    """The good rows that say something new; the others are noted in `loaded`."""
    for read, _ in reads:
        if isinstance(read, Place):
            loaded.repeated += read.repeats
            if not read.repeats:
                yield read
            continue
        loaded.refused_count += 1
        if len(loaded.refused) < LISTED:
            loaded.refused.append(read)


def _repeated(rows: int) -> str:
    said = (
        "1 row says what an earlier one says, and was"
        if rows == 1
        else f"{rows:,} rows say what earlier ones say, and were"
    )
    return f"{said} passed over."


def _read(row: spreadsheets.Row, match: Match) -> Place | BadRow:
    given = {name: cells.without_guard(cells.tidy(row.cells[place])) for name, place in match.columns.items()}
    postcode = postcodes.tidy(given["postcode"])
    code, name = given["code"].upper(), given["name"]
    if not postcode.is_postcode:
        return BadRow(row.line, "postcode", given["postcode"], postcode.remedy)
    if not CODE.fullmatch(code):
        return BadRow(row.line, "code", given["code"], "this is not a ward code; it should be like E05015239")
    if not name:
        return BadRow(row.line, "name", "", "the ward has no name; enter it")
    (latitude, longitude), fault = coordinates.point(given.get("latitude", ""), given.get("longitude", ""))
    if fault:
        return BadRow(row.line, "latitude", f"{given.get('latitude')}, {given.get('longitude')}", fault)
    return Place(row.line, given["postcode"], postcode.value, code, name, latitude, longitude)


def _counts(loaded: Loaded) -> Mapping[str, int]:
    return {
        "postcodes": loaded.postcodes,
        "new": loaded.new,
        "wards": loaded.wards,
        "filled_wards": loaded.filled_wards,
        "filled_coordinates": loaded.filled_coordinates,
        "refused": loaded.refused_count,
    }
