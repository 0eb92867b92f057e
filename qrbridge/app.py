"""The Flask application: everything but the redirect itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as WerkzeugNotFound

from qrbridge.errors import InvalidInput, QrbridgeError
from qrbridge.routes import RouteMap
from qrbridge.settings import TEMPLATES, Settings
from qrbridge.store import Store
from qrbridge.web import health, reports, residents, security
from qrbridge.web.bridge import Bridge

# No page takes an upload yet; this is room for any form there is.
MAX_BODY_BYTES = 64 * 1024

HEADINGS = {
    401: "Reports need a key",
    404: "There is no such page",
    405: "This page cannot be used that way",
    422: "Something entered cannot be used",
}
# What lies here and is no page of ours is a missing page, not a code that nobody knows.
OURS = ("/api", "/api/<path:rest>", "/staff", "/staff/<path:rest>", "/favicon.ico")

USUAL_HEADING = "This cannot be shown just now"


def create_app(settings: Settings, store: Store, routes: RouteMap, counting: Callable[[], Mapping[str, Any]]) -> Flask:
    """The pages of one installation; `counting` tells how its journal and route map are, for `/health`."""
    app = Flask("qrbridge", template_folder=str(TEMPLATES), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["qrbridge"] = Bridge(settings, store, routes, counting)
    security.protect(app)
    for noun in (health, reports, residents):
        app.register_blueprint(noun.pages)
    for ours in OURS:
        app.add_url_rule(ours, endpoint=ours, view_func=_nowhere)
    app.register_error_handler(QrbridgeError, _refusal)
    app.register_error_handler(HTTPException, _http_problem)
    return app


def _nowhere(rest: str = "") -> Response:
    """What lies under our own addresses and is no page must not be taken for a code."""
    raise WerkzeugNotFound


def _refusal(error: QrbridgeError) -> Response:
    sentences = str(error).split("\n")
    if not _wants_json():
        return _problem_page(error.status, sentences)
    problems = [vars(problem) for problem in error.problems] if isinstance(error, InvalidInput) else []
    answer = jsonify(error=error.name, message=str(error), problems=problems)
    answer.status_code = error.status
    return answer


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    if _wants_json():
        answer = jsonify(error=(error.name or "error").lower().replace(" ", "-"), message=error.description)
        answer.status_code = status
    else:
        answer = _problem_page(status, [error.description or ""])
    # What the failure must say in its headers: which methods are allowed, how to sign in.
    answer.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return answer


def _problem_page(status: int, sentences: list[str]) -> Response:
    heading = HEADINGS.get(status, USUAL_HEADING)
    return make_response(render_template("resident/problem.html", heading=heading, sentences=sentences), status)


def _wants_json() -> bool:
    return request.path.startswith("/api/")
