"""When somebody leaves: all they own goes to another in one step, so that nothing is ever ownerless."""

from dataclasses import dataclass

from qrbridge import audit
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, Problem
from qrbridge.reading import Reading
from qrbridge.store import Store

LONGEST_OWNER = 120


@dataclass(frozen=True)
class HandedOver:
    """What went to the heir: the keys of services, and how many drafts."""

    services: tuple[str, ...]
    drafts: int


def hand_over(store: Store, leaver: str, heir: str, by: By) -> HandedOver:
    """Give everything a person owns (under that name or e-mail address) to another, in one transaction."""
    read = Reading({"leaver": leaver, "heir": heir})
    was, will = read.text("leaver", longest=LONGEST_OWNER), read.text("heir", longest=LONGEST_OWNER)
    read.done()
    if was.lower() == will.lower():
        raise InvalidInput([Problem("heir", f"is {was} already; name somebody else")])
    with store.atomic():
        store.run("installation.lock")
        keys = sorted(row["key"] for row in store.rows("services.hand_over", leaver=was, heir=will))
        drafts = len(store.rows("drafts.hand_over", leaver=was, heir=will))
        changes = [Change("service", key, "hand over", {"owner": was}, {"owner": will}) for key in keys]
        moved = {"services": keys, "drafts": drafts}
        audit.write(store, by, *changes, Change("person", was, "hand over", {}, {**moved, "to": will}))
    return HandedOver(tuple(keys), drafts)
