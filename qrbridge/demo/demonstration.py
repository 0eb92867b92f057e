"""The demo: Trafford's open data, 120 posters, and four weeks of simulated scans, in an instance folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from qrbridge import settings as boot
from qrbridge import times
from qrbridge.accounts import people
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.council.services import Service
from qrbridge.demo import simulation
from qrbridge.links import hang_check, links
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.places import locations
from qrbridge.printing import printing
from qrbridge.settings import Settings
from qrbridge.store import Row, Store
from qrbridge.upkeep import installing
from qrbridge.uploads import location_import, ward_import

DATA = Path(__file__).parent / "data"
DAYS = 28
BY = "demo"
NOTICE_KEY = "cost-of-living-2026"

COUNCIL = {
    "name": "Trafford Council",
    "short_host": "qr.trafford.gov.uk",
    "website": "www.trafford.gov.uk",
    "phone": "0161 912 2000",
    "hours": "Monday to Friday, 8:30am to 5:30pm",
    "colour": "#00578a",
    "languages": ["en", "pl", "ur"],
    "allowed_hosts": ["trafford.gov.uk"],
}
SERVICE = {
    "key": "cost-of-living",
    "name": "Help with the cost of living",
    "phone": "0161 912 2000",
    "hours": "Monday to Friday, 8:30am to 5:30pm",
    "place": "Sale Library, Sale Waterside, M33 7ZF",
    "summary": "Help with food, energy bills, rent and debt, for anyone who lives in Trafford.",
    "service_level": "A person answers within two working days; food on the same day.",
    "owner": "Welfare rights team",
    "review_day": "2027-03-31",
    "lgsl": "107",
    "pages": {"en": "https://www.trafford.gov.uk/cost-of-living"},
}
NOTICE = {
    "key": NOTICE_KEY,
    "service": "cost-of-living",
    "printable": "poster",
    "starts": "2026-10-05",
    "words": {
        "en": {
            "headline": "Struggling with the cost of living?",
            "body": "Get help with food, energy bills, rent and debt. "
            "It is free and confidential, and you can ask for someone else.",
        }
    },
}


# One person of each role. The password is known to all the world, so it is good on this machine alone.
PEOPLE = {role: f"{role}@demo.example" for role in ("admin", "editor", "viewer")}
PASSWORD = "posters on walls"


@dataclass(frozen=True)
class Demo:
    """What the demo made: its posters, how many scans it simulated, and some links to try."""

    run: printing.Printed
    simulated: int
    to_try: list[Row]


def settings_for(folder: Path) -> Settings:
    """The demo's own settings: always SQLite, whatever the environment says, so that no real store is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(
        "# The demo shows its figures to anyone: they are simulated. Its people's password is known to all the world,\n"
        '# so it answers on this machine alone.\nopen_reports = true\nhost = "127.0.0.1"\n'
    )
    return boot.load(folder, {})


def make(settings: Settings, progress: Callable[[int], None]) -> tuple[Store, Demo]:
    """Make or bring up to date the demo's installation; the same codes and figures again every time."""
    now = By(BY)
    then = By(BY, now.at - timedelta(days=DAYS))
    store = installing.install(settings, Council.read(COUNCIL), then)
    # What is done the first time was done when the posters were hung; what is done again is done now.
    by = now if links.list_all(store, notice=NOTICE_KEY) else then
    with store.atomic():
        _fill(store, by)
    run = _print(store, settings, by, progress)
    return store, Demo(run, _hang_and_simulate(store, by, times.day_of(now.at)), _to_try(store))


def _fill(store: Store, by: By) -> None:
    """What the demo prints for, all of it or nothing: stopped at any moment, it can begin again."""
    here = council.show(store)
    ward_import.load(store, DATA / "postcodes.csv", by)
    location_import.apply(store, location_import.plan(store, DATA / "locations.csv"), by)
    service = Service.read(SERVICE, here)
    if notices.keys(store):
        services.change(store, service, by)
    else:
        services.add(store, service, by)
        notices.add(store, Notice.read(NOTICE, here), by)
    _let_in(store, by)


def _let_in(store: Store, by: By) -> None:
    """One person of each role, who sign in with the demo's password."""
    known = {row["email"] for row in people.list_all(store)}
    for role, email in PEOPLE.items():
        if email not in known:
            people.add(store, Person(email, f"Demo {role}", role), by)
            people.set_password(store, email, PASSWORD, by)


def _print(store: Store, settings: Settings, by: By, progress: Callable[[int], None]) -> printing.Printed:
    everywhere = [place.reference for place in locations.list_all(store)]
    check_address = partial(hang_check.address, council.show(store), settings)
    into = settings.instance / "posters.pdf"
    order = printing.Order(NOTICE_KEY, everywhere, into, check_address=check_address)
    return printing.print_notice(store, order, by, progress)


def _hang_and_simulate(store: Store, by: By, today: date) -> int:
    made = [row["code"] for row in links.list_all(store, notice=NOTICE_KEY, state="made")]
    links.up(store, made, by, today - timedelta(days=DAYS))
    return simulation.simulate(store, NOTICE_KEY, simulation.last_days(DAYS, today))


def _to_try(store: Store) -> list[Row]:
    """A link at the first location of each of a few wards."""
    by_ward = {row["ward"]: row for row in reversed(links.list_all(store, notice=NOTICE_KEY))}
    return [by_ward[ward] for ward in sorted(by_ward, key=str)][:3]
