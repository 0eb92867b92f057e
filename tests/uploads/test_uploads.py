"""Uploads from file to import, on both engines: what is shown is what is kept, and nobody meets another's."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from qrbridge import audit, times
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput, NotFound, UnreadableFile
from qrbridge.places import locations
from qrbridge.places.locations import Location
from qrbridge.spreadsheets import cells
from qrbridge.spreadsheets.limits import MAX_BYTES
from qrbridge.store import Store
from qrbridge.uploads import uploads, ward_import, wizard
from qrbridge.uploads.uploads import LISTING, Upload
from tests.given import DATA, while_another_does

POSTCODES = DATA / "trafford_postcodes_some.csv"
CAMPAIGN = DATA / "placements_trafford_120.csv"
HEADER = "reference,name,address,postcode,ward\n"
# One row of each outcome: accepted, repaired, asked (encoded twice), asked (no postcode), refused.
MIXED = (
    HEADER
    + "L1,Altrincham Library,2 Pott Street,WA14 1AH,\n"
    + "L2,Sale Library,Tatton Road,m334nd,\n"
    + "L3,CafÃ© Hub,1 High Street,WA14 1AH,\n"
    + "L4,Bus stop,High Street,,\n"
    + '1.00013E+11,=cmd,"x, y",WA14 1AH,\n'
)
CAFE = ["L3", "CafÃ© Hub", "1 High Street", "WA14 1AH", ""]
JO, SAM = By("jo@example.gov.uk"), By("sam@example.gov.uk")


@pytest.fixture
def area(store: Store, by: By) -> Store:
    """A store with the postcodes and wards of the test data."""
    ward_import.load(store, POSTCODES, by)
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where uploaded files are kept."""
    return tmp_path / "uploads"


def received(store: Store, folder: Path, text: str, by: By = JO, kind: str = "locations") -> Upload:
    return wizard.receive(store, folder, (kind, "places.csv", [text.encode()]), by)


def chosen(store: Store, upload: Upload, outcome: str) -> list[str]:
    found = uploads.rows(store, upload, LISTING.read({"outcome": outcome}))
    return [row.after.get("reference", "") for row in uploads.opened_rows(found)]


def imported(store: Store, folder: Path, text: str) -> Upload:
    upload = received(store, folder, text)
    uploads.choose_rest(store, upload, "keep")
    return wizard.confirm(store, folder, upload, JO)


def test_every_row_has_one_outcome_and_nothing_is_saved(area: Store, folder: Path):
    upload = received(area, folder, MIXED)
    assert upload.state == "read"
    assert {name: upload.count(name) for name in ("accepted", "repaired", "asked", "refused", "new")} == {
        **{"accepted": 1, "repaired": 1, "asked": 2, "refused": 1},
        "new": 4,
    }
    assert chosen(area, upload, "repaired") == ["L2"]
    assert chosen(area, upload, "asked") == chosen(area, upload, "nonsense") == ["L3", "L4"]
    assert locations.list_all(area) == []
    assert uploads.show(area, upload.id, JO) == upload


def test_rows_to_be_asked_must_be_chosen_and_the_choice_is_kept(area: Store, folder: Path):
    upload = received(area, folder, MIXED)
    with pytest.raises(InvalidInput, match="2 rows are still to be asked"):
        wizard.confirm(area, folder, upload, JO)
    uploads.choose(area, upload, {3: "mend", 1: "leave"})
    assert uploads.open_rows(area, upload) == 1
    assert uploads.choose_rest(area, upload, "leave") == 1
    done = wizard.confirm(area, folder, upload, JO)
    assert done.summary.done == {"new": 3, "changed": 0, "left_out": 1}
    kept = {place.reference: place.name for place in locations.list_all(area)}
    assert kept == {"L1": "Altrincham Library", "L2": "Sale Library", "L3": "Café Hub"}
    assert locations.show(area, "L1").ward == "E05015239"
    assert audit.list_for(area, "location", "L3")[0]["who"] == JO.who
    assert not (folder / upload.id).exists()


