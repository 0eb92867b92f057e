"""How far a notice is on its way to the wall: submitted, approved, or sent back with a reason; and by whom."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qrbridge import audit, times
from qrbridge.audit import By, Change
from qrbridge.council import council, services
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.installation import take_turn
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.press.design import designs
from qrbridge.reading import Reading
from qrbridge.store import Row, Store

LONGEST_REASON = 400

# What each state is called where staff read it.
STATES: Mapping[str, str] = {
    "none": "not submitted",
    "submitted": "waiting for approval",
    "approved": "approved",
    "rejected": "sent back",
    "changed": "changed since it was approved",
}

# What is printed beside a notice's own words, by the names printables use, as staff are told of it. Where its codes
# lead is not among it but for the website's name, which is on the paper: a page is moved while paper hangs.
PRINTED: Mapping[str, str] = {
    "council": "the council’s name",
    "address": "the address to type",
    "phone": "the phone number",
    "hours": "the hours",
    "place": "the place to go",
    "destination": "the website",
}
# Those of them that are a service's own.
OF_SERVICE = ("phone", "hours", "place")

# What brings a notice into each state, as the record has it.
VERBS: Mapping[str, str] = {"submitted": "submit", "approved": "approve", "rejected": "reject"}

YOU_WROTE = "You wrote, edited or submitted “{}”, or changed what it prints of its service, since it was last approved"


@dataclass(frozen=True)
class Approval:
    """Where a notice stands: a key of `STATES`, who brought it there and when, and why it was sent back or changed."""

    state: str
    who: str = ""
    at: str = ""
    reason: str = ""

    @property
    def in_words(self) -> str:
        """The state as a sentence for staff."""
        said = STATES[self.state].capitalize()
        said += f" by {self.who}" if self.who and self.state in ("approved", "rejected") else ""
        return said + (f": {self.reason}" if self.reason else "")


def show(store: Store, notice: Notice) -> Approval:
    """Where a notice stands as it is now; a decision upon other words than these no longer holds.

    An approval also holds only while all else that is printed is what it was then.
    """
    rows = store.rows("approvals.show", notice=notice.key)
    if not rows:
        return Approval("none")
    row = rows[0]
    if row["seal"] != _seal(notice):
        return Approval("changed" if row["state"] == "approved" else "none")
    changed = _changed(store, notice, row["printed"])
    return Approval("changed", reason=changed) if changed else _opened(row)


def submit(store: Store, key: str, by: By) -> None:
    """Ask for a notice to be approved as it is now; asking again changes nothing."""
    with store.atomic():
        notice = _in_turn(store, key)
        if show(store, notice).state in ("submitted", "approved"):
            return
        notices.check_words(store, notice)
        _keep(store, notice, by, "submitted")


def approve(store: Store, key: str, by: By, seen: str = "") -> None:
    """Approve a notice as it is now; where what was `seen` (see `as_seen`) is given, only if it is still that.

    `Conflict` where it is not, and where the council wants another person's approval and this person is one of its
    authors.
    """
    with store.atomic():
        notice = _in_turn(store, key)
        if seen and seen != as_seen(store, notice):
            raise Conflict(f"“{key}” was changed after you opened this page. Read it as it is now, then approve it.")
        if show(store, notice).state == "approved":
            return
        if council.show(store).another_approves and by.who in authors(store, key):
            raise Conflict(
                f"{YOU_WROTE.format(key)}, and this council wants someone else to approve it. "
                "Ask a colleague who may make notices and had no hand in this one."
            )
        notices.check_words(store, notice)
        _keep(store, notice, by, "approved")


def reject(store: Store, key: str, by: By, reason: str) -> None:
    """Send a notice back to its author with a reason."""
    reading = Reading({"reason": reason})
    said = reading.text("reason", longest=LONGEST_REASON)
    reading.done()
    with store.atomic():
        notice = _in_turn(store, key)
        if show(store, notice).state not in ("submitted", "approved"):
            raise Conflict(f"“{key}” is not waiting for approval, so it cannot be sent back. Its author can change it.")
        _keep(store, notice, by, "rejected", said)


def waiting(store: Store) -> list[Row]:
    """The notices that wait for somebody's approval, those submitted first at the top."""
    return store.rows("approvals.waiting")


