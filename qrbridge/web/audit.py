"""The record of changes: who changed what, when, and how it was before and after. For admins."""

import io

from flask import Blueprint, Response, make_response, request

from qrbridge import audit, times
from qrbridge.audit import NEWEST, Filters
from qrbridge.errors import InvalidInput
from qrbridge.sheets import cells
from qrbridge.web import forms
from qrbridge.web.bridge import bridge

pages = Blueprint("audit", __name__)

COLUMNS = ("When (UTC)", "Who", "What", "Which", "Change", "Field", "Before", "After")


@pages.get("/staff/audit")
def list_() -> Response:
    """A page of changes, newest first, filtered as asked."""
    store = bridge().store
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
    """Every change asked for as a spreadsheet, a row for each field that changed."""
    filters = Filters.read(request.args)
    text = io.StringIO(newline="")
    rows = (
        [row["at"], row["who"], row["noun"], row["key"], row["verb"], *changed]
        for row in audit.every(bridge().store, filters)
        for changed in audit.differences(row) or [("", "", "")]
    )
    cells.write_csv([COLUMNS, *rows], text)
    # The mark at the front makes Excel read the file as UTF-8.
    answer = make_response(text.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    day = times.day_of(times.now()).isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="changes-{day}.csv"'
    return answer
