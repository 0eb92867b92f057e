"""Notices: those there are, those in the making, and how far each is on its way to the wall."""

from flask import Blueprint, Response, request

from qrbridge import audit, languages
from qrbridge.council import council, services
from qrbridge.errors import InvalidInput, NotFound, QrbridgeError, Unsound
from qrbridge.links import links
from qrbridge.notices import approvals, drafts, notices
from qrbridge.notices.notices import Notice
from qrbridge.press.design import designs
from qrbridge.printing import print_runs
from qrbridge.reports import attention
from qrbridge.web import access, forms, lists
from qrbridge.web.site import site
from qrbridge.web.staff import history

pages = Blueprint("notices", __name__)

# Of what happened to a notice; the record of changes has all of it.
MOST_SHOWN = 20
# Drafts above the list of notices; those beyond are on a page of their own.
MOST_DRAFTS = 5


@pages.get("/staff/notices")
def list_() -> Response:
    """Notices, searched, narrowed and sorted; and the latest drafts of notices: one's own first."""
    store, me = site().store, access.person().email
    begun = sorted(drafts.list_all(store), key=lambda draft: draft.author != me)
    return forms.show(
        "staff/notices/list.html",
        found=notices.find(store, lists.wanted(notices.LISTING), attention.out_of_date(store)),
        services=sorted((row["key"], row["name"]) for row in services.list_all(store)),
        drafts=begun[:MOST_DRAFTS],
        drafts_in_all=len(begun),
        waiting={row["notice"] for row in approvals.waiting(store)},
        may_make=access.person().may("editor"),
    )


@pages.get("/staff/notices/<key>")
def show(key: str) -> Response:
    """One notice: its words, how far it is, its links, and what can be done."""
    return _page(key)


@pages.post("/staff/notices/<key>/submit")
def submit(key: str) -> Response:
    """Ask for a notice to be approved as it is now."""
    try:
        approvals.submit(site().store, key, access.by())
    except QrbridgeError as error:
        return _page(key, error)
    return forms.done(f"“{key}” waits for approval.", "notices.show", key=key)


@pages.post("/staff/notices/<key>/approve")
def approve(key: str) -> Response:
    """Approve a notice as it was on the page that this form stood on."""
    try:
        approvals.approve(site().store, key, access.by(), request.form.get("seen") or "none")
    except QrbridgeError as error:
        return _page(key, error)
    return forms.done(f"“{key}” is approved and can be printed.", "notices.show", key=key)


@pages.post("/staff/notices/<key>/reject")
def reject(key: str) -> Response:
    """Send a notice back with a reason."""
    try:
        approvals.reject(site().store, key, access.by(), request.form.get("reason", ""))
    except QrbridgeError as error:
        return _page(key, error)
    return forms.done(f"“{key}” is sent back to its author.", "notices.show", key=key)


def _page(key: str, error: QrbridgeError | None = None) -> Response:
    store, me = site().store, access.person()
    notice = notices.show(store, key)
    another = council.show(store).another_approves
    stale = print_runs.out_of_date(store, key)
    return forms.show(
        "staff/notices/show.html",
        request.form,
        error,
        notice=notice,
        service=services.show(store, notice.service),
        approval=history.of_approval(approvals.show(store, notice)),
        seen=approvals.as_seen(store, notice),
        another=another,
        is_author=me.email in approvals.authors(store, key),
        states=links.count_states(store, key),
        stale=len(stale),
        reasons=print_runs.reasons(stale),
        history=[history.of_notice(change) for change in audit.list_for(store, "notice", key)[:MOST_SHOWN]],
        design=_design(notice),
        drafts=[draft for draft in drafts.list_all(store) if draft.notice == key],
        language=languages,
        may_make=me.may("editor"),
        labels={"reason": "The reason"},
    )


def _design(notice: Notice) -> str:
    """What its design is called, and its size; or why it cannot be used."""
    try:
        design = designs.read(notice.printable, notice.size)
    except Unsound as error:
        return f"“{notice.printable}” {error.sentence}"
    except (InvalidInput, NotFound) as error:
        return str(error)
    return f"{design.title}, {design.size}"
