"""The upload wizard as staff use it, and everything that may be thrown at it."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from werkzeug.test import TestResponse

from qrbridge.audit import By
from qrbridge.places import locations, wards
from qrbridge.serving import chores
from qrbridge.spreadsheets import limits
from qrbridge.spreadsheets.limits import MAX_BYTES
from qrbridge.uploads import upload_jobs, uploads, wizard
from qrbridge.web import access
from qrbridge.work import jobs
from tests.pages import Office, StaffClient, text_of
from tests.present import present
from tests.walk import ROWS

NEW = "/staff/uploads/new/locations"
BOUNDARY = "qrbridge-test-boundary"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def editor(staff: Office) -> StaffClient:
    """A browser with an editor signed in."""
    return staff.client("editor")


def send(client: StaffClient, content: bytes | str, name: str = "places.csv", to: str = NEW) -> TestResponse:
    """Send a file as a browser does; werkzeug's own client leaves a temporary file of a large one open."""
    content = content.encode() if isinstance(content, str) else content
    parts = [
        *(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{access.CSRF_FIELD}"\r\n\r\n{client.csrf()}\r\n',),
        *(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n',),
    ]
    body = b"".join([*(part.encode() for part in parts), content, f"\r\n--{BOUNDARY}--\r\n".encode()])
    return client.post(to, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")


def uploaded(client: StaffClient, content: bytes | str = ROWS, to: str = NEW) -> str:
    answer = send(client, content, to=to)
    assert answer.status_code == 303, text_of(answer.text)
    return answer.headers["Location"].rpartition("/")[2]


def show(client: StaffClient, upload_id: str, outcome: str = "") -> str:
    answer = client.get(f"/staff/uploads/show/{upload_id}" + (f"?outcome={outcome}" if outcome else ""))
    assert answer.status_code == 200
    return answer.text


def references(staff: Office) -> list[str]:
    return sorted(place.reference for place in locations.list_all(staff.store))


def test_a_list_is_uploaded_looked_at_asked_about_and_imported(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor)
    asked = text_of(show(editor, upload_id))
    assert "Nothing has been saved yet" in asked and "2 To be asked about, 2 still open" in asked
    assert "it may be meant as “Café Hub”" in asked and "postcode : has no postcode" in asked
    refused, repaired, accepted = (
        text_of(show(editor, upload_id, outcome)) for outcome in ("refused", "repaired", "accepted")
    )
    assert "6 reference 1.00013E+11 Excel shortened a long number" in refused
    assert "2 N1 postcode m334nd M33 4ND New" in repaired
    assert "5 L1 Altrincham Library" in accepted and "address 2 Pott Street → 3 Pott Street" in accepted
    editor.send(f"/staff/uploads/choices/{upload_id}", {"row-2": "mend", "row-3": "", "page": "1"})
    assert "2 To be asked about, 1 still open" in text_of(show(editor, upload_id))
    assert "Import</button>" not in show(editor, upload_id)
    editor.send(f"/staff/uploads/choices/{upload_id}", {"rest": "leave"})
    assert references(staff) == ["B1", "L1", "L2"]
    answer = editor.send(f"/staff/uploads/import/{upload_id}", follow_redirects=True)
    done = text_of(answer.text)
    assert "places.csv is imported 2 locations new, 1 changed" in done
    assert "1 left out, as you chose" in done and "1 refused" in done
    assert references(staff) == ["B1", "L1", "L2", "N1", "N2"]
    assert locations.show(staff.store, "N2").name == "Café Hub"
    assert "has been imported already" in text_of(editor.send(f"/staff/uploads/import/{upload_id}").text)


def test_limits_and_a_template_are_offered_before_anything_is_sent(editor: StaffClient):
    page = text_of(editor.get(NEW).text)
    assert "up to 10 MB and 200,000 rows" in page and "Download an empty spreadsheet" in page
    made = editor.get("/staff/uploads/template/locations.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    sheet = present(book.active)
    assert [cell.value for cell in sheet[1]][:3] == ["reference", "name", "address"]
    assert sheet.column_dimensions["A"].width >= 12
    answer = send(editor, made.data, "locations.xlsx")
    assert answer.status_code == 422 and "no rows below them" in answer.text


def test_the_template_filled_in_is_read_whole(staff: Office, editor: StaffClient):
    for kind, row in (
        ("locations", ("007", "Hub", "x", "M33 4ND", "", "53.42", "-2.3", "library", "indoors")),
        ("wards", ("M33 4ND", "E05015252", "Sale", "53.42", "-2.3")),
    ):
        book = openpyxl.load_workbook(io.BytesIO(editor.get(f"/staff/uploads/template/{kind}.xlsx").data))
        present(book.active).append(row)
        filled = io.BytesIO()
        book.save(filled)
        upload_id = uploaded(editor, filled.getvalue(), to=f"/staff/uploads/new/{kind}")
        editor.send(f"/staff/uploads/choices/{upload_id}", {"rest": "keep"})
        assert "is imported" in editor.send(f"/staff/uploads/import/{upload_id}", follow_redirects=True).text
    assert locations.show(staff.store, "007").kind == "library"
    assert wards.names(staff.store)["E05015252"] == "Sale"


def test_a_missing_file_is_said_at_its_field(editor: StaffClient):
    for data in ({}, {"file": (io.BytesIO(b""), "")}):
        answer = editor.send(NEW, data, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "There is a problem" in answer.text and 'href="#file"' in answer.text


def test_columns_that_cannot_be_told_are_asked_about(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor, "Site,Serial,Where\nHub,A1,x\nDepot,A2,y\n")
    page = show(editor, upload_id)
    assert "Which column is which?" in page and '<option value="Serial">' in page
    again = editor.send(f"/staff/uploads/columns/{upload_id}", {"reference": ""}, follow_redirects=True)
    assert "Which column is which?" in again.text
    answer = editor.send(f"/staff/uploads/columns/{upload_id}", {"reference": "Serial"}, follow_redirects=True)
    assert "Check places.csv" in answer.text


def test_a_doubtful_file_is_imported_only_when_somebody_agrees(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor, "reference,name,address\nN1,Jo’s Café,x\n".encode("cp1252"))
    assert "This file looks doubtful" in show(editor, upload_id)
    answer = editor.send(f"/staff/uploads/import/{upload_id}")
    assert answer.status_code == 422 and 'href="#confirm"' in answer.text
    assert (
        "is imported"
        in editor.send(f"/staff/uploads/import/{upload_id}", {"confirm": "yes"}, follow_redirects=True).text
    )
    assert locations.show(staff.store, "N1").name == "Jo’s Café"


def test_what_somebody_changed_meanwhile_is_shown_again(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor, "reference,name,address,postcode\nL1,New Name,x,WA14 1AH\n")
    place = locations.merged(locations.show(staff.store, "L1"), {"name": "Another"})
    locations.change(staff.store, place, By("sam"))
    answer = editor.send(f"/staff/uploads/import/{upload_id}")
    assert answer.status_code == 409 and "It is read again" in text_of(answer.text)
    assert "name Another → New Name" in text_of(answer.text)
    assert locations.show(staff.store, "L1").name == "Another"


def finished(staff: Office, address: str) -> str:
    """The state of a job once the worker has done it."""
    job = jobs.do(staff.settings, staff.store, address.rpartition("/")[2], chores.DOERS)
    assert job is not None
    return job.state


def test_a_long_file_is_read_by_the_worker(staff: Office, editor: StaffClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "LONG_TEXT", 10)
    job = send(editor, ROWS).headers["Location"]
    assert job.startswith("/staff/jobs/")
    assert staff.client("admin").get(job).status_code == 404, "it is somebody else's"
    assert finished(staff, job) == "done"
    shown = editor.get(job).headers["Location"]
    assert "Nothing has been saved yet" in editor.get(shown).text
    again = editor.send(shown.replace("/show/", "/columns/"), {"name": "address"}).headers["Location"]
    assert again.startswith("/staff/jobs/") and again != job
    assert finished(staff, again) == "done"
    broken = send(editor, "not a table of anything").headers["Location"]
    assert finished(staff, broken) == "failed"
    assert "could not be read" in editor.get(broken).text and "Reading “places.csv” failed" in editor.get("/staff").text
    assert send(editor, b"%PDF-1.4 not a sheet").status_code == 422, "that is seen at once"


def test_how_far_reading_a_long_file_is(staff: Office, editor: StaffClient):
    by = By(staff.person("editor").email)
    upload = wizard.receive(staff.store, staff.settings.uploads, ("locations", "places.csv", [ROWS.encode()]), by)
    upload = uploads.change(staff.store, replace(upload, state="reading"))
    show = f"/staff/uploads/show/{upload.id}"
    assert "cut short" in editor.get(show).text
    job_id = upload_jobs.add(staff.store, upload, by)
    assert upload_jobs.add(staff.store, upload, by) == job_id
    assert editor.get(show).headers["Location"] == f"/staff/jobs/{job_id}"
    page = text_of(editor.get(f"/staff/jobs/{job_id}").text)
    assert "Reading places.csv" in page and "It begins by itself" in page
    assert present(editor.get(f"/staff/jobs/{job_id}/progress").json)["said"] == "The file is being opened"
    assert staff.client("admin").get(f"/staff/jobs/{job_id}/progress").status_code == 404


def test_an_upload_can_be_discarded(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor)
    answer = editor.send(f"/staff/uploads/discard/{upload_id}", follow_redirects=True)
    assert "Nothing was changed" in answer.text and references(staff) == ["B1", "L1", "L2"]
    assert "was discarded" in show(editor, upload_id)


def test_nobody_sees_or_touches_another_persons_upload(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor)
    other = staff.client("admin")
    for path in (f"show/{upload_id}", f"refused/{upload_id}.csv", f"refused/{upload_id}.xlsx"):
        assert other.get(f"/staff/uploads/{path}").status_code == 404
    for verb in ("import", "discard", "choices", "columns"):
        assert other.send(f"/staff/uploads/{verb}/{upload_id}", {"rest": "keep"}).status_code == 404
    assert uploads.show(staff.store, upload_id, By(staff.person("editor").email)).state == "read"


def zip_bomb() -> bytes:
    """A workbook of 40 KB that would unpack to 40 MB."""
    held = io.BytesIO()
    book = openpyxl.Workbook()
    present(book.active).append(["reference", "name"])
    book.save(held)
    bomb = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b" " * 400_000_000 if name.endswith("sheet1.xml") else b""))
    return bomb.getvalue()


@pytest.mark.parametrize(
    ("make", "name", "says"),
    [
        pytest.param(zip_bomb, "places.xlsx", "unpack|damaged|large|times", id="zip bomb"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "places.csv", "picture|image|PNG", id="PNG named csv"),
        pytest.param(lambda: b"PK\x03\x04" + b"x" * 500, "places.xlsx", "damaged|not", id="broken zip"),
        pytest.param(lambda: b"%PDF-1.7\n" * 50, "places.csv", "PDF", id="PDF"),
        pytest.param(lambda: b"", "places.csv", "empty", id="empty"),
        pytest.param(lambda: b"a,b\n" + b"x" * (MAX_BYTES), "places.csv", "10 MB", id="larger than the limit"),
        pytest.param(lambda: b"x" * (2 * MAX_BYTES), "places.csv", "10 MB", id="twice the limit"),
    ],
)
def test_what_is_no_list_is_refused_and_nothing_stays(
    staff: Office, editor: StaffClient, make: Callable[[], bytes], name: str, says: str
):
    answer = send(editor, make(), name)
    assert answer.status_code == 422 and re.search(says, text_of(answer.text)), text_of(answer.text)
    folder = staff.settings.uploads
    assert not folder.exists() or list(folder.iterdir()) == []
    assert uploads.unfinished(staff.store, By(staff.person("editor").email)) == []


def test_a_large_form_is_read_only_of_somebody_who_may_upload(staff: Office):
    for role in ("", "viewer"):
        answer = send(staff.client(role), b"x" * 200_000)
        assert answer.status_code in (403, 413), role
    answer = staff.client("admin").send("/staff/locations/new", {"name": "x" * 200_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("column", ["reference", "name", "address", "postcode", "ward", "latitude", "kind", "setting"])
def test_markup_in_any_cell_is_only_ever_text(staff: Office, editor: StaffClient, column: str):
    fields = {"reference": "X1", "name": "Hub", "address": "High Street", "postcode": "M33 4ND", column: SCRIPT}
    text = io.StringIO(newline="")
    csv.writer(text).writerows([fields.keys(), fields.values()])
    upload_id = uploaded(editor, text.getvalue())
    for outcome in ("accepted", "repaired", "asked", "refused"):
        assert SCRIPT not in show(editor, upload_id, outcome)
    editor.send(f"/staff/uploads/choices/{upload_id}", {"rest": "keep"})
    editor.send(f"/staff/uploads/import/{upload_id}")
    for path in ("/staff/locations", "/staff/locations/map", "/staff"):
        assert SCRIPT not in editor.get(path).text
    for place in locations.list_all(staff.store):
        assert SCRIPT not in editor.get("/staff/locations/show/" + place.reference.replace("/", "%2F")).text


def test_markup_in_names_of_files_and_columns_is_only_ever_text(editor: StaffClient):
    answer = send(editor, f"Site,{SCRIPT},Where\nHub,A1,x\n", f"{SCRIPT}.csv")
    upload_id = answer.headers["Location"].rpartition("/")[2]
    assert SCRIPT not in show(editor, upload_id)
    assert SCRIPT not in editor.get(NEW).text and SCRIPT not in editor.get("/staff").text


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "＝1"])
def test_a_formula_in_a_refused_row_is_harmless_in_both_downloads(editor: StaffClient, cell: str):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["reference", "name", cell], ["1.00013E+11", cell, cell]])
    upload_id = uploaded(editor, text.getvalue())
    sheet = editor.get(f"/staff/uploads/refused/{upload_id}.csv")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="rows to put right.csv"'
    for row in csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))):
        assert not any(value.startswith(tuple("=@-＝")) for value in row)
    book = openpyxl.load_workbook(io.BytesIO(editor.get(f"/staff/uploads/refused/{upload_id}.xlsx").data))
    refused = present(book.active)
    cells = [one for row in refused.iter_rows() for one in row if one.value is not None]
    assert {one.data_type for one in cells} == {"s"}
    assert [one.value for one in cells].count(cell) == 3, "as it was typed"
    assert cell in [one.value for one in refused[1]]


