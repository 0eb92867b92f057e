"""How far a notice is on its way to the wall: submitted, approved, or sent back with a reason; and by whom."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qrbridge import audit, council, notices, times
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict, InvalidInput, Problem
from qrbridge.notices import Notice
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

# What brings a notice into each state, as the record has it.
VERBS: Mapping[str, str] = {"submitted": "submit", "approved": "approve", "rejected": "reject"}


@dataclass(frozen=True)
class Approval:
    """Where a notice stands: a key of `STATES`, who brought it there and when, and why it was sent back."""

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
    """Where a notice stands as it is now; a decision upon other words than these no longer holds."""
    rows = store.rows("approvals.show", notice=notice.key)
    if not rows:
        return Approval("none")
    row = rows[0]
    if row["seal"] == seal(notice):
        return Approval(row["state"], row["who"], row["at"], row["reason"])
    return Approval("changed" if row["state"] == "approved" else "none")


def submit(store: Store, key: str, by: By) -> None:
    """Ask for a notice to be approved as it is now; asking again changes nothing."""
    with store.atomic():
        notice = _in_turn(store, key)
        if show(store, notice).state in ("submitted", "approved"):
            return
        notices.check_words(store, notice)
        _keep(store, notice, by, "submitted")


def approve(store: Store, key: str, by: By, seen: str = "") -> None:
    """Approve a notice as it is now; where a seal of what was `seen` is given, only if it is still that.

    `Conflict` where it is not, and where the council wants another person's approval and this person wrote or
    submitted it.
    """
    with store.atomic():
        notice = _in_turn(store, key)
        if seen and seen != seal(notice):
            raise Conflict(f"“{key}” was changed after you opened this page. Read it as it is now, then approve it.")
        if show(store, notice).state == "approved":
            return
        if council.show(store).another_approves and by.who in authors(store, key):
            raise Conflict(
                f"You wrote or submitted “{key}”, and this council wants someone else to approve it. "
                "Ask a colleague who may make notices."
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
    """Who wrote or submitted a notice since it was last approved."""
    found = set()
    for row in store.rows("approvals.history", notice=key):
        if row["verb"] == "approve":
            break
        found |= {row["who"]} if row["verb"] != "reject" else set()
    return found


def check(store: Store, notice: Notice) -> None:
    """Raise `InvalidInput` where the council wants a notice approved before it is printed, and this one is not."""
    if council.show(store).another_approves and show(store, notice).state != "approved":
        remedy = f"submit it, and let someone else approve it (`qrbridge notice submit {notice.key}`)"
        raise InvalidInput([Problem("approval", f"“{notice.key}” is not approved as it is now; {remedy}")])


def seal(notice: Notice) -> str:
    """What tells a notice from the same notice with anything changed."""
    text = json.dumps(asdict(notice), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _in_turn(store: Store, key: str) -> Notice:
    """The notice, with nobody else able to change or decide upon it until this transaction ends."""
    store.run("installation.lock")
    return notices.show(store, key)


def _keep(store: Store, notice: Notice, by: By, state: str, reason: str = "") -> None:
    before = show(store, notice)
    row = {"notice": notice.key, "state": state, "seal": seal(notice), "who": by.who, "reason": reason}
    store.run("approvals.set", **row, at=times.stamp(by.at))
    after = {"state": state, "reason": reason} if reason else {"state": state}
    audit.write(store, by, Change("notice", notice.key, VERBS[state], {"state": before.state}, after))
