"""What stands in place of a page that cannot be shown, and in place of an answer of the API."""

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from qrbridge.errors import InvalidInput, NotSetUp, QrbridgeError, StoreUnavailable
from qrbridge.web.site import is_staff_path

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
USUAL_HEADING = "This cannot be shown just now"


def protect(app: Flask) -> None:
    """Answer for every refusal of ours, and for those of Flask."""
    app.register_error_handler(QrbridgeError, _refusal)
    app.register_error_handler(HTTPException, _http_problem)


def _refusal(error: QrbridgeError) -> Response:
    if not _wants_json():
        sentences = str(error).split("\n")
        return _problem_page(error.status, sentences, plain=isinstance(error, NotSetUp | StoreUnavailable))
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
    g.is_plain = plain
    page = "staff/problem.html" if is_staff_path(request.path) and not plain else "resident/problem.html"
    return make_response(render_template(page, heading=heading, sentences=sentences), status)


def _wants_json() -> bool:
    return request.path.startswith("/api/")
