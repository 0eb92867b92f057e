"""What goes on beside the redirects in each web process, once a second, without ever stopping them."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from qrbridge.counting.journal import Journal
from qrbridge.counting.scans import add_up
from qrbridge.errors import QrbridgeError
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Store

log = logging.getLogger(__name__)

# The variable that names, in a process started by `qrbridge serve`, the process it must not outlive.
PARENT = "QRBRIDGE_PARENT"
# An orphan that TERM has not ended by then is killed: it would hold the port.
ORPHAN_SECONDS = 10.0
TICK_SECONDS = 1.0
# Counting takes a hundredth of the time or less: while it has much to do, more is counted at once, and later.
COUNTING_SHARE = 0.01
LONGEST_TICK_SECONDS = 5.0
# A database that leaves one question unanswered for so long is not reachable, whatever it said before.
SILENT_SECONDS = 5.0


class Ticker:
    """Each second: bring the route map up to date, add up the journal, and see that whoever started us is there."""

    def __init__(self, settings: Settings, store: Store, routes: RouteMap) -> None:
        self.journal = Journal(settings.journals)
        self._store = store
        self._routes = routes
        self._problems = {"route_map": "", "counting": ""}
        self._asking_since: float | None = None

    def start(self) -> None:
        """Begin, in threads that end with the process; what is not added up then is whoever comes next's to do."""
        # Each apart: a store that is away can hold up one of them for seconds.
        for work in (self._follow, self._count, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def bring_up(self) -> None:
        """Bring the route map up to date; a failure is kept for `state`, and it is tried again in a second."""
        self._try("route_map", lambda: self._routes.refresh(self._store))
        self._routes.reload()
        self._routes.index()

    def count(self) -> None:
        """Add up the journal; a failure is kept for `state`, and it is tried again in a second."""
        self._asking_since = time.monotonic()
        self._try("counting", lambda: add_up(self._store, self.journal))
        self._asking_since = None

    def state(self) -> dict[str, Any]:
        """For health: whether the store could be reached lately, the route map, and how counting is going."""
        journal, problems = self.journal.state(), self._problems
        problem = problems["counting"] or self._silence()
        return {
            # Each second's count asks the store something, also where there is nothing to count.
            "store": {"reachable": not problem, "problem": problem},
            "route_map": {**self._routes.state(), "problem": problems["route_map"]},
            "journal": journal,
            "uncounted": journal["uncounted"],
        }

    def _silence(self) -> str:
        """That the store was asked something long ago and has not answered yet; empty where it answers."""
        since = self._asking_since
        seconds = time.monotonic() - since if since else 0
        return f"The database has not answered for {seconds:.0f} seconds." if seconds > SILENT_SECONDS else ""

    def _try(self, name: str, work: Callable[[], object]) -> None:
        try:
            work()
        except QrbridgeError as error:
            self._problems[name] = str(error)
        except Exception as error:
            log.exception("%s failed and is tried again", name)
            self._problems[name] = f"{type(error).__name__}: {error}"
        else:
            self._problems[name] = ""

    def _follow(self) -> None:
        while True:
            self.bring_up()
            time.sleep(TICK_SECONDS)

    def _count(self) -> None:
        while True:
            begun = time.thread_time()
            self.count()
            worked = time.thread_time() - begun
            time.sleep(min(max(TICK_SECONDS, worked / COUNTING_SHARE), LONGEST_TICK_SECONDS))

    def _watch(self) -> None:
        while parent_is_there():
            time.sleep(TICK_SECONDS)
        end = time.monotonic() + ORPHAN_SECONDS
        while time.monotonic() < end:
            # Again and again: a process that is still starting passes over it.
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(TICK_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)


def parent_is_there() -> bool:
    """Whether the process that `QRBRIDGE_PARENT` names is still our parent; true where it names none."""
    parent = os.environ.get(PARENT, "")
    return not parent.isdecimal() or os.getppid() == int(parent)