def test_a_choice_is_one_of_three(area: Store, folder: Path):
    upload = received(area, folder, MIXED)
    for choices in ({3: "delete"}, {3: ""}):
        with pytest.raises(InvalidInput, match="must be one of keep, mend, leave"):
            uploads.choose(area, upload, choices)
    with pytest.raises(InvalidInput, match="must be keep or leave"):
        uploads.choose_rest(area, upload, "mend")


def test_an_upload_is_its_owners_alone(area: Store, folder: Path):
    one, two = received(area, folder, MIXED), received(area, folder, HEADER + "S1,Hub,x,WA14 1AH,\n", SAM)
    assert one.id != two.id and len(one.id) >= 32
    for key in (one.id, "", "../x", "nonsense"):
        with pytest.raises(NotFound):
            uploads.show(area, key, SAM)
    assert [upload.id for upload in uploads.unfinished(area, SAM)] == [two.id]
    wizard.confirm(area, folder, two, SAM)
    assert [place.reference for place in locations.list_all(area)] == ["S1"]
    assert uploads.unfinished(area, SAM) == [] and len(uploads.unfinished(area, JO)) == 1


def test_a_location_changed_meanwhile_is_said_and_shown_again(area: Store, folder: Path):
    imported(area, folder, HEADER + "L1,Hub,x,WA14 1AH,\n")
    upload = received(area, folder, HEADER + "L1,New Hub,x,WA14 1AH,\nL9,CafÃ©,x,WA14 1AH,\n")
    uploads.choose_rest(area, upload, "keep")
    locations.change(area, replace(locations.show(area, "L1"), address="Moved"), SAM)
    with pytest.raises(Conflict, match="read again"):
        wizard.confirm(area, folder, upload, JO)
    assert [place.name for place in locations.list_all(area)] == ["Hub"]
    again = uploads.show(area, upload.id, JO)
    assert (again.state, uploads.open_rows(area, again)) == ("read", 0), "what was chosen stays"
    (row,) = uploads.opened_rows(uploads.rows(area, again, LISTING.read({"outcome": "accepted"})))
    assert ("address", "Moved", "x") in row.differences
    assert wizard.confirm(area, folder, again, JO).summary.done == {"new": 1, "changed": 1, "left_out": 0}


def test_a_location_added_meanwhile_is_said_and_shown_again(area: Store, folder: Path):
    upload = received(area, folder, HEADER + "L1,Hub,x,WA14 1AH,\n")
    locations.add(area, Location("l1", "Another", "y"), SAM)
    with pytest.raises(Conflict, match="read again"):
        wizard.confirm(area, folder, upload, JO)
    assert locations.show(area, "l1").name == "Another"
    assert uploads.show(area, upload.id, JO).count("changed") == 1


def test_of_two_who_confirm_at_once_one_imports(area: Store, folder: Path):
    area.run("installation.begin", name="test")
    upload = received(area, folder, HEADER + "L1,Hub,x,WA14 1AH,\n")
    error = while_another_does(area, lambda: wizard.confirm(area, folder, upload, JO))
    assert isinstance(error, InvalidInput) and "already" in str(error)
    assert len(audit.list_for(area, "location", "L1")) == 1


def test_nothing_is_done_twice_or_after_it_was_discarded(area: Store, folder: Path):
    upload = imported(area, folder, HEADER + "L1,Hub,x,WA14 1AH,\n")
    discarded = received(area, folder, MIXED)
    wizard.discard(area, folder, discarded)
    for over in (upload, uploads.show(area, discarded.id, JO)):
        for verb in (
            lambda over=over: wizard.confirm(area, folder, over, JO),
            lambda over=over: uploads.choose_rest(area, over, "keep"),
            lambda over=over: wizard.discard(area, folder, over),
            lambda over=over: wizard.answer(area, folder, over, {}),
        ):
            with pytest.raises(InvalidInput, match="already"):
                verb()
    assert [place.reference for place in locations.list_all(area)] == ["L1"]


