"""Bare redirects under the server of `qrbridge serve`: `python -m bench.bare plain|flask PORT [THREADS]`.

They answer the headers of a tracked redirect, and look nothing up, decide nothing and count nothing.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.installation import DESTINATION
from qrbridge import settings as boot
from qrbridge.serving import lanes

HEADERS = [
    ("Location", DESTINATION),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("Content-Length", "0"),
]


def plain() -> Callable[..., Iterable[bytes]]:
    """A WSGI callable that answers 302."""

    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("302 Found", HEADERS)
        return []

    return answer


def flask() -> Callable[..., Iterable[bytes]]:
    """A Flask application with one route that answers 302."""
    from flask import Flask, Response

    app = Flask("bare")

    @app.get("/<code>")
    def answer(code: str) -> Response:
        return Response(status=302, headers=HEADERS)

    return app


def main(which: str, port: str, *threads: str) -> None:
    """Serve one of them until told to stop."""
    lanes.granian(boot.load(Path("unused"), {"QRBRIDGE_PORT": port}), f"bench.bare:{which}", *map(int, threads)).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
