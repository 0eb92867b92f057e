"""Wards, and the table that says which ward and where a postcode is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from qrbridge import audit, locations, postcodes, sheets
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, Problem
from qrbridge.sheets import BadRow, Sheet, cells
from qrbridge.sheets.headers import Match, match_headers
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

# What is kept of a postcode, and with its ward's name what a row says of one.
KEPT = ("postcode", "ward", "latitude", "longitude")
AREA = ("ward", "name", "latitude", "longitude")

# GSS codes of wards: E05 and W05, Scotland's S13, Northern Ireland's N08 or N10.
CODE = re.compile(r"(?:[EW]05|S13|N08|N10)\d{6}")

# As many refused rows as are listed; the rest are counted.
LISTED = 100

# Rows kept at a time: enough for speed, few enough for memory.
BATCH = 1_000

# Postcode districts held at once; one has up to 3,000 postcodes.
DISTRICTS = 24


@dataclass
class Loaded:
    """What loading a table did: rows read, postcodes new, wards, locations filled in, and rows refused."""

    read_as: str
    postcodes: int = 0
    new: int = 0
    wards: int = 0
    filled_wards: int = 0
    filled_coordinates: int = 0
    refused_count: int = 0
    refused: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """One good row of a table: a postcode with its ward and where it is; `given` is the postcode as it was written."""

    line: int
    given: str
    postcode: str
    ward: str
    name: str
    latitude: float | None
    longitude: float | None

    @property
    def area(self) -> Row:
        """What it says of its postcode."""
        return {name: getattr(self, name) for name in AREA}


def load(store: Store, path: Path, by: By, columns: Mapping[str, str] | None = None) -> Loaded:
    """Load a postcode-to-ward table, all or nothing, then give locations without a ward or coordinates theirs.

    `columns` names the column of a field where it cannot be told. Loading the same table again changes nothing.
    """
    sheet = sheets.open_sheet(path)
    match = match_headers(sheet.headers, COLUMNS, columns)
    if problems := questions(match):
        raise InvalidInput(problems)
    loaded = Loaded(sheet.read_as, notes=[*sheet.notes, *match.in_words()])
    with store.atomic():
        locations.take_turn(store)
        before = count_postcodes(store)
        wards: set[str] = set()
        places = _good(read_rows(sheet, match), loaded)
        while batch := list(islice(places, BATCH)):
            keep(store, batch)
            loaded.postcodes += len(batch)
            wards.update(place.ward for place in batch)
        loaded.new, loaded.wards = count_postcodes(store) - before, len(wards)
        loaded.filled_wards, loaded.filled_coordinates = fill(store)
        audit.write(store, by, Change("ward", path.name, "load", {}, _counts(loaded)))
    return loaded


def keep(store: Store, places: Sequence[Place]) -> None:
    """Keep postcodes and their wards in place of what was kept of them."""
    names = {place.ward: place.name for place in places}
    store.run_many("wards.add", [as_kept(code, name) for code, name in names.items()])
    rows = ({**place.area, "postcode": place.postcode} for place in places)
    store.run_many("wards.place", [{name: row[name] for name in KEPT} for row in rows])


def fill(store: Store) -> tuple[int, int]:
    """Give locations without a ward or coordinates those of their postcode; returns how many of each."""
    return store.run("wards.fill_wards"), store.run("wards.fill_coordinates")


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
        if isinstance(row, BadRow):
            yield row, ()
            continue
        read = _read(row, match)
        if isinstance(read, Place):
            line, area = lines.setdefault(hash(read.postcode), (row.line, hash(tuple(read.area.values()))))
            if area != hash(tuple(read.area.values())):
                remedy = f"the row on line {line} says otherwise of this postcode; delete the one that is wrong"
                read = BadRow(row.line, "postcode", read.given, remedy)
        yield read, row.cells


def _good(reads: Iterator[tuple[Place | BadRow, tuple[str, ...]]], loaded: Loaded) -> Iterator[Place]:
    """The good rows; the others are noted in `loaded`."""
    for read, _ in reads:
        if isinstance(read, Place):
            yield read
            continue
        loaded.refused_count += 1
        if len(loaded.refused) < LISTED:
            loaded.refused.append(read)


def _read(row: sheets.Row, match: Match) -> Place | BadRow:
    given = {name: cells.tidy(row.cells[place]) for name, place in match.columns.items()}
    postcode = postcodes.tidy(given["postcode"])
    code, name = given["code"].upper(), given["name"]
    if not postcode.is_postcode:
        return BadRow(row.line, "postcode", given["postcode"], postcode.remedy)
    if not CODE.fullmatch(code):
        return BadRow(row.line, "code", given["code"], "this is not a ward code; it should be like E05015239")
    if not name:
        return BadRow(row.line, "name", "", "the ward has no name; enter it")
    (latitude, longitude), fault = locations.point(given.get("latitude", ""), given.get("longitude", ""))
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


class Areas:
    """The wards and postcodes that are loaded, read a postcode district at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._districts: dict[str, dict[str, Row]] = {}
        known = names(store)
        self.codes = set(known)
        self.by_name = {cells.folded(name): code for code, name in known.items()}
        self.are_loaded = count_postcodes(store) > 0

    def of(self, postcode: str) -> Row | None:
        """The ward and coordinates of a postcode, if it is in the table."""
        if not self.are_loaded or not postcode:
            return None
        district = postcode.partition(" ")[0] + " "
        if district not in self._districts:
            if len(self._districts) >= DISTRICTS:
                self._districts.pop(next(iter(self._districts)))
            rows = self._store.rows("wards.postcodes_of_district", district=district)
            self._districts[district] = {row["postcode"]: row for row in rows}
        return self._districts[district].get(postcode)
