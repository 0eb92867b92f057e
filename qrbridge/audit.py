"""Who changed what, when, and how it was before and after. Nothing here is ever altered or removed."""

import itertools
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from qrbridge import packed_changes, times
from qrbridge.reading import Reading
from qrbridge.store import Row, Store

PAGE = 50
# More changes than this at once are one line of the record, with so many packed in a part: 100,000 lines would bury
# those made by hand.
TOGETHER = 1_000
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
    store.run_many("audit.write", (_row(by, change, _new_id()) for change in changes))


class Many:
    """Takes the changes of one import as they are made, and writes them: a line each, or packed where they are many.

    Use it inside the transaction that makes them, and end with `done`.
    """

    def __init__(self, store: Store, by: By) -> None:
        self._store, self._by, self._id = store, by, _new_id()
        self._waiting: list[Change] = []
        self._parts = 0

    def add(self, changes: Iterable[Change]) -> None:
        """Take changes that were made."""
        for change in changes:
            self._waiting.append(change)
            if len(self._waiting) > TOGETHER:
                self._pack()

    def done(self, whole: Change, in_one_line: bool = False) -> None:
        """Write what is left: as lines where there were few, else the one line for all of them."""
        if not self._parts and not in_one_line:
            write(self._store, self._by, *self._waiting)
            return
        self._pack()
        self._store.run("audit.write", **_row(self._by, whole, self._id))

    def _pack(self) -> None:
        for noun, changes in groupby(self._waiting, attrgetter("noun")):
            self._parts += 1
            packed = ((change.key, change.verb, change.before, change.after) for change in changes)
            keys, content = packed_changes.pack(packed)
            row = {"position": self._parts, "noun": noun, "keys": keys, "content": content}
            self._store.run("audit.add_part", id=self._id, **row)
        self._waiting.clear()


def list_for(store: Store, noun: str, key: str) -> list[Row]:
    """The changes to one thing, newest first, with `before` and `after` as mappings."""
    alone = [_opened(row) for row in store.rows("audit.list_for", noun=noun, key=key)]
    parts = store.rows("audit.parts_naming", noun=noun, named=packed_changes.named(key))
    wholes = [{"id": part["id"], "at": part["at"], "who": part["who"], "noun": noun} for part in parts]
    opened = (_unpacked(part["content"], whole) for part, whole in zip(parts, wholes, strict=True))
    among = [row for rows in opened for row in rows if row["key"] == key]
    return sorted(alone + among, key=itemgetter("id"), reverse=True)


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

    That id is empty on the last page. Changes made meanwhile move nothing from one page to another. One that was made
    to many things has the number of its `parts`, which `every` opens; here it is opened for the thing asked for alone.
    """
    rows = store.rows(
        "audit.list",
        who=filters.who,
        noun=filters.noun,
        key=filters.key,
        named=packed_changes.named(filters.key),
        from_at=times.stamp(times.beginning_of(filters.since)) if filters.since else "",
        until_at=_end_of(filters.until),
        before_id=before,
        most=most + 1,
    )
    found = [change for row in rows[:most] for change in _asked_for(store, _opened(row), filters)]
    return found, rows[most - 1]["id"] if len(rows) > most else ""


def each(store: Store, row: Row, key: str = "") -> Iterator[Row]:
    """What a change that has `parts` did to each of its things, or to the one with a key, in the order it did."""
    position, named = 0, packed_changes.named(key) if key else "%"
    while parts := store.rows("audit.parts", id=row["id"], after_position=position, named=named, most=1):
        opened = _unpacked(parts[0]["content"], {**row, "noun": parts[0]["noun"]})
        yield from (change for change in opened if key in ("", change["key"]))
        position = parts[0]["position"]


def _asked_for(store: Store, row: Row, filters: Filters) -> Iterator[Row]:
    """A change, or what it did to the one thing among many that is asked for."""
    if filters.key in ("", row["key"]):
        yield row
        return
    changes = each(store, row, filters.key)
    yield from (change for change in changes if filters.noun in ("", change["noun"]))


def _end_of(day: date | None) -> str:
    """The moment from which changes are later than a day; after the last day there is, as after none, nothing is."""
    return times.stamp(times.beginning_of(day + timedelta(days=1))) if day and day < date.max else LAST


def every(store: Store, filters: Filters) -> Iterator[Row]:
    """Every change asked for, newest first, fetched a thousand at a time; one made to many, then each of those."""
    before = NEWEST
    while before:
        rows, before = page(store, filters, before, most=1_000)
        for row in rows:
            yield row
            yield from each(store, row) if row["parts"] else ()


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


def _new_id() -> str:
    return f"{times.now():%Y%m%d%H%M%S%f}-{next(_count):08d}-{secrets.token_hex(4)}"


def _row(by: By, change: Change, key: str) -> Row:
    return {
        "id": key,
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


def _unpacked(content: str, whole: Row) -> Iterator[Row]:
    """The changes of a part, each as a row like that of the `whole` change."""
    for key, verb, before, after in packed_changes.unpack(content):
        yield {**whole, "key": key, "verb": verb, "before": before, "after": after, "parts": 0, "is_packed": True}
