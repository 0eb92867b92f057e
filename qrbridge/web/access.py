"""Who may do what: one table for every staff page, and who is asking."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, request
from markupsafe import Markup

from qrbridge.accounts import sessions
from qrbridge.accounts.people import Person
from qrbridge.accounts.sessions import LONGEST, WHOLE, Session
from qrbridge.accounts.sign_in import network_of
from qrbridge.audit import By
from qrbridge.errors import NotAllowed
from qrbridge.web import room
from qrbridge.web.site import is_staff_path, site

HOME = "/staff"
ANYONE = "anyone"

# What each staff page asks of who opens it. A page that is not here is refused to everybody.
ALLOWED: Mapping[str, str] = {
    "home.page": "viewer",
    "signing_in.page": ANYONE,
    "signing_in.enter": ANYONE,
    "signing_in.second": ANYONE,
    "signing_in.council_account": ANYONE,
    "signing_in.council_back": ANYONE,
    "signing_in.start": ANYONE,
    "signing_in.forgotten": ANYONE,
    "signing_in.leave": ANYONE,
    "account.page": "viewer",
    "account.password": "viewer",
    "account.second_factor_on": "viewer",
    "account.second_factor_off": "viewer",
    "account.leave_everywhere": "viewer",
    "reports.page": "viewer",
    "reports.as_csv": "viewer",
    "notices.list_": "viewer",
    "notices.show": "viewer",
    "notices.submit": "editor",
    "notices.approve": "editor",
    "notices.reject": "editor",
    "drafts.list_": "viewer",
    "drafts.begin": "editor",
    "drafts.step": "editor",
    "drafts.keep": "editor",
    "drafts.check": "editor",
    "drafts.submit": "editor",
    "drafts.print_": "editor",
    "drafts.drop": "editor",
    "drafts.preview": "editor",
    "print_runs.list_": "viewer",
    "print_runs.show": "viewer",
    "print_runs.reprint": "editor",
    "jobs.show": "editor",
    "jobs.progress": "editor",
    "jobs.file": "editor",
    "jobs.test": "editor",
    "links.list_": "viewer",
    "links.mark": "editor",
    "many_links.choose": "editor",
    "many_links.page": "editor",
    "many_links.do": "editor",
    "links.show": "viewer",
    "links.mark_one": "editor",
    "links.withdraw": "editor",
    "links.choose": "editor",
    "links.move": "editor",
    "staff_scan.page": ANYONE,
    "staff_scan.go_on": ANYONE,
    "staff_scan.check": "editor",
    "staff_scan.test": "editor",
    "repointing.page": "editor",
    "repointing.change": "editor",
    "repointing.undo": "editor",
    "handing_over.page": "admin",
    "handing_over.hand_over": "admin",
    "locations.list_": "viewer",
    "locations.map_": "viewer",
    "locations.show": "viewer",
    "locations.new": "editor",
    "locations.add": "editor",
    "locations.edit": "editor",
    "locations.change": "editor",
    "services.list_": "viewer",
    "services.show": "viewer",
    "services.new": "editor",
    "services.add": "editor",
    "services.edit": "editor",
    "services.change": "editor",
    "uploads.new": "editor",
    "uploads.receive": "editor",
    "uploads.template": "editor",
    "uploads.show": "editor",
    "uploads.answer": "editor",
    "uploads.choose": "editor",
    "uploads.confirm": "editor",
    "uploads.discard": "editor",
    "uploads.refused": "editor",
    "council.show": "admin",
    "council.change": "admin",
    "council.keep_logo": "admin",
    "council.drop_logo": "admin",
    "audit.list_": "admin",
    "audit.as_csv": "admin",
    "people.list_": "admin",
    "people.add": "admin",
    "people.show": "admin",
    "people.change": "admin",
    "people.make_link": "admin",
    "people.second_factor_off": "admin",
    "people.leave_everywhere": "admin",
}

# Shown to anyone where the installation shows its figures openly, as the demo does.
OPEN = frozenset({"reports.page", "reports.as_csv"})

COOKIE = "qrbridge_session"
# Says nothing but that this browser is a member of staff's, so that what they scan is shown to them and not counted.
MARKER = "qrbridge_staff"
CSRF_FIELD = "csrf"
NO_COOKIE = "Your browser did not send our cookie back. Allow cookies for this address, and open it by https."
NOT_OURS = "This form was not sent from a page of ours that is still open. Go back, load the page again, and send it."
SAME_ORIGIN = "same-origin"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

# Browsers take a Secure cookie over plain http from none but these; elsewhere staff pages need https.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def protect(app: Flask) -> None:
    """Ask of every request for a staff page who it is from, and refuse what the table does not allow."""
    app.before_request(_guard)
    app.after_request(_set_new_token)


def person() -> Person:
    """The member of staff who is signed in; asked only by pages that need one."""
    found = someone()
    assert found is not None
    return found


def someone() -> Person | None:
    """Who is signed in, if anyone."""
    session = session_now()
    return Person(session.email, session.name, session.role) if session and session.stage == WHOLE else None


def by() -> By:
    """The person signed in, as the one a change is made by."""
    return By(person().email)


def session_now() -> Session | None:
    """The session this request belongs to, also one whose second factor is still to come."""
    if "session" not in g:
        sent = request.cookies.get(COOKIE, "")
        g.session = sessions.find(site().store, sent) if sent else None
    found: Session | None = g.session
    return found


def token() -> str:
    """The token this browser is known by, made where it has none yet."""
    if "token" not in g:
        g.token = request.cookies.get(COOKIE, "")
        if not g.token:
            g.token = g.new_token = sessions.new_token()
    found: str = g.token
    return found


def network() -> str:
    """The network address this request comes from; empty where a proxy that we know nothing of may stand before it."""
    address = request.remote_addr or ""
    return "" if address in ("127.0.0.1", "::1") and not site().settings.proxies else network_of(address)


def csrf_field() -> Markup:
    """The hidden field every form that changes something carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, csrf_of(token()))


