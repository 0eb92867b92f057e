"""One row of an uploaded list of locations into what it says, what was put right in it, or why it is refused."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qrbridge import postcodes, spreadsheets
from qrbridge.places import coordinates, kinds, locations
from qrbridge.places.areas import Areas
from qrbridge.spreadsheets import BadRow, cells
from qrbridge.spreadsheets.sheet import shown
from qrbridge.uploads.location_columns import Survey

# Fields whose length alone is limited; a reference has more to it.
LIMITED = ("name", "address", "kind")

# A ward code has eight digits; these have one or two lost, or one typed twice.
ALMOST_CODE = re.compile(r"[A-Z](\d{6,7}|\d{9})")

# Up to this share of references that are numbers, a number that may be a day as Excel counts them is taken for one.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Repair:
    """One value put right: where it stands, as it was and as it will be kept."""

    line: int
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Warned:
    """One value kept as it is that somebody should look at, and why; `meant` is what it may be meant as."""

    line: int
    column: str
    value: str
    sentence: str
    meant: str = ""


@dataclass(slots=True)
class Outcome:
    """What one row says of a location, with what was repaired, warned of and refused in it."""

    line: int
    # The row's cells as they stand in the file.
    cells: tuple[str, ...] = ()
    said: dict[str, Any] = field(default_factory=dict)
    usual_setting: str = ""
    repairs: list[Repair] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    refusals: list[BadRow] = field(default_factory=list)

    def repair(self, column: str, old: str, new: str) -> None:
        """Note a value put right."""
        self.repairs.append(Repair(self.line, column, old, new))

    def warn(self, column: str, value: str, sentence: str, meant: str = "") -> None:
        """Note a value to look at."""
        self.warnings.append(Warned(self.line, column, value, sentence, meant))

    def refuse(self, column: str, value: str, remedy: str) -> None:
        """Note a value that keeps the row out."""
        self.refusals.append(BadRow(self.line, column, value, remedy))


class RowReader:
    """Reads the rows of one file in order; it remembers references, so that the second of two alike is refused."""

    def __init__(self, columns: Mapping[str, int], found: Survey, areas: Areas) -> None:
        self._columns = columns
        self._survey = found
        self._areas = areas
        # Hashes, not texts: 200,000 references as text would be most of the memory an import may use.
        self._lines: dict[int, int] = {}
        self.kinds: Counter[tuple[str, str]] = Counter()

    def read(self, row: spreadsheets.Row | BadRow) -> Outcome:
        """What a row says; blank cells say nothing."""
        if isinstance(row, BadRow):
            return Outcome(row.line, row.cells, refusals=[row])
        outcome = Outcome(row.line, row.cells)
        given = {name: self._tidied(outcome, name, row.cells[place]) for name, place in self._columns.items()}
        for name in LIMITED:
            if fault := locations.length_fault(name, given.get(name, "")):
                outcome.refuse(name, shown(given[name]), fault)
        for read in READERS:
            read(self, outcome, given)
        return outcome

    def _tidied(self, outcome: Outcome, name: str, cell: str) -> str:
        line = ", ".join(cell.split("\n")) if name == "address" and "\n" in cell else cell
        text = cells.without_guard(cells.tidy(line))
        # A postcode is repaired once, in its own reader.
        if text != cell and name != "postcode":
            outcome.repair(name, cell, text)
        if not text.isascii() and (meant := cells.undoubled(text)):
            sentence = f"looks as if it was encoded twice; it may be meant as “{meant}”"
            outcome.warn(name, text, sentence, meant)
        return text

    def _reference(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        reference = given["reference"]
        fault = locations.reference_fault(reference) if reference else "the reference is missing; enter it"
        fault = fault or self._number_fault(reference) or self._twice(reference, outcome.line)
        if fault:
            outcome.refuse("reference", reference, fault)
        elif cells.is_like_day(reference):
            outcome.warn("reference", reference, "looks like a date; Excel will change it unless the column is Text")
        outcome.said["reference"] = reference

    def _number_fault(self, reference: str) -> str:
        if not (reference.isascii() and reference.isdecimal()):
            return ""
        if reference[0] != "0" and len(reference) < self._survey.zero_length:
            return (
                f"others here begin with 0 and have {self._survey.zero_length} digits, so Excel has eaten a 0 of this "
                "one; format the column as Text, put the reference back, and save again"
            )
        if cells.is_excel_serial(reference) and self._survey.numbers <= MOSTLY * self._survey.rows:
            return "Excel took it for a date (a number of days); format the column as Text and put the reference back"
        return ""

    def _twice(self, reference: str, line: int) -> str:
        first = self._lines.setdefault(hash(cells.folded(reference)), line)
        said = f"the row on line {first} has this reference too; give each location its own, or delete one of the rows"
        return said if first != line else ""

    def _name(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        if not given["name"]:
            outcome.refuse("name", "", "the name is missing; enter what the place is called")
        elif cells.is_excel_error(given["name"]):
            outcome.refuse("name", given["name"], "it is what Excel shows for a formula that failed; enter the name")
        outcome.said["name"] = given["name"]

    def _where(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        if given.get("address"):
            outcome.said["address"] = given["address"]
        if "postcode" not in given:
            return
        read = postcodes.tidy(given["postcode"])
        if read.is_blank:
            self._no_postcode(outcome, given)
        elif not read.is_postcode:
            outcome.refuse("postcode", given["postcode"], read.remedy)
        else:
            self._postcode(outcome, read)

    def _no_postcode(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        if given.get("address") or given.get("latitude"):
            outcome.warn("postcode", "", "has no postcode, so its ward cannot be looked up; enter one if there is one")
        else:
            outcome.refuse("postcode", "", "there is no postcode and no address; enter either so it can be found")

    def _postcode(self, outcome: Outcome, read: postcodes.Postcode) -> None:
        if read.is_changed:
            outcome.repair("postcode", read.given, read.value)
        if self._areas.are_loaded and self._areas.of(read.value) is None:
            sentence = "is not in the postcode table: new, or outside the area. Kept, without a ward from it"
            outcome.warn("postcode", read.value, sentence)
        outcome.said["postcode"] = read.value

    def _point(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        latitude, longitude = given.get("latitude", ""), given.get("longitude", "")
        found, fault = coordinates.point(latitude, longitude)
        if fault:
            outcome.refuse("latitude", f"{latitude}, {longitude}".strip(", "), fault)
        elif found[0] is not None:
            outcome.said |= {"latitude": found[0], "longitude": found[1]}

    def _ward(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        ward = given.get("ward", "")
        code = ward.upper()
        known = code if code in self._areas.codes else self._areas.by_name.get(cells.folded(ward))
        area = self._areas.of(outcome.said.get("postcode", ""))
        if known:
            outcome.said["ward"] = known
        elif ward and area:
            outcome.repair("ward", ward, f"{area['ward']} (by postcode)")
            outcome.said["ward"] = area["ward"]
        elif ALMOST_CODE.fullmatch(code):
            outcome.refuse("ward", ward, "a ward code is a letter and eight digits, such as E05015239; correct it")
        elif ward and self._areas.codes:
            outcome.warn(
                "ward", ward, "is not a ward that is loaded (retired, or outside the area). Kept without a ward"
            )

    def _kind(self, outcome: Outcome, given: Mapping[str, str]) -> None:
        if given.get("kind"):
            kind = kinds.of(given["kind"])
            outcome.usual_setting = kind.setting
            outcome.said["kind"] = kind.name
            if kind.name != given["kind"]:
                self.kinds[given["kind"], kind.name] += 1
        if setting := given.get("setting", "").lower():
            if setting in locations.SETTINGS:
                outcome.said["setting"] = locations.SETTINGS[setting]
            else:
                outcome.refuse("setting", given["setting"], "it must be indoors or open, or blank where not known")


READERS: tuple[Callable[[RowReader, Outcome, Mapping[str, str]], None], ...] = (
    RowReader._reference,
    RowReader._name,
    RowReader._where,
    RowReader._point,
    RowReader._ward,
    RowReader._kind,
)
