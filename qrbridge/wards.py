"""Wards, and the table that says which ward and where a postcode is."""

import re
from collections.abc import Iterator, Mapping
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


def load(store: Store, path: Path, by: By, columns: Mapping[str, str] | None = None) -> Loaded:
    """Load a postcode-to-ward table, all or nothing, then give locations without a ward or coordinates theirs.

    `columns` names the column of a field where it cannot be told. Loading the same table again changes nothing.
    """
    sheet = sheets.open_sheet(path)
    match = match_headers(sheet.headers, COLUMNS, columns)
    _refuse_unmatched(match)
    loaded = Loaded(sheet.read_as, notes=[*sheet.notes, *match.in_words()])
    with store.atomic():
        locations.take_turn(store)
        before = count_postcodes(store)
        names: dict[str, str] = {}
        reads = _reads(sheet, match, loaded)
        while batch := list(islice(reads, BATCH)):
            new = {code: name for code, name, _ in batch if names.get(code) != name}
            names |= new
            store.run_many("wards.add", [as_kept(code, name) for code, name in new.items()])
            store.run_many("wards.place", [place for _, _, place in batch])
            loaded.postcodes += len(batch)
        loaded.new = count_postcodes(store) - before
        loaded.wards = len(names)
        loaded.filled_wards = store.run("wards.fill_wards")
        loaded.filled_coordinates = store.run("wards.fill_coordinates")
        audit.write(store, by, Change("ward", path.name, "load", {}, _counts(loaded)))
    return loaded


def as_kept(code: str, name: str) -> Row:
    """A ward as the row that `wards.add` takes."""
    return {"code": code, "name": name, "folded": cells.folded(name)}


def list_all(store: Store) -> list[Row]:
    """Every ward with the number of its locations, by name."""
    return sorted(store.rows("wards.list"), key=lambda row: (cells.folded(row["name"]), row["code"]))


def count_postcodes(store: Store) -> int:
    """How many postcodes are loaded."""
    return int(store.rows("wards.count_postcodes")[0]["postcodes"])


def _refuse_unmatched(match: Match) -> None:
    asked = {problem.field for problem in match.problems}
    missing = [name for name in NEEDED if name not in match.columns and name not in asked]
    known = ", ".join(f"“{header}”" for header in match.headers)
    problems = [Problem(name, f"no column looks like it; say which of {known} it is") for name in missing]
    if match.problems or problems:
        raise InvalidInput([*match.problems, *problems])


def _reads(sheet: Sheet, match: Match, loaded: Loaded) -> Iterator[tuple[str, str, Row]]:
    """The ward's code and name and the postcode of each good row; the others are noted in `loaded`."""
    for row in sheet.rows():
        read = row if isinstance(row, BadRow) else _read(row, match)
        if not isinstance(read, BadRow):
            yield read
            continue
        loaded.refused_count += 1
        if len(loaded.refused) < LISTED:
            loaded.refused.append(read)


def _read(row: sheets.Row, match: Match) -> tuple[str, str, Row] | BadRow:
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
    return code, name, {"postcode": postcode.value, "ward": code, "latitude": latitude, "longitude": longitude}


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
        wards = store.rows("wards.all")
        self.codes = {row["code"] for row in wards}
        self.by_name = {cells.folded(row["name"]): row["code"] for row in wards}
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