def test_the_same_file_again_changes_nothing(area: Store, folder: Path):
    text = CAMPAIGN.read_text("utf-8")
    first, again = imported(area, folder, text), received(area, folder, text)
    assert (first.summary.done["new"], again.count("same"), again.count("new")) == (120, 120, 0)
    one = imported(area, folder, text.replace("Coppice Library", "Coppice Hub"))
    assert (one.count("same"), one.count("changed"), one.summary.done["changed"]) == (119, 1, 1)


def test_a_file_that_does_not_say_its_columns_is_asked_about(area: Store, folder: Path):
    upload = received(area, folder, "Site,Serial,Where\nHub,A1,x\nLibrary,A2,y\n")
    assert upload.state == "asking"
    assert [question["field"] for question in upload.summary.questions] == ["reference"]
    with pytest.raises(InvalidInput, match="no column looks like it"):
        wizard.confirm(area, folder, upload, JO)
    told = wizard.answer(area, folder, upload, {"reference": "Serial", "address": "Where"})
    assert (told.state, told.count("new")) == ("read", 2)


def test_a_doubtful_file_must_be_agreed_to(area: Store, folder: Path):
    text = "reference,name,address,postcode\nL1,Jo\x92s Caf\xe9,x,WA14 1AH\n"
    upload = wizard.receive(area, folder, ("locations", "x.csv", [text.encode("latin-1")]), JO)
    with pytest.raises(InvalidInput, match="Windows-1252"):
        wizard.confirm(area, folder, upload, JO)
    assert wizard.confirm(area, folder, upload, JO, agreed=True).summary.done["new"] == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"0" * 100, "picture|image|PNG", id="PNG"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"reference,name\n", "no rows", id="only names"),
        pytest.param(b"<!doctype html><html>Sign in", "web page", id="sign-in page"),
    ],
)
def test_what_is_no_list_leaves_nothing(area: Store, folder: Path, content: bytes, says: str):
    with pytest.raises(UnreadableFile, match=says):
        wizard.receive(area, folder, ("locations", "places.csv", [content]), JO)
    assert uploads.unfinished(area, JO) == [] and list(folder.iterdir()) == []


def test_a_file_that_is_too_large_is_not_read_to_its_end(area: Store, folder: Path):
    asked: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(1_000):
            asked.append(number)
            yield b"x" * (MAX_BYTES // 10)

    with pytest.raises(UnreadableFile, match="10 MB"):
        wizard.receive(area, folder, ("locations", "places.csv", chunks()), JO)
    assert len(asked) < 13 and list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\jo\\places.csv", "places.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\u202eb\x00.csv", "ab.csv"),
        ("", "locations without a name"),
        ("x" * 300, "x" * 100),
    ],
)
def test_the_name_of_a_file_is_only_ever_shown(area: Store, folder: Path, given: str, kept: str):
    upload = wizard.receive(area, folder, ("locations", given, [MIXED.encode()]), JO)
    assert upload.name == kept
    assert [path.name for path in (folder / upload.id).iterdir()] == ["file"]


def test_rows_to_put_right_come_as_they_came_and_with_what_to_do(area: Store, folder: Path):
    upload = received(area, folder, MIXED)
    heading, cafe, stop, refused = uploads.to_mend(area, upload)
    assert heading == ["What to do", *HEADER.strip().split(",")]
    assert cafe == ["Line 4: name “CafÃ© Hub”: looks as if it was encoded twice; it may be meant as “Café Hub”.", *CAFE]
    assert stop[0].startswith("Line 5: postcode: has no postcode") and stop[1:] == [
        "L4",
        "Bus stop",
        "High Street",
        "",
        "",
    ]
    assert "last digits are gone" in refused[0] and refused[1:] == ["1.00013E+11", "=cmd", "x, y", "WA14 1AH", ""]


