"""Signing in with an e-mail address and a password, and what slows down whoever guesses."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from qrbridge import times
from qrbridge.accounts import passwords, people
from qrbridge.errors import InvalidInput, Problem, TooManyTries
from qrbridge.installation import take_turn
from qrbridge.settings import Settings
from qrbridge.store import Row, Store

WINDOW = timedelta(minutes=15)
KEPT = timedelta(hours=1)
# A person mistypes a few times; an office of many people behind one network address some more.
MOST_OF_ACCOUNT = 10
MOST_OF_NETWORK = 50

# The same words whatever was wrong, so that nobody learns who is among our people.
WRONG = "The e-mail address or the password is not right, or this person may not sign in"


@dataclass(frozen=True)
class Attempt:
    """Somebody trying to sign in: what they say they are, and the network address they come from; empty if unknown."""

    email: str
    network: str


def with_password(store: Store, settings: Settings, attempt: Attempt, password: str) -> Row:
    """The person whose e-mail address and password these are; `InvalidInput` or `TooManyTries`."""
    with counted(store, settings, attempt):
        row = people.row_of(store, attempt.email)
        kept = row["password"] if row and row["active"] else ""
        if not passwords.matches(password, kept) or row is None:
            raise InvalidInput([Problem("password", WRONG)])
    return row


def network_of(address: str) -> str:
    """The network an address belongs to: a household or office has one IPv4 address, or 64 bits of IPv6 ones."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return address
    if number.version == 4 or number.ipv4_mapped:
        return str(number.ipv4_mapped if number.version == 6 else number)
    return str(ipaddress.ip_network((int(number), 64), strict=False))


def report_attempt(code: str) -> Attempt:
    """Somebody who says from a hanging sheet that a link is up; counted by link, since nobody is known by it."""
    return Attempt(f"hang check {code}", "")


def code_attempt(attempt: Attempt) -> Attempt:
    """The same person's second factor, counted by itself: entering the password anew forgives no guess at the code."""
    return Attempt(f"code {attempt.email}", attempt.network)


@contextmanager
def counted(store: Store, settings: Settings, attempt: Attempt) -> Iterator[None]:
    """Try something that must not be guessed: counted before it is tried, taken back where nothing was refused."""
    of_account, *of_network = count(store, settings, attempt)
    yield
    with store.atomic():
        store.run("sign_in.forget", hash=of_account["hash"])
        store.run_many("sign_in.take_back", ({"id": row["id"]} for row in of_network))


def count_visit(store: Store, settings: Settings, network: str) -> None:
    """Count one visit to the council's own sign-in, before which nothing is known but where somebody comes from."""
    if network:
        _count(store, settings, [("visit", network, MOST_OF_NETWORK)])


def forgive_visits(store: Store, settings: Settings, network: str) -> None:
    """Count no visit any more from where somebody came back signed in: a whole office begins at nine."""
    store.run("sign_in.forget", hash=_keyed(settings, "visit", network))


def count(store: Store, settings: Settings, attempt: Attempt) -> list[Row]:
    """Count one try before it is made, so that a thousand made at once are no more than the limit allows."""
    limits = [("account", attempt.email, MOST_OF_ACCOUNT)]
    if attempt.network:
        limits.append(("network", attempt.network, MOST_OF_NETWORK))
    return _count(store, settings, limits)


def _count(store: Store, settings: Settings, limits: list[tuple[str, str, int]]) -> list[Row]:
    now = times.now()
    with store.atomic():
        # Whoever counts before adding takes turns.
        take_turn(store, "sign-in")
        rows = [_one_try(store, _keyed(settings, kind, text), most, now) for kind, text, most in limits]
        store.run_many("sign_in.failed", rows)
    return rows


def forget_old(store: Store) -> None:
    """Remove failures that no longer count."""
    store.run("sign_in.forget_old", before=times.stamp(times.now() - KEPT))


def _one_try(store: Store, hash: str, most: int, now: datetime) -> Row:
    made = store.rows("sign_in.failures", hash=hash, after=times.stamp(now - WINDOW))[0]["failures"]
    if made >= most:
        minutes = WINDOW.seconds // 60
        raise TooManyTries(f"That was tried too often. Wait {minutes} minutes, or ask an admin of these notices.")
    return {"id": f"{times.stamp(now)}-{secrets.token_hex(8)}", "hash": hash, "at": times.stamp(now)}


def _keyed(settings: Settings, kind: str, text: str) -> str:
    """A hash that says nothing without this machine's key."""
    return hmac.new(settings.key("sign-in").encode(), f"{kind} {text}".encode(), hashlib.sha256).hexdigest()
