"""The members of staff who may sign in: who they are, and what each may do."""

import contextlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qrbridge import audit, listing, times
from qrbridge.accounts import passwords, sessions
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict, NotFound
from qrbridge.installation import take_turn
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.reading import Reading
from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

# Each may do what those before it may.
ROLES = {
    "viewer": "Reads reports and lists. Changes nothing.",
    "editor": "Makes, prints and hangs notices; keeps services and locations.",
    "admin": "Everything, and who may sign in, the council's details and the record of changes.",
}
RANK = {role: rank for rank, role in enumerate(ROLES)}

# One @ with something of a name before it and a dotted host after it; whether mail arrives only sending can tell.
EMAIL = re.compile(r"[^@\s\"<>,;:\\()\[\]]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
LONGEST_EMAIL = 120
LONGEST_NAME = 80

LISTING = Listing({"name": "Name", "email": "E-mail address", "role": "Role", "signed_in_at": "Last signed in"})


@dataclass(frozen=True)
class Person:
    """A member of staff: the e-mail address they sign in with, their name and role, and whether they may sign in."""

    email: str
    name: str
    role: str
    active: bool = True

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Person":
        """A person as entered; `InvalidInput` with every problem."""
        reading = Reading(given)
        person = cls(read_email(reading, "email"), reading.text("name", longest=LONGEST_NAME), _role(reading))
        reading.done()
        return person

    def may(self, role: str) -> bool:
        """Whether this person may do what that role may."""
        return self.active and RANK[self.role] >= RANK[role]


def read_email(reading: Reading, field: str) -> str:
    """An e-mail address in small letters, as people are known by."""
    value = reading.text(field, longest=LONGEST_EMAIL).lower()
    if value and not EMAIL.fullmatch(value):
        reading.refuse(field, f"“{value}” is not an e-mail address; write it as jo.smith@trafford.gov.uk")
    return value


def add(store: Store, person: Person, by: By) -> None:
    """Keep a new person, who cannot sign in before they have a password or the council's own sign-in."""
    with store.atomic():
        take_turn(store, "people")
        if store.rows("people.show", email=person.email):
            raise Conflict(f"{person.email} is among the people already. Change them there.")
        store.run("people.add", **_columns(person), made_at=times.stamp(by.at))
        audit.write(store, by, Change("person", person.email, "add", {}, asdict(person)))


def change(store: Store, person: Person, by: By) -> None:
    """Put a person's name, role and whether they may sign in in place of the former; their sessions end with it.

    `Conflict` where no admin would be left.
    """
    with store.atomic():
        take_turn(store, "people")
        before = show(store, person.email)
        if before == person:
            return
        if before.may("admin") and not person.may("admin"):
            _refuse_last_admin(store, person.email)
        store.run("people.set", **_columns(person))
        if (before.role, before.active) != (person.role, person.active):
            sessions.end_all(store, person.email)
        audit.write(store, by, Change("person", person.email, "change", asdict(before), asdict(person)))


def set_password(store: Store, email: str, password: str, by: By) -> None:
    """Give a person a password, hashed; every session of theirs ends, since another may have begun it."""
    with store.atomic():
        store.run("people.set_password", email=email, password=passwords.hashed(password))
        sessions.end_all(store, email)
        audit.write(store, by, Change("person", email, "set password", {}, {}))


def shut_out(store: Store, email: str, by: By) -> None:
    """End every session of a person, and take their password and what they may do beyond looking.

    The only admin stays one by name, since somebody must be, and can get in by nothing but a new link.
    """
    with store.atomic():
        take_turn(store, "people")
        person = show(store, email)
        store.run("people.set_password", email=email, password="")
        sessions.end_all(store, email)
        audit.write(store, by, Change("person", email, "shut out", {}, {}))
        with contextlib.suppress(Conflict):
            change(store, Person(person.email, person.name, "viewer", person.active), by)


def show(store: Store, email: str) -> Person:
    """One person; `NotFound` where there is none of that e-mail address."""
    row = row_of(store, email)
    if row is None:
        raise NotFound("person", email)
    return Person(row["email"], row["name"], row["role"], bool(row["active"]))


def row_of(store: Store, email: str) -> Row | None:
    """All that is kept of one person, hash of their password and all; None where there is none."""
    rows = store.rows("people.show", email=email.lower())
    return rows[0] if rows else None


def list_all(store: Store) -> list[Row]:
    """Everyone, by name; those who may no longer sign in last."""
    return sorted(store.rows("people.list"), key=lambda row: (not row["active"], row["name"].casefold(), row["email"]))


def names(store: Store) -> dict[str, str]:
    """What colleagues call each person, by e-mail address; somebody whose name another has too is not in it."""
    rows = list_all(store)
    count = Counter(row["name"] for row in rows)
    return {row["email"]: row["name"] for row in rows if count[row["name"]] == 1}


def find(store: Store, wanted: Wanted) -> Found:
    """A page of people."""
    return listing.among(list_all(store), wanted, ("name", "email", "role"))


def merged(person: Person, changes: Mapping[str, Any]) -> Person:
    """A person with the changes read and put over what they are."""
    read = Person.read({**asdict(person), **changes, "email": person.email})
    return Person(read.email, read.name, read.role, bool(changes.get("active", person.active)))


def _role(reading: Reading) -> str:
    role = reading.text("role").lower()
    if role and role not in ROLES:
        reading.refuse("role", f"“{role}” is no role; choose {', '.join(ROLES)}")
    return role


def _refuse_last_admin(store: Store, email: str) -> None:
    if not store.rows("people.other_admins", email=email)[0]["admins"]:
        raise Conflict(f"{email} is the only admin. Make somebody else an admin first.")


def _columns(person: Person) -> Row:
    return {**asdict(person), "active": int(person.active), "folded": cells.folded(person.name)}
