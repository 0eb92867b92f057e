import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from qrbridge import audit
from qrbridge.audit import By, Filters
from qrbridge.errors import Conflict, InvalidInput, UnreadableFile
from qrbridge.places import locations
from qrbridge.places.locations import Location
from qrbridge.settings import Settings
from qrbridge.spreadsheets import limits
from qrbridge.store import Store, create_store
from qrbridge.uploads import location_import, location_plan, ward_import
from qrbridge.uploads.location_plan import Counts, How
from tests.given import CAMPAIGN, DATA, POSTCODES, set_up, while_another_does
from tests.present import present

HEADER = "reference,name,address,postcode,ward,latitude,longitude,kind,setting\n"
GOOD = "L1,Altrincham Library,2 Pott Street,WA14 1AH,,,,library,\n"


@pytest.fixture
def area(store: Store, by: By) -> Store:
    """A store with the postcodes and wards of the test data."""
    ward_import.load(store, POSTCODES, by)
    return store


@pytest.fixture
def embedded(sqlite_settings: Settings, by: By) -> Iterator[Store]:
    """The same on the embedded engine alone, for tables of cases that only read rows: a database each costs 0.3 s."""
    sqlite_settings.instance.mkdir()
    opened = create_store(sqlite_settings)
    ward_import.load(opened, POSTCODES, by)
    yield opened
    opened.close()


