"""Instance folders as versions that landed left them, their journals not yet added up, are served and counted on."""

import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qrbridge import settings as boot
from qrbridge.council import council
from qrbridge.counting import scans
from qrbridge.links import links
from qrbridge.routing.route_map import LIVE, RouteMap
from qrbridge.serving import server
from qrbridge.settings import Settings
from qrbridge.store import Store, open_store
from tests.given import DATA

# Of each the codes that were scanned last: three times each while nothing could be added up, and once before the first
# three of them.
LEFT = {
    5: ["25HDCV", "2CBYRY", "2F8R78", "2PZDP3", "2S5KHQ", "322T4T", "357KTC"],
    8: ["22J54P", "23RD79", "23YRB2", "278M4B", "2DWDS4", "2K96SW", "2MZXVS"],
}

# Python has it from 3.11.4 on, and warns without it from 3.12 on.
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


@pytest.fixture(params=LEFT, ids=lambda schema: f"schema {schema}")
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Settings, list[str]]]:
    """A folder of the demo whose server was killed, and the codes that were scanned."""
    with tarfile.open(DATA / f"demo_of_schema_{request.param}.tar.xz") as packed:
        packed.extractall(tmp_path, **SAFELY)
    yield boot.load(tmp_path, {}), LEFT[request.param]


def scans_of(store: Store, code: str) -> int:
    """Scans of a code that were real; the demo has others, said to be simulated."""
    (row,) = store.rows("links.scans", code=code, first_hour="")
    return int(row["scans"]) - int(row["simulated"])


def test_it_counts_to_the_last_scan_and_its_codes_lead_on(left: tuple[Settings, list[str]]):
    settings, codes = left
    server.prepare(settings)
    with closing(open_store(settings)) as store, closing(RouteMap(settings.route_map)) as routes:
        assert council.show(store).name == "Trafford Council" and len(links.list_all(store)) == 120
        assert [scans_of(store, code) for code in codes] == [1, 1, 1, 0, 0, 0, 0]
        for _ in range(2):
            scans.add_up_left(settings.journals, store)
            assert [scans_of(store, code) for code in codes] == [4, 4, 4, 3, 3, 3, 3], "and never twice"
        found = [routes.find(code) for code in codes]
        assert [route.state for route in found if route] == [LIVE] * len(codes)


def test_its_codes_lead_on_before_anything_is_upgraded(left: tuple[Settings, list[str]]):
    settings, codes = left
    with closing(RouteMap(settings.route_map)) as routes:
        assert all(routes.find(code) for code in codes)
