"""The pictures of staff pages in README and docs: `make pictures` makes the demo, opens them and keeps them."""

import io
import tempfile
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from qrbridge.audit import By
from qrbridge.demo import demonstration
from qrbridge.demo.demonstration import Demo
from qrbridge.notices import drafts
from tests import browser
from tests.browser import Desk
from tests.generated import DOCS
from tests.pages import Office, office

PICTURES = DOCS / "pictures"
HEIGHT = 900
COLOURS = 48

# Each picture's name, whose browser it is, the page, and how wide the window is.
SHOWN = (
    ("home", "editor", "/staff", browser.WIDE),
    ("words", "editor", "/staff/drafts/{draft}/words", browser.WIDE),
    ("design", "editor", "/staff/drafts/{draft}/design", browser.WIDE),
    ("notice", "editor", "/staff/notices/{notice}", browser.WIDE),
    ("map", "editor", "/staff/locations/map", browser.WIDE),
    ("report", "viewer", "/staff/reports/scans-by-location", browser.WIDE),
    ("audit", "admin", "/staff/audit", browser.WIDE),
    ("scanned", "editor", "/staff/links/{code}/here", browser.NARROW),
)


def main() -> None:
    """Take every picture anew."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = demonstration.settings_for(Path(folder))
        store, made = demonstration.make(settings, lambda _: None)
        stack.callback(store.close)
        opened = stack.enter_context(office(settings, store))
        address = stack.enter_context(browser.served(opened))
        desk = Desk(stack.enter_context(browser.launched()), opened, address)
        values = _values(opened, made)
        for name, role, path, width in SHOWN:
            page = desk.open(role, width)
            page.goto(path.format(**values))
            _keep(page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": HEIGHT}), PICTURES / f"{name}.png")
        desk.close()


def _keep(screenshot: bytes, path: Path) -> None:
    """Keep a picture in few colours: pages have few, and the repository keeps every picture for ever."""
    with Image.open(io.BytesIO(screenshot)) as opened:
        opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def _values(opened: Office, made: Demo) -> dict[str, str]:
    """What addresses leave open: a link, the notice, and a draft of it."""
    notice = demonstration.NOTICE_KEY
    draft = drafts.begin(opened.store, By(opened.person("editor").email), notice)
    return {"code": made.to_try[0]["code"], "notice": notice, "draft": draft.id}


if __name__ == "__main__":
    main()
