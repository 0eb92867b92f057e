"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from qrbridge import people, sessions, sign_in, times
from qrbridge.errors import InvalidInput, TooManyTries
from qrbridge.sign_in import Attempt
from qrbridge.web import access, forms
from qrbridge.web.bridge import bridge

pages = Blueprint("signing_in", __name__)

HOME = "/staff"


@pages.get("/staff/sign-in")
def page() -> Response:
    """The sign-in page; a person who is signed in already is led on."""
    if access.someone():
        return access.lead_to(local(request.args.get("next", "")))
    return forms.show("staff/sign_in/page.html", next=request.args.get("next", ""), out="out" in request.args)


@pages.post("/staff/sign-in")
def enter() -> Response:
    """Sign in with an e-mail address and a password."""
    form = request.form
    attempt = Attempt(form.get("email", "").strip().lower()[: people.LONGEST_EMAIL], request.remote_addr or "")
    try:
        row = sign_in.with_password(bridge().store, bridge().settings, attempt, form.get("password", ""))
    except (InvalidInput, TooManyTries) as error:
        return forms.show("staff/sign_in/page.html", form, error, next=form.get("next", ""), out=False)
    return _begin(row["email"], local(form.get("next", "")))


@pages.post("/staff/sign-out")
def leave() -> Response:
    """End this session."""
    sessions.end(bridge().store, access.token())
    return access.sign_out_response("/staff/sign-in?out=1")


def local(wanted: str) -> str:
    """Where to lead on to: a staff page of ours, or home; never another host, however it is written."""
    parts = urlsplit(wanted)
    is_ours = access.is_staff_path(parts.path) and not (parts.scheme or parts.netloc)
    plain = wanted.isprintable() and "\\" not in wanted and "//" not in parts.path
    return wanted if is_ours and plain else HOME


def _begin(email: str, to: str) -> Response:
    store = bridge().store
    sessions.end(store, access.token())
    store.run("people.signed_in", email=email, at=times.stamp(times.now()))
    return access.sign_in_response(sessions.begin(store, email), True, to)
