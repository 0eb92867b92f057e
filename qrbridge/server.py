"""Serving: granian with the redirector in front of Flask, and the worker beside it."""

import logging
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from qrbridge import agents, scans
from qrbridge import settings as boot
from qrbridge.app import create_app
from qrbridge.errors import Conflict, NotSetUp, StoreUnavailable
from qrbridge.redirector import Redirector, WSGIApplication
from qrbridge.routes import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import connect, create_store, open_store
from qrbridge.ticker import PARENT, Ticker

log = logging.getLogger("qrbridge.server")

# A redirect takes microseconds and a page milliseconds. While a page is worked out, redirects go on in other threads,
# and this is how long one of them waits at most for its turn (Python's own default is 5 ms).
TURN_SECONDS = 0.0005
THREADS = 4

# A request that has not ended this long after TERM is cut off.
LAST_REQUEST_SECONDS = 3

# A worker that ends by itself is started again after this long, so that a fault in it does not become a busy loop.
WORKER_PAUSE_SECONDS = 2.0


def application() -> WSGIApplication:
    """What granian calls in each web process: the redirector, and Flask for all that is not a live code."""
    settings = boot.load(boot.instance_folder())
    sys.setswitchinterval(TURN_SECONDS)
    store = connect(settings)
    routes = RouteMap(settings.route_map)
    ticker = Ticker(settings, store, routes)
    agents.warm()
    ticker.start()
    return Redirector(routes, ticker.journal, create_app(settings, store, routes, ticker.state))


def serve(settings: Settings) -> None:
    """Serve until told to stop: web processes that answer, a worker that does chores, none of them left behind."""
    prepare(settings)
    _refuse_taken_port(settings)
    # Children of this process read their instance folder and parent from here, however they were started.
    os.environ["QRBRIDGE_INSTANCE"] = str(settings.instance)
    os.environ[PARENT] = str(os.getpid())
    keeper = Keeper(settings.instance / "work.log")
    keeper.start()
    try:
        granian(settings).serve()
    finally:
        keeper.stop()
        finish(settings)


def prepare(settings: Settings) -> None:
    """Bring schema and route map up to date; where the store is away, the route map of last time must do."""
    with closing(RouteMap(settings.route_map)) as routes:
        try:
            # Opened first: a database file that is away must not get an empty one in its place.
            open_store(settings).close()
            with closing(create_store(settings)) as store:
                routes.refresh(store)
        except (NotSetUp, StoreUnavailable) as error:
            if routes.version is None:
                raise NotSetUp(
                    f"{error} There is no route map from before to answer from, so nothing is served."
                ) from error
            log.warning("%s Serving from the route map of before; scans wait in the journal.", error)


def finish(settings: Settings) -> None:
    """Add up what the web processes left in their journals; where the store is away it waits for the next start."""
    try:
        with closing(open_store(settings)) as store:
            scans.add_up_left(settings.journals, store)
    except (NotSetUp, StoreUnavailable) as error:
        log.warning("%s Scans wait in the journal.", error)


def granian(settings: Settings, target: str = "qrbridge.server:application") -> Granian:
    """The server as we run it; `make bench` puts other targets under it to compare with."""
    return Granian(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=LAST_REQUEST_SECONDS,
    )


def _refuse_taken_port(settings: Settings) -> None:
    """Granian would share a taken port with whoever has it, and each would answer half the residents."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise Conflict(f"{where} cannot be listened on: {error.strerror}. Choose another with --port.") from None


@dataclass
class Keeper:
    """Keeps one worker running beside the web, its output in a file."""

    log: Path
    _ending: threading.Event = field(default_factory=threading.Event)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker, and again whenever it ends by itself."""
        threading.Thread(target=self._keep, daemon=True).start()

    def stop(self) -> None:
        """End the worker and wait for it."""
        self._ending.set()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(LAST_REQUEST_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _keep(self) -> None:
        while not self._ending.is_set():
            with self.log.open("ab") as log:
                self._process = subprocess.Popen([sys.executable, "-m", "qrbridge", "work"], stdout=log, stderr=log)
            self._process.wait()
            self._ending.wait(WORKER_PAUSE_SECONDS)