def authors(store: Store, key: str) -> set[str]:
    """Who wrote, edited or submitted a notice, or changed what it prints of its service, since it was last approved."""
    found: set[str] = set()
    for row in store.rows("approvals.history", notice=key, service=notices.show(store, key).service):
        if row["verb"] == "approve":
            break
        if row["verb"] != "reject" and (row["noun"] == "notice" or _changes_print(row)):
            found.add(row["who"])
        if row["verb"] == "add":
            break
    return found


def check(store: Store, notice: Notice) -> None:
    """Raise `InvalidInput` where the council wants a notice approved before it is printed, and this one is not."""
    if not council.show(store).another_approves:
        return
    found = show(store, notice)
    if found.state != "approved":
        why = f", since this was changed: {found.reason}" if found.state == "changed" and found.reason else ""
        sentence = f"“{notice.key}” is not approved as it is now{why}; submit it, and let someone else approve it"
        raise InvalidInput([Problem("approval", sentence, "not-approved", notice.key)])


def as_seen(store: Store, notice: Notice) -> str:
    """What tells all that a reviewer is shown of a notice, with where it leads, from the same with anything changed."""
    return _digest([asdict(notice), _printed(store, notice), services.show(store, notice.service).pages])


def _seal(notice: Notice) -> str:
    """What tells a notice from the same notice with anything changed."""
    return _digest(asdict(notice))


def _digest(value: object) -> str:
    return hashlib.sha256(_json(value).encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _printed(store: Store, notice: Notice) -> dict[str, str]:
    """What is printed of a notice beside its own words; the website only where its design shows it."""
    here, service = council.show(store), services.show(store, notice.service)
    said = {"council": here.name, "address": here.short_host, **{name: getattr(service, name) for name in OF_SERVICE}}
    if _shows_website(notice):
        said["destination"] = service.host(here.languages)
    return said


def _shows_website(notice: Notice) -> bool:
    try:
        design = designs.read(notice.printable, notice.size)
    except (InvalidInput, NotFound):
        # Nothing is printed in a design that cannot be read; should it be mended, it may show it.
        return True
    return any("destination" in block.fields for block in design.blocks)


def _changed(store: Store, notice: Notice, printed: str) -> str:
    """Which of the things printed are others than those that were approved, in words; empty where none is."""
    before, now = json.loads(printed or "{}"), _printed(store, notice)
    changed = [text for name, text in PRINTED.items() if name in before and before[name] != now.get(name)]
    return " and ".join(changed)


def _changes_print(row: Row) -> bool:
    """Whether a change to a service, as the record has it, changed anything that is printed of it."""
    before, after = json.loads(row["before"]), json.loads(row["after"])
    return any(before.get(name) != after.get(name) for name in OF_SERVICE)


def _opened(row: Row) -> Approval:
    return Approval(row["state"], row["who"], row["at"], row["reason"])


def _in_turn(store: Store, key: str) -> Notice:
    """The notice, with nobody else able to change or decide upon it until this transaction ends."""
    take_turn(store, "paper")
    return notices.show(store, key)


def _keep(store: Store, notice: Notice, by: By, state: str, reason: str = "") -> None:
    before = show(store, notice)
    row = {"notice": notice.key, "state": state, "seal": _seal(notice), "who": by.who, "reason": reason}
    printed = _json(_printed(store, notice)) if state == "approved" else ""
    store.run("approvals.set", **row, printed=printed, at=times.stamp(by.at))
    after = {"state": state, "reason": reason} if reason else {"state": state}
    audit.write(store, by, Change("notice", notice.key, VERBS[state], {"state": before.state}, after))
