"""What goes on beside the redirects in each web process, once a second, without ever stopping them."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from qrbridge.errors import QrbridgeError
from qrbridge.journal import Journal
from qrbridge.routes import RouteMap
from qrbridge.scans import add_up
from qrbridge.settings import Settings
from qrbridge.store import Store

log = logging.getLogger("qrbridge.ticker")

# The variable that names, in a process started by `qrbridge serve`, the process it must not outlive.
PARENT = "QRBRIDGE_PARENT"
# An orphan that TERM has not ended by then is killed: it would hold the port.
ORPHAN_SECONDS = 10.0
TICK_SECONDS = 1.0


class Ticker:
    """Each second: bring the route map up to date, add up the journal, and see that whoever started us is there."""

    def __init__(self, settings: Settings, store: Store, routes: RouteMap) -> None:
        self.journal = Journal(settings.journals)
        self._store = store
        self._routes = routes
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._problems = {"route_map": "", "counting": ""}

    def start(self) -> None:
        """Begin, in threads of its own."""
        # The parent is watched apart: a store that is away can hold up the other work for seconds.
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._work, self._watch)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End; what is not added up yet is added up now if the store is there, else by whoever comes next."""
        self._ending.set()
        for thread in self._threads:
            thread.join()
        self.journal.retire()
        self._try("counting", self._add_up)
        self.journal.close()

    def tick(self) -> None:
        """Do a second's work; whatever fails is kept for `state` and tried again in the next."""
        self._try("route_map", lambda: self._routes.refresh(self._store))
        self._routes.reload()
        self._routes.index()
        self._try("counting", self._add_up)

    def state(self) -> dict[str, Any]:
        """For health: whether the store could be reached lately, the route map, and how counting is going."""
        journal, problems = self.journal.state(), self._problems
        return {
            # Each second's count asks the store something, also where there is nothing to count.
            "store": {"reachable": not problems["counting"], "problem": problems["counting"]},
            "route_map": {**self._routes.state(), "problem": problems["route_map"]},
            "journal": journal,
            "uncounted": journal["uncounted"],
        }

    def _add_up(self) -> None:
        add_up(self._store, self.journal)

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

    def _work(self) -> None:
        while not self._ending.is_set():
            self.tick()
            self._ending.wait(TICK_SECONDS)

    def _watch(self) -> None:
        while parent_is_there():
            if self._ending.wait(TICK_SECONDS):
                return
        end = time.monotonic() + ORPHAN_SECONDS
        while time.monotonic() < end:
            # Again and again: a process that is still starting passes over it.
            os.kill(os.getpid(), signal.SIGTERM)
            if self._ending.wait(TICK_SECONDS):
                return
        os.kill(os.getpid(), signal.SIGKILL)


def parent_is_there() -> bool:
    """Whether the process that `QRBRIDGE_PARENT` names is still our parent; true where it names none."""
    parent = os.environ.get(PARENT, "")
    return not parent.isdecimal() or os.getppid() == int(parent)
