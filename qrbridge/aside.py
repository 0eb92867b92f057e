"""Pages that take long to work out, answered by a process beside the web process, so that no redirect waits for them.

In one Python process only one thread works at a time. Beside a page of 130 ms that was reloaded in a loop, 7,000
redirects a second waited 435 ms at worst (p99), whatever the switch interval.
"""

import io
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import IO, Any, NamedTuple

from qrbridge import settings as boot
from qrbridge.app import MAX_BODY_BYTES, create_app
from qrbridge.redirector import ROUTE, Environ, WSGIApplication
from qrbridge.routes import RouteMap
from qrbridge.store import connect

log = logging.getLogger("qrbridge.aside")

# What is for staff is answered aside; a resident's page is small and is not.
PREFIXES = ("/staff", "/api/")

# Processor time goes to redirects first.
NICENESS = 19

WATCH_SECONDS = 1.0

BUSY = "503 Service Unavailable"
# A page that was only asked for comes again by itself; what was sent is sent again by whoever sent it.
_BUSY_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "1"), ("Cache-Control", "no-store")]
_BUSY_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{again}
<title>One moment</title></head>
<body><h1>One moment</h1><p>Other pages are being worked out just now. {sentence}</p></body></html>
"""
_AGAIN = ('<meta http-equiv="refresh" content="1">', "This one comes in a second.")
_NOT_DONE = ("", "Nothing was changed. Load this page again to send what you entered once more.")


class Answer(NamedTuple):
    """A whole answer, as it goes from one process to the other."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Aside:
    """Answers requests for long pages from the process beside, and all others here."""

    def __init__(self, here: WSGIApplication, most: int) -> None:
        self._here = here
        # So many threads may wait for a page; the others are for redirects.
        self._places = threading.BoundedSemaphore(most)
        # The one that answered last is asked first: while one page at a time is wanted, there is one process.
        self._idle = [_start()]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if not environ.get("PATH_INFO", "").startswith(PREFIXES):
            return self._here(environ, start_response)
        if not self._places.acquire(blocking=False):
            again, sentence = _AGAIN if environ["REQUEST_METHOD"] == "GET" else _NOT_DONE
            start_response(BUSY, _BUSY_HEADERS)
            return [_BUSY_PAGE.format(again=again, sentence=sentence).encode()]
        try:
            answer = self._ask(environ)
        finally:
            self._places.release()
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _ask(self, environ: Environ) -> Answer:
        question = pickle.dumps(_question(environ))
        try:
            process = self._idle.pop()
        except IndexError:
            process = _start()
        try:
            answer = _exchange(process, question)
        except (OSError, EOFError, pickle.UnpicklingError):
            log.warning("The process for long pages ended and is started again.")
            process.kill()
            process.wait()
            process = _start()
            answer = _exchange(process, question)
        self._idle.append(process)
        return answer


def _start() -> subprocess.Popen[bytes]:
    # It ends by itself when this process does, however that comes about: then there is nothing more to read.
    return subprocess.Popen([sys.executable, "-m", "qrbridge.aside"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _exchange(process: subprocess.Popen[bytes], question: bytes) -> Answer:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(question)
    process.stdin.flush()
    return Answer(*pickle.load(process.stdout))


def _question(environ: Environ) -> tuple[dict[str, Any], bytes]:
    """What of a request can go to another process: its words and its body."""
    length = environ.get("CONTENT_LENGTH", "")
    body = environ["wsgi.input"].read(min(int(length), MAX_BODY_BYTES)) if length.isdecimal() else b""
    words = {name: value for name, value in environ.items() if isinstance(value, str | tuple) and name != ROUTE}
    return words, body


def main() -> None:
    """Answer questions from standard input until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not come between answers
    os.nice(NICENESS)
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    settings = boot.load(boot.instance_folder())
    routes = RouteMap(settings.route_map)
    app = create_app(settings, connect(settings), routes, dict)
    _answer_all(app, routes, sys.stdin.buffer, answers)


def _watch(parent: int) -> None:
    """End with the web process even in the middle of a page: whoever asked for it is gone."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(0)


def _answer_all(app: WSGIApplication, routes: RouteMap, questions: IO[bytes], answers: IO[bytes]) -> None:
    while True:
        try:
            words, body = pickle.load(questions)
        except EOFError:
            return
        routes.reload()
        pickle.dump(tuple(_answer(app, words, body)), answers)
        answers.flush()


def _answer(app: WSGIApplication, words: dict[str, Any], body: bytes) -> Answer:
    said: list[Any] = []
    environ = {**words, "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": False}
    parts = app(environ, lambda status, headers, *_: said.extend((status, headers)))
    whole = b"".join(parts)
    return Answer(said[0], list(said[1]), whole)


if __name__ == "__main__":
    main()
