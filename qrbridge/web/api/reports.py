"""Reports as JSON, for other systems."""

import hmac

from flask import Flask, Response, jsonify, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from qrbridge.reports import reports
from qrbridge.web import access
from qrbridge.web.site import site
from qrbridge.web.staff.reports import asked

REALM = WWWAuthenticate(
    "basic", {"realm": "qrbridge reports: any name, and the report key as password", "charset": "UTF-8"}
)


def add_to(app: Flask) -> None:
    """Give the application this address."""
    app.add_url_rule("/api/v1/reports/<name>", "reports.as_json", as_json)


def as_json(name: str) -> Response:
    """A report as JSON: for the report key (as a password or bearer token), for staff, or for all where it is open."""
    if not (site().settings.open_reports or _knows_the_key() or access.someone()):
        sentence = "Reports need the report key. Whoever runs this installation has it."
        raise Unauthorized(sentence, www_authenticate=REALM)
    return jsonify(reports.as_json(asked(name)))


def _knows_the_key() -> bool:
    given = request.authorization
    if given is None or given.type not in ("basic", "bearer"):
        return False
    offered = given.token if given.type == "bearer" else given.password
    return hmac.compare_digest((offered or "").encode(), site().settings.key("reports").encode())
