"""Wards, and the table that says which ward and where a postcode is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from qrbridge import postcodes, spreadsheets
from qrbridge.audit import By, Change, Many
from qrbridge.errors import InvalidInput, Problem
from qrbridge.installation import take_turn
from qrbridge.places import coordinates
from qrbridge.places.areas import Areas
from qrbridge.spreadsheets import BadRow, Sheet, cells
from qrbridge.spreadsheets.headers import Match, match_headers
from qrbridge.store import Row, Store

# Field -> what published tables call it (ONS, councils' own), best first.
COLUMNS = {
    "postcode": ("pcds", "pcd", "pcd2", "post code"),
    "code": ("ward_code", "ward code", "wd25cd", "wd24cd", "wd23cd", "osward", "electoral ward code"),
    "name": ("ward_name", "ward name", "wd25nm", "wd24nm", "wd23nm", "ward", "electoral ward"),
    "latitude": ("lat",),
    "longitude": ("lon", "long", "lng"),
}
NEEDED = ("postcode", "code", "name")

# What is kept of a postcode, what a location without it gets of that, and with its ward's name what a row says.
KEPT = ("postcode", "ward", "latitude", "longitude")
FILLED = ("ward", "latitude", "longitude")
SAID = (*KEPT, "name")

# GSS codes of wards: E05 and W05, Scotland's S13, Northern Ireland's N08 or N10.
CODE = re.compile(r"(?:[EW]05|S13|N08|N10)\d{6}")

# As many refused rows as are listed; the rest are counted.
LISTED = 100

# Rows kept at a time: enough for speed, few enough for memory.
BATCH = 1_000


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


@dataclass(frozen=True, slots=True)
class Place:
    """One good row of a table: a postcode with its ward and where it is; `given` is the postcode as it was written.

    One that `repeats` says what an earlier row says, and changes nothing.
    """

    line: int
    given: str
    postcode: str
    ward: str
    name: str
    latitude: float | None
    longitude: float | None
    repeats: bool = False

    @property
    def said(self) -> Row:
        """What it says: its postcode, with the ward and where it is."""
        return {name: getattr(self, name) for name in SAID}


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
        take_turn(store)
        changes = Many(store, by)
        _load(store, _good(read_rows(sheet, match), loaded), loaded, changes)
        loaded.filled_wards, loaded.filled_coordinates = fill(store, changes)
        if loaded.repeated:
            loaded.notes.append(_repeated(loaded.repeated))
        changes.done(Change("ward", path.name, "load", {}, _counts(loaded)), in_one_line=True)
    return loaded


def _load(store: Store, places: Iterator[Place], loaded: Loaded, changes: Many) -> None:
    """Keep the places that say something else than what is kept, and count them."""
    areas, wards = Areas(store), set[str]()
    while batch := list(islice(places, BATCH)):
        pairs = [(areas.named(place.postcode), place) for place in batch]
        keep(store, pairs, changes)
        loaded.postcodes += len(batch)
        loaded.new += sum(not before for before, _ in pairs)
        wards.update(place.ward for place in batch)
    loaded.wards = len(wards)


def keep(store: Store, pairs: Iterable[tuple[Row, Place]], changes: Many) -> None:
    """Keep postcodes and their wards in place of what was kept of each, which is given with it."""
    altered = [(before, place) for before, place in pairs if before != place.said]
    names = {place.ward: place.name for _, place in altered}
    store.run_many("wards.add", [as_kept(code, name) for code, name in names.items()])
    store.run_many("wards.place", [{name: place.said[name] for name in KEPT} for _, place in altered])
    changes.add(
        Change("postcode", place.postcode, "change" if before else "add", before, place.said)
        for before, place in altered
    )


def fill(store: Store, changes: Many) -> tuple[int, int]:
    """Give locations without a ward or coordinates those of their postcode; returns how many of each."""
    after = ""
    while rows := store.rows("wards.to_fill", after=after, most=BATCH):
        changes.add(_filled(row) for row in rows)
        after = rows[-1]["reference"]
    return store.run("wards.fill_wards"), store.run("wards.fill_coordinates")


def _filled(row: Row) -> Change:
    before = {name: row[name] for name in FILLED}
    return Change("location", row["reference"], "fill in", before, {name: row[f"found_{name}"] for name in FILLED})


def as_kept(code: str, name: str) -> Row:
    """A ward as the row that `wards.add` takes."""
    return {"code": code, "name": name, "folded": cells.folded(name)}


def list_all(store: Store) -> list[Row]:
    """Every ward with the number of its locations, by name."""
    return sorted(store.rows("wards.list"), key=lambda row: (cells.folded(row["name"]), row["code"]))


def names(store: Store) -> dict[str, str]:
    """The wards there are, code to name, by name."""
    rows = sorted(store.rows("wards.all"), key=lambda row: (cells.folded(row["name"]), row["code"]))
    return {row["code"]: row["name"] for row in rows}


def code_of(store: Store, text: str) -> str:
    """The code of a ward given by its name or code in any mix of capitals; as it was given where there is none such."""
    folded = cells.folded(text)
    return next((code for code, name in names(store).items() if cells.folded(name) == folded), text)


def count_postcodes(store: Store) -> int:
    """How many postcodes are loaded."""
    return int(store.rows("wards.count_postcodes")[0]["postcodes"])


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
