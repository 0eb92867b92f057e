"""Signing in and out: by password and second factor, by the council's own account, and by a link used once."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from qrbridge import times
from qrbridge.accounts import password_links, people, second_factor, sessions, sign_in, single_sign_on
from qrbridge.accounts.sign_in import Attempt
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.errors import InvalidInput, NotFound, QrbridgeError, TooManyTries
from qrbridge.reading import Reading
from qrbridge.web import access, forms, late
from qrbridge.web.site import site
from qrbridge.work import outbox

pages = Blueprint("signing_in", __name__)


@pages.get("/staff/sign-in")
def page() -> Response:
    """The sign-in page; a person who is signed in already is led on."""
    if access.someone():
        return access.lead_to(access.local(request.args.get("next", "")))
    return _page(request.args.get("next", ""))


@pages.post("/staff/sign-in")
def enter() -> Response:
    """Sign in with an e-mail address and a password."""
    form = request.form
    attempt = _attempt(form.get("email", ""))
    try:
        row = sign_in.with_password(site().store, site().settings, attempt, form.get("password", ""))
    except (InvalidInput, TooManyTries) as error:
        return _page(form.get("next", ""), error)
    return _begin(row["email"], bool(row["totp_secret"]), access.local(form.get("next", "")))


@pages.route("/staff/sign-in/code", methods=["GET", "POST"])
def second() -> Response:
    """Ask for the second factor of somebody whose password was right."""
    session = access.session_now()
    wanted = request.values.get("next", "")
    if session is None or session.stage != sessions.SECOND:
        return access.lead_to("/staff/sign-in")
    if request.method != "POST":
        return forms.show("staff/sign_in/second.html", next=wanted, awaited=late.is_awaited(wanted))
    try:
        with sign_in.counted(site().store, site().settings, sign_in.code_attempt(_attempt(session.email))):
            second_factor.use(site().store, session.email, request.form.get("code", ""))
    except (InvalidInput, TooManyTries) as error:
        return forms.show("staff/sign_in/second.html", error=error, next=wanted, awaited=late.is_awaited(wanted))
    return _begin(session.email, False, access.local(wanted))


@pages.get("/staff/sign-in/council")
def council_account() -> Response:
    """Lead on to the council's identity provider, which we ask something of each time."""
    store, settings = site().store, site().settings
    wanted = access.local(request.args.get("next", ""))
    here = council.staff_address(settings, council.show(store))
    try:
        sign_in.count_visit(store, settings, access.network())
    except TooManyTries as error:
        return _page(wanted, error)
    return access.lead_to(single_sign_on.begin(store, settings, access.token(), wanted, here))


@pages.get("/staff/sign-in/council/back")
def council_back() -> Response:
    """Take what the identity provider says of somebody it sends back."""
    here = council.staff_address(site().settings, council.show(site().store))
    try:
        person, wanted = single_sign_on.finish(
            site().store, site().settings, access.token(), request.args.to_dict(), here
        )
    except QrbridgeError as error:
        return _page("", error)
    sign_in.forgive_visits(site().store, site().settings, access.network())
    return _begin(person.email, False, access.local(wanted))


@pages.route("/staff/start/<token>", methods=["GET", "POST"])
def start(token: str) -> Response:
    """Let whoever holds a link choose their password; only sending the form uses it up: mail is looked through."""
    opened = password_links.find(site().store, token)
    if request.method == "POST":
        form = request.form
        try:
            password_links.use(site().store, token, form.get("password", ""), form.get("again", ""))
        except InvalidInput as error:
            return forms.show("staff/sign_in/start.html", error=error, opened=opened)
        return _begin(opened.email, second_factor.is_on(site().store, opened.email), access.HOME)
    return forms.show("staff/sign_in/start.html", opened=opened)


@pages.route("/staff/forgotten", methods=["GET", "POST"])
def forgotten() -> Response:
    """E-mail somebody a link to choose a new password with; nobody learns whether they are among our people."""
    if not outbox.is_on(site().settings):
        raise NotFound("page", "forgotten", "Ask an admin for a new link.")
    if request.method != "POST":
        return forms.show("staff/sign_in/forgotten.html", sent="")
    try:
        email = _asked_for(request.form.get("email", ""))
    except (InvalidInput, TooManyTries) as error:
        return forms.show("staff/sign_in/forgotten.html", request.form, error, sent="")
    return forms.show("staff/sign_in/forgotten.html", sent=email)


@pages.post("/staff/sign-out")
def leave() -> Response:
    """End this session."""
    sessions.end(site().store, access.token())
    return access.sign_out_response("/staff/sign-in?out=1")


def _page(wanted: str, error: QrbridgeError | None = None) -> Response:
    settings = site().settings
    return forms.show(
        "staff/sign_in/page.html",
        request.form,
        error,
        next=wanted,
        out="out" in request.args,
        lost="lost" in request.args,
        awaited=late.is_awaited(wanted),
        provider=settings.oidc_name if single_sign_on.is_on(settings) else "",
        by_email=outbox.is_on(settings),
    )


def _attempt(email: str) -> Attempt:
    return Attempt(email.strip().lower()[: people.LONGEST_EMAIL], access.network())


def _asked_for(entered: str) -> str:
    """The address a link was asked for; asking counts as a try, so that nobody's post is filled with links."""
    store, settings = site().store, site().settings
    reading = Reading({"email": entered})
    email = people.read_email(reading, "email")
    reading.done()
    sign_in.count(store, settings, Attempt(f"forgotten {email}", access.network()))
    row = people.row_of(store, email)
    if row and row["active"]:
        password_links.send(store, settings, council.show(store), people.show(store, email), By(email))
    return email


def _begin(email: str, needs_code: bool, to: str) -> Response:
    """Begin a session under a new token, whole or with the second factor still to come."""
    store = site().store
    # One that is over by itself stays known: a form may be open in it elsewhere in this browser.
    if access.session_now():
        sessions.end(store, access.token())
    if needs_code:
        answer = access.sign_in_response(sessions.begin(store, email, sessions.SECOND), False, "/staff/sign-in/code")
        answer.location = f"{answer.location}?{urlencode({'next': to})}"
        return answer
    store.run("people.signed_in", email=email, at=times.stamp(times.now()))
    return access.sign_in_response(sessions.begin(store, email), True, to)
