"""The council's colour and logo on pages, at addresses that change with what they hold."""

import hashlib

from flask import Blueprint, Response

from qrbridge.council import logos
from qrbridge.web import assets
from qrbridge.web.security import PLAIN_COLOUR
from qrbridge.web.site import site

pages = Blueprint("brand", __name__)


@pages.get("/assets/council/<digest>/colour.css")
def colour(digest: str) -> Response:
    """The council's colour as a stylesheet: pages carry no inline style."""
    text = _colour_rules()
    answer = Response(text, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = assets.FOR_EVER if digest == _digest(text) else "no-cache"
    return answer


@pages.get("/assets/council/<digest>/logo.png")
def logo(digest: str) -> Response:
    """The council's logo; under a digest from before, the present one, to be asked for again."""
    found = logos.show(site().store)
    answer = Response(found.content, content_type="image/png")
    answer.headers["Cache-Control"] = assets.FOR_EVER if digest == found.digest else "no-cache"
    return answer


def colour_sheet() -> str:
    """The address of the council's colour."""
    return f"/assets/council/{_digest(_colour_rules())}/colour.css"


def _colour_rules() -> str:
    council = site().routes.council()
    return f":root{{--council:{council.colour if council else PLAIN_COLOUR}}}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
