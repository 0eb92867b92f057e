"""The ten-minute journey as a new member of staff takes it, in a real browser: from sign-in to posters that read.

The worker is the real one, in a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from qrbridge.accounts import people
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.links import links
from qrbridge.uploads import location_import, ward_import
from tests.browser import PATIENCE_MS, Desk
from tests.given import CAMPAIGN, POSTCODES
from tests.pages import Office
from tests.servers import PATIENCE

pytestmark = pytest.mark.processes

PASSWORD = "three long words"
HEADLINE = "Warm rooms this winter"
DPI = 150
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)


@pytest.fixture
def places(staff: Office) -> Office:
    """The office with Trafford's 120 places beside its three."""
    by = By("tests")
    ward_import.load(staff.store, POSTCODES, by)
    location_import.apply(staff.store, location_import.plan(staff.store, CAMPAIGN), by)
    return staff


@pytest.fixture
def worker(staff: Office) -> Iterator[None]:
    """`qrbridge work` for the office, in a process of its own, and an editor whose password is known."""
    people.set_password(staff.store, staff.person("editor").email, PASSWORD, By("tests"))
    environment = {**os.environ, **staff.settings.environment, "QRBRIDGE_PARENT": str(os.getpid())}
    process = subprocess.Popen([sys.executable, "-m", "qrbridge", "work"], env=environment, stderr=subprocess.DEVNULL)
    yield
    process.terminate()
    process.wait(PATIENCE)


def sign_in(page: Page) -> None:
    page.goto("/staff/notices")
    page.get_by_label("E-mail address").fill("jo.editor@example.gov.uk")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Notices", exact=True).wait_for()


def make(page: Page) -> None:
    """From the list of notices to the check."""
    page.get_by_role("button", name="Make a notice").click()
    page.get_by_label("Help with the cost of living").check()
    page.get_by_label("A short name for this notice").fill("warm-rooms")
    go_on(page)
    page.get_by_label("Headline", exact=True).fill(HEADLINE)
    page.get_by_label("Text below it", exact=True).fill("Every library is warm, free and open to all. Come in.")
    go_on(page)
    page.get_by_label("Poster", exact=True).check()
    page.get_by_label("Size").select_option("A4")
    page.get_by_role("button", name="Show me").click()
    picture = page.get_by_role("img", name="How a sheet of this notice looks")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    go_on(page)
    page.get_by_role("button", name="Choose all").click()
    go_on(page)
    page.get_by_role("heading", name="Check it", exact=True).wait_for()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def print_and_download(page: Page, into: Path) -> Path:
    page.get_by_role("button", name="Approve and print").click()
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.get_by_role("button", name="Download the PDF").click(timeout=PATIENCE_MS)
    download.value.save_as(into / "posters.pdf")
    return into / "posters.pdf"


def decoded(file: Path) -> list[str]:
    """What a phone's reader makes of each page, by another way than our proof's."""
    found = []
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            image = page.render(scale=DPI / 72, grayscale=True).to_pil()
            found += [code.text for code in zxingcpp.read_barcodes(image, formats=QR)]
            page.close()
    return found


def addresses(office: Office) -> set[str]:
    here = council.show(office.store)
    return {here.address(row["code"]) for row in links.list_all(office.store, notice="warm-rooms")}


@pytest.mark.usefixtures("worker")
def test_from_sign_in_to_posters_that_read(desk: Desk, places: Office, tmp_path: Path):
    page = desk.open()
    sign_in(page)
    make(page)
    expect(page.get_by_text("123 sheets, each with a code of its own")).to_be_visible()
    read = decoded(print_and_download(page, tmp_path))
    assert len(read) == len(set(read)) == 123 and set(read) == addresses(places)
    page.get_by_role("link", name="Its links").click()
    page.get_by_role("button", name="All 123 found are up").click()
    expect(page.get_by_text("123 links now up.")).to_be_visible()


@pytest.mark.usefixtures("worker")
def test_without_scripts(desk: Desk, staff: Office, tmp_path: Path):
    page = desk.open(width=320, java_script_enabled=False)
    sign_in(page)
    page.get_by_role("button", name="Make a notice").click()
    go_on(page)
    expect(page.get_by_role("alert").get_by_text("The service is missing")).to_be_visible()
    page.goto("/staff/notices")
    make(page)
    read = decoded(print_and_download(page, tmp_path))
    assert set(read) == addresses(staff) and len(read) == 3


@pytest.mark.usefixtures("worker")
def test_with_the_keyboard_alone(desk: Desk):
    page = desk.open("editor")
    page.goto("/staff/notices")
    press(page, "Make a notice")
    tab_to(page, "service")
    page.keyboard.press("Space")
    tab_to(page, "key")
    page.keyboard.type("warm-rooms")
    press(page, "Save and continue")
    tab_to(page, "headline-en")
    page.keyboard.type(HEADLINE)
    tab_to(page, "body-en")
    page.keyboard.type("Every library is warm. Come in.")
    for button in (
        "Save and continue",
        "Save and continue",
        "Choose all 3",
        "Save and continue",
        "Approve and print",
    ):
        press(page, button)
    page.get_by_role("button", name="Download the PDF").wait_for(timeout=PATIENCE_MS)


def tab_to(page: Page, field: str) -> None:
    """Tab until a field has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == field:
            return
    raise AssertionError(f"no way to {field} with the Tab key")


def press(page: Page, name: str) -> None:
    """Tab to a button and press it; the next page is waited for."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to “{name}” with the Tab key")
