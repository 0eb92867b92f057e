"""What a page of staff costs the server, and how many questions it asks the store, in a county's installation."""

import random
import time
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from bench.figures import Figure, at_most
from bench.installation import BY, Installation, add_notice, installation, reference
from bench.processes import middle
from qrbridge import times
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.counting import scans
from qrbridge.links import links
from qrbridge.routing.route_map import RouteMap
from qrbridge.web import access
from qrbridge.web.app import create_app

LOCATIONS, NOTICES = 5_000, 4
MOST_MS, MOST_QUESTIONS = 50.0, 15

ROUNDS = 15
SEED = 2026

# What is looked at: a name and an address.
PAGES = (
    ("home", "/staff"),
    ("locations", "/staff/locations"),
    ("locations, by ward, a late page", "/staff/locations?sort=ward-down&page=90"),
    ("locations, searched", "/staff/locations?q=street+12"),
    ("links", "/staff/links"),
    ("links, of a notice, by location", "/staff/links?notice=notice-2&sort=name&page=20"),
    ("notices", "/staff/notices"),
    ("services", "/staff/services"),
    ("one location", f"/staff/locations/show/{reference(77)}"),
)
# Drawn whole, so that they cost more; measured and without a target.
LONG_PAGES = (("map of all locations", "/staff/locations/map"),)


def measure() -> list[Figure]:
    """Milliseconds of the server's own time and questions asked, for the first page and the lists."""
    with installation(LOCATIONS) as made:
        _fill(made)
        client, asked = _office(made)
        figures: list[Figure] = [Figure("links", len(made.codes) * NOTICES)]
        for name, address in PAGES:
            figures += _page(client, asked, (name, address), at_most(MOST_MS))
        for name, address in LONG_PAGES:
            figures += _page(client, asked, (name, address), None)
        return figures


def _fill(made: Installation) -> None:
    """Links of four notices at every place, most of them up, with scans of a month."""
    chance, store = random.Random(SEED), made.store
    every = [reference(number) for number in range(LOCATIONS)]
    codes = list(made.codes)
    for number in range(1, NOTICES):
        add_notice(store, f"notice-{number}")
        codes += [link.code for link in links.make(store, f"notice-{number}", every, BY)]
    links.up(store, [code for code in codes if chance.random() < 0.8], BY)
    day = times.day_of(times.now())
    totals = scans.Totals()
    for code in codes:
        for hour in chance.sample(range(24), 3):
            totals.hours[f"{day:%Y-%m-%d}T{hour:02}"][code] += chance.randint(1, 5)
    scans.keep(store, totals)


def _office(made: Installation) -> tuple[FlaskClient, list[str]]:
    """A browser with an admin signed in, and the questions its pages ask, as they ask them."""
    asked: list[str] = []
    real = made.store.rows

    def rows(question: str, /, **values: Any) -> list[dict[str, Any]]:
        asked.append(question)
        return real(question, **values)

    made.store.rows = rows  # type: ignore[method-assign]
    routes = RouteMap(made.settings.route_map)
    routes.refresh(made.store)
    app = create_app(made.settings, made.store, routes, dict)
    people.add(made.store, Person("bench@example.gov.uk", "Bench", "admin"), BY)
    client = app.test_client()
    client.set_cookie(access.COOKIE, sessions.begin(made.store, "bench@example.gov.uk"))
    return client, asked


def _page(client: FlaskClient, asked: list[str], page: tuple[str, str], target: Any) -> Iterator[Figure]:
    name, address = page
    took = []
    for _ in range(ROUNDS):
        asked.clear()
        started = time.perf_counter()
        answer = client.get(address)
        took.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    yield Figure(name, middle(took), "ms", target, f"{len(answer.data) / 1000:.0f} KB")
    yield Figure(f"{name}, questions", len(asked), "", at_most(MOST_QUESTIONS) if target else None)
