"""The Flask application: everything but the redirect itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as WerkzeugNotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from qrbridge.errors import InvalidInput, NotSetUp, QrbridgeError
from qrbridge.routes import RouteMap
from qrbridge.settings import TEMPLATES, Settings
from qrbridge.store import Store
from qrbridge.web import (
    access,
    account,
    assets,
    audit,
    council,
    drafts,
    forms,
    handing_over,
    hang_checks,
    health,
    home,
    jobs,
    links,
    lists,
    locations,
    look,
    notices,
    people,
    print_runs,
    repointing,
    reports,
    residents,
    security,
    services,
    signing_in,
    staff_scan,
    uploads,
)
from qrbridge.web.bridge import Bridge

# The most the process beside is handed of any request: a file. All other forms are held to what any of them needs.
MAX_BODY_BYTES = max(most for most, _ in access.LARGEST.values())

HEADINGS = {
    401: "Reports need a key",
    403: "You cannot do this",
    404: "There is no such page",
    405: "This page cannot be used that way",
    409: "This does not fit what is there",
    413: "That is too large",
    422: "Something entered cannot be used",
    429: "Too many tries",
}
# Whose pages there are, a file of web/ each.
NOUNS = (
    account,
    assets,
    audit,
    council,
    drafts,
    handing_over,
    hang_checks,
    health,
    home,
    jobs,
    links,
    locations,
    notices,
    people,
    print_runs,
    repointing,
    reports,
    residents,
    services,
    signing_in,
    staff_scan,
    uploads,
)

# What lies here and is no page of ours is a missing page, not a code that nobody knows.
OURS = ("/api", "/api/<path:rest>", "/staff/<path:rest>", "/favicon.ico")

# The macros of the design system, under the name they call one another by.
GOVUK = "govuk_frontend_jinja"

USUAL_HEADING = "This cannot be shown just now"


def create_app(settings: Settings, store: Store, routes: RouteMap, counting: Callable[[], Mapping[str, Any]]) -> Flask:
    """The pages of one installation; `counting` tells how its journal and route map are, for `/health`."""
    app = Flask("qrbridge", template_folder=str(TEMPLATES), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = access.MAX_FORM_BYTES
    app.extensions["qrbridge"] = Bridge(settings, store, routes, counting)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader({GOVUK: PackageLoader(GOVUK)})])
    app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # type: ignore[method-assign]
    access.protect(app)
    security.protect(app)
    forms.protect(app)
    forms.add_words(app)
    look.add_words(app)
    lists.add_words(app)
    for noun in NOUNS:
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
        return _problem_page(error.status, sentences, plain=isinstance(error, NotSetUp))
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


def _problem_page(status: int, sentences: list[str], plain: bool = False) -> Response:
    """A page that says what is wrong, in the look of those it is for; a plain one where staff's cannot be made."""
    heading = HEADINGS.get(status, USUAL_HEADING)
    page = "staff/problem.html" if access.is_staff_path(request.path) and not plain else "resident/problem.html"
    return make_response(render_template(page, heading=heading, sentences=sentences), status)


def _wants_json() -> bool:
    return request.path.startswith("/api/")