def test_what_an_import_did_not_take_can_be_fetched_until_the_upload_ends(area: Store, folder: Path):
    upload = received(area, folder, MIXED)
    cafe, stop = (row.number for row in uploads.opened_rows(uploads.rows(area, upload, LISTING.read({}))))
    uploads.choose(area, upload, {cafe: "mend", stop: "leave"})
    upload = wizard.confirm(area, folder, upload, JO)
    left = list(uploads.to_mend(area, upload))
    assert [row[1] for row in left] == ["reference", "L4", "1.00013E+11"] and upload.left == 2
    wizard.sweep(area, folder)
    assert list(uploads.to_mend(area, upload)) == left
    assert [one.id for one in uploads.to_be_mended(area, JO)] == [upload.id] and uploads.to_be_mended(area, SAM) == []
    imported(area, folder, HEADER + "L9,Hub,x,WA14 1AH,\n")
    assert [one.id for one in uploads.to_be_mended(area, JO)] == [upload.id], "nothing was left of that one"


RAGGED = "L5,Hub,x,WA14 1AH,,more,still more\n" + "L6,Hub\n" + '"L7,not closed,x,WA14 1AH,\n' + f"L8,{'x' * 1001},x,,\n"


def test_rows_to_put_right_are_read_again_as_they_were(area: Store, folder: Path):
    odd = "@Home,@Home Café,- rear of 5 High St,=1+2,\n"
    text, seen = MIXED + RAGGED + odd, []
    for _ in range(3):
        upload = received(area, folder, text)
        table = list(uploads.to_mend(area, upload))
        seen.append([row[1:] for row in table])
        stream = io.StringIO(newline="")
        cells.write_csv(table, stream)
        text = stream.getvalue()
        assert not any(cell[:1] in tuple("=+-@") for row in csv.reader(io.StringIO(text)) for cell in row)
    assert seen[0][3:7] == [
        ["1.00013E+11", "=cmd", "x, y", "WA14 1AH", ""],
        ["L5", "Hub", "x", "WA14 1AH", "", "more", "still more"],
        ["L6", "Hub"],
        ['"L7,not closed,x,WA14 1AH,'],
    ]
    guarded = ["'@Home", "'@Home Café", "'- rear of 5 High St", "'=1+2", ""]
    assert seen[0][-1] == ["@Home", "@Home Café", "- rear of 5 High St", "=1+2", ""]
    assert seen[1] == seen[2] and seen[1][-1] == guarded and len(seen[1]) == len(seen[0])


def test_a_row_put_right_is_taken_without_what_kept_it_safe(area: Store, folder: Path):
    upload = received(area, folder, HEADER + "P1,@Home Café,- rear of 5 High St,x,\n")
    stream = io.StringIO(newline="")
    cells.write_csv(uploads.to_mend(area, upload), stream)
    assert "'@Home Café" in stream.getvalue()
    again = imported(area, folder, stream.getvalue().replace(",x,", ",WA14 1AH,"))
    assert again.summary.done["new"] == 1
    kept = locations.show(area, "P1")
    assert (kept.name, kept.address, kept.postcode) == ("@Home Café", "- rear of 5 High St", "WA14 1AH")


def test_postcodes_and_wards_are_looked_at_before_they_are_loaded(store: Store, folder: Path, by: By):
    locations.add(store, Location("L1", "Hub", postcode="WA14 1AH"), by)
    text = "postcode,ward code,ward name\nWA141AH,E05015239,Altrincham\nM33 4ND,E05015252,Sale\nM33,x,y\n"
    upload = received(store, folder, text, kind="wards")
    assert {name: upload.count(name) for name in ("accepted", "repaired", "refused", "new")} == {
        **{"accepted": 1, "repaired": 1, "refused": 1},
        "new": 2,
    }
    assert store.rows("wards.count_postcodes")[0]["postcodes"] == 0
    done = wizard.confirm(store, folder, upload, by=JO)
    assert {**done.summary.done, "new": 2, "filled_wards": 1} == done.summary.done
    assert locations.show(store, "L1").ward == "E05015239"
    changed = received(store, folder, text.replace("Altrincham", "Altrincham & Bowdon"), kind="wards")
    assert (changed.count("same"), changed.count("changed")) == (1, 1)
    ward_import.load(store, POSTCODES, SAM)
    with pytest.raises(Conflict, match="read again"):
        wizard.confirm(store, folder, changed, JO)


