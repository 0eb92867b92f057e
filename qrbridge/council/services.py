"""Something residents need, with the page it is reached at in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from qrbridge import audit, listing
from qrbridge.audit import By, Change
from qrbridge.council import hosts
from qrbridge.council.council import Council
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.installation import next_version
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.reading import Reading
from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

HIGHEST_LGSL = 9_999

LISTING = Listing({"name": "Name", "owner": "Owner", "review_day": "Review by", "notices": "Notices"})


@dataclass(frozen=True)
class Service:
    """A service: how to reach it without a phone, what it does and to what level, who owns it, and its pages."""

    key: str
    name: str
    phone: str
    hours: str
    place: str
    summary: str
    service_level: str
    owner: str
    review_day: date
    lgsl: int | None = None
    pages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Any], council: Council) -> "Service":
        """A service as entered, its destinations checked by `hosts`; `InvalidInput` with every problem."""
        reading = Reading(given)
        review_day = reading.day("review_day")
        service = cls(
            key=reading.key("key"),
            name=reading.text("name", longest=80),
            phone=reading.phone("phone"),
            hours=reading.text("hours", longest=120),
            place=reading.text("place", longest=160),
            summary=reading.text("summary", longest=400),
            service_level=reading.text("service_level", longest=400),
            owner=reading.text("owner", longest=120),
            review_day=review_day or date.max,
            lgsl=reading.whole_number("lgsl", 1, HIGHEST_LGSL),
            pages=_pages(reading, council),
        )
        reading.done()
        return service

    def host(self, languages: tuple[str, ...]) -> str:
        """The host of its page in the first of these languages that it has one in."""
        tag = next((tag for tag in languages if tag in self.pages), next(iter(self.pages)))
        return urlsplit(self.pages[tag]).hostname or ""


def add(store: Store, service: Service, by: By) -> None:
    """Keep a new service; `Conflict` where its key is taken."""
    with store.atomic():
        # The version is taken first: its row is locked, so of two people adding one key the second is told.
        version = next_version(store)
        if store.rows("services.show", key=service.key):
            raise Conflict(f"There is a service “{service.key}” already. Change that one, or choose another key.")
        store.run("services.add", **_columns(service), version=version)
        _keep_pages(store, service)
        audit.write(store, by, Change("service", service.key, "add", {}, asdict(service)))


def change(store: Store, service: Service, by: By) -> None:
    """Put a service's details and pages in place of the former ones."""
    with store.atomic():
        before = show(store, service.key)
        if before == service:
            return
        store.run("services.set", **_columns(service), version=next_version(store))
        _keep_pages(store, service)
        audit.write(store, by, Change("service", service.key, "change", asdict(before), asdict(service)))


def show(store: Store, key: str) -> Service:
    """One service; `NotFound` where there is none of that key."""
    rows = store.rows("services.show", key=key)
    if not rows:
        raise NotFound("service", key)
    return _opened(rows)


def list_all(store: Store) -> list[Row]:
    """Every service with the number of its notices, by name."""
    return sorted(store.rows("services.list"), key=lambda row: row["name"].casefold())


def find(store: Store, wanted: Wanted) -> Found:
    """A page of services, each with the number of its notices."""
    return listing.among(store.rows("services.list"), wanted, ("name", "owner", "key"))


def notices_of(store: Store, key: str) -> list[Row]:
    """The notices about a service, each with its days and the numbers of its links and of those that are up."""
    return store.rows("services.notices", service=key)


def merged(service: Service, changes: Mapping[str, Any], council: Council) -> Service:
    """A service with the changes read and put over what it is; pages are changed one language at a time."""
    pages = {**service.pages, **(changes.get("pages") or {})}
    return Service.read({**asdict(service), **changes, "pages": pages, "key": service.key}, council)


def _pages(reading: Reading, council: Council) -> dict[str, str]:
    given = reading.by_language("pages")
    if not given:
        reading.refuse(
            "pages", "is missing; give one in at least one language, such as https://www.example.gov.uk/help"
        )
    pages = {}
    for tag, address in given.items():
        try:
            pages[tag] = hosts.check(str(address), council.allowed_hosts, council.short_host).address
        except InvalidInput as error:
            reading.problems += [Problem(f"pages ({tag})", problem.sentence) for problem in error.problems]
    return pages


def _keep_pages(store: Store, service: Service) -> None:
    store.run("services.drop_pages", service=service.key)
    rows = [{"service": service.key, "language": tag, "destination": address} for tag, address in service.pages.items()]
    store.run_many("services.add_page", rows)


def _columns(service: Service) -> Row:
    columns = {**asdict(service), "review_day": service.review_day.isoformat()}
    columns["searched"] = cells.folded(service.name)
    del columns["pages"]
    return columns


def _opened(rows: Sequence[Row]) -> Service:
    """A service from its rows, one for each of its pages."""
    details = {**rows[0], "review_day": date.fromisoformat(rows[0]["review_day"])}
    del details["language"], details["destination"]
    return Service(**details, pages={row["language"]: row["destination"] for row in rows if row["language"]})
