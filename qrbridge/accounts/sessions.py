"""Who is signed in: sessions known by a token that only the person's browser holds."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from qrbridge import times
from qrbridge.store import Row, Store

TOKEN_BYTES = 32

# Long enough for a morning at a desk with interruptions; a session left open at a shared one ends within the hour.
IDLE = timedelta(hours=1)
# A working day: nobody is signed in for longer, however busy.
LONGEST = timedelta(hours=12)
# Whose session it was is known for a weekend more: a form that was open in it is then not lost.
KNOWN = timedelta(days=3)
# A session is marked as seen no oftener than this, so that not every page is a write.
SEEN_EVERY = timedelta(minutes=1)

WHOLE, SECOND = "whole", "second"


@dataclass(frozen=True)
class Session:
    """A session: its person's details, and whether their second factor is still to come."""

    email: str
    name: str
    role: str
    stage: str
    told: str


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """What the store keeps of a token: whoever reads the store can be nobody with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(store: Store, email: str, stage: str = WHOLE) -> str:
    """Begin a session and return its token, always a new one: no token from before signing in lives on after it."""
    token = new_token()
    with store.atomic():
        store.run("sessions.begin", hash=hashed(token), email=email, stage=stage, now=times.stamp(times.now()))
    return token


def find(store: Store, token: str, now: datetime | None = None) -> Session | None:
    """The session of a token; None for one that ended, is too old, or is of someone who may not sign in any more."""
    moment = now or times.now()
    rows = store.rows("sessions.find", hash=hashed(token), **_limits(moment))
    if not rows:
        return None
    row = rows[0]
    if moment - times.moment(row["seen_at"]) >= SEEN_EVERY:
        store.run("sessions.seen", hash=hashed(token), now=times.stamp(moment))
    return Session(row["email"], row["name"], row["role"], row["stage"], row["told"])


def tell(store: Store, token: str, sentence: str) -> None:
    """Keep a sentence for the next page this session is shown; an empty one when it has been."""
    store.run("sessions.tell", hash=hashed(token), told=sentence)


def end(store: Store, token: str) -> None:
    """End one session."""
    store.run("sessions.end", hash=hashed(token))


def end_all(store: Store, email: str, but: str = "") -> int:
    """End every session of a person, but for the one of a token; how many of them were not over yet."""
    living = sum(not row["this_one"] for row in list_for(store, email, but))
    store.run("sessions.end_all", email=email, but=hashed(but) if but else "")
    return living


def end_old(store: Store) -> None:
    """Remove the sessions that have been over by themselves for days."""
    store.run("sessions.end_old", **_limits(times.now() - KNOWN))


def former(store: Store, token: str) -> str:
    """Whose session a token was of, also where it is over; empty where nobody signed in with it or may do so now."""
    rows = store.rows("sessions.former", hash=hashed(token))
    return rows[0]["email"] if rows else ""


def hashes(store: Store, email: str) -> list[str]:
    """The hashes of the tokens a person signed in with, of sessions that are over too."""
    return [row["hash"] for row in store.rows("sessions.hashes", email=email)]


def list_for(store: Store, email: str, token: str) -> list[Row]:
    """A person's sessions, the last used first; `this_one` marks the token's."""
    return store.rows("sessions.list_for", email=email, hash=hashed(token), **_limits(times.now()))


def _limits(now: datetime) -> dict[str, str]:
    return {"began_after": times.stamp(now - LONGEST), "seen_after": times.stamp(now - IDLE)}
