"""A council, a service, places and a notice to test with: the smallest installation that does the main job."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

from qrbridge import council, locations, notices, scans, services, wards
from qrbridge.audit import By
from qrbridge.council import Council
from qrbridge.locations import Location
from qrbridge.notices import Notice
from qrbridge.services import Service
from qrbridge.store import Store

COUNCIL = {
    "name": "Trafford Council",
    "short_host": "qr.trafford.gov.uk",
    "website": "www.trafford.gov.uk",
    "phone": "0161 912 2000",
    "hours": "Monday to Friday, 8:30am to 5:30pm",
    "colour": "#00578a",
    "languages": ["en", "pl"],
    "allowed_hosts": ["trafford.gov.uk"],
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
    "review_day": "2027-03-31",
    "lgsl": "107",
    "pages": {
        "en": "https://www.trafford.gov.uk/cost-of-living",
        "pl": "https://www.trafford.gov.uk/pl/cost-of-living",
    },
}
NOTICE = {
    "key": "winter",
    "service": "cost-of-living",
    "printable": "poster",
    "starts": "2026-10-05",
    "ends": "",
    "words": {
        "en": {"headline": "Struggling with the cost of living?", "body": "Get help with food, energy and rent."}
    },
}
WARDS = [wards.as_kept("E05015239", "Altrincham"), wards.as_kept("E05015253", "Old Trafford")]
PLACES = [
    {"reference": "L1", "name": "Altrincham Library", "ward": "E05015239", "kind": "library"},
    {"reference": "L2", "name": "Old Trafford Library", "ward": "E05015253", "kind": "library"},
    {"reference": "B1", "name": "Seymour Grove bus stop", "ward": None, "kind": "bus stop"},
]
REST = {"address": "2 Pott Street", "postcode": "WA14 1AH", "latitude": 53.38, "longitude": -2.35, "setting": ""}


def set_up(store: Store, by: By) -> None:
    """A council with one service, one notice and three places, one of them in no ward."""
    council.set_up(store, Council.read(COUNCIL), by)
    here = council.show(store)
    services.add(store, Service.read(SERVICE, here), by)
    notices.add(store, Notice.read(NOTICE, here), by)
    store.run_many("wards.add", WARDS)
    store.run_many("locations.add", (locations.as_kept(Location(**REST, **place)) for place in PLACES))


def while_another_does(store: Store, verb: Callable[[], object]) -> BaseException | None:
    """What comes of a verb that is begun while another has done the same and has not ended its transaction."""
    done = Event()

    def first() -> None:
        with store.atomic():
            verb()
            done.set()
            # Long enough for the second to have looked, were it not kept waiting.
            sleep(0.3)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert done.wait(10)
        two = pool.submit(verb)
        one.result()
        return two.exception()


def count(store: Store, code: str, hour: str, number: int, *, simulated: bool = False) -> None:
    """Count so many scans of a code in an hour."""
    scans.keep(store, scans.Totals({hour: Counter({code: number})}), simulated=simulated)
