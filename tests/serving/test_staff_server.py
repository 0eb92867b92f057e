"""The staff pages on the server as it runs: pages worked out by the process beside, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from qrbridge.accounts import people
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.links import links
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.settings import Settings
from qrbridge.store import create_store
from qrbridge.upkeep.installing import make_folder
from tests.given import set_up
from tests.servers import Server, wait_until

pytestmark = pytest.mark.processes

PASSWORD = "three long words"
ADMIN = "sam@example.gov.uk"


@pytest.fixture
def server(sqlite_settings: Settings, by: By) -> Iterator[Server]:
    """A served council with an admin whose password is known, and one link."""
    make_folder(sqlite_settings)
    store = create_store(sqlite_settings)
    set_up(store, by)
    people.add(store, Person(ADMIN, "Sam", "admin"), by)
    people.set_password(store, ADMIN, PASSWORD, by)
    links.make(store, "winter", ["L1"], by)
    store.close()
    started = Server(sqlite_settings).start()
    yield started
    started.stop()


def test_somebody_signs_in_sends_a_large_picture_and_is_not_counted(server: Server, chromium: Browser, tmp_path: Path):
    noise = Image.effect_noise((700, 300), 200).convert("RGB")
    noise.save(tmp_path / "logo.png")
    assert (tmp_path / "logo.png").stat().st_size > 200_000
    window = chromium.new_context(base_url=f"http://127.0.0.1:{server.port}")
    page = window.new_page()
    page.goto("/staff/council")
    page.get_by_label("E-mail address").fill(ADMIN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The council")
    page.get_by_label("A picture").set_input_files(tmp_path / "logo.png")
    page.get_by_role("button", name="Use this logo").click()
    expect(page.get_by_role("alert")).to_contain_text("The logo is changed.")
    assert page.locator("img.staff-logo").evaluate("one => one.naturalWidth") > 100

    store = create_store(server.settings)
    code = links.list_all(store)[0]["code"]
    wait_until(lambda: server.get(f"/{code}").status == 302)
    shown = window.request.get(f"/{code}", max_redirects=0)
    assert shown.status == 302 and shown.headers["location"] == f"/staff/links/{code}/here"
    wait_until(lambda: _scans(server.settings) == 1)
    page.get_by_role("button", name="Sign out").click()
    assert window.request.get(f"/{code}", max_redirects=0).headers["location"].startswith("https://www.trafford.gov.uk")
    window.close()
    store.close()


def _scans(settings: Settings) -> int:
    store = create_store(settings)
    try:
        table = reports.read(store, reports.find("scans-by-location"), Filters.read({}))
        return sum(int(row["scans"]) for row in table.rows)
    finally:
        store.close()
