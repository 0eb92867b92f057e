"""What the paper says: a printable, its words per language, one service, and the days it runs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from qrbridge import audit, routes, services
from qrbridge.audit import By, Change
from qrbridge.council import Council
from qrbridge.errors import Conflict, NotFound
from qrbridge.press import designs
from qrbridge.reading import Reading
from qrbridge.store import Row, Store

# The blocks a notice fills; all other words on a sheet are the council's, the service's or our own.
BLOCKS = ("headline", "body")


@dataclass(frozen=True)
class Notice:
    """A notice: its key, service, printable, first and last day, and its words as language to block to text."""

    key: str
    service: str
    printable: str
    starts: date
    ends: date | None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Any], council: Council) -> "Notice":
        """A notice as entered, with words at least in the council's first language; else `InvalidInput`."""
        reading = Reading(given)
        starts, ends = reading.day("starts"), reading.day("ends", needed=False)
        if starts and ends and ends < starts:
            reading.refuse("ends", "is before the first day; give a later day, or none")
        notice = cls(
            key=reading.key("key"),
            service=reading.key("service"),
            printable=_printable(reading),
            starts=starts or date.min,
            ends=ends,
            words=_words(reading, council),
        )
        reading.done()
        return notice


def add(store: Store, notice: Notice, by: By) -> None:
    """Keep a new notice; `Conflict` where its key is taken, `NotFound` where its service is not there."""
    with store.atomic():
        services.show(store, notice.service)
        if store.rows("notices.show", key=notice.key):
            raise Conflict(f"There is a notice “{notice.key}” already. Give this one another key.")
        store.run("notices.add", **_columns(notice), version=routes.next_version(store))
        rows = [
            {"notice": notice.key, "language": language, "block": block, "words": text}
            for language, blocks in notice.words.items()
            for block, text in blocks.items()
        ]
        store.run_many("notices.add_words", rows)
        audit.write(store, by, Change("notice", notice.key, "add", {}, asdict(notice)))


def show(store: Store, key: str) -> Notice:
    """One notice with its words; `NotFound` where there is none of that key."""
    rows = store.rows("notices.show", key=key)
    if not rows:
        raise NotFound("notice", key)
    words: dict[str, dict[str, str]] = {}
    for row in store.rows("notices.words", key=key):
        words.setdefault(row["language"], {})[row["block"]] = row["words"]
    return _opened(rows[0], words)


def list_all(store: Store) -> list[Row]:
    """Every notice with its service and the number of its links, made and up, by key."""
    return store.rows("notices.list")


def _printable(reading: Reading) -> str:
    name = reading.key("printable")
    if name and name not in designs.names():
        reading.refuse("printable", f"“{name}” is not in printables/; there is {', '.join(designs.names())}")
    return name


def _words(reading: Reading, council: Council) -> dict[str, dict[str, str]]:
    given = reading.by_language("words")
    for language in dict.fromkeys((council.languages[0], *given)):
        for block in BLOCKS:
            if not str(given.get(language, {}).get(block) or "").strip():
                reading.refuse(f"{block} ({language})", "is missing; enter it")
    return {
        language: {block: " ".join(str(text).split()) for block, text in blocks.items() if block in BLOCKS}
        for language, blocks in given.items()
    }


def _columns(notice: Notice) -> Row:
    ends = notice.ends.isoformat() if notice.ends else ""
    columns = {**asdict(notice), "starts": notice.starts.isoformat(), "ends": ends}
    del columns["words"]
    return columns


def _opened(row: Row, words: Mapping[str, Mapping[str, str]]) -> Notice:
    ends = date.fromisoformat(row["ends"]) if row["ends"] else None
    return Notice(row["key"], row["service"], row["printable"], date.fromisoformat(row["starts"]), ends, words)