def test_a_refused_row_put_right_can_be_uploaded_again(staff: Office, editor: StaffClient):
    upload_id = uploaded(editor)
    book = openpyxl.load_workbook(io.BytesIO(editor.get(f"/staff/uploads/refused/{upload_id}.xlsx").data))
    refused = present(book.active)
    heading = [cell.value for cell in refused[1]]
    refused.cell(2, heading.index("reference") + 1).value = "N9"
    held = io.BytesIO()
    book.save(held)
    again = uploaded(editor, held.getvalue())
    editor.send(f"/staff/uploads/choices/{again}", {"rest": "keep"})
    editor.send(f"/staff/uploads/import/{again}")
    assert "N9" in references(staff)


def test_two_people_uploading_at_once_do_not_mix(staff: Office):
    editor, admin = staff.client("editor"), staff.client("admin")
    one = uploaded(editor, "reference,name,address,postcode\nE1,Editor’s,x,WA14 1AH\n")
    two = uploaded(admin, "reference,name,address,postcode\nA1,Admin’s,x,WA14 1AH\n")
    assert "Admin’s" not in show(editor, one, "accepted")
    editor.send(f"/staff/uploads/choices/{one}", {"rest": "keep"})
    editor.send(f"/staff/uploads/import/{one}")
    assert references(staff) == ["B1", "E1", "L1", "L2"]
    admin.send(f"/staff/uploads/choices/{two}", {"rest": "keep"})
    admin.send(f"/staff/uploads/import/{two}")
    assert references(staff) == ["A1", "B1", "E1", "L1", "L2"]
