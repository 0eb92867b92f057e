"""When somebody leaves: all they own goes to another in one step, so that nothing is ever ownerless."""

from dataclasses import dataclass

from qrbridge import audit
from qrbridge.accounts import people
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, Problem
from qrbridge.installation import take_turn
from qrbridge.reading import Reading
from qrbridge.spreadsheets import cells
from qrbridge.store import Store

LONGEST_OWNER = 120


@dataclass(frozen=True)
class HandedOver:
    """What went to the heir: the keys of services, and how many drafts and uploads that are not imported yet."""

    services: tuple[str, ...]
    drafts: int
    uploads: int

    @property
    def in_words(self) -> str:
        """What went, as `2 services, 1 draft and 0 uploads`."""
        counts = ((len(self.services), "service"), (self.drafts, "draft"), (self.uploads, "upload"))
        services, drafts, uploads = (f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)
        return f"{services}, {drafts} and {uploads}"


def hand_over(store: Store, leaver: str, heir: str, by: By) -> HandedOver:
    """Give everything a person owns (under that name or e-mail address) to another, in one transaction."""
    read = Reading({"leaver": leaver, "heir": heir})
    was, will = read.text("leaver", longest=LONGEST_OWNER), read.text("heir", longest=LONGEST_OWNER)
    read.done()
    if _are_one(was, will):
        raise InvalidInput([Problem("heir", f"is {was} already; name somebody else")])
    with store.atomic():
        take_turn(store, "drafts")
        take_turn(store, "paper")
        _check_heir(store, will)
        names = [one["owner"] for one in store.rows("handing_over.owners") if _are_one(one["owner"], was)]
        keys = sorted(row["key"] for name in names for row in store.rows("services.hand_over", leaver=name, heir=will))
        drafts = sum(len(store.rows("drafts.hand_over", leaver=name, heir=will)) for name in names)
        changes = [Change("service", key, "hand over", {"owner": was}, {"owner": will}) for key in keys]
        uploads = sum(len(store.rows("uploads.hand_over", leaver=name, heir=will)) for name in names)
        moved = {"services": keys, "drafts": drafts, "uploads": uploads}
        audit.write(store, by, *changes, Change("person", was, "hand over", {}, {**moved, "to": will}))
    return HandedOver(tuple(keys), drafts, uploads)


def _are_one(name: str, other: str) -> bool:
    """Whether two names are one, in whichever capitals they were typed."""
    return cells.folded(name) == cells.folded(other)


def _check_heir(store: Store, heir: str) -> None:
    """A team may be an heir, and so may whoever is not among our people; not somebody who has left too."""
    row = people.row_of(store, heir)
    if row and not row["active"]:
        raise InvalidInput([Problem("heir", f"{row['name']} ({heir}) may not sign in any more; name somebody else")])
