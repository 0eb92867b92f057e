"""Reports as a page, as JSON and as CSV."""

import io

from flask import Blueprint, Response, jsonify, make_response, request

from qrbridge import reports, times
from qrbridge.errors import InvalidInput, NotFound, QrbridgeError
from qrbridge.reports import Filters, Report, Table
from qrbridge.web import forms
from qrbridge.web.bridge import bridge
from qrbridge.web.security import needs_report_key

pages = Blueprint("reports", __name__)


@pages.get("/staff/reports/<name>")
def page(name: str) -> Response:
    """A report as a page; filters that cannot be used are said above the form, which keeps what was entered."""
    report = reports.find(name)
    try:
        return _page(report, table=reports.read(bridge().store, report, Filters.read(request.args)))
    except (InvalidInput, NotFound) as error:
        return _page(report, error)


def _page(report: Report, error: QrbridgeError | None = None, **values: object) -> Response:
    given = {"to": times.day_of(times.now()).isoformat(), **request.args}
    return forms.show(
        "staff/report.html", request.args, error, report=report, given=given, shown=reports.shown, **values
    )


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
