"""What somebody sent after their session had ended, kept for that person alone until they are signed in again."""

import json
from collections.abc import Iterable
from datetime import timedelta

from qrbridge import times
from qrbridge.installation import take_turn
from qrbridge.store import Store

Entered = Iterable[tuple[str, str]]

# Until the end of a working day, or the next morning.
LASTS = timedelta(hours=20)
# Of one person, each of another page; and of what one holds.
MOST = 5
MOST_BYTES = 64 * 1024
# Fields that are kept nowhere.
NEVER = frozenset({"password", "again", "present", "secret", "csrf"})


def keep(store: Store, person: str, page: str, entered: Entered) -> bool:
    """Keep what a person sent of a page, in place of what they sent of it before; whether there is room for it."""
    kept = json.dumps([pair for pair in entered if pair[0] not in NEVER], ensure_ascii=False)
    if len(kept.encode()) > MOST_BYTES:
        return False
    now = times.now()
    with store.atomic():
        take_turn(store, "people")
        store.run("late_forms.keep", person=person, page=page, entered=kept, until=times.stamp(now + LASTS))
        for other in pages(store, person)[MOST:]:
            drop(store, person, other)
    return True


def find(store: Store, person: str, page: str) -> list[tuple[str, str]]:
    """What a person sent of a page too late, as names and values; nothing where there is none."""
    rows = store.rows("late_forms.find", person=person, page=page, now=times.stamp(times.now()))
    return [(name, value) for name, value in json.loads(rows[0]["entered"])] if rows else []


def pages(store: Store, person: str) -> list[str]:
    """The addresses of the pages a person sent something of too late, the last at the top."""
    return [row["page"] for row in store.rows("late_forms.pages", person=person, now=times.stamp(times.now()))]


def drop(store: Store, person: str, page: str) -> None:
    """Keep nothing of a page any more: it was sent again, and taken."""
    store.run("late_forms.drop", person=person, page=page)


def forget_old(store: Store) -> None:
    """Remove what nobody came back for."""
    store.run("late_forms.forget_old", now=times.stamp(times.now()))