def write(folder: Path, text: str, name: str = "places.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def imported(store: Store, path: Path, by: By, confirmed: bool = False) -> str:
    return str(location_import.apply(store, location_import.plan(store, path), by, confirmed))


def test_a_campaign_of_120_is_imported_whole_and_only_once(area: Store, by: By):
    planned = location_import.plan(area, CAMPAIGN)
    assert planned.counts == Counts(new=120)
    assert locations.list_all(area) == []
    assert imported(area, CAMPAIGN, by) == "120 new"
    assert imported(area, CAMPAIGN, by) == "120 the same"
    kept = locations.list_all(area)
    assert len({place.ward for place in kept}) == 21
    assert {place.kind for place in kept} >= {"GP surgery", "bus stop", "children’s centre"}
    assert {place.setting for place in kept} == {"indoors", "open"}


def test_one_row_changed_is_one_location_changed(area: Store, by: By, tmp_path: Path):
    imported(area, CAMPAIGN, by)
    text = CAMPAIGN.read_text("utf-8").replace("Coppice Library", "Coppice Hub")
    assert imported(area, write(tmp_path, text), by) == "119 the same, 1 changed"
    newest = audit.list_for(area, "location", "COL26-0002")[0]
    assert (newest["verb"], newest["before"]["name"], newest["after"]["name"]) == (
        *("change", "Coppice Library", "Coppice Hub"),
    )


def test_a_workbook_gives_the_same_as_its_csv(area: Store, by: By, tmp_path: Path):
    book = openpyxl.Workbook()
    for line in CAMPAIGN.read_text("utf-8").splitlines()[:20]:
        present(book.active).append(next(csv.reader([line])))
    book.save(tmp_path / "places.xlsx")
    imported(area, CAMPAIGN, by)
    assert imported(area, tmp_path / "places.xlsx", by) == "19 the same"


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv")))
def test_any_public_file_is_answered(embedded: Store, name: str):
    planned = location_import.plan(embedded, DATA / name)
    assert planned.questions or planned.counts.accepted
    assert planned.describe()["file"] == name


def test_a_file_without_references_is_asked_which_column_and_never_given_any(area: Store, by: By):
    planned = location_import.plan(area, DATA / "trafford_food_banks.csv")
    assert [question.field for question in planned.questions] == ["reference"]
    assert "no two rows are alike in “Opening times”" in planned.questions[0].sentence
    with pytest.raises(InvalidInput, match="no column looks like it"):
        location_import.apply(area, planned, by)
    told = location_import.plan(area, DATA / "trafford_libraries.csv", How({"reference": "email"}))
    assert (told.questions, told.counts) == ([], Counts(new=12, refused=1))
    assert "the row on line 13 has this reference too" in told.refusals[0].remedy


def test_two_columns_for_one_field_are_asked_about(area: Store, tmp_path: Path):
    path = write(tmp_path, "reference,name,Post code,Postcode \nL1,A,WA14 1AH,M33 4ND\n")
    assert [question.field for question in location_import.plan(area, path).questions] == ["postcode"]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        pytest.param(",Hub,x,,,,,,", "reference", "is missing", id="no reference"),
        pytest.param("l1,Hub,x,,,,,,", "reference", "the row on line 2 has this reference", id="twice, other capitals"),
        pytest.param("L1 ,Hub,x,,,,,,", "reference", "the row on line 2 has this reference", id="twice, a space"),
        pytest.param("01-Mar,Hub,x,,,,,,", "reference", "took it for a date", id="Excel's day"),
        pytest.param("Mar-01,Hub,x,,,,,,", "reference", "took it for a date", id="Excel's month"),
        pytest.param("1.00013E+11,Hub,x,,,,,,", "reference", "last digits are gone", id="power of ten"),
        pytest.param("46300,Hub,x,,,,,,", "reference", "number of days", id="serial day"),
        pytest.param("#REF!,Hub,x,,,,,,", "reference", "formula that failed", id="error"),
        pytest.param("L2,,x,,,,,,", "name", "name is missing", id="no name"),
        pytest.param("L2,Hub,,,,,,,", "postcode", "no postcode and no address", id="nowhere"),
        pytest.param(f"L2,{'x' * 161},x,,,,,,", "name", "161 characters; at most 160 fit", id="long name"),
        pytest.param(f"L2,Hub,{'x' * 301},,,,,,", "address", "301 characters; at most 300 fit", id="long address"),
        pytest.param(f"L2,Hub,x,,,,,{'x' * 61},", "kind", "61 characters; at most 60 fit", id="long kind"),
        pytest.param("L2,Hub,x,WA14,,,,,", "postcode", "only part", id="half a postcode"),
        pytest.param("L2,Hub,x,M3E 7DZ,,,,,", "postcode", "not a UK postcode", id="no postcode of any area"),
        pytest.param("L2,Hub,x,0161 912 2000,,,,,", "postcode", "phone number", id="phone number"),
        pytest.param("L2,Hub,x,[No registered public address],,,,,", "postcode", "not a UK", id="remark"),
        pytest.param("L2,Hub,x,,,-2.35,53.38,,", "latitude", "swapped", id="swapped"),
        pytest.param("L2,Hub,x,,,0,0,,", "latitude", "off Africa", id="zero"),
        pytest.param("L2,Hub,x,,,48.8,1.2,,", "latitude", "outside the United Kingdom", id="abroad"),
        pytest.param("L2,Hub,x,,,53.4,,,", "latitude", "both or neither", id="one coordinate"),
        pytest.param("L2,Hub,x,,E0800009,,,,", "ward", "eight digits", id="ward a digit short"),
        pytest.param("L2,Hub,x,,,,,,roof", "setting", "indoors or open", id="no such setting"),
        pytest.param("L2,Hub,x", "", "3 cells and the header has 9", id="ragged"),
        pytest.param('L2,"Hub,x,,,,,,', "", "line 3 is not closed", id="open quote"),
    ],
)
def test_a_refused_row_names_its_line_column_and_remedy(embedded: Store, by: By, tmp_path: Path, row, column, says):
    planned = location_import.plan(embedded, write(tmp_path, f"{HEADER}{GOOD}{row}\n"))
    assert planned.counts == Counts(new=1, refused=1)
    (refusal,) = planned.refusals
    assert (refusal.line, refusal.column, says in refusal.remedy) == (3, column, True), refusal
    assert str(location_import.apply(embedded, planned, by)) == "1 new, 1 refused"
    assert [place.reference for place in locations.list_all(embedded)] == ["L1"]


