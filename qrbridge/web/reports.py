"""Reports as a page, as JSON and as CSV."""

import io
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from qrbridge import listing, notices, reports, times, wards
from qrbridge.errors import InvalidInput, NotFound, QrbridgeError
from qrbridge.listing import Listing, Wanted
from qrbridge.reports import Filters, Report, Table
from qrbridge.web import forms, lists
from qrbridge.web.bridge import bridge
from qrbridge.web.security import needs_report_key

pages = Blueprint("reports", __name__)

# What a report can be narrowed to, and the rows of it on one page; figures for all of them stand at its foot.
FILTERS = ("notice", "ward", "from", "to")
ROWS = 100


@pages.get("/staff/reports/<name>")
def page(name: str) -> Response:
    """A report as a page; filters that cannot be used are said above the form, which keeps what was entered."""
    report = reports.find(name)
    try:
        table = reports.read(bridge().store, report, Filters.read(request.args))
    except (InvalidInput, NotFound) as error:
        return _page(report, error)
    return _page(report, table=table, found=listing.among(table.rows, _wanted(report), ()))


def _wanted(report: Report) -> Wanted:
    """The page and order of its rows; without any they stand as they are printed, by ward."""
    orders = {"ward": "Ward", **{column.name: column.heading for column in report.columns}}
    return lists.wanted(Listing(orders, filters=FILTERS, per_page=ROWS))


def _page(report: Report, error: QrbridgeError | None = None, **values: Any) -> Response:
    store = bridge().store
    given = {"to": times.day_of(times.now()).isoformat(), **request.args}
    choices = {"notices": [row["key"] for row in notices.list_all(store)], "wards": wards.names(store)}
    said = {"report": report, "given": given, "shown": reports.shown, **choices, **values}
    return forms.show("staff/report.html", request.args, error, **said)


@pages.get("/staff/reports/<name>.csv")
def as_csv(name: str) -> Response:
    """A report as a spreadsheet."""
    text = io.StringIO(newline="")
    reports.write_csv(_asked(name), text)
    # The mark at the front makes Excel read the file as UTF-8.
    answer = make_response(text.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@pages.get("/api/v1/reports/<name>")
@needs_report_key
def as_json(name: str) -> Response:
    """A report as JSON."""
    return jsonify(reports.as_json(_asked(name)))


def _asked(name: str) -> Table:
    return reports.read(bridge().store, reports.find(name), Filters.read(request.args))
