"""A tracked redirect beside a bare WSGI one and Flask under the same server, and nginx."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import nginx
from bench.figures import Figure, Target, at_least, at_most, exactly
from bench.installation import Installation, installation
from bench.load import CONNECTIONS, Load, all_of, code_file, needs_wrk, wrk
from bench.processes import Served, bridge, free_port, middle, serving

LINKS = 1_000
# One after another and round again: whatever else the machine does falls on all of them alike.
ROUNDS = 5
ROUND_SECONDS = 2
# Connections kept open: by one proxy with little to do, and with much. The fewer, the more often a thread that waits
# has to be woken, which no server of one thread alone does.
KEPT = (16, 64, 256)
# Each kind of connections by the number kept; 0 is a new one for each request, as residents' phones come.
KINDS = {**{f"{number} connections": number for number in KEPT}, "a new connection each": 0}
NEW_SECONDS = 1
COUNT_SECONDS = 30
START_TARGET_SECONDS = 2.0
OF_BARE, OF_NGINX = 0.85, 0.5


@dataclass
class Runner:
    """One server in the comparison, and what each round found on each kind of connections."""

    name: str
    start: Callable[[Installation, Path], AbstractContextManager[Served]]
    loads: dict[str, list[Load]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    served: Served | None = None


def measure() -> list[Figure]:
    """Requests a second and latency of each, their ratios, and that every answered scan is counted."""
    needs_wrk()
    with installation(LINKS) as made, ExitStack() as running:
        folder = made.settings.instance
        codes = code_file(folder, made.codes)
        runners = [Runner(name, start) for name, start in SERVERS.items() if nginx.program() or "nginx" not in name]
        for runner in runners:
            runner.served = running.enter_context(runner.start(made, folder))
        for _ in range(ROUNDS):
            for runner in runners:
                _load(runner, codes)
        found = {runner.name: runner for runner in runners}
        return [*_speeds(found), *_ratios(found), *_counted(made, found["tracked"])]


def _load(runner: Runner, codes: Path) -> None:
    assert runner.served is not None
    for kind, kept in KINDS.items():
        seconds = ROUND_SECONDS if kept else NEW_SECONDS
        runner.loads[kind].append(wrk(runner.served.port, codes, seconds, kept=kept))


def _tracked(made: Installation, _: Path) -> AbstractContextManager[Served]:
    return bridge(made.settings)


def _bare(which: str, *threads: str) -> Callable[[Installation, Path], AbstractContextManager[Served]]:
    @contextlib.contextmanager
    def start(_: Installation, folder: Path) -> Iterator[Served]:
        port = free_port()
        command = [sys.executable, "-m", "bench.bare", which, str(port), *threads]
        with serving(command, port, folder / f"{which}.log") as served:
            yield served

    return start


SERVERS: dict[str, Callable[[Installation, Path], AbstractContextManager[Served]]] = {
    "tracked": _tracked,
    "bare WSGI": _bare("plain"),
    "bare WSGI on one thread": _bare("plain", "1"),
    "Flask route": _bare("flask"),
    "nginx": lambda _, folder: nginx.nginx(folder, logging=False),
    "nginx, logging": lambda _, folder: nginx.nginx(folder, logging=True),
}


def _speeds(found: dict[str, Runner]) -> list[Figure]:
    figures = []
    for runner in found.values():
        for kind, rounds in runner.loads.items():
            one = all_of(rounds)
            note = f"p50 {one.p50_ms:.2f} ms, p99 {one.p99_ms:.2f} ms, failed {one.failed}"
            figures.append(Figure(f"{runner.name}, {kind}", one.rate, "requests/s", note=note))
    return figures


# What tracked is compared with, and what it should come to on every kind of connections.
COMPARED: dict[str, Target | None] = {
    "bare WSGI": at_least(OF_BARE),
    "bare WSGI on one thread": None,
    "Flask route": None,
    "nginx": at_least(OF_NGINX),
    "nginx, logging": None,
}


def _ratios(found: dict[str, Runner]) -> list[Figure]:
    if "nginx" not in found:
        print(nginx.MISSING, file=sys.stderr)
    return [
        Figure(
            f"tracked ÷ {other}, {kind}", _ratio(found["tracked"].loads[kind], found[other].loads[kind]), target=target
        )
        for other, target in COMPARED.items()
        if other in found
        for kind in KINDS
    ]


def _ratio(ours: list[Load], theirs: list[Load]) -> float:
    """The middle of the rounds' ratios, each of two neighbours in time."""
    return middle([one.rate / two.rate for one, two in zip(ours, theirs, strict=True)])


def _counted(made: Installation, runner: Runner) -> list[Figure]:
    """wrk hangs up on what is in flight when its time is over, so one for each connection may count unanswered."""
    answered = sum(one.requests for rounds in runner.loads.values() for one in rounds)
    most = answered + ROUNDS * (sum(KEPT) + CONNECTIONS)
    end = time.monotonic() + COUNT_SECONDS
    before, counted = -1, made.counted
    while (counted < answered or counted != before) and time.monotonic() < end:
        time.sleep(1.5)
        before, counted = counted, made.counted
    assert runner.served is not None
    return [
        Figure("answered by the tracked redirect", answered, "requests"),
        Figure("counted, less answered", counted - answered, "scans", at_least(0), "0 to those in flight"),
        Figure("counted, more than answered or in flight", max(0, counted - most), "scans", exactly(0)),
        Figure("first answer after start", runner.served.first_answer, "s", at_most(START_TARGET_SECONDS)),
    ]
