"""The optional second factor: six figures from an authenticator, and codes on paper for when it is lost."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp

from qrbridge import audit, codes, times
from qrbridge.accounts import people, sessions
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict, InvalidInput, Problem
from qrbridge.installation import take_turn
from qrbridge.store import Store

# A clock may be half a minute off either way.
STEP_SECONDS = 30
DRIFT = (-1, 0, 1)
SECRET = re.compile("[A-Z2-7]{32}")
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10

WRONG = "That code is not right. Enter the six figures your authenticator shows now, or one of your recovery codes"


def new_secret() -> str:
    """A secret for an authenticator."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether a text is a secret as we make them."""
    return bool(SECRET.fullmatch(text))


def address(secret: str, email: str, council: str) -> str:
    """What an authenticator is shown as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=council)


def turn_on(store: Store, email: str, secret: str, code: str, by: By) -> list[str]:
    """Ask for a second factor from now on, if a code shows that the authenticator has it; its recovery codes."""
    step = _step(secret, code, times.now()) if is_secret(secret) else None
    if step is None:
        raise InvalidInput(
            [Problem("code", "That code is not right. Enter the six figures your authenticator shows now")]
        )
    made = ["".join(secrets.choice(codes.ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    with store.atomic():
        take_turn(store, "people")
        if is_on(store, email):
            raise Conflict("A second factor is on already. Turn it off first.")
        # The code that turned it on is used up with it.
        store.run("people.set_second_factor", email=email, totp_secret=secret, step=step)
        store.run("people.drop_recovery_codes", email=email)
        store.run_many("people.add_recovery_code", ({"email": email, "hash": _hashed(code)} for code in made))
        audit.write(store, by, Change("person", email, "turn on second factor", {}, {}))
    return [f"{code[:5]}-{code[5:]}" for code in made]


def turn_off(store: Store, email: str, by: By) -> None:
    """Ask for no second factor any more."""
    with store.atomic():
        if not is_on(store, email):
            return
        store.run("people.set_second_factor", email=email, totp_secret="", step=0)
        store.run("people.drop_recovery_codes", email=email)
        audit.write(store, by, Change("person", email, "turn off second factor", {}, {}))


def is_on(store: Store, email: str) -> bool:
    """Whether a person is asked for a second factor."""
    row = people.row_of(store, email)
    return bool(row and row["totp_secret"])


def codes_left(store: Store, email: str) -> int:
    """How many recovery codes a person has not used."""
    left: int = store.rows("people.count_recovery_codes", email=email)[0]["codes"]
    return left


def use(store: Store, email: str, code: str) -> None:
    """Take a code, so that it is never taken again; `InvalidInput` for one that is wrong or was used."""
    row = people.row_of(store, email)
    step = _step(row["totp_secret"], code, times.now()) if row and row["totp_secret"] else None
    if step is not None and store.run("people.use_step", email=email, step=step):
        return
    if not store.run("people.use_recovery_code", email=email, hash=_hashed(code)):
        raise InvalidInput([Problem("code", WRONG)])


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, None where it is none of those about now."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    figures = "".join(code.split())
    present = totp.timecode(now)
    for step in (present + off for off in DRIFT):
        if hmac.compare_digest(totp.generate_otp(step).encode(), figures.encode()):
            return step
    return None


def _hashed(code: str) -> str:
    """Fifty random bits need no slow hash."""
    plain = "".join(character for character in code.upper() if character in codes.ALPHABET)
    return sessions.hashed(plain)
