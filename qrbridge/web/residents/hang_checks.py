"""The hang check: whoever hangs a sheet says so from the hanging sheet, with no sign-in."""

from flask import Blueprint, Response, make_response, render_template

from qrbridge import codes
from qrbridge.accounts import sign_in
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, NotFound, TooManyTries
from qrbridge.links import hang_check, sightings
from qrbridge.store import Row
from qrbridge.web.site import site

pages = Blueprint("hang_checks", __name__)

# In capitals as its symbol holds it, in small letters as it is typed.
ADDRESS = "/<any(up,UP,Up):_up>/<code>/<token>"


@pages.get(ADDRESS)
def page(_up: str, code: str, token: str) -> Response:
    """Where the sheet should hang, and one button."""
    link = _link(code, token)
    return _page("resident/hang_check.html", 200, link) if link else _unknown()


@pages.post(ADDRESS)
def say(_up: str, code: str, token: str) -> Response:
    """Keep that the sheet is up; said too often of one sheet, it is not taken for a while."""
    link = _link(code, token)
    if link is None:
        return _unknown()
    try:
        sign_in.count(site().store, site().settings, sign_in.report_attempt(link["code"]))
    except TooManyTries:
        raise TooManyTries("It was said often just now that this sheet is up, and that is kept.") from None
    sightings.report(site().store, link["code"], "up", By(sightings.HANGING_SHEET))
    return _page("resident/hung.html", 200, link)


def _link(code: str, token: str) -> Row | None:
    """The link that a signed address is of; none for a token that is not its own, or a link that is withdrawn."""
    tidy = codes.tidy(code)
    if not tidy or not hang_check.is_signed(site().settings, tidy, token):
        return None
    try:
        return sightings.living(site().store, tidy)
    except (InvalidInput, NotFound):
        return None


def _unknown() -> Response:
    return _page("resident/no_hang_check.html", 404, None)


def _page(template: str, status: int, link: Row | None) -> Response:
    spoken = codes.spoken(link["code"]) if link else ""
    return make_response(render_template(template, link=link, spoken=spoken, service=None), status)
