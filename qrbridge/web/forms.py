"""Forms of the staff pages: what was entered is kept, and every problem is said above and beside its field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request, url_for

from qrbridge import times
from qrbridge.accounts import sessions
from qrbridge.errors import InvalidInput, Problem, QrbridgeError
from qrbridge.web import access, late
from qrbridge.web.site import is_staff_path, site

NUL = "\0"


def show(
    template: str, entered: Mapping[str, Any] | None = None, error: QrbridgeError | None = None, **values: Any
) -> Response:
    """A page with a form: what was entered stays in its fields, and an error's problems stand above and beside them.

    `labels` among the values gives fields the names they have on the page, in the order they stand there; others go by
    their own, and come last.
    """
    g.entered = {**(entered or {}), **late.form().to_dict()}
    g.labels = values.get("labels", {})
    g.problems = _in_order(_problems(error), list(g.labels))
    return make_response(render_template(template, **values), error.status if error else 200)


def done(sentence: str, endpoint: str, **values: Any) -> Response:
    """Lead on to a page that says what was done."""
    sessions.tell(site().store, access.token(), sentence)
    return access.lead_to(url_for(endpoint, **values))


def protect(app: Flask) -> None:
    """Refuse what no form of ours could have been sent with, once `access` has taken it for a form of ours."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """No keyboard makes this character, and PostgreSQL keeps no text that holds it."""
    if not is_staff_path(request.path):
        return
    sent = [request.args] if request.method in access.SAFE_METHODS else [request.args, request.form]
    texts = (text for given in sent for values in given.listvalues() for text in values)
    if NUL in request.path or any(NUL in text for text in texts):
        raise InvalidInput([Problem("text", "holds a character that no keyboard makes; go back and type it again")])


def add_words(app: Flask) -> None:
    """Give templates the words forms are written with."""
    app.jinja_env.globals.update(
        csrf_field=access.csrf_field,
        error_for=error_for,
        value_of=value_of,
        field_id=field_id,
        form_errors=form_errors,
        told=told,
        is_late=lambda: bool(late.form()),
        was_ticked=late.was_ticked,
        sentence_of=sentence_of,
        moment=times.moment_in_words,
        day=times.in_words,
    )


def value_of(field: str, usual: Any = "") -> Any:
    """What was entered in a field, else its usual value."""
    return g.get("entered", {}).get(field, usual)


def error_for(field: str) -> dict[str, str] | None:
    """A field's error message as the design system's macros take it; None where nothing is wrong."""
    said = [sentence_of(problem) for problem in g.get("problems", ()) if field_id(problem.field) == field_id(field)]
    return {"text": ". ".join(said)} if said else None


def form_errors() -> list[dict[str, str]]:
    """Every problem as the error summary takes it, each leading to its field."""
    problems = [(sentence_of(problem), field_id(problem.field)) for problem in g.get("problems", ())]
    return [{"text": text, "href": f"#{field}"} if field else {"text": text} for text, field in problems]


def field_id(field: str) -> str:
    """The id of a field on its page: its name with hyphens, such as `pages-cy` for `pages (cy)`."""
    return re.sub(r"[^a-z0-9]+", "-", field.lower()).strip("-")


def told() -> str:
    """What was just done, once."""
    session = access.session_now()
    if session is None or not session.told:
        return ""
    sessions.tell(site().store, access.token(), "")
    return session.told


def _problems(error: QrbridgeError | None) -> Sequence[Problem]:
    if error is None:
        return ()
    return error.problems if isinstance(error, InvalidInput) else (Problem("", str(error)),)


def _in_order(problems: Sequence[Problem], fields: Sequence[str]) -> Sequence[Problem]:
    """Problems as their fields stand on the page, from the top."""
    places = {field: place for place, field in enumerate(fields)}
    return sorted(problems, key=lambda problem: places.get(problem.field, len(places)))


def sentence_of(problem: Problem) -> str:
    """A problem's sentence with its field's name before it, where it does not begin as a sentence by itself."""
    if not problem.sentence[:1].islower():
        return problem.sentence
    label = g.get("labels", {}).get(problem.field) or re.sub(r"[_\s]+", " ", problem.field)
    return f"{label[:1].upper()}{label[1:]} {problem.sentence}"
