"""The main job from the outside: 120 posters read by another decoder, each followed by a phone, each counted once."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, FunctionType

import cv2
import numpy
import pypdfium2
import pytest
from werkzeug.test import Client

from qrbridge import audit
from qrbridge import settings as boot
from qrbridge.accounts import people
from qrbridge.counting import scans
from qrbridge.demo import demonstration
from qrbridge.links import links
from qrbridge.notices import notices
from qrbridge.printing import printing
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.routing.redirector import Redirector
from qrbridge.routing.route_map import RouteMap
from qrbridge.serving.ticker import Ticker
from qrbridge.settings import Settings
from qrbridge.store import Store, open_store
from qrbridge.web.app import create_app
from tests.web.test_app import PHONE

pytestmark = pytest.mark.processes

DOTS_AN_INCH = 100
BLUR = 1.3
# A phone looks at many frames and needs one: a second decoder, weaker than the one that proved, is given nine. Codes
# are drawn anew for each run, and once one was read at none of three turns.
TURNS_DEGREES = (5, 0, -5, 9, -9, 14, -14, 2, -2)


@dataclass
class Made:
    """The demo as it was made: its settings, store and what it says it made."""

    settings: Settings
    store: Store
    demo: demonstration.Demo


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The demo, made once."""
    settings = demonstration.settings_for(tmp_path_factory.mktemp("instance") / "demo")
    store, demo = demonstration.make(settings, lambda done: None)
    yield Made(settings, store, demo)
    store.close()


def decoded(path: Path) -> list[str]:
    """Every page's code as OpenCV reads it (zxing-cpp proved them), blurred and turned a little as by a hand."""
    reader = cv2.QRCodeDetector()
    with pypdfium2.PdfDocument(path) as document:
        pictures = (page.render(scale=DOTS_AN_INCH / 72, grayscale=True).to_numpy().squeeze() for page in document)
        return [next(filter(None, (reader.detectAndDecode(frame)[0] for frame in frames(one))), "") for one in pictures]


def frames(picture: numpy.ndarray) -> Iterator[numpy.ndarray]:
    return (as_held(picture, degrees) for degrees in TURNS_DEGREES)


def as_held(picture: numpy.ndarray, degrees: float) -> numpy.ndarray:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.9)
    return cv2.GaussianBlur(cv2.warpAffine(picture, turn, (width, height), borderValue=255), (0, 0), BLUR)


def test_each_poster_read_by_another_decoder_is_followed_and_counted_where_it_hangs(made: Made):
    addresses = decoded(made.demo.run.pdf)
    pages = list(csv.DictReader(made.demo.run.pages.read_text("utf-8-sig").splitlines()))
    assert len(set(addresses)) == len(pages) == 120
    assert [address.removeprefix("https://").lower() for address in addresses] == [
        row["Typed address"] for row in pages
    ]

    routes = RouteMap(made.settings.route_map)
    ticker = Ticker(made.settings, made.store, routes)
    ticker.bring_up()
    pages_app = create_app(made.settings, made.store, routes, ticker.state)
    phone = Client(Redirector(routes, ticker.journal, pages_app))
    for address in addresses:
        answer = phone.get(address.removeprefix("https://QR.TRAFFORD.GOV.UK"), headers={"User-Agent": PHONE})
        assert (answer.status_code, answer.headers["Location"]) == (302, "https://www.trafford.gov.uk/cost-of-living")
    ticker.journal.close()
    scans.add_up_left(made.settings.journals, made.store)

    table = reports.read(made.store, reports.find("scans-by-location"), Filters.read({}))
    assert {row["reference"]: row["scans"] - row["simulated"] for row in table.rows} == {
        row["Reference"]: 1 for row in pages
    }


def test_every_location_has_a_ward_and_the_sheets_are_in_their_order(made: Made):
    pages = list(csv.DictReader(made.demo.run.pages.read_text("utf-8-sig").splitlines()))
    wards = [row["Ward"] for row in pages]
    assert len(set(wards)) == 21 and "" not in wards
    assert wards == sorted(wards, key=str.casefold)


def test_its_record_tells_a_likely_story(made: Made):
    told = [(change["verb"], change["at"]) for change in audit.list_for(made.store, "notice", demonstration.NOTICE_KEY)]
    assert [verb for verb, _ in told] == ["print", "add"], "the newest first"
    (link, *_) = links.list_all(made.store)
    told += [(change["verb"], change["at"]) for change in audit.list_for(made.store, "link", link["code"])]
    assert len({at for _, at in told}) == 1 and [verb for verb, _ in told[2:]] == ["up", "make"]


def test_made_again_it_keeps_its_codes_and_doubles_nothing(made: Made):
    codes = [row["code"] for row in links.list_all(made.store)]
    before = made.demo.run.pdf.read_bytes()
    store, again = demonstration.make(made.settings, lambda done: None)
    assert [row["code"] for row in links.list_all(store)] == codes
    assert (again.simulated, again.run.new_links) == (made.demo.simulated, 0)
    assert again.run.pdf.read_bytes() == before
    assert [change["verb"] for change in audit.list_for(store, "council", "1")] == ["set up"]
    store.close()


@pytest.mark.parametrize(
    "step", [notices.add, people.set_password, printing.print_notice], ids=lambda step: step.__name__
)
def test_stopped_at_any_step_it_begins_again(tmp_path: Path, step: Callable[..., object]):
    settings = demonstration.settings_for(tmp_path / "demo")
    with pytest.raises(KeyboardInterrupt), stopped_at(step):
        demonstration.make(settings, lambda done: None)
    with pytest.raises(KeyboardInterrupt), stopped_at(printing.print_notice):
        demonstration.make(settings, lambda done: None)
    store = open_store(settings)
    assert [row["key"] for row in notices.list_all(store)] == [demonstration.NOTICE_KEY]
    assert all(row["has_password"] for row in people.list_all(store)) and len(people.list_all(store)) == 3
    store.close()


@contextmanager
def stopped_at(step: Callable[..., object]) -> Iterator[None]:
    """As Ctrl-C does, at the moment a function is begun."""
    assert isinstance(step, FunctionType)
    code = step.__code__

    def stop(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is code:
            raise KeyboardInterrupt

    before = sys.getprofile()
    sys.setprofile(stop)
    try:
        yield
    finally:
        sys.setprofile(before)


def test_the_command_touches_nothing_but_its_own_folder(tmp_path: Path):
    program = [sys.executable, "-m", "qrbridge", "--instance", str(tmp_path), "demo", "--no-serve"]
    nowhere = {"PATH": "/usr/bin:/bin", "QRBRIDGE_DATABASE": "postgresql://nobody@127.0.0.1:9/none"}
    done = subprocess.run(program, capture_output=True, text=True, env=nowhere, cwd=boot.PROJECT, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    for said in ("120 posters in", "scan counted here is simulated", "Open Government Licence v3.0"):
        assert said in done.stdout
