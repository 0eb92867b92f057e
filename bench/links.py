"""What one redirect costs among a thousand links and among a million."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure, at_most
from bench.installation import BY, DESTINATION, Installation, add_notice, installation, reference
from bench.load import AGENT, Load, all_of, code_file, needs_wrk, wrk
from bench.processes import bridge, middle
from qrbridge import codes, times
from qrbridge.counting import agents
from qrbridge.counting.journal import Journal
from qrbridge.installation import next_version
from qrbridge.routing.redirector import Redirector
from qrbridge.routing.route_map import REMEMBERED, RouteMap

FEW, MANY = 1_000, 1_000_000
# Each notice has a link at each of so many places.
PLACES = 1_000
TARGET = 1.3

ROUNDS = 7
REQUESTS = 20_000
# So few that all are remembered whatever the number of links.
LATELY = 500
# Asked one after another, more than are remembered: by the time a code comes again it has been forgotten.
SPREAD = 4 * REMEMBERED
HTTP_ROUNDS, HTTP_SECONDS = 3, 3


@dataclass(frozen=True)
class Sized:
    """An installation of one size, how long its route map took to make, and a redirector in this process."""

    made: Installation
    codes: list[str]
    compiling: float
    routes: RouteMap
    redirector: Redirector


def measure() -> list[Figure]:
    """Microseconds of the redirector's own work, and requests a second over HTTP."""
    needs_wrk()
    agents.warm()
    with ExitStack() as open_ones:
        few, many = (_sized(open_ones, number) for number in (FEW, MANY))
        figures = [Figure("route map of a million links made in", many.compiling, "s")]
        for name, spread, target in ASKED:
            figures += _in_process(name, few, many, spread, target)
        return figures + _over_http(few, many)


# What is asked for: how many different codes at most, None for all there are; and what the ratio should be.
ASKED = (
    ("codes asked for lately", LATELY, at_most(TARGET)),
    ("all codes alike", None, None),
)


def _sized(open_ones: ExitStack, number: int) -> Sized:
    made = open_ones.enter_context(installation(PLACES, linked=False))
    found = list(_add_links(made, number))
    started = time.perf_counter()
    with closing(RouteMap(made.settings.route_map)) as first:
        first.refresh(made.store)
    took = time.perf_counter() - started
    own = RouteMap(made.settings.route_map)
    own.index()
    journal = open_ones.enter_context(closing(Journal(made.settings.journals)))
    return Sized(made, found, took, own, Redirector(own, journal, _refuse))


def _refuse(environ: dict[str, Any], _: object) -> list[bytes]:
    raise AssertionError(f"{environ['PATH_INFO']} was not redirected")


def _add_links(made: Installation, number: int) -> Iterator[str]:
    """So many links, written as `links.make` does but without its audit: that would take minutes and change nothing."""
    store, drawn = made.store, list({codes.make() for _ in range(number + 100)})[:number]
    keys = [f"notice-{index:04}" for index in range(number // PLACES)]
    for key in keys:
        add_notice(store, key)
    with store.atomic():
        usual = {"state": "made", "made_at": times.stamp(BY.at), "reason": "", "version": next_version(store)}
        store.run_many(
            "links.make",
            (
                {"code": code, "notice": keys[index // PLACES], "location": reference(index % PLACES), **usual}
                for index, code in enumerate(drawn)
            ),
        )
    return iter(drawn)


def _in_process(name: str, few: Sized, many: Sized, spread: int | None, target: Any) -> list[Figure]:
    rounds: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        small, large = (_microseconds(one, spread) for one in (few, many))
        rounds.append((small, large))
    small, large = (middle(column) for column in zip(*rounds, strict=True))
    return [
        Figure(f"{name}, among a thousand", small, "us"),
        Figure(f"{name}, among a million", large, "us"),
        Figure(f"{name}, ratio", middle([two / one for one, two in rounds]), target=target),
    ]


def _microseconds(one: Sized, spread: int | None) -> float:
    """The redirector's own time for a request, journal line included."""
    asked = random.choices(one.codes[:spread], k=REQUESTS)
    environs = [_environ(code) for code in asked]
    redirector, headers = one.redirector, list[Any]()
    started = time.perf_counter()
    for environ in environs:
        redirector(environ, lambda _, found: headers.append(found[0]))
    took = time.perf_counter() - started
    assert len(headers) == REQUESTS and headers[-1] == ("Location", DESTINATION)
    return took / REQUESTS * 1e6


def _environ(code: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/{code}",
        "HTTP_USER_AGENT": AGENT,
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
    }


def _over_http(few: Sized, many: Sized) -> list[Figure]:
    with bridge(few.made.settings) as small, bridge(many.made.settings) as large:
        ports = small.port, large.port
        # What is asked is held alike, so that only the number of links differs: as many codes, from all of them.
        as_many = _rounds(ports, few.codes, many.codes[:: MANY // FEW], few.made)
        # Harder: a million different codes are also a thousand times as many counts to keep.
        all_alike = _rounds(ports, few.codes, many.codes[:SPREAD], few.made)
    return [
        *_http_figures("as many codes asked for", as_many, at_most(TARGET)),
        *_http_figures("all codes alike", all_alike, at_most(TARGET)),
    ]


def _rounds(ports: tuple[int, int], few: list[str], many: list[str], made: Installation) -> list[tuple[Load, Load]]:
    folder = made.settings.instance
    (folder / "few").mkdir(exist_ok=True)
    files = code_file(folder / "few", few), code_file(folder, many)
    return [(wrk(ports[0], files[0], HTTP_SECONDS), wrk(ports[1], files[1], HTTP_SECONDS)) for _ in range(HTTP_ROUNDS)]


def _http_figures(name: str, rounds: list[tuple[Load, Load]], target: Any) -> list[Figure]:
    columns: list[Sequence[Load]] = list(zip(*rounds, strict=True))
    small, large = (all_of(list(column)) for column in columns)
    return [
        Figure(f"over HTTP, {name}, among a thousand", small.rate, "requests/s"),
        Figure(f"over HTTP, {name}, among a million", large.rate, "requests/s"),
        Figure(
            f"over HTTP, {name}, ratio of cost", middle([one.rate / two.rate for one, two in rounds]), target=target
        ),
    ]
