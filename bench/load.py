"""Load from wrk, as fast as the server answers and at a constant rate."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.processes import CannotRun, middle
from qrbridge.settings import PROJECT

AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
SCRIPT = PROJECT / "bench" / "scan.lua"
CONSTANT = PROJECT / "bench" / "constant.lua"
# Connections at once, where nothing else is said: enough to keep one web process busy, few enough that a queue is not
# what is measured.
CONNECTIONS = 16
# How long past its end a client may take before it counts as hung.
GRACE_SECONDS = 20


@dataclass(frozen=True)
class Load:
    """What a client saw: requests answered, how many a second, latency in milliseconds, and how many failed."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    failed: int


def wrk(port: int, codes: Path, seconds: float, *, agents: str = "known", kept: int = CONNECTIONS) -> Load:
    """Ask as fast as answers come, on so many connections kept open; on a new one for each request where that is 0."""
    options = [] if kept else ["--header", "Connection: close"]
    command = ["wrk", "--threads", "1", "--connections", str(kept or CONNECTIONS), "--duration", f"{seconds:.0f}s"]
    command += [*options, "--script", str(SCRIPT), f"http://127.0.0.1:{port}/", "--", str(codes), agents]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds + GRACE_SECONDS)
    return _found(ended.stdout + ended.stderr)


def needs_wrk() -> None:
    """`CannotRun` where there is no wrk."""
    if shutil.which("wrk") is None:
        raise CannotRun("wrk is not installed; Debian's package `wrk` brings it.")


def code_file(folder: Path, codes: list[str]) -> Path:
    """Codes in a file, a line each, for a client to read."""
    path = folder / "codes.txt"
    path.write_text("\n".join(codes) + "\n", "ascii")
    return path


@contextlib.contextmanager
def constant(port: int, codes: Path, rate: float, seconds: float) -> Iterator[list[Load]]:
    """Ask at a constant rate, whatever the server does, while the block runs; what was found is in the list after."""
    command = ["wrk", "--script", str(CONSTANT), f"http://127.0.0.1:{port}/", "--"]
    command += [str(codes), AGENT, f"{rate:.0f}", f"{seconds:.0f}"]
    found: list[Load] = []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield found
        said, _ = process.communicate(timeout=seconds + GRACE_SECONDS)
    finally:
        process.kill()
        process.wait()
    found.append(_found(said))


def _found(said: str) -> Load:
    lines = [line for line in said.splitlines() if line.startswith("FOUND ")]
    if not lines:
        raise CannotRun(f"wrk found nothing: {said}")
    found = json.loads(lines[0].removeprefix("FOUND "))
    return Load(rate=found["requests"] / found.pop("seconds"), **found)


def all_of(rounds: list[Load]) -> Load:
    """The middle of several rounds, and the sum of what they asked."""
    return Load(
        sum(one.requests for one in rounds),
        middle([one.rate for one in rounds]),
        middle([one.p50_ms for one in rounds]),
        middle([one.p99_ms for one in rounds]),
        sum(one.failed for one in rounds),
    )
