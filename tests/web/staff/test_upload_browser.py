"""The upload wizard in a real browser and through a real server: faults, the keyboard, dropping, and no scripts."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from qrbridge import settings as boot
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.places import locations
from qrbridge.settings import Settings
from qrbridge.spreadsheets.limits import MAX_BYTES
from qrbridge.store import create_store
from qrbridge.upkeep import installing
from qrbridge.web import access
from tests import browser
from tests.browser import Desk
from tests.given import set_up
from tests.servers import PATIENCE, Server
from tests.walk import ROWS

NEW = "/staff/uploads/new/locations"
FILE = FilePayload(name="places.csv", mimeType="text/csv", buffer=ROWS.encode())
# What a person's drag leaves at the field: a file among the data that is dropped.
DROP = """([field, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, {type: "text/csv"}));
    field.files = data.files;
    field.dispatchEvent(new Event("change", {bubbles: true}));
}"""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_list_with_faults_from_file_to_import(desk: Desk, scripts: bool):
    page = desk.open("editor", java_script_enabled=scripts)
    page.goto("/staff/locations")
    page.get_by_role("button", name="Upload a list").click()
    page.get_by_label("Spreadsheet").set_input_files(
        {"name": "picture.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" + b"\0" * 99}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    page.get_by_label("Spreadsheet").set_input_files(FILE)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check places.csv")
    page.get_by_label("What to do with line 3").select_option("Put right")
    page.get_by_role("button", name="Save these choices").click()
    page.get_by_role("button", name="Leave out all that are left").click()
    page.get_by_role("link", name="Refused").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows with the reasons").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("places.csv is imported")
    assert locations.show(desk.office.store, "N2").name == "Café Hub"
    with page.expect_download() as download:
        page.get_by_role("link", name="as CSV").click()
    assert Path(download.value.path()).read_text("utf-8-sig").startswith("What to do,reference,name")


@pytest.mark.parametrize("width", [browser.NARROW, browser.WIDE])
def test_each_state_of_an_upload_is_accessible_and_fits(desk: Desk, width: int):
    page = desk.open("editor", width, bypass_csp=True)
    found: list[str] = []

    def check(what: str) -> None:
        found.extend(browser.violations(page))
        if over := browser.overflow(page):
            found.append(f"{what} is {over} px too wide")

    page.goto(NEW)
    page.get_by_role("button", name="Upload and check").click()
    check("a missing file")
    page.get_by_label("Spreadsheet").set_input_files(
        FilePayload(name="places.csv", mimeType="text/csv", buffer=ROWS.replace("reference", "Serial").encode())
    )
    page.get_by_role("button", name="Upload and check").click()
    check("columns that are asked about")
    page.get_by_label("Reference").select_option("Serial")
    page.get_by_role("button", name="Go on").click()
    for outcome in ("asked", "refused", "repaired", "accepted"):
        page.goto(f"{page.url.partition('?')[0]}?outcome={outcome}")
        check(outcome)
    page.goto(f"{page.url.partition('?')[0]}?outcome=asked")
    page.get_by_role("button", name="Keep all that are left").click()
    page.get_by_role("button", name="Import").click()
    check("imported")
    assert found == []


def test_a_file_is_dropped_and_sent_with_the_keyboard(desk: Desk):
    page = desk.open("editor")
    page.goto(NEW)
    field = page.get_by_label("Spreadsheet")
    box = field.bounding_box()
    assert box and box["height"] >= 90 and box["width"] >= 400, "room to drop a file"
    page.evaluate(DROP, [field.element_handle(), "dropped.csv", ROWS])
    field.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Upload and check"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check dropped.csv").wait_for()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Server, Settings, str]]:
    """A real server with an editor signed in: the server, its settings and the editor's token."""
    settings = boot.load(tmp_path / "instance", {})
    installing.make_folder(settings)
    store = create_store(settings)
    set_up(store, By("tests"))
    people.add(store, Person("jo@example.gov.uk", "Jo", "editor"), By("tests"))
    token = sessions.begin(store, "jo@example.gov.uk")
    store.close()
    server = Server(settings).start()
    yield server, settings, token
    server.kill_all()


@pytest.mark.processes
def test_a_large_file_reaches_the_wizard_through_the_server_and_a_larger_one_is_told_why_not(served):
    server, settings, token = served
    rows = "".join(f"R{number},Noticeboard {number},High Street,WA14 1AH\n" for number in range(60_000))
    status, headers, _ = post(server.port, token, f"reference,name,address,postcode\n{rows}".encode())
    assert status == 303 and headers["location"].startswith("/staff/uploads/show/")
    status, _, body = post(server.port, token, b"x" * (MAX_BYTES + 200_000))
    assert status == 422 and "larger than 10 MB" in body
    assert len(list(settings.uploads.iterdir())) == 1


def post(port: int, token: str, content: bytes) -> tuple[int, dict[str, str], str]:
    """Send a file as a browser of the token's owner does."""
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="{access.CSRF_FIELD}"\r\n\r\n{access.csrf_of(token)}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="places.csv"\r\n\r\n'
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Cookie": f"{access.COOKIE}={token}"}
    connection.request("POST", NEW, parts.encode() + content + b"\r\n--b--\r\n", headers)
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read().decode()
    connection.close()
    return answer.status, found, body
