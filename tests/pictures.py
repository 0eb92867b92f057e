"""The pictures of staff pages in README and docs: `make pictures` makes the demo, opens them and keeps them."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from qrbridge import demonstration
from tests import browser
from tests.browser import Desk
from tests.generated import DOCS
from tests.pages import office

PICTURES = DOCS / "pictures"
HEIGHT = 900

# Each picture's name, whose browser it is, the page, and how wide the window is.
SHOWN = (
    ("sign-in", "", "/staff/sign-in", browser.WIDE),
    ("home", "editor", "/staff", browser.WIDE),
    ("report", "viewer", "/staff/reports/scans-by-location", browser.WIDE),
    ("people", "admin", "/staff/people", browser.WIDE),
    ("council", "admin", "/staff/council", browser.WIDE),
    ("audit", "admin", "/staff/audit", browser.WIDE),
    ("account-phone", "editor", "/staff/account", browser.NARROW),
)


def main() -> None:
    """Take every picture anew."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = demonstration.settings_for(Path(folder))
        store, _ = demonstration.make(settings, lambda _: None)
        stack.callback(store.close)
        opened = stack.enter_context(office(settings, store))
        address = stack.enter_context(browser.served(opened))
        desk = Desk(stack.enter_context(browser.launched()), opened, address)
        for name, role, path, width in SHOWN:
            page = desk.open(role, width)
            page.goto(path)
            page.screenshot(path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": width, "height": HEIGHT})
        desk.close()


if __name__ == "__main__":
    main()
