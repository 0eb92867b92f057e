"""The record of changes: who changed what, when, and how it was before and after. For admins."""

from flask import Blueprint, Response, request

from qrbridge import audit, times
from qrbridge.audit import NEWEST, Filters
from qrbridge.errors import InvalidInput
from qrbridge.store import Row
from qrbridge.web import downloads, forms
from qrbridge.web.site import site

pages = Blueprint("audit", __name__)

COLUMNS = ("When (UTC)", "Who", "What", "Which", "Change", "Field", "Before", "After")


@pages.get("/staff/audit")
def list_() -> Response:
    """A page of changes, newest first, filtered as asked."""
    store = site().store
    known = audit.nouns(store)
    try:
        filters = Filters.read(request.args)
    except InvalidInput as error:
        return forms.show("staff/audit/list.html", request.args, error, rows=[], nouns=known, given={}, more="")
    rows, more = audit.page(store, filters, request.args.get("before") or NEWEST)
    shown = [{**row, "changed": audit.differences(row)} for row in rows]
    return forms.show("staff/audit/list.html", request.args, rows=shown, nouns=known, given=filters.given, more=more)


@pages.get("/staff/audit.csv")
def as_csv() -> Response:
    """Every change asked for as a spreadsheet: a row for each field that changed, or for each of very many things."""
    filters = Filters.read(request.args)
    rows = (
        [row["at"], row["who"], row["noun"], row["key"], row["verb"], *changed]
        for row in audit.every(site().store, filters)
        for changed in _fields(row)
    )
    return downloads.as_csv([COLUMNS, *rows], f"changes-{times.day_of(times.now()).isoformat()}")


def _fields(row: Row) -> list[tuple[str, str, str]]:
    if row.get("is_packed"):
        return [("", audit.said(row["before"]), audit.said(row["after"]))]
    return audit.differences(row) or [("", "", "")]
