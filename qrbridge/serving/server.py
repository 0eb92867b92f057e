"""Serving: granian with the redirector in front of Flask, and the worker beside it."""

import gc
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from qrbridge import settings as boot
from qrbridge.council import council
from qrbridge.counting import agents, scans
from qrbridge.errors import Conflict, NotSetUp, StoreUnavailable
from qrbridge.routing.redirector import Redirector, WSGIApplication
from qrbridge.routing.route_map import RouteMap
from qrbridge.serving import lanes
from qrbridge.serving.forwarding import Aside, busy
from qrbridge.serving.ticker import PARENT, Ticker
from qrbridge.settings import Settings
from qrbridge.store import bring_up, connect
from qrbridge.web.resident_app import create_resident_app

log = logging.getLogger(__name__)

# A redirect takes microseconds and a page milliseconds. While a page is worked out, redirects go on in another thread,
# and this is how long it waits at most for its turn (Python's own default is 5 ms).
TURN_SECONDS = 0.0005

# Where there is a route map from before to redirect from, a store that is away holds up the start no longer than this.
PATIENCE_SECONDS = 1.0

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
    pages = Aside(create_resident_app(settings, store, routes, ticker.state), lanes.PAGES - 1)
    _keep_loaded()
    lanes.lay(busy)
    return Redirector(routes, ticker.journal, pages)


def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until told to stop: web processes that answer, a worker that does chores, none of them left behind.

    `ready` is called when nothing is left that could be refused.
    """
    lanes.check()
    prepare(settings)
    _refuse_taken_port(settings)
    ready()
    _hand_down(settings)
    # Web processes are forked from this one; warm here, each of them is ready at once, also one that is started again.
    agents.warm()
    _keep_loaded()
    keeper = Keeper(settings.instance / "work.log")
    keeper.start()
    try:
        lanes.granian(settings, "qrbridge.serving.server:application").serve()
    finally:
        keeper.stop()
        finish(settings)
        # What was set apart would not be let go of at the end, and zxing-cpp fills the terminal with what it misses.
        gc.unfreeze()


def prepare(settings: Settings) -> None:
    """Bring schema and route map up to date; where the store is away or empty, the route map of last time must do."""
    if not settings.instance.is_dir():
        raise NotSetUp(f"There is no instance folder {settings.instance}.", "no-council")
    with closing(RouteMap(settings.route_map)) as routes:
        patience = None if routes.version is None else PATIENCE_SECONDS
        try:
            # Not `create_store`: a database file that is away must not find an empty one in its place.
            with closing(connect(settings, patience)) as store:
                bring_up(store)
                council.show(store)
                routes.refresh(store)
        except (StoreUnavailable, NotSetUp) as error:
            if routes.version is None:
                sentence = f"{error} There is no route map from before to answer from, so nothing is served."
                raise NotSetUp(sentence, error.reason) from error
            log.warning("%s Serving from the route map of before; scans wait in the journal.", error)


def finish(settings: Settings) -> None:
    """Add up what the web processes left in their journals; where the store is away it waits for the next start."""
    try:
        with closing(connect(settings, PATIENCE_SECONDS)) as store:
            scans.add_up_left(settings.journals, store)
    except StoreUnavailable as error:
        log.warning("%s Scans wait in the journal.", error)


def _hand_down(settings: Settings) -> None:
    """Let every process started from here read the same settings, whatever the environment said of them."""
    os.environ.update(settings.environment, **{PARENT: str(os.getpid())})


def _keep_loaded() -> None:
    """Have what is loaded by now looked through for garbage no more: it stays, and redirects would wait meanwhile."""
    gc.collect()
    gc.freeze()


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
        # Here and not in the thread: a web process forked while it is being started would hold on to the pipe that says
        # it has started, and the thread would wait for that for as long as the web process lives.
        process = self._spawn()
        threading.Thread(target=self._keep, args=(process,), daemon=True).start()

    def stop(self) -> None:
        """End the worker and wait for it."""
        self._ending.set()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(lanes.LAST_REQUEST_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _keep(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            process.wait()
            if self._ending.wait(WORKER_PAUSE_SECONDS):
                return
            process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._opened_log() as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "qrbridge", "work"], stdout=file, stderr=file, start_new_session=True
            )
        return self._process

    def _opened_log(self) -> AbstractContextManager[IO[bytes] | None]:
        """Where the worker writes to: its file, or, on a disk that takes nothing more, where we do."""
        try:
            return self.log.open("ab")
        except OSError as error:
            log.warning("%s cannot be written (%s); the worker says here what it has to say.", self.log, error.strerror)
            return nullcontext()
