"""The council's details and logo. For admins."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from qrbridge.council import council as councils
from qrbridge.council import logos
from qrbridge.council.council import FIELDS, Council
from qrbridge.errors import QrbridgeError
from qrbridge.web import access, forms
from qrbridge.web.site import site

pages = Blueprint("council", __name__)

# What a form sends beside the council's details.
BESIDE = (access.CSRF_FIELD, "confirm")

# What the page calls a detail whose own name says too little.
NAMES = {"short_host": "Short-link host", "another_approves": "Must somebody else approve a notice?"}


@pages.get("/staff/council")
def show() -> Response:
    """The council's details, each with what it is for."""
    return _page(councils.show(site().store))


@pages.post("/staff/council")
def change() -> Response:
    """Change the council's details."""
    store = site().store
    here = councils.show(store)
    entered = {name: value for name, value in request.form.items() if name not in BESIDE}
    try:
        changed = councils.merged(here, entered)
        councils.change(store, changed, access.by(), confirmed=request.form.get("confirm") == "yes")
    except QrbridgeError as error:
        return _page(here, request.form, error)
    return forms.done("The council’s details are changed.", "council.show")


@pages.post("/staff/council/logo")
def keep_logo() -> Response:
    """Put a logo above every page of staff."""
    sent = request.files.get("logo")
    try:
        # One byte more than is taken, so that what is too large is told apart.
        logos.keep(site().store, sent.stream.read(logos.MOST_BYTES + 1) if sent else b"", access.by())
    except QrbridgeError as error:
        return _page(councils.show(site().store), error=error)
    return forms.done("The logo is changed.", "council.show")


@pages.post("/staff/council/logo/remove")
def drop_logo() -> Response:
    """Show the council's name alone."""
    logos.drop(site().store, access.by())
    return forms.done("The logo is removed.", "council.show")


def _page(here: Council, entered: Mapping[str, Any] | None = None, error: QrbridgeError | None = None) -> Response:
    labels = {name: name.replace("_", " ").capitalize() for name in FIELDS} | NAMES
    return forms.show("staff/council/show.html", entered, error, details=asdict(here), hints=FIELDS, labels=labels)
