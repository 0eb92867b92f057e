"""Processes that a measurement starts and ends, and what they used."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from qrbridge.settings import PROJECT, Settings

START_SECONDS = 30.0
STOP_SECONDS = 10.0
# macOS says bytes where Linux says kilobytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


# A process begins with the peak memory of the one it was forked from. This one is small; ours may be large by now.
MEASURING = """
import os, sys, time
started = time.perf_counter()
pid = os.fork()
if not pid:
    os.dup2(2, 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(pid, 0)
processor = used.ru_utime + used.ru_stime
print([os.waitstatus_to_exitcode(status), time.perf_counter() - started, processor, used.ru_maxrss])
"""


class CannotRun(Exception):
    """A measurement could not be made; the sentence says what is missing or went wrong."""


@dataclass(frozen=True)
class Used:
    """What a command used: seconds by the clock, seconds of processor, and its peak memory in MB."""

    seconds: float
    processor: float
    peak_mb: float


@dataclass(frozen=True)
class Served:
    """A server that answers: where, its process, and how long its first answer took from its start."""

    port: int
    process: subprocess.Popen[bytes]
    first_answer: float


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment, for that installation and no other."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QRBRIDGE_")}
    return {**ours, "QRBRIDGE_INSTANCE": str(settings.instance), "QRBRIDGE_DATABASE": settings.database}


def qrbridge(*words: str) -> list[str]:
    """A qrbridge command to run."""
    return [sys.executable, "-m", "qrbridge", *words]


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, log: Path, environ: dict[str, str] | None = None) -> Iterator[Served]:
    """A server for as long as the block runs, ended by its own process group."""
    started = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environ, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_for_answer(process, command, port, log)
        yield Served(port, process, time.perf_counter() - started)
    finally:
        _end(process)


@contextlib.contextmanager
def bridge(settings: Settings, *options: str) -> Iterator[Served]:
    """`qrbridge serve` for as long as the block runs."""
    port = free_port()
    command = qrbridge("serve", "--port", str(port), *options)
    with serving(command, port, settings.instance / "bench.log", environment(settings)) as served:
        yield served


def run(command: Sequence[str], environ: dict[str, str], log: Path) -> Used:
    """Run a command to its end and say what it used; `CannotRun` where it fails."""
    measured = [sys.executable, "-S", "-c", MEASURING, *command]
    with log.open("ab") as output:
        ended = subprocess.run(measured, cwd=PROJECT, env=environ, stdout=subprocess.PIPE, stderr=output, text=True)
    status, seconds, processor, peak = json.loads(ended.stdout)
    if status:
        raise CannotRun(f"{' '.join(command[1:])} ended with {status}:\n{log.read_text()[-2000:]}")
    return Used(seconds, processor, peak * RSS_UNIT / 1e6)


def middle(values: Sequence[float]) -> float:
    """The median: one slow round on a busy machine does not move it."""
    return float(median(values))


def _wait_for_answer(process: subprocess.Popen[bytes], command: Sequence[str], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > end:
            raise CannotRun(f"{' '.join(command)} does not answer:\n{log.read_text()[-2000:]}")
        time.sleep(0.01)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)