def test_a_table_that_contradicts_itself_is_refused_at_the_second_row(store: Store, folder: Path):
    text = "postcode,ward code,ward name\nM33 4ND,E05015252,Sale\nM334ND,E05015252,Sale\nM33 4ND,E05015239,Hale\n"
    upload = received(store, folder, text, kind="wards")
    (heading, row) = uploads.to_mend(store, upload)
    assert row[0].startswith("Line 4: postcode “M33 4ND”: ") and "line 2 says otherwise" in row[0]
    assert wizard.confirm(store, folder, upload, JO).summary.done["new"] == 1


def test_what_is_over_is_swept_away(area: Store, folder: Path, tmp_path: Path):
    done = imported(area, folder, HEADER + "L1,Hub,x,WA14 1AH,\n")
    discarded, living = received(area, folder, MIXED), received(area, folder, MIXED)
    wizard.discard(area, folder, discarded)
    long_ago = By(JO.who, times.now() - timedelta(days=8))
    old = received(area, folder, MIXED, long_ago)
    stray, arriving = folder / "stray", folder / "arriving"
    for made in (stray, arriving):
        made.mkdir()
    os.utime(stray, (0, 0))
    wizard.sweep(area, folder)
    assert {path.name for path in folder.iterdir()} == {living.id, "arriving"}
    assert [row["id"] for row in area.rows("uploads.over", now=times.stamp(times.now()))] == []
    assert uploads.show(area, done.id, JO).summary.done["new"] == 1, "its result can still be seen"
    assert chosen(area, living, "asked") == ["L3", "L4"]
    with pytest.raises(NotFound):
        uploads.show(area, old.id, JO)


def test_a_row_says_what_it_would_change(area: Store, folder: Path):
    imported(area, folder, HEADER + "L1,Hub,x,WA14 1AH,\n")
    upload = received(area, folder, HEADER + "L1,Hub 2,x,WA14 1AH,\n")
    (row,) = uploads.opened_rows(uploads.rows(area, upload, LISTING.read({})))
    assert row.differences == [("name", "Hub", "Hub 2")]
    assert row.before == asdict(locations.show(area, "L1"))


def test_pages_of_rows_are_in_the_order_of_the_file(area: Store, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wizard, "BATCH", 7)
    monkeypatch.setattr(uploads, "BATCH", 7)
    rows = "".join(f"L{number:03},Hub,x,WA14 1AH,\n" for number in range(120))
    upload = received(area, folder, HEADER + rows)
    third = uploads.rows(area, upload, LISTING.read({"page": "3"}))
    assert (third.first, third.last, third.pages) == (101, 120, 3)
    assert [row.line for row in uploads.opened_rows(third)] == list(range(102, 122))
    assert uploads.rows(area, upload, LISTING.read({"page": "9"})).wanted.page == 1
    assert wizard.confirm(area, folder, upload, JO).summary.done["new"] == 120


@pytest.mark.parametrize("ward", ["E05015252,Manor", "E05015253,Old Trafford"], ids=["known ward", "new ward"])
def test_a_table_that_says_a_postcode_twice_is_imported(store: Store, folder: Path, by: By, monkeypatch, ward: str):
    monkeypatch.setattr("qrbridge.places.areas.DISTRICTS", 1)
    monkeypatch.setattr("qrbridge.uploads.wards.BATCH", 1)
    head = "Postcode,Ward code,Ward name\n"
    wizard.confirm(store, folder, received(store, folder, head + "M33 4ND,E05015252,Manor\n", kind="wards"), JO)
    twice = head + f"M33 4NE,{ward}\nWA14 1AH,{ward}\nm334ne,{ward}\n"
    upload = received(store, folder, twice, kind="wards")
    assert (upload.count("new"), upload.count("same"), upload.count("repaired")) == (2, 1, 1)
    assert wizard.confirm(store, folder, upload, JO).summary.done["new"] == 2
    assert store.rows("wards.count_postcodes")[0]["postcodes"] == 3
