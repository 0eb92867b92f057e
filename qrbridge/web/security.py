"""The headers every page carries, and who may see reports."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from qrbridge.web.bridge import bridge

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}

POLICY = "default-src 'none'; {style}base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
PLAIN_COLOUR = "#1d1d1f"
REALM = WWWAuthenticate(
    "basic", {"realm": "qrbridge reports: any name, and the report key as password", "charset": "UTF-8"}
)


def protect(app: Flask) -> None:
    """Put the security headers on every answer; a page's one inline stylesheet is allowed by its hash."""

    @app.context_processor
    def add_style() -> dict[str, Any]:
        council = bridge().routes.council()
        # Not `render_template`, which would come back here for its context.
        style = app.jinja_env.get_template("style.css")
        g.style = style.render(colour=council.colour if council else PLAIN_COLOUR)
        return {"style": g.style, "council": council}

    @app.after_request
    def add_headers(response: Response) -> Response:
        style = f"style-src '{_hash(g.style)}'; " if "style" in g else ""
        response.headers.setdefault("Content-Security-Policy", POLICY.format(style=style))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def needs_report_key(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer only to the report key (as a password or bearer token), unless the installation shows reports openly."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        if not bridge().settings.open_reports and not _knows_the_key():
            sentence = "Reports need the report key. `qrbridge doctor` says where it is kept."
            raise Unauthorized(sentence, www_authenticate=REALM)
        return view(**values)

    return guarded


def _knows_the_key() -> bool:
    given = request.authorization
    if given is None or given.type not in ("basic", "bearer"):
        return False
    offered = given.token if given.type == "bearer" else given.password
    return hmac.compare_digest((offered or "").encode(), bridge().settings.key("reports").encode())


@lru_cache(maxsize=8)
def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
