"""The stylesheet and scripts of the staff pages, at addresses that change with what they hold."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from qrbridge.errors import NotSetUp
from qrbridge.settings import ASSETS, LOOK

pages = Blueprint("assets", __name__)

GOVUK = ASSETS / "govuk-frontend" / "dist" / "govuk"

# Each asset's name in addresses, its file and its kind.
FILES = {
    "staff.css": (LOOK / "built" / "staff.css", "text/css; charset=utf-8"),
    "staff.js": (LOOK / "staff.js", "text/javascript; charset=utf-8"),
    "govuk.js": (GOVUK / "govuk-frontend.min.js", "text/javascript; charset=utf-8"),
    "icon.svg": (LOOK / "icon.svg", "image/svg+xml"),
}

# What an address with a digest in it holds never changes.
FOR_EVER = "public, max-age=31536000, immutable"


@pages.get("/assets/<digest>/<name>")
def file(digest: str, name: str) -> Response:
    """One asset; under a digest from before, the present one, to be asked for again."""
    if name not in FILES:
        abort(404)
    answer = Response(_content(name), content_type=FILES[name][1])
    answer.set_etag(_digest())
    answer.headers["Cache-Control"] = FOR_EVER if digest == _digest() else "no-cache"
    answer.make_conditional(request)
    return answer


def address(name: str) -> str:
    """The address of an asset."""
    return f"/assets/{_digest()}/{name}"


def missing() -> list[Path]:
    """The files of assets that are not there."""
    return [path for path, _ in FILES.values() if not path.is_file()]


@cache
def _digest() -> str:
    """One digest over all assets: scripts import one another by names beside them."""
    whole = hashlib.sha256()
    for name in FILES:
        whole.update(_content(name))
    return whole.hexdigest()[:16]


@cache
def _content(name: str) -> bytes:
    try:
        return FILES[name][0].read_bytes()
    except OSError as error:
        raise NotSetUp(f"The look of the staff pages is not made ({error}).", "no-look") from None
