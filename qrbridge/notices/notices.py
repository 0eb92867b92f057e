"""What the paper says: a printable, its words per language, one service, and the days it runs."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from qrbridge import audit, listing
from qrbridge.audit import By, Change
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.council.services import Service
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.installation import next_version
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.notices import photographs
from qrbridge.press import press
from qrbridge.press.design import designs, words
from qrbridge.reading import Reading, in_a_line, in_paragraphs
from qrbridge.store import Row, Store

# The blocks a notice fills; all other words on a sheet are the council's, the service's or our own.
BLOCKS = ("headline", "body")
# More than fits any sheet; to lay out half a million would hold up everybody's pages for a minute.
LONGEST_WORDS = 2_000
# Across a street: the code alone would be a metre wide.
FARTHEST_MM = 10_000

LISTING = Listing(
    {
        "key": "Notice",
        "service": "Service",
        "ends": "Ends",
        "links": "Links",
        "up": "Up",
        listing.FIGURE: "Out of date",
    },
    filters=("service",),
)


@dataclass(frozen=True)
class Notice:
    """A notice: its key, service, printable, first and last day, and its words as language to block to text.

    `size` is one of its printable's papers (empty: the first), `picture` a photograph's digest, `picture_alt` what that
    shows, and `reading_distance_mm` from how far its sheets must read (0: its printable's own distance).
    """

    key: str
    service: str
    printable: str
    starts: date
    ends: date | None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    size: str = ""
    picture: str = ""
    picture_alt: str = ""
    reading_distance_mm: int = 0

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
            size=reading.text("size", needed=False, longest=20),
            picture=reading.text("picture", needed=False),
            picture_alt=reading.text("picture_alt", needed=False, longest=200),
            reading_distance_mm=_distance(reading, "reading_distance" in given),
        )
        reading.done()
        return notice


def add(store: Store, notice: Notice, by: By) -> None:
    """Keep a new notice.

    `Conflict` where its key is taken, `NotFound` where its service is not there, `CannotPrint` where its words do not
    fit its printable.
    """
    with store.atomic():
        version = next_version(store)
        if store.rows("notices.show", key=notice.key):
            raise Conflict(
                f"There is a notice “{notice.key}” already. Change that one, or give this one another name.",
                "notice-taken",
                notice.key,
            )
        check_words(store, notice)
        store.run("notices.add", **_columns(notice), version=version)
        _keep_words(store, notice)
        audit.write(store, by, Change("notice", notice.key, "add", {}, asdict(notice)))


def change(store: Store, notice: Notice, by: By) -> None:
    """Put a notice's words, service, printable and days in place of the former ones; its links stay."""
    with store.atomic():
        version = next_version(store)
        before = show(store, notice.key)
        if before == notice:
            return
        check_words(store, notice)
        store.run("notices.set", **_columns(notice), version=version)
        store.run("notices.drop_words", notice=notice.key)
        _keep_words(store, notice)
        audit.write(store, by, Change("notice", notice.key, "change", asdict(before), asdict(notice)))


def merged(notice: Notice, changes: Mapping[str, Any], here: Council) -> Notice:
    """A notice with the changes read and put over what it is; words are changed block by block."""
    texts = {tag: dict(blocks) for tag, blocks in notice.words.items()}
    for tag, blocks in (changes.get("words") or {}).items():
        texts.setdefault(tag, {}).update(blocks)
    return Notice.read({**asdict(notice), **changes, "words": texts, "key": notice.key}, here)


def check_words(store: Store, notice: Notice) -> None:
    """Raise `CannotPrint`, with what to change, unless the notice's words, picture and host serve in its printable."""
    design, host = designs.read(notice.printable, notice.size), council.show(store).short_host
    press.check(design, to_print(store, notice), host)


def to_print(store: Store, notice: Notice) -> words.Notice:
    """What every sheet of a notice says and shows, as the press takes it."""
    picture = photographs.path(store, notice.picture) if notice.picture else None
    words = said(council.show(store), services.show(store, notice.service), notice)
    return replace(words, picture=picture, picture_alt=notice.picture_alt)


def said(here: Council, service: Service, notice: Notice) -> words.Notice:
    """What every sheet of a notice says: in the council's languages in its order, then in any others."""
    if not any(tag in notice.words for tag in here.languages):
        known = ", ".join(here.languages)
        raise InvalidInput([Problem("words", f"there are none in a language of the council ({known}); add them")])
    ordered = [tag for tag in here.languages if tag in notice.words]
    ordered += sorted(notice.words.keys() - set(ordered))
    return words.Notice(
        council=here.name,
        colour=here.colour,
        phone=service.phone,
        hours=service.hours,
        place=service.place,
        destination=service.host(here.languages),
        own_language=here.languages[0],
        texts=tuple(words.Text(tag, notice.words[tag]["headline"], notice.words[tag]["body"]) for tag in ordered),
    )


def show(store: Store, key: str) -> Notice:
    """One notice with its words; `NotFound` where there is none of that key."""
    rows = store.rows("notices.show", key=key)
    if not rows:
        raise NotFound("notice", key)
    return _opened(rows)


def keys(store: Store) -> list[str]:
    """The key of every notice, in order."""
    return [row["key"] for row in store.rows("notices.keys")]


def list_all(store: Store) -> list[Row]:
    """Every notice with its service and the number of its links, made and up, by key."""
    return store.rows("notices.list")


def find(store: Store, wanted: Wanted, out_of_date: Mapping[str, int] | None = None) -> Found:
    """A page of notices, each with its service's name and the number of its links, made and up.

    `out_of_date` says how many of a notice's hanging sheets are; each row has it as its `figure`.
    """
    return listing.find_figured(store, "notices.find", "notices.count_found", wanted, out_of_date or {})


def free_key(store: Store, wanted: str) -> str:
    """A key that no notice has: the one wanted, or the same with a number after it."""
    taken = set(keys(store))
    numbered = (f"{wanted}-{number}" for number in itertools.count(2))
    return next(key for key in itertools.chain([wanted], numbered) if key not in taken)


def _keep_words(store: Store, notice: Notice) -> None:
    rows = [
        {"notice": notice.key, "language": language, "block": block, "words": text}
        for language, blocks in notice.words.items()
        for block, text in blocks.items()
    ]
    store.run_many("notices.add_words", rows)


def _printable(reading: Reading) -> str:
    name = reading.key("printable")
    if name and name not in designs.names():
        reading.refuse("printable", f"“{name}” is not in printables/; there is {', '.join(designs.names())}")
    return name


def _words(reading: Reading, council: Council) -> dict[str, dict[str, str]]:
    given = reading.by_language("words")
    for language in dict.fromkeys((council.languages[0], *given)):
        for block in BLOCKS:
            text = tidied(block, given.get(language, {}).get(block))
            if not text:
                reading.refuse(f"{block} ({language})", "is missing; enter it")
            elif len(text) > LONGEST_WORDS:
                reading.refuse(f"{block} ({language})", f"is {len(text):,} characters; at most {LONGEST_WORDS:,} fit")
    return {
        language: {block: tidied(block, text) for block, text in blocks.items() if block in BLOCKS}
        for language, blocks in given.items()
    }


def tidied(block: str, text: object) -> str:
    """A block of a notice's words as it is kept and shown, whatever it was typed or sent in; nothing for None."""
    return in_paragraphs(text) if block == "body" else in_a_line(text)


def _distance(reading: Reading, is_typed: bool) -> int:
    """From how far it must read: as somebody enters it, in metres, or as it is kept."""
    if is_typed:
        return reading.metres("reading_distance", FARTHEST_MM) or 0
    return reading.whole_number("reading_distance_mm", 0, FARTHEST_MM) or 0


def _columns(notice: Notice) -> Row:
    ends = notice.ends.isoformat() if notice.ends else ""
    columns = {**asdict(notice), "starts": notice.starts.isoformat(), "ends": ends}
    del columns["words"]
    return columns


def _opened(rows: Sequence[Row]) -> Notice:
    """A notice from its rows, one for each block of its words."""
    texts: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["language"]:
            texts.setdefault(row["language"], {})[row["block"]] = row["words"]
    days = {"starts": date.fromisoformat(rows[0]["starts"]), "ends": _day(rows[0]["ends"])}
    details = {**rows[0], **days, "words": texts}
    del details["language"], details["block"]
    return Notice(**details)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
