"""A form that was sent after its session had ended: kept for whoever sent it, and shown to them again, filled in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlencode

from flask import Flask, Response, current_app, g, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from qrbridge.accounts import late_forms, sessions
from qrbridge.web import access, room
from qrbridge.web.site import site

# In the address of a page that is to show what was sent of it too late.
FIELD = "late"

# The pages of forms whose own address, or the one it lies under, is no page.
PAGES = {
    "drafts.submit": "drafts.check",
    "drafts.print_": "drafts.check",
    "links.mark": "links.list_",
    "many_links.choose": "links.list_",
    "staff_scan.check": "staff_scan.page",
    "uploads.answer": "uploads.show",
    "uploads.choose": "uploads.show",
    "uploads.confirm": "uploads.show",
}
# Forms that say which part of a list was shown, and what says so.
LISTED = ("links.mark", "many_links.choose", "drafts.keep", "uploads.choose")
LIST_FIELDS = ("q", "notice", "ward", "kind", "state", "outcome", "sort", "page")
# Passwords and second factors are not kept, whatever their fields are called.
NEVER = "account."


def protect(app: Flask) -> None:
    """Catch forms that come too late; to be asked before `access` refuses them."""
    app.before_request(_catch)
    app.after_request(_let_go)


def form() -> MultiDict[str, str]:
    """What the person signed in sent of this page too late, where they were led back to see it; else empty."""
    if "late_form" not in g:
        person = access.someone() if request.method == "GET" and FIELD in request.args else None
        found = late_forms.find(site().store, person.email, request.path) if person else []
        g.late_form = MultiDict(found)
    sent: MultiDict[str, str] = g.late_form
    return sent


def address_of(page: str, beside: Mapping[str, str] = MappingProxyType({})) -> str:
    """The address that shows a page with what was sent of it too late."""
    return f"{quote(page, safe='/@')}?{urlencode({**beside, FIELD: '1'})}"


def is_awaited(wanted: str) -> bool:
    """Whether the page that somebody wants once they are signed in is to show what they sent too late."""
    return f"{FIELD}=1" in wanted.partition("?")[2].split("&")


def was_ticked(field: str, value: str) -> bool:
    """Whether a box was ticked in what was sent, too late or now."""
    return value in (form() or request.form).getlist(field)


def _catch() -> Response | None:
    email = _sender() if _can_be_kept() else ""
    page = _page() if email else ""
    if not page or not late_forms.keep(site().store, email, page, request.form.items(multi=True)):
        return None
    g.is_late = True
    for _, file in request.files.items(multi=True):
        file.close()
    to = address_of(page, _beside())
    return access.lead_to(to if access.someone() else f"/staff/sign-in?{urlencode({'next': to})}")


def _can_be_kept() -> bool:
    """Whether this is a form of a page that people sign in for, and may be kept."""
    endpoint = request.endpoint or ""
    needed = access.ALLOWED.get(endpoint, access.ANYONE)
    return request.method == "POST" and needed != access.ANYONE and not endpoint.startswith(NEVER)


def _sender() -> str:
    """Who was signed in when the form was shown, in a session that is over since; empty where that is not known."""
    person, sent = access.someone(), request.cookies.get(access.COOKIE, "")
    if not sent:
        return ""
    return _of_earlier_session(person.email, sent) if person else _of_ended_session(sent)


def _of_ended_session(token: str) -> str:
    """Whose the session was whose token this browser still sends, if the form was shown in it."""
    email = sessions.former(site().store, token)
    if email and request.endpoint in room.LARGEST:
        request.max_content_length, _ = room.LARGEST[request.endpoint]
    return email if email and access.is_of_session(sessions.hashed(token)) else ""


def _of_earlier_session(email: str, token: str) -> str:
    """Who is signed in, if the form was shown in a session of theirs before this one, in another window."""
    access.make_room(request.endpoint or "")
    if access.is_of_session(sessions.hashed(token)):
        return ""
    return email if any(map(access.is_of_session, sessions.hashes(site().store, email))) else ""


def _page() -> str:
    """The path of the page that holds the form which was sent; empty where there is none."""
    endpoint = PAGES.get(request.endpoint or "")
    if endpoint:
        return unquote(url_for(endpoint, **_arguments(endpoint)))
    path = request.path
    while path.count("/") > 1:
        if _is_page(path):
            return path
        path = path.rpartition("/")[0]
    return ""


def _beside() -> dict[str, str]:
    """What else was in the address that the form was shown at."""
    part = LIST_FIELDS if request.endpoint in LISTED else ()
    return {**request.args.to_dict(), **{name: request.form[name] for name in part if request.form.get(name)}}


def _arguments(endpoint: str) -> dict[str, Any]:
    rule = next(current_app.url_map.iter_rules(endpoint))
    return {name: value for name, value in (request.view_args or {}).items() if name in rule.arguments}


def _is_page(path: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    return endpoint in access.ALLOWED


def _let_go(answer: Response) -> Response:
    """What was sent again and taken is kept no longer."""
    person = access.someone() if _can_be_kept() and answer.status_code < 400 and "is_late" not in g else None
    if person:
        late_forms.drop(site().store, person.email, _page())
    return answer
