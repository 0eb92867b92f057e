"""Change where a service's sheets lead, seeing first which that touches, and take it back."""

from flask import Blueprint, Response, request

from qrbridge import languages
from qrbridge.council import council, repointing, services
from qrbridge.errors import QrbridgeError
from qrbridge.web import access, forms
from qrbridge.web.site import site

pages = Blueprint("repointing", __name__)


@pages.get("/staff/services/<key>/pages")
def page(key: str) -> Response:
    """Where a service leads now, and the sheets that a change touches."""
    return _page(key)


@pages.post("/staff/services/<key>/pages")
def change(key: str) -> Response:
    """Lead a service's sheets to other pages."""
    store = site().store
    tags = _tags(key)
    given = {tag: request.form.get(f"pages-{tag}", "").strip() for tag in tags}
    try:
        repointing.repoint(store, key, {tag: address for tag, address in given.items() if address}, access.by())
    except QrbridgeError as error:
        return _page(key, error)
    return forms.done(
        "Changed. Its codes follow within seconds; you can take it back here.", "repointing.page", key=key
    )


@pages.post("/staff/services/<key>/pages/undo")
def undo(key: str) -> Response:
    """Put the former pages back."""
    try:
        repointing.undo(site().store, key, access.by())
    except QrbridgeError as error:
        return _page(key, error)
    return forms.done("The former pages are back.", "repointing.page", key=key)


def _tags(key: str) -> list[str]:
    store = site().store
    return list(dict.fromkeys([*council.show(store).languages, *services.show(store, key).pages]))


def _page(key: str, error: QrbridgeError | None = None) -> Response:
    store = site().store
    tags = _tags(key)
    return forms.show(
        "staff/repointing/page.html",
        request.form,
        error,
        service=services.show(store, key),
        tags=tags,
        sheets=repointing.sheets(store, key),
        former=repointing.former(store, key),
        language=languages,
        labels={"pages": "The pages", **{f"pages ({tag})": f"The page in {languages.name(tag)}" for tag in tags}},
    )