@pytest.mark.parametrize(
    ("row", "repair", "kept"),
    [
        pytest.param(
            "L2,Hub,x,wa141ah.,,,,,", ("postcode", "wa141ah.", "WA14 1AH"), {"postcode": "WA14 1AH"}, id="postcode"
        ),
        pytest.param(
            "L2,The\u00a0 Hub,x,,,,,,", ("name", "The\u00a0 Hub", "The Hub"), {"name": "The Hub"}, id="no-break space"
        ),
        pytest.param("L\u200b2,Hub,x,,,,,,", ("reference", "L\u200b2", "L2"), {}, id="zero width"),
        pytest.param('L2,Hub,"x\ny",,,,,,', ("address", "x\ny", "x, y"), {"address": "x, y"}, id="line end"),
        pytest.param(
            "L2,Hub,x,WA14 1AH,E05000819,,,,",
            ("ward", "E05000819", "E05015239 (by postcode)"),
            {"ward": "E05015239"},
            id="retired ward",
        ),
        pytest.param(
            "L2,Hub,x,WA14 1AH,E0800009,,,,",
            ("ward", "E0800009", "E05015239 (by postcode)"),
            {"ward": "E05015239"},
            id="ward a digit short, by postcode",
        ),
    ],
)
def test_a_repair_shows_old_and_new(embedded: Store, by: By, tmp_path: Path, row, repair, kept):
    path = write(tmp_path, f"{HEADER}{GOOD}{row}\n")
    (made,) = location_import.plan(embedded, path).repairs
    assert (made.line, made.column, made.old, made.new) == (3, *repair)
    imported(embedded, path, by)
    assert asdict(locations.show(embedded, "L2")) | kept == asdict(locations.show(embedded, "L2"))


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        pytest.param("MAR-01,Hub,x,,,53.4,-2.3,,", "reference", "looks like a date", id="like a day"),
        pytest.param("L2,CafÃ©,x,,,53.4,-2.3,,", "name", "may be meant as “Café”", id="encoded twice"),
        pytest.param("L2,Hub,x,WA14 9NT,,,,,", "postcode", "not in the postcode table", id="postcode unknown"),
        pytest.param("L2,Hub,x,,E05000819,,,,", "ward", "not a ward that is loaded", id="retired ward, no postcode"),
        pytest.param("L2,Hub,x,,,,,,", "postcode", "no postcode", id="only an address"),
    ],
)
def test_a_warning_keeps_the_row_as_it_is(embedded: Store, tmp_path: Path, row, column, says):
    planned = location_import.plan(embedded, write(tmp_path, f"{HEADER}{GOOD}{row}\n"))
    assert planned.counts == Counts(new=2, warned=1)
    assert says in next(warning.sentence for warning in planned.warnings if warning.column == column)


def test_a_reference_that_lost_its_zero_is_refused_and_never_padded(area: Store, tmp_path: Path):
    rows = "01234567,A,x,,,,,,\n1234567,B,x,,,,,,\n23456789,C,x,,,,,,\n"
    planned = location_import.plan(area, write(tmp_path, HEADER + rows))
    assert [(refusal.line, refusal.value) for refusal in planned.refusals] == [(3, "1234567")]
    assert "Excel has eaten a 0" in planned.refusals[0].remedy


def test_five_digit_references_among_numbers_are_not_taken_for_days(area: Store, tmp_path: Path):
    planned = location_import.plan(area, write(tmp_path, HEADER + "46300,A,x,,,,,,\n22963,B,x,,,,,,\n"))
    assert planned.counts.refused == 0


def test_one_coordinate_for_every_row_must_be_confirmed(area: Store, by: By, tmp_path: Path):
    path = write(tmp_path, HEADER + "".join(f"L{n},Hub {n},x,,,53.4,-2.3,,\n" for n in range(3)))
    planned = location_import.plan(area, path)
    assert "same coordinates" in planned.confirm[0]
    with pytest.raises(InvalidInput, match="same coordinates"):
        location_import.apply(area, planned, by)
    assert str(location_import.apply(area, planned, by, confirmed=True)) == "3 new"


def test_a_guessed_encoding_must_be_confirmed(area: Store, tmp_path: Path):
    path = tmp_path / "places.csv"
    path.write_bytes(b"reference,name,address\nL1,Jo\x92s Caf\xe9,x\n")
    assert "Windows-1252" in location_import.plan(area, path).confirm[0]


def test_decimal_commas_are_read(area: Store, by: By, tmp_path: Path):
    imported(area, write(tmp_path, "reference;name;lat;lon\nL1;Hub;53,41;-2,3\nL2;Hub;53,42;-2,3\n"), by)
    assert (locations.show(area, "L1").latitude, locations.show(area, "L1").longitude) == (53.41, -2.3)


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "＝1+1"]
)
def test_a_formula_is_kept_as_typed(embedded: Store, by: By, tmp_path: Path, name: str):
    quoted = name.replace('"', '""')
    imported(embedded, write(tmp_path, f'reference,name,address\nL1,"{quoted}",x\n'), by)
    assert locations.show(embedded, "L1").name == name


