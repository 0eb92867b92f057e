import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.places import locations
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.spreadsheets import cells
from qrbridge.store import Store
from tests.given import TODAY, count, in_days, noon, set_up

REPORT = reports.find("scans-by-location")
THEN, NOW = By("jo", noon(-50)), By("jo", noon())


@pytest.fixture
def counted(store: Store) -> Store:
    """Three links, up for 10, 20 and no days by today: the first has 5 scans (2 simulated), the second 1."""
    set_up(store, NOW)
    made = [link.code for link in links.make(store, "winter", ["L1", "L2", "B1"], THEN)]
    links.up(store, made[:1], NOW, TODAY - timedelta(days=9))
    links.up(store, made[1:2], NOW, TODAY - timedelta(days=19))
    midnight = times.beginning_of(TODAY - timedelta(days=4))
    for code, hour, simulated, scans in (
        (made[0], f"{in_days(-9)}T09", 0, 2),
        (made[0], times.hour_of(midnight - timedelta(hours=1)), 0, 1),
        (made[0], times.hour_of(midnight), 1, 2),
        (made[1], f"{in_days(0)}T11", 0, 1),
    ):
        count(store, code, hour, scans, simulated=bool(simulated))
    return store


def read(store: Store, **given: str) -> reports.Table:
    return reports.read(store, REPORT, Filters.read(given, today=TODAY))


def figures(table: reports.Table) -> dict[str, tuple[int, int, float | None]]:
    return {row["reference"]: (row["days_up"], row["scans"], row["scans_per_100_days"]) for row in table.rows}


def test_every_location_with_a_link_is_there_with_its_figures(counted: Store):
    table = read(counted)
    assert figures(table) == {"L1": (10, 5, 50.0), "L2": (20, 1, 5.0), "B1": (0, 0, None)}
    assert [row["ward"] for row in table.rows] == ["Altrincham", "Old Trafford", None]
    assert (table.totals["days_up"], table.totals["scans"], table.totals["scans_per_100_days"]) == (30, 6, 20.0)


def test_simulated_scans_are_said_first(counted: Store):
    table = read(counted)
    assert table.notes[0].startswith("2 of the 6 scans counted here are simulated")
    assert "simulated" in [column.name for column in table.columns]
    real = read(counted, **{"to": in_days(-5)})
    assert "simulated" not in [column.name for column in real.columns]


def test_days_and_scans_are_those_of_the_days_asked_for(counted: Store):
    table = read(counted, **{"from": in_days(-5), "to": in_days(-4)})
    assert figures(table) == {"L1": (2, 3, 150.0), "L2": (2, 0, 0.0), "B1": (0, 0, None)}


@pytest.mark.parametrize("ward", ["Old Trafford", "old trafford", "E05015253"])
def test_a_ward_is_named_or_coded(counted: Store, ward: str):
    assert set(figures(read(counted, ward=ward))) == {"L2"}


def test_a_notice_or_ward_there_is_not_is_said(counted: Store):
    for given in ({"notice": "summer"}, {"ward": "Nowhere"}):
        with pytest.raises(NotFound):
            read(counted, **given)


def test_a_day_that_has_not_come_adds_no_days_up(counted: Store):
    assert figures(read(counted, to=in_days(40))) == figures(read(counted))


def test_taken_down_stops_the_days(counted: Store):
    codes = [row["code"] for row in links.list_all(counted, state="up")]
    links.down(counted, codes, NOW, TODAY - timedelta(days=4))
    assert {key: days for key, (days, *_) in figures(read(counted)).items()} == {"L1": 5, "L2": 15, "B1": 0}


def test_summer_time_moves_the_hour_a_day_begins():
    assert times.first_hour_of(date(2026, 7, 1)) == "2026-06-30T23"
    assert times.first_hour_of(date(2026, 12, 1)) == "2026-12-01T00"


def test_csv_and_json_carry_the_same_figures(counted: Store):
    table = read(counted)
    text = io.StringIO(newline="")
    cells.write_csv(reports.as_rows(table), text)
    rows = list(csv.DictReader(io.StringIO(text.getvalue())))
    assert [row["Scans"] for row in rows] == [str(row["scans"]) for row in reports.as_json(table)["rows"]]
    assert reports.as_json(table)["to"] == in_days(0)


def test_a_location_named_like_a_formula_is_harmless_in_csv(counted: Store):
    named = replace(locations.show(counted, "L1"), name='=HYPERLINK("http://evil.example")')
    locations.change(counted, named, NOW)
    text = io.StringIO(newline="")
    cells.write_csv(reports.as_rows(read(counted)), text)
    names = [row["Location"] for row in csv.DictReader(io.StringIO(text.getvalue()))]
    assert not any(name.startswith("=") for name in names)


@pytest.mark.parametrize(
    "given, said",
    [
        pytest.param({"from": "yesterday"}, "is not a day", id="no day"),
        pytest.param({"from": in_days(0), "to": in_days(-19)}, "after the last day", id="reversed"),
    ],
)
def test_wrong_filters_are_said(given: dict[str, str], said: str):
    with pytest.raises(InvalidInput, match=said):
        Filters.read(given, today=TODAY)


def test_an_unknown_report_is_said():
    with pytest.raises(NotFound):
        reports.find("people")


def test_values_as_people_read_them():
    columns = {column.name: column for column in REPORT.columns}
    assert reports.shown(1234, columns["scans"]) == "1,234"
    assert reports.shown(3.14159, columns["scans_per_100_days"]) == "3.1"
    assert reports.shown(None, columns["ward"]) == "–"
    assert Filters(None, "Hale", TODAY - timedelta(days=1), TODAY).in_words == (
        f"From {times.in_words(TODAY - timedelta(days=1))} to {times.in_words(TODAY)}, ward Hale."
    )
