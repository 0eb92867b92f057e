"""The process beside a web process: it works out the pages that take long, one after another."""

import io
import logging
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Iterable
from functools import partial
from typing import IO, Any

from werkzeug.wsgi import FileWrapper

from qrbridge import settings as boot
from qrbridge.counting import journal
from qrbridge.routing.redirector import WSGIApplication
from qrbridge.routing.route_map import RouteMap
from qrbridge.serving import forwarding, logs
from qrbridge.serving.forwarding import Answer
from qrbridge.serving.giving_way import give_way
from qrbridge.store import connect
from qrbridge.web.app import create_app

log = logging.getLogger("qrbridge.serving.page_process")

WATCH_SECONDS = 1.0
# One question to PostgreSQL: no page was seen to need a tenth of this.
QUESTION_SECONDS = 60.0


def main() -> None:
    """Answer questions from standard input until there are no more."""
    # Ctrl-C in a terminal reaches every process; this one ends with its web process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not come between answers
    give_way()
    logs.begin()
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    settings = boot.load(boot.instance_folder())
    routes = RouteMap(settings.route_map)
    store = connect(settings, longest=QUESTION_SECONDS)
    app = create_app(settings, store, routes, partial(journal.told, settings.journals))
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
    told: list[Any] = []
    environ = {**words, "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": False}
    try:
        parts = app(environ, lambda status, headers, *_: told.extend((status, headers)))
        whole, path = _whole(parts)
    except Exception:
        # The outermost place of a page: whoever asked must be answered, and the next one too.
        log.exception("A page could not be made")
        return forwarding.said(
            forwarding.FAILED if words["REQUEST_METHOD"] in forwarding.REPEATABLE else forwarding.UNKNOWN
        )
    return Answer(told[0], list(told[1]), whole, path)


def _whole(parts: Iterable[bytes]) -> tuple[bytes, str]:
    """The bytes of an answer, or the path of the file that they are."""
    try:
        if isinstance(parts, FileWrapper) and isinstance(parts.file, io.BufferedReader):
            return b"", parts.file.name
        return b"".join(parts), ""
    finally:
        if hasattr(parts, "close"):
            parts.close()


if __name__ == "__main__":
    main()