def test_a_blank_cell_erases_nothing_and_a_missing_column_neither(area: Store, by: By, tmp_path: Path):
    imported(area, write(tmp_path, HEADER + "L1,Hub,2 Pott Street,WA14 1AH,,53.3,-2.3,library,open\n"), by)
    assert imported(area, write(tmp_path, HEADER + "L1,Hub,,,,,,,\n"), by) == "1 refused"
    assert imported(area, write(tmp_path, "reference,name\nL1,Hub\n"), by) == "1 the same"
    assert locations.show(area, "L1").setting == "open"


def test_a_new_postcode_brings_its_own_ward_and_coordinates(area: Store, by: By, tmp_path: Path):
    imported(area, write(tmp_path, HEADER + GOOD), by)
    before = locations.show(area, "L1")
    assert imported(area, write(tmp_path, HEADER + GOOD.replace("WA14 1AH", "M33 4ND")), by) == "1 changed"
    after = locations.show(area, "L1")
    assert (before.ward, after.ward) == ("E05015239", "E05015252")
    assert before.latitude != after.latitude


def test_a_reference_kept_in_other_capitals_is_the_same_location(area: Store, by: By, tmp_path: Path):
    imported(area, write(tmp_path, HEADER + GOOD), by)
    planned = location_import.plan(area, write(tmp_path, HEADER + GOOD.replace("L1", "l1")))
    assert planned.counts == Counts(same=1, repaired=1)
    assert (planned.repairs[0].old, planned.repairs[0].new) == ("l1", "L1")


def test_a_reference_in_other_letters_with_accents_is_the_same_location(area: Store, by: By, tmp_path: Path):
    imported(area, write(tmp_path, HEADER + GOOD.replace("L1", "CAFÉ-1")), by)
    planned = location_import.plan(area, write(tmp_path, HEADER + GOOD.replace("L1", "café-1")))
    assert planned.counts == Counts(same=1, repaired=1)


def test_of_two_who_import_one_file_the_second_changes_nothing(area: Store, by: By):
    set_up(area, by)
    planned = location_import.plan(area, CAMPAIGN)
    counts = []
    assert while_another_does(area, lambda: counts.append(location_import.apply(area, planned, by))) is None
    assert [str(count) for count in counts] == ["120 new", "120 the same"]


def test_a_file_changed_since_it_was_looked_at_is_not_imported(area: Store, by: By, tmp_path: Path):
    path = write(tmp_path, HEADER + GOOD)
    planned = location_import.plan(area, path)
    write(tmp_path, HEADER + GOOD + GOOD.replace("L1", "L2"))
    with pytest.raises(Conflict, match="has changed since"):
        location_import.apply(area, planned, by)


