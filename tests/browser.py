"""A real browser: Debian's Chromium, driven by Playwright, shown the pages of a living server on this machine."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from qrbridge.accounts import sessions
from qrbridge.settings import ASSETS
from qrbridge.web import access
from tests.pages import Office
from tests.servers import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root a browser has no sandbox of its own; what it is shown here is ours.
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]

NARROW, WIDE = 320, 1280
HEIGHT = 900
AXE = ASSETS / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# How long a browser is waited for, in milliseconds.
PATIENCE_MS = 1000 * min(PATIENCE, 120)
expect.set_options(timeout=PATIENCE_MS)

# A page that answers 404 or 422 on purpose is said on the console, and is no fault.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


def chromium() -> str:
    """The browser's program; without one the test is skipped."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("There is no Chromium here; `apt-get install chromium` lets tests in a browser run.")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """One browser, for every test of a process."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, *args: Any) -> None:
        pass


@contextmanager
def served(office: Office) -> Iterator[str]:
    """The address at which an office's pages are answered, on a port of this machine."""
    server = make_server("127.0.0.1", 0, office.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Desk:
    """People at their browsers: opens windows with somebody signed in, and hears what their consoles complain of."""

    browser: Browser
    office: Office
    address: str
    complaints: list[str] = field(default_factory=list)
    _windows: list[BrowserContext] = field(default_factory=list)

    def open(self, role: str = "", width: int = WIDE, **options: Any) -> Page:
        """A window of a width with somebody of this role signed in; options as Playwright's new_context takes them."""
        size = ViewportSize(width=width, height=HEIGHT)
        window = self.browser.new_context(base_url=self.address, viewport=size, **options)
        self._windows.append(window)
        if role:
            self.sign_in(window, role)
        page = window.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, window: BrowserContext, role: str) -> None:
        """Give a window the cookies of a person of this role."""
        token = sessions.begin(self.office.store, self.office.person(role).email)
        cookies = {access.COOKIE: token, access.MARKER: "1"}
        window.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])

    def close(self) -> None:
        """Close every window."""
        for window in self._windows:
            window.close()

    def _hear(self, message: ConsoleMessage) -> None:
        is_ours = message.location["url"].startswith((self.address, "about:")) or not message.location["url"]
        if is_ours and message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page, a line each; its window must have been opened with bypass_csp."""
    # A page that was just led to has neither head nor body before it has come.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", WCAG)
    return [
        f"{page.url}: {one['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels a page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width
