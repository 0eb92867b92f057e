"""A person's own account: their password, their second factor and where they are signed in."""

from flask import Blueprint, Response, request

from qrbridge import qr
from qrbridge.accounts import passwords, people, second_factor, sessions, sign_in
from qrbridge.accounts.sign_in import Attempt
from qrbridge.council import council
from qrbridge.errors import InvalidInput, Problem, QrbridgeError
from qrbridge.web import access, forms
from qrbridge.web.site import site

pages = Blueprint("account", __name__)


@pages.get("/staff/account")
def page() -> Response:
    """What a person's account is like, and what they can do with it."""
    person = access.person()
    row = people.row_of(site().store, person.email) or {}
    return forms.show(
        "staff/account/page.html",
        has_password=bool(row.get("password")),
        has_second_factor=bool(row.get("totp_secret")),
        codes_left=second_factor.codes_left(site().store, person.email),
        sessions=sessions.list_for(site().store, person.email, access.token()),
    )


@pages.route("/staff/account/password", methods=["GET", "POST"])
def password() -> Response:
    """Let a person who knows their password choose another; they stay signed in here and nowhere else."""
    if request.method != "POST":
        return forms.show("staff/account/password.html")
    email = access.person().email
    try:
        _check_present_password(email)
        passwords.check(request.form.get("password", ""), request.form.get("again", ""), email)
    except QrbridgeError as error:
        return forms.show("staff/account/password.html", error=error)
    people.set_password(site().store, email, request.form.get("password", ""), access.by())
    return _signed_in_again("Your password is changed. You are signed out everywhere else.")


@pages.route("/staff/account/second-factor", methods=["GET", "POST"])
def second_factor_on() -> Response:
    """Show an authenticator its secret, and turn the second factor on once it answers."""
    email = access.person().email
    if request.method != "POST":
        return _authenticator(second_factor.new_secret())
    secret = request.form.get("secret", "")
    try:
        codes = second_factor.turn_on(site().store, email, secret, request.form.get("code", ""), access.by())
    except InvalidInput as error:
        return _authenticator(secret if second_factor.is_secret(secret) else second_factor.new_secret(), error)
    return forms.show("staff/account/recovery_codes.html", codes=codes)


@pages.route("/staff/account/second-factor/off", methods=["GET", "POST"])
def second_factor_off() -> Response:
    """Turn the second factor off, for somebody who shows once more that they are who is signed in."""
    if request.method != "POST":
        return forms.show("staff/account/second_factor_off.html")
    email = access.person().email
    try:
        with sign_in.counted(site().store, site().settings, sign_in.code_attempt(_attempt(email))):
            second_factor.use(site().store, email, request.form.get("code", ""))
    except QrbridgeError as error:
        return forms.show("staff/account/second_factor_off.html", error=error)
    second_factor.turn_off(site().store, email, access.by())
    return forms.done("Your second factor is off.", "account.page")


@pages.post("/staff/account/sign-out-everywhere")
def leave_everywhere() -> Response:
    """End every session of this person but this one."""
    ended = sessions.end_all(site().store, access.person().email, but=access.token())
    return forms.done(f"You are signed out everywhere else ({ended}).", "account.page")


def _check_present_password(email: str) -> None:
    try:
        sign_in.with_password(site().store, site().settings, _attempt(email), request.form.get("present", ""))
    except InvalidInput:
        raise InvalidInput([Problem("present", "That is not your present password")]) from None


def _attempt(email: str) -> Attempt:
    return Attempt(email, access.network())


def _authenticator(secret: str, error: InvalidInput | None = None) -> Response:
    name = council.show(site().store).name
    address = second_factor.address(secret, access.person().email, name)
    symbol = qr.of_text(address)
    return forms.show("staff/account/second_factor.html", error=error, secret=secret, symbol=symbol)


def _signed_in_again(sentence: str) -> Response:
    """Every session ended with the password; this browser begins a new one."""
    token = sessions.begin(site().store, access.person().email)
    sessions.tell(site().store, token, sentence)
    return access.sign_in_response(token, True, "/staff/account")