def allows(endpoint: str, role: str | None) -> bool:
    """Whether someone of this role (None: not signed in) may open a page."""
    needed = ALLOWED.get(endpoint)
    if needed == ANYONE or (endpoint in OPEN and site().settings.open_reports):
        return True
    return needed is not None and role is not None and Person("", "", role).may(needed)


def lead_to(address: str) -> Response:
    """Lead on to another page, which is then asked for with GET."""
    return make_response(redirect(address, 303))


def sign_in_response(new: str, whole: bool, to: str) -> Response:
    """Lead on with a new token in place of any from before."""
    g.token, g.new_token = new, new
    answer = lead_to(to)
    if whole:
        _set(answer, MARKER, "1")
    return answer


def sign_out_response(to: str) -> Response:
    """Lead on with no cookie of ours left."""
    g.pop("new_token", None)
    answer = lead_to(to)
    for name in (COOKIE, MARKER):
        answer.delete_cookie(name, secure=_secure(), httponly=True, samesite="Lax")
    return answer


def _guard() -> Response | None:
    if not is_staff_path(request.path):
        return None
    endpoint = request.endpoint or ""
    if request.method not in SAFE_METHODS:
        make_room(endpoint)
        _refuse_foreign_form()
    if not endpoint or endpoint.startswith("/") or allows(endpoint, None):
        return None
    found = someone()
    if found is None:
        return _to_sign_in()
    if not allows(endpoint, found.role):
        needed = ALLOWED.get(endpoint, "nobody")
        raise NotAllowed(f"This page is for the role {needed}; yours is {found.role}. Ask an admin for it.")
    return None


def make_room(endpoint: str) -> None:
    """Let a form with a file be as large as it may be, of somebody who may send it."""
    found = someone() if endpoint in room.LARGEST else None
    if found is not None and allows(endpoint, found.role):
        room.make(endpoint)


def _to_sign_in() -> Response:
    """Lead to the sign-in page, and from there back: to the page asked for, or the one of the form that was sent."""
    is_form = request.method not in SAFE_METHODS
    wanted = request.path if is_form else request.full_path.rstrip("?")
    found, _ = current_app.url_map.bind("").match(request.path)
    said = {**({"next": wanted} if found in ALLOWED else {}), **({"lost": "1"} if is_form else {})}
    return lead_to("/staff/sign-in" + (f"?{urlencode(said)}" if said else ""))


def _refuse_foreign_form() -> None:
    """Only a form of our own page, sent by the browser it was shown to, may change anything."""
    if not request.cookies.get(COOKIE):
        raise NotAllowed(NO_COOKIE)
    if not is_of_session(sessions.hashed(token())):
        raise NotAllowed(NOT_OURS)


def local(wanted: str) -> str:
    """Where to lead on to: a staff page of ours, or home; never another host, however it is written."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    is_ours = is_staff_path(parts.path) and not (parts.scheme or parts.netloc)
    plain = wanted.isprintable() and "\\" not in wanted and "//" not in parts.path
    return wanted if is_ours and plain else HOME


def is_of_session(token_hash: str) -> bool:
    """Whether a form was shown to the browser of the token with this hash, and sent from a page of ours."""
    sent, ours = request.form.get(CSRF_FIELD, ""), _csrf_of(token_hash)
    is_ours = hmac.compare_digest(sent.encode(), ours.encode())
    return is_ours and request.headers.get("Sec-Fetch-Site", SAME_ORIGIN) == SAME_ORIGIN


def csrf_of(of_token: str) -> str:
    """What forms shown to the browser of a token carry; nobody who does not know the token can tell it."""
    return _csrf_of(sessions.hashed(of_token))


def _csrf_of(token_hash: str) -> str:
    return hashlib.sha256(f"qrbridge form {token_hash}".encode()).hexdigest()


def _set_new_token(answer: Response) -> Response:
    if "new_token" in g:
        _set(answer, COOKIE, g.new_token)
    return answer


def _set(answer: Response, name: str, value: str) -> None:
    seconds = int(LONGEST.total_seconds())
    answer.set_cookie(name, value, max_age=seconds, secure=_secure(), httponly=True, samesite="Lax", path="/")


def _secure() -> bool:
    return request.is_secure or request.host.rpartition(":")[0] not in LOOPBACK and request.host not in LOOPBACK
