"""How granian serves: one thread takes all requests and answers redirects; whatever is slower goes on in others.

In Python only one thread works at a time. Were granian's threads to take requests in turn, the interpreter would be
handed on after each redirect, which costs as much as the redirect; were there one thread, a page would hold up every
redirect. So one leads. A page is left to threads of our own: granian's answering object can be given an answer later
and from any thread. What was sent with a request can be read only inside the call that granian made; who gets such a
request lets another thread lead first, and once it has answered stands by, inside that call, until it is wanted.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from granian import Granian
from granian import __version__ as GRANIAN_VERSION
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import mp as workers
from granian.server.common import AbstractServer

from qrbridge.errors import NotSetUp
from qrbridge.routing.redirector import STATUS, Environ, Headers, Redirector, WSGIApplication
from qrbridge.serving import logs
from qrbridge.settings import Settings

log = logging.getLogger(__name__)

# Pages worked at at once in a web process; those beyond wait.
PAGES = 4
# Requests with something sent, worked at at once; those beyond are told to come again.
SENT = 4

# How long a thread stands by before it looks for itself whether it is wanted. granian ends threads that have had
# nothing to do for longer than this.
STAND_BY_SECONDS = 5.0
IDLE_SECONDS = 600

# A request that has not ended this long after TERM is cut off.
LAST_REQUEST_SECONDS = 3

# What makes the function that granian calls out of an application. It has no public name; `setup.cfg` keeps to the
# versions in which it is this one.
_MAKE_CALL = "_wsgi_call_wrap"

# One of them is there where something was sent.
_SENDING = frozenset({"CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"})

_STATUS = int(STATUS.split()[0])


class Answering(Protocol):
    """What granian gives beside a request: it takes the answer, once."""

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        """Send this as the answer."""


Call = Callable[[Answering, Environ], Any]


def granian(settings: Settings, target: str, threads: int = SENT + 1) -> AbstractServer[Any]:
    """The server as we run it; `make bench` puts other targets under it to compare with."""
    server: AbstractServer[Any] = Granian(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.GRANIAN,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=LAST_REQUEST_SECONDS,
    )
    return server


class Relay:
    """Which thread leads, that is takes requests, while the others are busy with one or stand by."""

    def __init__(self, most_busy: int) -> None:
        self._changed = threading.Condition()
        self._leader = 0
        self._places = most_busy
        # Not asked of Python (`sys._current_frames`): on 3.11.7 that was seen to hang for good, collecting garbage.
        self._at_work: set[int] = set()

    def begin(self) -> None:
        """To be called by a thread that was given a request, before it looks at it."""
        self._at_work.add(threading.get_ident())

    def end(self) -> None:
        """To be called by that thread last, before it may be given another."""
        self._at_work.discard(threading.get_ident())

    def lead_or_stand_by(self) -> None:
        """To be called by a thread that has answered: it returns when that thread should take another request."""
        if self._leader == threading.get_ident():
            return
        with self._changed:
            if self._is_led():
                self._changed.wait(STAND_BY_SECONDS)
            if not self._is_led():
                self._leader = threading.get_ident()

    @contextmanager
    def busy(self) -> Iterator[bool]:
        """Be busy with a request while another leads; False where none would be left to lead."""
        with self._changed:
            is_free = self._places > 0
            if is_free:
                self._places -= 1
                self._give_up()
        try:
            yield is_free
        finally:
            with self._changed:
                self._places += is_free

    def _give_up(self) -> None:
        if self._leader == threading.get_ident():
            self._leader = 0
            self._changed.notify()

    def _is_led(self) -> bool:
        """Whether the thread that led last is at work.

        While granian has it, waiting for a request or ended after long with none, another may as well lead.
        """
        return self._leader in self._at_work


def check() -> None:
    """Raise `NotSetUp` where granian is another than we know how to serve with."""
    if not callable(getattr(workers, _MAKE_CALL, None)):
        raise NotSetUp(
            f"qrbridge cannot serve with granian {GRANIAN_VERSION}, which is installed here. `make setup` installs the "
            "version it was tried with."
        )


def lay(refuse: WSGIApplication) -> None:
    """Have granian call the redirector of this process so; to be called before granian makes its worker.

    `refuse` answers what there is no thread for.
    """
    theirs = getattr(workers, _MAKE_CALL)

    def make_call(redirector: Redirector, *options: Any) -> Call:
        return _call(redirector.answer, theirs(redirector.fallback, *options), theirs(refuse, *options))

    setattr(workers, _MAKE_CALL, make_call)


def _call(redirect: Callable[[Environ], Headers | None], page: Call, refuse: Call) -> Call:
    """The function for granian to call; `page` and `refuse` are as it makes them of an application."""
    relay, threads = Relay(SENT), ThreadPoolExecutor(PAGES, "page")

    def answer(answering: Answering, environ: Environ) -> None:
        relay.begin()
        try:
            headers = redirect(environ)
            if headers is not None:
                answering.response_bytes(_STATUS, headers, b"")
            elif _SENDING.isdisjoint(environ):
                threads.submit(_work, page, answering, environ)
            else:
                with relay.busy() as is_free:
                    (page if is_free else refuse)(answering, environ)
            relay.lead_or_stand_by()
        finally:
            relay.end()

    return answer


def _work(page: Call, answering: Answering, environ: Environ) -> None:
    try:
        page(answering, environ)
    except Exception:
        # Flask answers for what fails in a page; granian, for what fails around it, only within its own call.
        log.exception("A page could not be answered")
        answering.response_bytes(500, [("Content-Length", "0")], b"")
