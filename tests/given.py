"""A council, a service, places and a notice to test with: the smallest installation that does the main job."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.council.services import Service
from qrbridge.counting import scans
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.places import locations, wards
from qrbridge.places.locations import Location
from qrbridge.store import Store
from tests.servers import PATIENCE

# Every day that the clock has to do with is reckoned from this one; a day that only stands for itself is written out.
TODAY = times.day_of(times.now())

DATA = Path(__file__).parent / "data"
CAMPAIGN = DATA / "placements_trafford_120.csv"
# Those that the campaign's places are in, and their wards.
POSTCODES = DATA / "trafford_postcodes_some.csv"


def in_days(number: int) -> str:
    """A day so many days from today, as ISO text."""
    return (TODAY + timedelta(days=number)).isoformat()


def noon(number: int = 0) -> datetime:
    """Noon of the council's day so many days from today."""
    return times.beginning_of(TODAY + timedelta(days=number)).replace(hour=12)


COUNCIL_PHONE = "0161 912 2000"
COUNCIL = {
    "name": "Trafford Council",
    "short_host": "qr.trafford.gov.uk",
    "website": "www.trafford.gov.uk",
    "phone": COUNCIL_PHONE,
    "hours": "Monday to Friday, 8:30am to 5:30pm",
    "colour": "#00578a",
    "languages": ["en", "pl"],
    "allowed_hosts": ["trafford.gov.uk"],
}
PAGES = {
    "en": "https://www.trafford.gov.uk/cost-of-living",
    "pl": "https://www.trafford.gov.uk/pl/cost-of-living",
}
SERVICE = {
    "key": "cost-of-living",
    "name": "Help with the cost of living",
    "phone": "0161 912 2000",
    "hours": "Monday to Friday, 8:30am to 5:30pm",
    "place": "Altrincham Library, 2 Pott Street",
    "summary": "Help with food, energy, rent and debt.",
    "service_level": "A person answers within two working days.",
    "owner": "Welfare rights team",
    "review_day": in_days(120),
    "lgsl": "107",
    "pages": PAGES,
}
WORDS = {"en": {"headline": "Struggling with the cost of living?", "body": "Get help with food, energy and rent."}}
NOTICE = {
    "key": "winter",
    "service": "cost-of-living",
    "printable": "poster",
    "starts": in_days(-57),
    "ends": "",
    "words": WORDS,
}
WARDS = [wards.as_kept("E05015239", "Altrincham"), wards.as_kept("E05015253", "Old Trafford")]


def place(
    reference: str, name: str, ward: str | None = None, kind: str = "", address: str = "2 Pott Street"
) -> Location:
    """A location; all of them stand at one spot."""
    return Location(reference, name, address, "WA14 1AH", ward, 53.38, -2.35, kind)


PLACES = [
    place("L1", "Altrincham Library", "E05015239", "library"),
    place("L2", "Old Trafford Library", "E05015253", "library"),
    place("B1", "Seymour Grove bus stop", kind="bus stop"),
]


def set_up(store: Store, by: By) -> None:
    """A council with one service, one notice and three places, one of them in no ward."""
    council.set_up(store, Council.read(COUNCIL), by)
    here = council.show(store)
    services.add(store, Service.read(SERVICE, here), by)
    notices.add(store, Notice.read(NOTICE, here), by)
    store.run_many("wards.add", WARDS)
    store.run_many("locations.add", map(locations.as_kept, PLACES))


def while_another_does(store: Store, verb: Callable[[], object]) -> BaseException | None:
    """What comes of a verb that is begun while another has done the same and has not ended its transaction."""
    done = Event()

    def do_first(second_asks: Event) -> None:
        with store.atomic():
            verb()
            done.set()
            # Kept waiting, it has looked at nothing; not kept waiting, it has looked at what was there before.
            assert second_asks.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool, asked_by_another(store) as second_asks:
        one = pool.submit(do_first, second_asks)
        assert done.wait(PATIENCE)
        two = pool.submit(verb)
        one.result()
        return two.exception()


@contextmanager
def asked_by_another(store: Store) -> Iterator[Event]:
    """Set once a second thread asks the store something."""
    asked, threads = Event(), set[int]()

    def heard(word: Callable[..., Any]) -> Callable[..., Any]:
        def said(*given: Any, **values: Any) -> Any:
            threads.add(threading.get_ident())
            if len(threads) > 1:
                asked.set()
            return word(*given, **values)

        return said

    with pytest.MonkeyPatch.context() as patch:
        for name in ("rows", "run", "run_many", "atomic"):
            patch.setattr(store, name, heard(getattr(store, name)))
        yield asked


def count(store: Store, code: str, hour: str, number: int, *, simulated: bool = False) -> None:
    """Count so many scans of a code in an hour."""
    scans.keep(store, scans.Totals({hour: Counter({code: number})}), simulated=simulated)