def test_an_import_that_fails_half_way_leaves_nothing(area: Store, by: By, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(location_import, "BATCH", 2)
    path = write(tmp_path, HEADER + "".join(f"L{n},Hub,x,,,,,,\n" for n in range(6)))
    planned = location_import.plan(area, path)
    real, calls = area.run_many, []

    def run_many(question, many):
        calls.append(question)
        if calls.count("locations.add") == 3:
            raise Conflict("half way")
        return real(question, many)

    monkeypatch.setattr(area, "run_many", run_many)
    with pytest.raises(Conflict, match="half way"):
        location_import.apply(area, planned, by)
    assert locations.list_all(area) == []


def test_a_large_import_is_one_line_of_the_audit(area: Store, by: By, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(audit, "TOGETHER", 3)
    path = write(tmp_path, HEADER + "".join(f"L{n},Hub,x,,,,,,\n" for n in range(10)))
    assert imported(area, path, by) == "10 new"
    changed = write(tmp_path, HEADER + "".join(f"L{n},Hub {n},x,,,,,,\n" for n in range(10)))
    assert imported(area, changed, by) == "10 changed"
    lines, _ = audit.page(area, Filters(noun="location"))
    assert [(row["key"], row["parts"], row["after"]["new"] + row["after"]["changed"]) for row in lines] == [
        ("places.csv", 3, 10)
    ] * 2


def test_a_large_import_keeps_how_each_was_before_and_after(area: Store, by: By, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(audit, "TOGETHER", 3)
    imported(
        area, write(tmp_path, HEADER + "".join(f"l_{n},Hub,x,,,,,,\n" for n in range(9)) + "l17,Hub,x,,,,,,\n"), by
    )
    imported(area, write(tmp_path, HEADER + "".join(f"l_{n},Hub {n},x,,,,,,\n" for n in range(9))), by)
    changed, added = audit.list_for(area, "location", "l_7")
    assert (changed["verb"], changed["before"], changed["after"]) == ("change", {"name": "Hub"}, {"name": "Hub 7"})
    assert (added["verb"], added["before"], added["who"]) == ("add", {}, by.who)
    assert added["after"] == {"reference": "l_7", "name": "Hub", "address": "x"}
    for filters in (Filters(key="l_7"), Filters(key="l_7", noun="location")):
        assert [row["verb"] for row in audit.page(area, filters)[0]] == ["change", "add"]
    assert audit.page(area, Filters(key="l_7", noun="link"))[0] == []
    keys = [row["key"] for row in audit.every(area, Filters(noun="location"))]
    assert keys == ["places.csv", *(f"l_{n}" for n in range(9)), "places.csv", *(f"l_{n}" for n in range(9)), "l17"]


def test_lists_in_a_plan_are_cut_and_every_row_can_still_be_had(area: Store, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(location_plan, "LISTED", 2)
    path = write(tmp_path, HEADER + GOOD + ",Hub,x,,,,,,\n" * 5)
    planned = location_import.plan(area, path)
    assert (len(planned.refusals), planned.counts.refused) == (2, 5)
    rows = list(location_import.outcomes(area, planned))
    assert [row["becomes"] for row in rows] == ["new", *["refused"] * 5]
    assert rows[0]["location"]["ward"] == "E05015239"


CELL = st.text("aL1é=-+.,\u00a0\n\t0 M3W", max_size=9) | st.sampled_from(
    ["WA14 1AH", "53.4", "-2.3", "-0.00001", "E05015239", "L1", "x" * 70, "x" * 170, "x" * 310]
)


@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELL, min_size=9, max_size=9), min_size=1, max_size=6))
def test_any_cells_are_answered_and_what_is_accepted_can_be_kept(embedded: Store, by: By, tmp_path: Path, rows):
    with (tmp_path / "places.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([HEADER.strip().split(","), *rows])
    try:
        planned = location_import.plan(embedded, tmp_path / "places.csv")
    except UnreadableFile as error:
        assert "no rows" in str(error)
        return
    first = location_import.apply(embedded, planned, by, confirmed=True)
    again = location_import.apply(embedded, planned, by, confirmed=True)
    assert (first, again) == (
        planned.counts,
        replace(planned.counts, new=0, changed=0, same=first.accepted, repaired=again.repaired),
    )
    # A form takes all that a file did, or the location could never be changed again.
    kept = locations.list_all(embedded)
    assert [Location.read(asdict(place)) for place in kept] == kept


def test_rows_in_any_order_are_matched_with_what_is_kept(area: Store, by: By, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(location_import, "BATCH", 3)
    numbers = [7, 2, 11, 5, 1, 9, 3, 8, 10, 4, 6]
    rows = "".join(f"{'l' if n % 2 else 'L'}-{n},Hub {n},x,,,,,,\n" for n in numbers)
    assert imported(area, write(tmp_path, HEADER + rows), by) == "11 new"
    assert imported(area, write(tmp_path, HEADER + rows), by) == "11 the same"
    assert locations.show(area, "L-7") == Location("l-7", "Hub 7", "x")


# A process begins with the peak memory of the one it was forked from, and this one may be large.
PEAK = """
import os, sys
pid = os.fork()
if not pid:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024))
"""
# Of the whole command: what a file that is too large may take until it is refused.
REFUSED_MEGABYTES = 50


@pytest.mark.processes
@pytest.mark.parametrize(
    ("rows", "address", "sentence"),
    [
        pytest.param(limits.MAX_ROWS + 1, "1 High St", "more than 200,000 rows", id="rows"),
        pytest.param(120_000, "1 High Street " + "x" * 80, "larger than 10 MB", id="bytes"),
    ],
)
def test_a_file_that_is_too_large_is_refused_in_little_memory(
    store: Store, settings: Settings, by: By, tmp_path: Path, rows: int, address: str, sentence: str
):
    set_up(store, by)
    path = write(tmp_path, "reference,name,address\n" + "".join(f"{n},Hub {n},{address}\n" for n in range(rows)))
    command = [sys.executable, "-m", "qrbridge", "location", "import", str(path)]
    environ = {**os.environ, **settings.environment}
    measured = [sys.executable, "-S", "-c", PEAK, *command]
    done = subprocess.run(measured, capture_output=True, text=True, env=environ, check=True)
    status, megabytes = map(int, done.stdout.split())
    assert status == 1 and sentence in done.stderr
    assert megabytes < REFUSED_MEGABYTES, megabytes
