"""Who changed what, when, and how it was before and after. Nothing here is ever altered or removed."""

import itertools
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qrbridge import times
from qrbridge.store import Row, Store

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
