"""Pages that take long to work out, answered by a process beside the web process, so that no redirect waits for them.

In one Python process only one thread works at a time. Beside a page of 130 ms that was reloaded in a loop, 7,000
redirects a second waited 435 ms at worst (p99), whatever the switch interval.
"""

import logging
import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

from qrbridge.routing.redirector import ROUTE, Environ, WSGIApplication
from qrbridge.web import room

log = logging.getLogger(__name__)

# What is for staff is answered aside; a resident's page is small and is not.
PREFIXES = ("/staff", "/api/")

# A form that has come whole waits this long for its turn, so that nobody types it again.
PLACE_SECONDS = 10.0
# Longer than any page or import was seen to take; a proxy in front gives up sooner.
LONGEST_SECONDS = 300.0
# Of a file, sent at a time: as long as redirects wait for it.
PIECE_BYTES = 65_536

# The most that is handed on of any request: a file. All other forms are held to what any of them needs.
MAX_BODY_BYTES = max(most for most, _ in room.LARGEST.values())

# Asked twice they do nothing twice.
REPEATABLE = ("GET", "HEAD")


class Word(NamedTuple):
    """What is said in place of a page that cannot be shown."""

    status: str
    heading: str
    sentence: str
    again: bool = False


# A page that was only asked for comes again by itself; what was sent is sent again by whoever sent it.
BUSY = Word("503", "One moment", "Other pages are being worked out just now. This one comes in a second.", again=True)
NOT_DONE = Word(
    "503",
    "One moment",
    "Other pages are being worked out just now. Nothing was changed. Load this page again to send what you entered "
    "once more.",
)
UNKNOWN = Word(
    "503",
    "We cannot say whether this was done",
    "What worked at it stopped before it could answer. Look first whether what you sent is there, and send it again "
    "only if it is not.",
)
FAILED = Word("500", "This page cannot be shown", "Something went wrong here; it is in the server's log.")
ENDED = Word(
    "503",
    "This page cannot be shown",
    "What worked at it stopped, or took too long. Load the page again; of a report ask for fewer days, or one notice.",
)
_NAMES = {"500": "500 Internal Server Error", "503": "503 Service Unavailable"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{again}
<title>{heading}</title></head>
<body><h1>{heading}</h1><p>{sentence}</p></body></html>
"""


class Answer(NamedTuple):
    """A whole answer, as it goes from one process to the other; what is a file already goes by its path."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    path: str = ""


class Aside:
    """Answers requests for long pages from the process beside, and all others here."""

    def __init__(self, here: WSGIApplication, most: int) -> None:
        self._here = here
        # So many threads may wait for a page; the others are for residents' pages.
        self._places = threading.BoundedSemaphore(most)
        # The one that answered last is asked first: while one page at a time is wanted, there is one process.
        self._idle = [_start()]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if not environ.get("PATH_INFO", "").startswith(PREFIXES):
            return self._here(environ, start_response)
        # Before a place is taken: it may come slowly, and who sends it keeps no page from anybody meanwhile.
        question = pickle.dumps(_question(environ))
        is_repeatable = environ["REQUEST_METHOD"] in REPEATABLE
        if not self._places.acquire(timeout=0 if is_repeatable else PLACE_SECONDS):
            return busy(environ, start_response)
        try:
            answer = self._ask(question, is_repeatable)
        finally:
            self._places.release()
        # Opened before anything is said of it.
        parts = _pieces(Path(answer.path).open("rb")) if answer.path else [answer.body]  # noqa: SIM115
        start_response(answer.status, answer.headers)
        return parts

    def _ask(self, question: bytes, is_repeatable: bool) -> Answer:
        """The answer to a question; it is asked twice at most, and only where that cannot do anything twice."""
        for process in self._processes():
            try:
                answer = _exchange(process, question)
            except Unheard:
                _end(process)
            except (EOFError, pickle.UnpicklingError):
                _end(process)
                if not is_repeatable:
                    break
            except TimeoutError:
                _end(process)
                break
            else:
                self._idle.append(process)
                return answer
        return said(ENDED if is_repeatable else UNKNOWN)

    def _processes(self) -> Iterator[subprocess.Popen[bytes]]:
        """The process to ask, and another in its place."""
        try:
            yield self._idle.pop()
        except IndexError:
            yield _start()
        yield _start()


def busy(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Say that a page cannot be worked out now."""
    answer = said(BUSY if environ["REQUEST_METHOD"] in REPEATABLE else NOT_DONE)
    start_response(answer.status, answer.headers)
    return [answer.body]


def said(word: Word) -> Answer:
    """A page that says a word."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
    if word.again:
        headers.append(("Retry-After", "1"))
    again = '<meta http-equiv="refresh" content="1">' if word.again else ""
    page = _PAGE.format(again=again, heading=word.heading, sentence=word.sentence)
    return Answer(_NAMES[word.status], headers, page.encode())


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(partial(file.read, PIECE_BYTES), b"")


def _start() -> subprocess.Popen[bytes]:
    # It ends by itself when this process does, however that comes about: then there is nothing more to read.
    return subprocess.Popen(
        [sys.executable, "-m", "qrbridge.serving.page_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    log.warning("The process for long pages ended or took too long, and is started again.")
    # What it had not taken of a question cannot be written any more.
    with suppress(OSError), process:
        process.kill()


class Unheard(Exception):
    """A process did not take a question to its end, so it did nothing about it."""


def _exchange(process: subprocess.Popen[bytes], question: bytes) -> Answer:
    """The answer of a process; `EOFError` where it ended before it gave one, `TimeoutError` where it took too long."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(question)
        process.stdin.flush()
    except OSError as error:
        raise Unheard from error
    answers = select.poll()
    answers.register(process.stdout, select.POLLIN)
    if not answers.poll(LONGEST_SECONDS * 1000):
        raise TimeoutError
    return Answer(*pickle.load(process.stdout))


def _question(environ: Environ) -> tuple[dict[str, Any], bytes]:
    """What of a request can go to another process: its words and its body."""
    length = environ.get("CONTENT_LENGTH", "")
    body = environ["wsgi.input"].read(min(int(length), MAX_BODY_BYTES)) if length.isdecimal() else b""
    words = {name: value for name, value in environ.items() if isinstance(value, str | tuple) and name != ROUTE}
    return words, body
