"""Real `qrbridge serve` processes on loopback and residents who scan, for tests."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from qrbridge.serving.ticker import PARENT
from qrbridge.settings import PROJECT, Settings

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " + (
    "Version/18.1 Mobile/15E148 Safari/604.1"
)

# All good news is waited for so long, on whatever machine; a fault is a failed test and never a hung one.
PATIENCE = float(os.environ.get("QRBRIDGE_TEST_PATIENCE", "300"))
# How often it is looked for.
LOOK_SECONDS = 0.02
# The last of what each server of this process said, where it is waited for in vain.
LOG_CHARACTERS = 3_000


# `qrbridge` as a program, with some of its constants set first.
WITH_CONSTANTS = """
import importlib, json, sys
from qrbridge.__main__ import main
for name, value in json.loads(sys.argv.pop(1)).items():
    module, _, constant = name.rpartition(".")
    setattr(importlib.import_module(module), constant, value)
main()
"""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], Any], what: object = "") -> None:
    """Wait until something holds, and fail saying what did not, and what the servers started here said."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"not within {PATIENCE:.0f} s: {what or holds}\n{_said_by_servers()}"
        time.sleep(LOOK_SECONDS)


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Server:
    """One `qrbridge serve`, in a session of its own."""

    settings: Settings
    port: int = field(default_factory=free_port)
    options: Sequence[str] = ()
    # Bounds of ours that a test sets otherwise, by module and name.
    constants: Mapping[str, object] = field(default_factory=dict)
    # In place of the usual command, and over the environment.
    command: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        _SERVERS.append(self)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """It, since it was started."""
        assert self._process is not None, "it was not started"
        return self._process

    @property
    def log(self) -> str:
        """What it printed."""
        return self._log.read_text()

    @property
    def _log(self) -> Path:
        return self.settings.instance / f"serve-{self.port}.log"

    def spawn(self) -> "Server":
        """Start it, and do not wait for it to answer."""
        program = [sys.executable, "-c", WITH_CONSTANTS, json.dumps(dict(self.constants))]
        usual = [*program, "--instance", str(self.settings.instance), "serve"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("QRBRIDGE_")}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command or [*usual, "--port", str(self.port), *self.options],
                cwd=PROJECT,
                env={**environ, "QRBRIDGE_DATABASE": self.settings.database, **self.environ},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def start(self) -> "Server":
        """Start it and wait until it answers."""
        self.spawn()
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        """Wait until it answers."""
        wait_until(lambda: self.answers() or self.process.poll() is not None, "a server that answers")
        assert self.process.poll() is None, self.log

    def answers(self) -> bool:
        """Whether anyone listens on its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def members(self) -> list[psutil.Process]:
        """Its processes that are alive, its own first."""
        pid = self.process.pid
        found = [one for one in psutil.process_iter(["status"]) if _is_alive(one) and _served_by(one) == pid]
        return sorted(found, key=lambda one: one.pid != pid)

    def web(self) -> list[psutil.Process]:
        """Its processes that answer requests: those that were forked from the first and run nothing else."""
        first, *others = self.members()
        return [one for one in others if words(one) == words(first)]

    def kill_all(self) -> None:
        """End the whole tree at once, as a power cut does; nothing where it was not started."""
        if self._process is None:
            return
        for one in self.members():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(PATIENCE)
        wait_until(lambda: not self.members())

    def stop(self) -> int:
        """End it as a service manager does, and say its exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def get(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        """Ask for one page on a connection of its own; underscores in header names stand for hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, {"User-Agent": PHONE, **named})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read().decode())
        finally:
            connection.close()


# Every server of this test process.
_SERVERS: list[Server] = []


def _said_by_servers() -> str:
    there = [server for server in _SERVERS if server._log.exists()]
    return "\n".join(f"{server._log}:\n{server.log[-LOG_CHARACTERS:]}" for server in there)


def _served_by(process: psutil.Process) -> int | None:
    """The first process of the server it belongs to: of its group, or, in a session apart, the one it was told of."""
    try:
        told = process.environ().get(PARENT, "")
        return int(told) if told.isdecimal() else os.getpgid(process.pid)
    except (ProcessLookupError, psutil.Error):
        return None


def words(process: psutil.Process) -> list[str]:
    """The words of its command; none where it has just ended, which is not known before it is asked."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _is_alive(process: psutil.Process) -> bool:
    # One that has ended but that nobody waited for yet holds no port and does nothing.
    return process.info["status"] not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)


@dataclass
class Residents:
    """People who scan the same codes again and again on kept connections, counting what they sent and got."""

    ports: Sequence[int]
    codes: Sequence[str]
    people: int = 4
    # Between two scans of one of them. With none they take all the processors there are.
    pause_seconds: float = 0.005
    # Sent: the whole request left here. Answered: a whole redirect arrived. Failed: something else arrived.
    sent: int = 0
    answered: int = 0
    failed: list[str] = field(default_factory=list)
    unreachable: int = 0
    _ending: threading.Event = field(default_factory=threading.Event)
    _adding: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def scanning(self) -> Iterator["Residents"]:
        """Let them scan while the block runs; each finishes the request it is at."""
        self._ending.clear()
        threads = [threading.Thread(target=self._scan, args=(number,), daemon=True) for number in range(self.people)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._ending.set()
            for thread in threads:
                thread.join(PATIENCE)

    def go_on(self, answers: int) -> None:
        """Wait until so many more were answered than before."""
        enough = self.answered + answers
        wait_until(lambda: self.answered >= enough, f"{enough} answers")

    def _scan(self, number: int) -> None:
        port, turn = self.ports[number % len(self.ports)], number
        while not self._ending.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                    while not self._ending.is_set():
                        self._ask(connection, self.codes[turn % len(self.codes)])
                        turn += 1
                        if self.pause_seconds:
                            self._ending.wait(self.pause_seconds)
            except OSError:
                with self._adding:
                    self.unreachable += 1
                self._ending.wait(LOOK_SECONDS)

    def _ask(self, connection: socket.socket, code: str) -> None:
        request = f"GET /{code} HTTP/1.1\r\nHost: qr\r\nUser-Agent: {PHONE}\r\nAccept-Language: en-GB\r\n\r\n"
        with self._adding:
            # Before it leaves: from here on the server may have it.
            self.sent += 1
        connection.sendall(request.encode())
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(4096)
            if not part:
                raise ConnectionResetError
            head += part
        status = head.split(b"\r\n", 1)[0]
        with self._adding:
            if b" 302 " in status:
                self.answered += 1
            else:
                self.failed.append(status.decode())
        if b" 302 " not in status:
            raise ConnectionAbortedError
