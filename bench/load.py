"""Load from wrk, as fast as the server answers, and from our own client at a constant rate."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.processes import CannotRun, middle
from qrbridge.settings import PROJECT

SCRIPT = PROJECT / "bench" / "scan.lua"
# Connections kept open at once: enough to keep one web process busy, few enough that a queue is not what is measured.
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


def wrk(port: int, codes: Path, seconds: float, *, agents: str = "known", close: bool = False) -> Load:
    """Ask as fast as answers come, on kept connections or (`close`) on a new one for each request."""
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds:.0f}s"]
    command += ["--header", "Connection: close"] if close else []
    command += ["--script", str(SCRIPT), f"http://127.0.0.1:{port}/", "--", str(codes), agents]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds + GRACE_SECONDS)
    said = [line for line in ended.stdout.splitlines() if line.startswith("FOUND ")]
    if ended.returncode or not said:
        raise CannotRun(f"wrk ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
    found = json.loads(said[0].removeprefix("FOUND "))
    rate = found["requests"] / found["seconds"]
    return Load(found["requests"], rate, found["p50_ms"], found["p99_ms"], found["failed"])


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
    """Ask at a constant rate from a process of its own while the block runs; its findings are in the list after."""
    command = [sys.executable, "-m", "bench.constant", str(port), str(codes), f"{rate:.0f}", f"{seconds:.0f}"]
    found: list[Load] = []
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        yield found
        said, _ = process.communicate(timeout=seconds + GRACE_SECONDS)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise CannotRun(f"the client at a constant rate ended with {process.returncode}")
    found.append(Load(**json.loads(said)))


def all_of(rounds: list[Load]) -> Load:
    """The middle of several rounds, and the sum of what they asked."""
    return Load(
        sum(one.requests for one in rounds),
        middle([one.rate for one in rounds]),
        middle([one.p50_ms for one in rounds]),
        middle([one.p99_ms for one in rounds]),
        sum(one.failed for one in rounds),
    )
