"""Reports as a page and as CSV."""

from typing import Any

from flask import Blueprint, Response, request

from qrbridge import listing, times
from qrbridge.errors import InvalidInput, NotFound, QrbridgeError
from qrbridge.listing import Listing, Wanted
from qrbridge.notices import notices
from qrbridge.places import wards
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters, Report, Table
from qrbridge.web import downloads, forms, lists
from qrbridge.web.site import site

pages = Blueprint("reports", __name__)

# What a report can be narrowed to, and the rows of it on one page; figures for all of them stand at its foot.
FILTERS = ("notice", "ward", "from", "to")
ROWS = 100


@pages.get("/staff/reports/<name>")
def page(name: str) -> Response:
    """A report as a page; filters that cannot be used are said above the form, which keeps what was entered."""
    report = reports.find(name)
    try:
        table = reports.read(site().store, report, Filters.read(request.args))
    except (InvalidInput, NotFound) as error:
        return _page(report, error)
    return _page(report, table=table, found=listing.among(table.rows, _wanted(report), ()))


def _wanted(report: Report) -> Wanted:
    """The page and order of its rows; without any they stand as they are printed, by ward."""
    orders = {"ward": "Ward", **{column.name: column.heading for column in report.columns}}
    return lists.wanted(Listing(orders, filters=FILTERS, per_page=ROWS))


def _page(report: Report, error: QrbridgeError | None = None, **values: Any) -> Response:
    store = site().store
    given = {**dict.fromkeys(FILTERS, ""), "to": times.as_typed(times.day_of(times.now())), **request.args}
    choices = {"notices": notices.keys(store), "wards": wards.names(store)}
    said = {"report": report, "given": given, "shown": reports.shown, "table": None, **choices, **values}
    return forms.show("staff/report.html", request.args, error, **said)


@pages.get("/staff/reports/<name>.csv")
def as_csv(name: str) -> Response:
    """A report as a spreadsheet."""
    return downloads.as_csv(reports.as_rows(asked(name)), name)


def asked(name: str) -> Table:
    """A report, narrowed as this request says."""
    return reports.read(site().store, reports.find(name), Filters.read(request.args))
