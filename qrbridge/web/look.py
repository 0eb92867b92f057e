"""The frame every staff page stands in: the council's name and colour, and where one can go from here."""

import hashlib
from typing import Any

from flask import Flask, Response, current_app, request

from qrbridge import logos, times
from qrbridge.web import access, assets
from qrbridge.web.bridge import bridge
from qrbridge.web.security import PLAIN_COLOUR, csp_nonce

# What the navigation leads to: a text and an address. Shown are those that exist and that this person may open.
NAVIGATION = (
    ("Home", "/staff"),
    ("Notices", "/staff/notices"),
    ("Locations", "/staff/locations"),
    ("Services", "/staff/services"),
    ("Links", "/staff/links"),
    ("Print runs", "/staff/runs"),
    ("Report", "/staff/reports/scans-by-location"),
    ("People", "/staff/people"),
    ("Council", "/staff/council"),
    ("Changes", "/staff/audit"),
)


def add_words(app: Flask) -> None:
    """Give templates the words the frame is written with."""
    app.jinja_env.globals.update(
        asset=assets.address, colour_sheet=colour_sheet, navigation=navigation, allowed=allowed
    )
    app.jinja_env.filters["moment"] = times.moment_in_words
    app.context_processor(_frame)
    app.add_url_rule("/assets/council/<digest>/colour.css", endpoint="look.colour", view_func=colour)


def colour(digest: str) -> Response:
    """The council's colour as a stylesheet: pages carry no inline style."""
    text = _colour_rules()
    answer = Response(text, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = assets.FOR_EVER if digest == _digest(text) else "no-cache"
    return answer


def colour_sheet() -> str:
    """The address of the council's colour."""
    return f"/assets/council/{_digest(_colour_rules())}/colour.css"


def navigation() -> list[dict[str, Any]]:
    """The navigation's items for whoever is signed in, as the design system's macro takes them."""
    person = access.someone()
    role = person.role if person else None
    adapter = current_app.url_map.bind("")
    items = []
    for text, address in NAVIGATION:
        endpoint, _ = adapter.match(address)
        if not endpoint.startswith("/") and access.allows(endpoint, role):
            items.append({"text": text, "href": address, "active": _is_within(address)})
    return items


def allowed(endpoint: str) -> bool:
    """Whether whoever is signed in may open a page: links that lead to a refusal are not shown."""
    person = access.someone()
    return access.allows(endpoint, person.role if person else None)


def _frame() -> dict[str, Any]:
    if not access.is_staff_path(request.path):
        return {}
    return {"person": access.someone(), "cspNonce": csp_nonce(), "logo": logos.digest(bridge().store)}


def _is_within(address: str) -> bool:
    return request.path == address or (address != "/staff" and request.path.startswith(address + "/"))


def _colour_rules() -> str:
    council = bridge().routes.council()
    return f":root{{--council:{council.colour if council else PLAIN_COLOUR}}}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
