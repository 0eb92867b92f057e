"""Reports as a page, as JSON and as CSV."""

import hmac
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from qrbridge import listing, times
from qrbridge.errors import InvalidInput, NotFound, QrbridgeError
from qrbridge.listing import Listing, Wanted
from qrbridge.notices import notices
from qrbridge.places import wards
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters, Report, Table
from qrbridge.web import access, downloads, forms, lists
from qrbridge.web.bridge import bridge

pages = Blueprint("reports", __name__)

# What a report can be narrowed to, and the rows of it on one page; figures for all of them stand at its foot.
FILTERS = ("notice", "ward", "from", "to")
ROWS = 100

REALM = WWWAuthenticate(
    "basic", {"realm": "qrbridge reports: any name, and the report key as password", "charset": "UTF-8"}
)


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
    given = {"to": times.as_typed(times.day_of(times.now())), **request.args}
    choices = {"notices": notices.keys(store), "wards": wards.names(store)}
    said = {"report": report, "given": given, "shown": reports.shown, **choices, **values}
    return forms.show("staff/report.html", request.args, error, **said)


@pages.get("/staff/reports/<name>.csv")
def as_csv(name: str) -> Response:
    """A report as a spreadsheet."""
    return downloads.as_csv(reports.as_rows(_asked(name)), name)


@pages.get("/api/v1/reports/<name>")
def as_json(name: str) -> Response:
    """A report as JSON: for the report key (as a password or bearer token), for staff, or for all where it is open."""
    if not (bridge().settings.open_reports or _knows_the_key() or access.someone()):
        sentence = "Reports need the report key. `qrbridge doctor` says where it is kept."
        raise Unauthorized(sentence, www_authenticate=REALM)
    return jsonify(reports.as_json(_asked(name)))


def _knows_the_key() -> bool:
    given = request.authorization
    if given is None or given.type not in ("basic", "bearer"):
        return False
    offered = given.token if given.type == "bearer" else given.password
    return hmac.compare_digest((offered or "").encode(), bridge().settings.key("reports").encode())


def _asked(name: str) -> Table:
    return reports.read(bridge().store, reports.find(name), Filters.read(request.args))
