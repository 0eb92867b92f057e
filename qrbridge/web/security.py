"""The headers every page carries."""

import base64
import hashlib
import secrets
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from qrbridge.web.site import site

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}

POLICY = "default-src 'none'; {style}base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# A staff page's own scripts and styles, and nothing that anyone wrote into a page; text is never taken for a script.
STAFF_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
NONCE_BYTES = 16
# Said only where the request came by https: what a server does not serve it must not promise. One year, in seconds.
HSTS = "max-age=31536000"
PLAIN_COLOUR = "#1d1d1f"


def protect(app: Flask) -> None:
    """Put the security headers on every answer."""
    app.after_request(_add_headers)
    app.context_processor(_council)
    app.jinja_env.globals.update(resident_style=resident_style, csp_nonce=csp_nonce)


def resident_style() -> Markup:
    """The one inline stylesheet of a resident's page, allowed by its hash."""
    council = site().routes.council()
    # Not `render_template`, which asks for the context of the page that this is a part of.
    style = current_app.jinja_env.get_template("style.css")
    g.style = style.render(colour=council.colour if council else PLAIN_COLOUR)
    return Markup(g.style)


def csp_nonce() -> str:
    """What allows the one inline script of a staff page, for this answer alone."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(NONCE_BYTES)
    nonce: str = g.nonce
    return nonce


def _council() -> dict[str, Any]:
    return {"council": site().routes.council()}


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _policy())
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response


def _policy() -> str:
    if "nonce" in g:
        return STAFF_POLICY.format(nonce=g.nonce)
    return POLICY.format(style=f"style-src '{_hash(g.style)}'; " if "style" in g else "")


@lru_cache(maxsize=8)
def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
