"""Installations to measure, in a folder that is taken away again."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.council.services import Service
from qrbridge.demo import demonstration
from qrbridge.links import links
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.places.locations import Location, as_kept
from qrbridge.places.wards import as_kept as ward_as_kept
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep import installing

BY = By("bench")
NOTICE = demonstration.NOTICE_KEY
DESTINATION = demonstration.SERVICE["pages"]["en"]  # type: ignore[index]
WARDS = 20
KINDS = ("library", "bus stop", "GP surgery", "community hub", "noticeboard")


@dataclass(frozen=True)
class Installation:
    """One to measure: its settings, its open store, and the codes of its links."""

    settings: Settings
    store: Store
    codes: list[str]

    @property
    def counted(self) -> int:
        """Scans that the report shows."""
        table = reports.read(self.store, reports.find("scans-by-location"), Filters.read({}))
        return int(table.totals["scans"])


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="qrbridge-bench-") as made:
        yield Path(made)


@contextlib.contextmanager
def installation(locations: int, *, linked: bool = True) -> Iterator[Installation]:
    """A council with a notice and so many locations, each with a link of the notice if `linked`."""
    with folder() as here:
        settings = demonstration.settings_for(here / "instance")
        store = installing.install(settings, Council.read(demonstration.COUNCIL), BY)
        try:
            services.add(store, Service.read(demonstration.SERVICE, council.show(store)), BY)
            add_notice(store, NOTICE)
            add_locations(store, locations)
            places = [reference(number) for number in range(locations)] if linked else []
            made = [link.code for link in links.make(store, NOTICE, places, BY)]
            yield Installation(settings, store, made)
        finally:
            store.close()


def reference(number: int) -> str:
    """The reference of a location by its number."""
    return f"LOC-{number:06}"


def add_locations(store: Store, count: int) -> None:
    """So many made-up locations, spread over a few wards."""
    wards = (ward_as_kept(_ward(number), f"Ward {number:02}") for number in range(WARDS))
    store.run_many("wards.add", wards)
    store.run_many("locations.add", (as_kept(_location(number)) for number in range(count)))


def _ward(number: int) -> str:
    return f"E0500{number:04}"


def _location(number: int) -> Location:
    return Location(
        reference(number),
        name=f"Noticeboard {number:06}, High Street",
        address=f"{number % 300 + 1} High Street",
        postcode="M33 7ZF",
        ward=_ward(number % WARDS),
        latitude=53.42,
        longitude=-2.32,
        kind=KINDS[number % len(KINDS)],
    )


def add_notice(store: Store, key: str) -> None:
    """One more notice about the demo's service."""
    here = council.show(store)
    notices.add(store, Notice.read({**demonstration.NOTICE, "key": key}, here), BY)
