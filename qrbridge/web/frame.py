"""The frame every staff page stands in: the council's name and colour, and where one can go from here."""

from typing import Any

from flask import Flask, current_app, g, request

from qrbridge import times
from qrbridge.council import logos
from qrbridge.web import access, assets, brand
from qrbridge.web.security import csp_nonce
from qrbridge.web.site import is_staff_path, site

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
        asset=assets.address, colour_sheet=brand.colour_sheet, navigation=navigation, allowed=allowed
    )
    app.jinja_env.filters.update(moment=times.moment_in_words)
    app.context_processor(_frame)


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
    # A plain page is for when the store cannot be asked.
    if not is_staff_path(request.path) or g.get("is_plain"):
        return {}
    return {"person": access.someone(), "cspNonce": csp_nonce(), "logo": logos.digest(site().store)}


def _is_within(address: str) -> bool:
    return request.path == address or (address != "/staff" and request.path.startswith(address + "/"))
