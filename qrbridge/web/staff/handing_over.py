"""When somebody leaves: all they own goes to another in one step."""

from flask import Blueprint, Response, request

from qrbridge.accounts import handing_over, people
from qrbridge.audit import By
from qrbridge.council import services
from qrbridge.errors import QrbridgeError
from qrbridge.notices import drafts
from qrbridge.uploads import uploads
from qrbridge.web import access, forms
from qrbridge.web.site import site

pages = Blueprint("handing_over", __name__)


@pages.get("/staff/people/<email>/hand-over")
def page(email: str) -> Response:
    """What a person owns, and to whom it could go."""
    return _page(email)


@pages.post("/staff/people/<email>/hand-over")
def hand_over(email: str) -> Response:
    """Give it all to another."""
    store = site().store
    try:
        heir = people.show(store, request.form.get("heir", "")).email if request.form.get("heir") else ""
        moved = handing_over.hand_over(store, people.show(store, email).email, heir, access.by())
    except QrbridgeError as error:
        return _page(email, error)
    return forms.done(f"{moved.in_words} went to {heir}.", "handing_over.page", email=email)


def _page(email: str, error: QrbridgeError | None = None) -> Response:
    store = site().store
    leaver = people.show(store, email)
    return forms.show(
        "staff/hand_over/page.html",
        request.form,
        error,
        leaver=leaver,
        services=[row for row in services.list_all(store) if row["owner"].lower() == leaver.email.lower()],
        drafts=drafts.list_all(store, leaver.email),
        uploads=uploads.unfinished(store, By(leaver.email)),
        heirs=[row for row in people.list_all(store) if row["active"] and row["email"] != leaver.email],
        labels={"heir": "The person it goes to"},
    )
