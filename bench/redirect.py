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
ROUND_SECONDS = 3
COUNT_SECONDS = 30
START_TARGET_SECONDS = 2.0
OF_BARE, OF_NGINX = 0.85, 0.5


@dataclass
class Runner:
    """One server in the comparison, and what each round found on kept connections and on new ones."""

    name: str
    start: Callable[[Installation, Path], AbstractContextManager[Served]]
    kept: list[Load] = field(default_factory=list)
    new: list[Load] = field(default_factory=list)
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
    runner.kept.append(wrk(runner.served.port, codes, ROUND_SECONDS))
    runner.new.append(wrk(runner.served.port, codes, 1, close=True))


def _tracked(made: Installation, _: Path) -> AbstractContextManager[Served]:
    return bridge(made.settings)


def _bare(which: str) -> Callable[[Installation, Path], AbstractContextManager[Served]]:
    @contextlib.contextmanager
    def start(_: Installation, folder: Path) -> Iterator[Served]:
        port = free_port()
        command = [sys.executable, "-m", "bench.bare", which, str(port)]
        with serving(command, port, folder / f"{which}.log") as served:
            yield served

    return start


SERVERS: dict[str, Callable[[Installation, Path], AbstractContextManager[Served]]] = {
    "tracked": _tracked,
    "bare WSGI": _bare("plain"),
    "Flask route": _bare("flask"),
    "nginx": lambda _, folder: nginx.nginx(folder, logging=False),
    "nginx, logging": lambda _, folder: nginx.nginx(folder, logging=True),
}


def _speeds(found: dict[str, Runner]) -> list[Figure]:
    figures = []
    for name, runner in found.items():
        kept, new = all_of(runner.kept), all_of(runner.new)
        note = f"p50 {kept.p50_ms:.2f} ms, p99 {kept.p99_ms:.2f} ms, failed {kept.failed + new.failed}"
        figures.append(Figure(name, kept.rate, "requests/s", note=note))
        figures.append(Figure(f"{name}, a new connection each", new.rate, "requests/s"))
    return figures


def _ratios(found: dict[str, Runner]) -> list[Figure]:
    # Held to their targets both ways: on kept connections, and as residents come, on a new one each.
    figures = [_ratio(found, "bare WSGI", at_least(OF_BARE), new=new) for new in (False, True)]
    figures.append(_ratio(found, "Flask route", None))
    if "nginx" not in found:
        print(nginx.MISSING, file=sys.stderr)
        return figures
    figures += [_ratio(found, "nginx", at_least(OF_NGINX)), _ratio(found, "nginx, logging", None)]
    figures += [_ratio(found, "nginx", at_least(OF_NGINX), new=True)]
    return [*figures, _ratio(found, "nginx, logging", None, new=True)]


def _ratio(found: dict[str, Runner], other: str, target: Target | None, *, new: bool = False) -> Figure:
    """The middle of the rounds' ratios, each of two neighbours in time."""
    ours, theirs = ((one.new if new else one.kept) for one in (found["tracked"], found[other]))
    ratio = middle([one.rate / two.rate for one, two in zip(ours, theirs, strict=True)])
    name = f"tracked ÷ {other}" + (", a new connection each" if new else "")
    return Figure(name, ratio, target=target)


def _counted(made: Installation, runner: Runner) -> list[Figure]:
    """wrk hangs up on what is in flight when its time is over, so one for each connection may count unanswered."""
    rounds = [*runner.kept, *runner.new]
    answered = sum(one.requests for one in rounds)
    most = answered + CONNECTIONS * len(rounds)
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
