"""Wards, and the table that says which ward and where a postcode is."""

from collections.abc import Iterable
from dataclasses import dataclass

from qrbridge.audit import Change, Many
from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

# What is kept of a postcode, what a location without it gets of that, and with its ward's name what a row says.
KEPT = ("postcode", "ward", "latitude", "longitude")
FILLED = ("ward", "latitude", "longitude")
SAID = (*KEPT, "name")

# Rows kept at a time: enough for speed, few enough for memory.
BATCH = 1_000


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
