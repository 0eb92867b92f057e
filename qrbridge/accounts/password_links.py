"""Links that let a person choose their password once: for someone new, and for someone who forgot it."""

from dataclasses import dataclass
from datetime import timedelta

from qrbridge import audit, times
from qrbridge.accounts import passwords, people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By, Change
from qrbridge.council.council import Council, staff_address
from qrbridge.errors import Conflict, NotFound, Over
from qrbridge.installation import take_turn
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.work import outbox

INVITE, RESET = "invite", "reset"

# How long a link can be used: an invitation may wait for a week's leave.
LASTS = {INVITE: timedelta(days=7), RESET: timedelta(days=1)}

SUBJECTS = {
    INVITE: "Your sign-in for {council}’s notices",
    RESET: "Choose a new password for {council}’s notices",
}
BODIES = {
    INVITE: """Hello {name},

you may now sign in to {council}’s notices. Choose your password here:

{address}

The link can be used once, within {days}.
""",
    RESET: """Hello {name},

choose a new password for {council}’s notices here:

{address}

The link can be used once, within {days}. If you did not ask for it, do nothing: your password stays as it is.
""",
}


@dataclass(frozen=True)
class Opened:
    """What a link that can still be used is for: whose password, and why."""

    email: str
    name: str
    purpose: str


@dataclass(frozen=True)
class Link:
    """A link as it was made: the only moment its token is known, and what it is for."""

    token: str
    purpose: str

    @property
    def path(self) -> str:
        """Where it leads, on whichever host staff reach this installation at."""
        return f"/staff/start/{self.token}"

    @property
    def lasts(self) -> str:
        """How long it can be used, in words."""
        days = LASTS[self.purpose].days
        return "a day" if days == 1 else f"{days} days"


def make(store: Store, email: str, by: By) -> Link:
    """A new link for a person; those made before stop working. `Conflict` for somebody who may not sign in."""
    with store.atomic():
        row = people.row_of(store, email)
        if row is None:
            raise NotFound("person", email)
        if not row["active"]:
            raise Conflict(f"{row['name']} may not sign in, so a link would be of no use. Let them sign in first.")
        purpose = RESET if row["password"] else INVITE
        link = Link(sessions.new_token(), purpose)
        now = times.now()
        store.run("one_time.drop", email=row["email"], now=times.stamp(now))
        until = times.stamp(now + LASTS[purpose])
        store.run("one_time.make", hash=sessions.hashed(link.token), email=row["email"], purpose=purpose, until=until)
        audit.write(store, by, Change("person", row["email"], f"make {purpose} link", {}, {}))
    return link


def send(store: Store, settings: Settings, council: Council, person: Person, by: By) -> None:
    """E-mail a person a new link."""
    with store.atomic():
        link = make(store, person.email, by)
        words = {
            "name": person.name,
            "council": council.name,
            "address": staff_address(settings, council) + link.path,
            "days": link.lasts,
        }
        outbox.put(store, person.email, SUBJECTS[link.purpose].format(**words), BODIES[link.purpose].format(**words))


def find(store: Store, token: str) -> Opened:
    """What a link is for; `Over` for one that was used, replaced or is too old."""
    rows = store.rows("one_time.find", hash=sessions.hashed(token), now=times.stamp(times.now()))
    if not rows:
        raise Over("This link was used, replaced by a newer one, or is too old. Ask an admin for another.")
    return Opened(rows[0]["email"], rows[0]["name"], rows[0]["purpose"])


def use(store: Store, token: str, password: str, again: str) -> Opened:
    """Give the link's person the password they chose; the link is used up."""
    with store.atomic():
        # Whoever uses a link takes turns: of two at one moment the second finds it used.
        take_turn(store, "people")
        opened = find(store, token)
        passwords.check(password, again, opened.email)
        people.set_password(store, opened.email, password, By(opened.email))
        store.run("one_time.drop", email=opened.email, now=times.stamp(times.now()))
    return opened
