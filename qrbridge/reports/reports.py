"""Reports: each one a query file and a line of `REPORTS`; page, JSON, CSV and command follow from that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qrbridge import times
from qrbridge.counting import scans
from qrbridge.errors import NotFound
from qrbridge.notices import notices
from qrbridge.places import wards
from qrbridge.places.locations import in_ward, walking_order
from qrbridge.reading import Reading
from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

# Before any council counted a scan: the first day of a report that is asked for from the beginning.
BEGINNING = date(2020, 1, 1)


@dataclass(frozen=True)
class Column:
    """A column: its name in JSON and CSV, its heading, and whether it is text, a whole number, a rate or a total."""

    name: str
    heading: str
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self.kind != "text"


@dataclass(frozen=True)
class Report:
    """A report: its name in addresses and commands, its title, its columns, its query and what it says of itself."""

    name: str
    title: str
    columns: tuple[Column, ...]
    query: str
    meaning: str


REPORTS = {
    report.name: report
    for report in (
        Report(
            "scans-by-location",
            "Scans by location",
            (
                Column("name", "Location"),
                Column("ward", "Ward"),
                Column("kind", "Kind"),
                Column("links", "Sheets", "count"),
                Column("days_up", "Days up", "count"),
                Column("scans", "Scans", "count"),
                Column("simulated", "Of which simulated", "count"),
                Column("scans_per_100_days", "Scans per 100 notice-days", "rate"),
                Column("reference", "Reference"),
            ),
            "reports.scans_by_location",
            "A scan is one counted opening of a notice's link, by camera or typed. It is not a person. "
            "Openings by automated agents, and by people whose browser objects to being counted, are not in it. "
            "Days up run from the day a notice was put up to the day it was taken down.",
        ),
    )
}


@dataclass(frozen=True)
class Filters:
    """What a report is narrowed to: a notice, a ward (name or code), and its first and last day, both included."""

    notice: str | None
    ward: str | None
    first: date | None
    last: date

    @classmethod
    def read(cls, given: Mapping[str, Any], today: date | None = None) -> "Filters":
        """Filters as entered under `notice`, `ward`, `from` and `to`; `InvalidInput` with every problem."""
        reading = Reading(given)
        first, last = reading.day("from", needed=False), reading.day("to", needed=False)
        today = today or times.day_of(times.now())
        # A day that has not come has no notice-days yet.
        last = min(last or today, today)
        if first and first > last:
            reading.refuse("from", f"{times.in_words(first)} is after the last day, {times.in_words(last)}")
        notice, ward = reading.text("notice", needed=False), reading.text("ward", needed=False)
        reading.done()
        return cls(notice or None, ward or None, first, last)

    @property
    def given(self) -> dict[str, str]:
        """The filters as they are entered, for the address of the same figures in another form."""
        named = {"notice": self.notice, "ward": self.ward, "from": self.first, "to": self.last}
        return {name: str(value) for name, value in named.items() if value}

    @property
    def in_words(self) -> str:
        """The filters as a sentence to print above the figures."""
        span = f"From {times.in_words(self.first)} to" if self.first else "Up to"
        parts = [f"{span} {times.in_words(self.last)}"]
        parts += [f"notice {self.notice}"] if self.notice else []
        parts += [f"ward {self.ward}"] if self.ward else []
        return ", ".join(parts) + "."


@dataclass(frozen=True)
class Table:
    """A report's answer: its rows in ward then location order, its totals, and what must be said beside it."""

    report: Report
    filters: Filters
    rows: list[Row]
    totals: Row
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns to show: the simulated one only where there is anything simulated."""
        return tuple(column for column in self.report.columns if column.name != "simulated" or self.totals["simulated"])


def find(name: str) -> Report:
    """The report of that name; `NotFound` where there is none."""
    try:
        return REPORTS[name]
    except KeyError:
        raise NotFound("report", name, f"Reports are {', '.join(REPORTS)}.") from None


def read(store: Store, report: Report, filters: Filters) -> Table:
    """A report's rows and totals as they are now; `NotFound` for a notice or ward there is not."""
    if filters.notice:
        notices.show(store, filters.notice)
    if filters.ward:
        _check_ward(store, filters.ward)
    rows = store.rows(report.query, **_bounds(filters))
    rows.sort(key=lambda row: walking_order(row["ward"], row["name"], row["reference"]))
    totals = _totals(report, rows)
    notes = [report.meaning]
    if said := scans.said_of_simulated(totals["simulated"], totals["scans"]):
        notes.insert(0, said)
    return Table(report, filters, rows, totals, tuple(notes))


def shown(value: Any, column: Column) -> str:
    """A value as people read it: thousands with commas, rates with one decimal, a dash where there is none."""
    if value is None:
        return "–"
    if column.kind == "rate":
        return f"{value:,.1f}"
    return f"{value:,}" if column.is_number else str(value)


def _check_ward(store: Store, ward: str) -> None:
    if not any(
        cells.folded(ward) in (cells.folded(row["code"]), cells.folded(row["name"])) for row in wards.list_all(store)
    ):
        raise NotFound("ward", ward)


def _bounds(filters: Filters) -> Row:
    first, after = filters.first or BEGINNING, filters.last + timedelta(days=1)
    return {
        "notice": filters.notice,
        **in_ward(filters.ward),
        "first_day": times.day_number(first),
        "after_day": times.day_number(after),
        "first_hour": times.first_hour_of(first),
        "after_hour": times.first_hour_of(after),
    }


def _totals(report: Report, rows: list[Row]) -> Row:
    totals: Row = {
        column.name: sum(row[column.name] for row in rows) for column in report.columns if column.kind == "count"
    }
    days = totals["days_up"]
    return {**totals, "scans_per_100_days": 100 * totals["scans"] / days if days else None}


def as_json(table: Table) -> Row:
    """A table as it is answered in JSON: figures as numbers, nothing rounded."""
    filters = table.filters
    names = [column.name for column in table.report.columns]
    return {
        "report": table.report.name,
        "title": table.report.title,
        "from": filters.first.isoformat() if filters.first else None,
        "to": filters.last.isoformat(),
        "notice": filters.notice,
        "ward": filters.ward,
        "notes": list(table.notes),
        "totals": table.totals,
        "rows": [{name: row[name] for name in names} for row in table.rows],
    }


def as_rows(table: Table) -> list[list[object]]:
    """A table as the rows of a spreadsheet, headings first."""
    headings: list[object] = [column.heading for column in table.report.columns]
    return [headings, *([row[column.name] for column in table.report.columns] for row in table.rows)]
