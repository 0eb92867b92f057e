"""What a resident sees where a code does not lead on: a sentence, a phone number and a way out."""

from flask import Blueprint, Response, make_response, render_template, request

from qrbridge import codes
from qrbridge.routing.route_map import Route
from qrbridge.web.site import site

pages = Blueprint("residents", __name__)

# A person copies a code from paper; what is longer than any printed code with its hyphens is not worth repeating.
LONGEST_SHOWN = 20

# State of the route, page and HTTP status. 410: it was ours and is over; search engines and link checkers drop it.
ANSWERS = {
    "unknown": ("resident/unknown.html", 404),
    "ended": ("resident/ended.html", 410),
    "withdrawn": ("resident/withdrawn.html", 410),
    "unsafe": ("resident/unsafe.html", 503),
    "not-ready": ("resident/not_ready.html", 503),
}


@pages.get("/")
def home() -> Response:
    """Say what this address is for."""
    return _page("resident/home.html", 200)


@pages.get("/<path:text>")
def code(text: str) -> Response:
    """Explain why a code does not lead on."""
    route: Route | None = request.environ.get("qrbridge.route")
    if route is None and site().routes.version is None:
        return _page(*ANSWERS["not-ready"])
    page, status = ANSWERS[route.state if route else "unknown"]
    service = site().routes.service_of(route.notice) if route else None
    return _page(page, status, text=text[:LONGEST_SHOWN], near=_near(text) if not route else [], service=service)


def _page(template: str, status: int, **values: object) -> Response:
    return make_response(render_template(template, spoken=codes.spoken, **values), status)


def _near(text: str) -> list[str]:
    """Codes one slip away from what was typed that lead somewhere; letters' codes are never offered to a stranger."""
    found = (site().routes.find(code) for code in codes.suggest(text) if len(code) == codes.POSTER_LENGTH)
    return [route.code for route in found if route and route.state == "live"]
