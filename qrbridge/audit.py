"""Who changed what, when, and how it was before and after. Nothing here is ever altered or removed."""

import itertools
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from qrbridge import times
from qrbridge.reading import Reading
from qrbridge.store import Row, Store

PAGE = 50
# Above every id and moment there is.
NEWEST, LAST = "9" * 20, "9999"

# Orders the changes that one process writes within a microsecond.
_count = itertools.count()


@dataclass(frozen=True)
class By:
    """The person a change is made by, and the moment."""

    who: str
    at: datetime = field(default_factory=times.now)


@dataclass(frozen=True)
class Change:
    """One change to one thing: its noun and key, what was done, and its fields before and after."""

    noun: str
    key: str
    verb: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def write(store: Store, by: By, *changes: Change) -> None:
    """Keep a record of changes; call it inside the transaction that makes them."""
    store.run_many("audit.write", (_row(by, change) for change in changes))


def list_for(store: Store, noun: str, key: str) -> list[Row]:
    """The changes to one thing, newest first, with `before` and `after` as mappings."""
    return [_opened(row) for row in store.rows("audit.list_for", noun=noun, key=key)]


@dataclass(frozen=True)
class Filters:
    """Which changes are asked for: by whom, to what, and on which days; empty is all."""

    who: str = ""
    noun: str = ""
    key: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Filters":
        """Filters as entered; `InvalidInput` with every problem."""
        reading = Reading(given)
        who, noun, key = (reading.text(field, needed=False, longest=200) for field in ("who", "noun", "key"))
        since, until = (reading.day(field, needed=False) for field in ("from", "to"))
        reading.done()
        return cls(who, noun, key, since, until)

    @property
    def given(self) -> dict[str, str]:
        """The filters as they are entered, for the address of a page."""
        days = {
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
        }
        values = {"who": self.who, "noun": self.noun, "key": self.key, **days}
        return {name: value for name, value in values.items() if value}


def page(store: Store, filters: Filters, before: str = NEWEST, most: int = PAGE) -> tuple[list[Row], str]:
    """The changes asked for, newest first, from the one before an id; and the id that the next page begins before.

    That id is empty on the last page. Changes made meanwhile move nothing from one page to another.
    """
    rows = store.rows(
        "audit.list",
        who=filters.who,
        noun=filters.noun,
        key=filters.key,
        from_at=times.stamp(times.beginning_of(filters.since)) if filters.since else "",
        until_at=_end_of(filters.until),
        before_id=before,
        most=most + 1,
    )
    return [_opened(row) for row in rows[:most]], rows[most - 1]["id"] if len(rows) > most else ""


def _end_of(day: date | None) -> str:
    """The moment from which changes are later than a day; after the last day there is, as after none, nothing is."""
    return times.stamp(times.beginning_of(day + timedelta(days=1))) if day and day < date.max else LAST


def every(store: Store, filters: Filters) -> Iterator[Row]:
    """Every change asked for, newest first, fetched a thousand at a time."""
    before = NEWEST
    while before:
        rows, before = page(store, filters, before, most=1_000)
        yield from rows


def nouns(store: Store) -> list[str]:
    """What kinds of things were ever changed."""
    return sorted(row["noun"] for row in store.rows("audit.nouns"))


def differences(row: Row) -> list[tuple[str, str, str]]:
    """What a change altered: each field with what stood there before and after, empty for nothing."""
    before, after = row["before"], row["after"]
    fields = dict.fromkeys([*before, *after])
    return [
        (field, said(before.get(field)), said(after.get(field)))
        for field in fields
        if before.get(field) != after.get(field)
    ]


def said(value: Any) -> str:
    """A kept value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {said(part)}" for name, part in value.items())
    return str(value)


def _row(by: By, change: Change) -> Row:
    written = times.now()
    return {
        "id": f"{written:%Y%m%d%H%M%S%f}-{next(_count):08d}-{secrets.token_hex(4)}",
        "at": times.stamp(by.at),
        "who": by.who,
        "noun": change.noun,
        "key": change.key,
        "verb": change.verb,
        "before": json.dumps(dict(change.before), ensure_ascii=False, default=str),
        "after": json.dumps(dict(change.after), ensure_ascii=False, default=str),
    }


def _opened(row: Row) -> Row:
    return {**row, "before": json.loads(row["before"]), "after": json.loads(row["after"])}
