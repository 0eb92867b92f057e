"""Redirects at half of what one process can do, idle and while posters print and a report page reloads.

Client, server and press share this machine, so the latency found holds the client's own waits too.
"""

import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.figures import Figure, at_most
from bench.installation import NOTICE, Installation, installation
from bench.load import Load, code_file, constant, needs_wrk, wrk
from bench.processes import Served, bridge, environment, middle, qrbridge
from qrbridge.settings import PROJECT

POSTERS = 2_000
FULL_SECONDS = 4
SECONDS = 8
# An odd number, so that one round in which the machine was held up does not move the middle.
ROUNDS = 5
TARGET = 3.0
REPORT = "/staff/reports/scans-by-location"

# Somebody who reloads the page as soon as it has come, in a process of its own as a browser is.
RELOADING = """
import sys, time, urllib.request
while True:
    urllib.request.urlopen(sys.argv[1], timeout=30).read()
"""


@dataclass(frozen=True)
class Scene:
    """What goes on beside the redirects: what the press and the reader of the report do."""

    name: str
    beside: Sequence[Callable[[Installation, Served], list[str]]]
    loads: list[Load] = field(default_factory=list)


def _press(made: Installation, _: Served) -> list[str]:
    return qrbridge("notice", "print", NOTICE, "--into", str(made.settings.instance / "posters.pdf"))


def _reader(_: Installation, served: Served) -> list[str]:
    return [sys.executable, "-c", RELOADING, f"http://127.0.0.1:{served.port}{REPORT}"]


def measure() -> list[Figure]:
    """The p99 of each scene in turn, several times round, and the ratios to the idle one."""
    needs_wrk()
    scenes = [
        Scene("idle", ()),
        Scene("posters print", (_press,)),
        Scene("report reloads", (_reader,)),
        Scene("posters print, report reloads", (_press, _reader)),
    ]
    with installation(POSTERS) as made, bridge(made.settings) as served:
        codes = code_file(made.settings.instance, made.codes)
        rate = wrk(served.port, codes, FULL_SECONDS).rate / 2
        page = _page_seconds(served)
        for _ in range(ROUNDS):
            for scene in scenes:
                with _beside(scene, made, served), constant(served.port, codes, rate, SECONDS) as found:
                    pass
                scene.loads.extend(found)
    return [
        Figure("asked at a constant rate of", rate, "requests/s"),
        Figure("report page", page, "ms"),
        *_figures(scenes),
    ]


def _page_seconds(served: Served) -> float:
    """Milliseconds of one page of the report, alone."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        urllib.request.urlopen(f"http://127.0.0.1:{served.port}{REPORT}").read()
        times.append((time.perf_counter() - started) * 1000)
    return middle(times)


def _figures(scenes: list[Scene]) -> list[Figure]:
    figures = []
    idle = middle([load.p99_ms for load in scenes[0].loads])
    for scene in scenes:
        p50, p99 = (middle([getattr(load, name) for load in scene.loads]) for name in ("p50_ms", "p99_ms"))
        failed = sum(load.failed for load in scene.loads)
        figures.append(Figure(f"{scene.name}, p99", p99, "ms", note=f"p50 {p50:.2f} ms, failed {failed}"))
    figures += [
        Figure(f"{scene.name}, p99 ÷ idle p99", middle([load.p99_ms for load in scene.loads]) / idle)
        for scene in scenes[1:-1]
    ]
    last = scenes[-1]
    ratio = middle([load.p99_ms for load in last.loads]) / idle
    return [*figures, Figure(f"{last.name}, p99 ÷ idle p99", ratio, target=at_most(TARGET))]


@contextlib.contextmanager
def _beside(scene: Scene, made: Installation, served: Served) -> Iterator[None]:
    with ExitStack() as going_on:
        for command in scene.beside:
            going_on.enter_context(_again_and_again(command(made, served), made))
        yield


@contextlib.contextmanager
def _again_and_again(command: list[str], made: Installation) -> Iterator[None]:
    """A command for as long as the block runs; a print run lasts longer than a round, so it is begun once."""
    with (made.settings.instance / "beside.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment(made.settings), stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()
