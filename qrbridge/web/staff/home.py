"""The first page of staff: what needs somebody, and how to begin where there is nothing yet."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Blueprint, Response, url_for

from qrbridge.reports import attention
from qrbridge.web import access, forms, frame, late
from qrbridge.web.site import site

pages = Blueprint("home", __name__)


class Place(NamedTuple):
    """Where something that needs somebody is seen to: the page that role must be able to open, and its address."""

    endpoint: str
    address: Callable[[str], str]


PLACES: Mapping[str, Place] = {
    "form": Place("home.page", late.address_of),
    "job": Place("jobs.show", lambda key: url_for("jobs.show", job_id=key)),
    "upload": Place("uploads.show", lambda key: url_for("uploads.show", upload_id=key)),
    "draft": Place("drafts.check", lambda key: url_for("drafts.check", draft_id=key)),
    "notice": Place("notices.show", lambda key: url_for("notices.show", key=key)),
    "service": Place("services.show", lambda key: url_for("services.show", key=key)),
    "made": Place("links.list_", lambda key: url_for("links.list_", notice=key, state="made")),
    "link": Place("links.show", lambda key: url_for("links.show", code=key)),
}


@pages.get("/staff")
def page() -> Response:
    """What needs somebody, else how things are, else how to begin."""
    items = attention.find(site().store, access.person())
    shown = [(item, PLACES[item.kind].address(item.key)) for item in items if frame.allowed(PLACES[item.kind].endpoint)]
    uncounted = site().counting().get("uncounted", 0)
    figures = attention.figures(site().store)
    return forms.show("staff/home.html", items=shown, uncounted=uncounted, figures=figures, steps=_steps(figures))


def _steps(figures: Mapping[str, int]) -> list[tuple[str, str, bool]]:
    """What a council does before its first notice hangs: a text, where to do it, and whether it is done."""
    return [
        ("Add a service", url_for("services.new"), figures["services"] > 0),
        ("Upload a table of postcodes and wards", url_for("uploads.new", kind="wards"), figures["postcodes"] > 0),
        (
            "Upload the locations where paper goes up",
            url_for("uploads.new", kind="locations"),
            figures["locations"] > 0,
        ),
        ("Make a notice and print it", url_for("notices.list_"), figures["notices"] > 0),
    ]
