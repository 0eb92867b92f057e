"""Scans: each one a line in a journal, added up into the store exactly once, whatever is killed when."""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from qrbridge import codes, times
from qrbridge.counting import agents
from qrbridge.counting.journal import Journal, left
from qrbridge.counting.journal_file import HEADER_BYTES, JournalFile
from qrbridge.errors import StoreUnavailable

if TYPE_CHECKING:
    # For its name alone: the path of every redirect loads no engine.
    from qrbridge.store import Store

SCAN, TYPED = "scan", "typed"
VIAS = (SCAN, TYPED)

_HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{0,35}")
_SECONDS_AN_HOUR = 3600

# Different ones, kept in one transaction: some 20 MB while they are added up.
_MOST_LINES = 20_000


class Clock:
    """The present UTC hour and the council's day, worked out once an hour: 0.1 us.

    Exact, since the council's days begin on a whole UTC hour in winter and summer.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._start = self._end = -1.0
        self._moment = ("", "")

    def read(self) -> tuple[str, str]:
        """The hour as `2026-11-23T19` and the day as `2026-11-23`."""
        now = self._now()
        if not self._start <= now < self._end:
            start = float(now // _SECONDS_AN_HOUR * _SECONDS_AN_HOUR)
            moment = datetime.fromtimestamp(start, UTC)
            self._moment = times.hour_of(moment), times.day_of(moment).isoformat()
            self._start, self._end = start, start + _SECONDS_AN_HOUR
        return self._moment


# Each line says only what is kept of it: an automated request and an objection have no hour, an objection no code.
# Nothing is escaped: every part is of a closed set.
def who(device: str, language: str) -> str:
    """What a line says of whoever scanned."""
    return f"{device}\t{language}"


def scan_line(hour: str, code: str, via: str, who: str) -> bytes:
    """The line of one scan; `who` as the function of that name has it."""
    return f"\nscan\t{hour}\t{code}\t{via}\t{who};".encode()


def automated_line(day: str, code: str) -> bytes:
    """The line of one request by an automated agent."""
    return f"\nautomated\t{day}\t{code};".encode()


def objection_line(day: str) -> bytes:
    """The line of one opening by someone who objects to being counted."""
    return f"\nobjection\t{day};".encode()


@dataclass
class Totals:
    """What a stretch of journal adds up to: how often each code, by what else is kept beside it; days as numbers."""

    hours: dict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    days: dict[tuple[int, str, str, str], Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    automated: dict[int, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    objections: Counter[int] = field(default_factory=Counter)
    unreadable: int = 0

    def add_scan(self, number: int, hour: str, code: str, *kind: str) -> None:
        """Add a number of scans of a code in an hour; `kind` is via, device and language."""
        via, device, language = kind
        if via not in VIAS or device not in agents.DEVICES or not _LANGUAGE.fullmatch(language):
            raise ValueError("a field of a scan is not one we write")
        day, code = _day_of_hour(hour), _code(code)
        self.hours[hour][code] += number
        self.days[day, via, device, language][code] += number

    def add_automated(self, number: int, day: str, code: str) -> None:
        """Add a number of requests by automated agents."""
        code = _code(code)
        self.automated[_day_number(day)][code] += number

    def add_objection(self, number: int, day: str) -> None:
        """Add a number of openings by people who object to being counted."""
        self.objections[_day_number(day)] += number


_READERS: Mapping[str, Callable[..., None]] = {
    "scan": Totals.add_scan,
    "automated": Totals.add_automated,
    "objection": Totals.add_objection,
}


def total(lines: bytes) -> Totals:
    """Add up lines; one that is not just as we write it is told as unreadable and never guessed at."""
    return _total(Counter(_split(lines)))


def _split(lines: bytes) -> list[bytes]:
    """Lines one by one; what comes before the first line feed is the rest of something that was not a line."""
    before, *whole = lines.split(b"\n")
    # It makes as little sense as an empty one.
    return [b"", *whole] if before else whole


def _total(lines: Counter[bytes]) -> Totals:
    totals = Totals()
    for line, number in lines.items():
        try:
            kind, *values = _fields(line)
            _READERS[kind](totals, number, *values)
        except (ValueError, KeyError, TypeError):
            totals.unreadable += number
    return totals


def keep(store: Store, totals: Totals, *, simulated: bool = False) -> None:
    """Add totals to the store's; call it inside the transaction that moves the journal's offset."""
    mark = int(simulated)
    # In order of their keys: two processes that add up at once then wait for each other and never in a circle.
    store.run_many(
        "scans.add_hour",
        (dict(hour=hour, simulated=mark, counts=_listed(counts)) for hour, counts in sorted(totals.hours.items())),
    )
    store.run_many(
        "scans.add_day",
        (
            dict(day=day, via=via, device=device, language=language, simulated=mark, counts=_listed(counts))
            for (day, via, device, language), counts in sorted(totals.days.items())
        ),
    )
    store.run_many(
        "scans.add_automated",
        (dict(day=day, counts=_listed(counts)) for day, counts in sorted(totals.automated.items())),
    )
    store.run_many("scans.add_objections", (dict(day=d, requests=n) for d, n in sorted(totals.objections.items())))


def _listed(counts: Counter[str]) -> str:
    """Codes and how often each, for a query that takes them all at once: redirects go on while the engine works."""
    return json.dumps(counts, sort_keys=True)


def said_of_simulated(simulated: int, among: int) -> str:
    """The sentence to show beside a number of scans of which some are simulated; empty where none is."""
    if not simulated:
        return ""
    if simulated == among:
        return "Every scan counted here is simulated, to show how this works."
    these = "is" if simulated == 1 else "are"
    return f"{simulated:,} of the {among:,} scans counted here {these} simulated, to show how this works."


def add_up(store: Store, journal: Journal) -> None:
    """Add up this process's journal, and to the end those whose process is gone; safe to do anywhere at any time."""
    with journal.adding:
        journal.renew()
        if journal.file is not None:
            _add(store, journal.file)
        with closing(journal.finished()) as files:
            for file in files:
                _finish(store, file, keeper=journal.file)


def add_up_left(folder: Path, store: Store) -> None:
    """Add up the journals whose process is gone; those of living processes are left to them."""
    with closing(left(folder)) as files:
        for file in files:
            _finish(store, file, keeper=None)


def _add(store: Store, file: JournalFile) -> int:
    """Add up a journal's whole lines and return the offset after them."""
    try:
        return _add_lines(store, file)
    except StoreUnavailable:
        # What the store has not taken must outlive a power cut here. Only then: after a sync the disk makes each page
        # of the file wait for it once more before it is written to, and every redirect with it.
        file.sync()
        raise


def _add_lines(store: Store, file: JournalFile) -> int:
    rows = store.rows("journal.added", name=file.name)
    offset = rows[0]["added_to"] if rows else HEADER_BYTES
    # What comes meanwhile waits for the next time: to run after it would never end while people scan.
    end = file.size
    while offset < end:
        lines, length = _gather(file, offset)
        totals = _total(lines)
        if not length or not _move(store, file, offset, length, totals):
            break
        offset += length
        file.tell(added=offset, unreadable=totals.unreadable)
    if file.tally.added != offset:
        file.tell(added=offset)
    return offset


def _gather(file: JournalFile, offset: int) -> tuple[Counter[bytes], int]:
    """The next lines and their length in bytes: all there are, up to so many different ones."""
    # Counted in C, and so first: most lines of a busy second are alike.
    lines: Counter[bytes] = Counter()
    length = 0
    while len(lines) < _MOST_LINES and (batch := file.batch(offset + length)):
        lines.update(_split(batch))
        length += len(batch)
    return lines, length


def _move(store: Store, file: JournalFile, offset: int, length: int, totals: Totals) -> bool:
    """Keep totals and move the offset in one transaction; False, with nothing changed, where another has done it."""
    with store.atomic():
        if offset == HEADER_BYTES:
            store.run("journal.begin", name=file.name, added_to=offset)
        # Only from where we read: this locks the row, so of two that add up the same lines one finds it moved.
        moved = store.run("journal.move", name=file.name, former_added_to=offset, added_to=offset + length)
        if moved:
            keep(store, totals)
    return bool(moved)


def _finish(store: Store, file: JournalFile, keeper: JournalFile | None) -> None:
    """Add up a journal that nobody writes to any more, hand on what it tells, and delete it.

    Its row stays: should there be a copy of it anywhere, or should this be the copy, what is added up is added up. One
    that tells of something stays where there is no keeper to tell it instead.
    """
    offset = _add(store, file)
    torn = int(file.size > max(offset, HEADER_BYTES))
    uncounted, unreadable = file.tally.uncounted, file.tally.unreadable + torn
    tells = bool(uncounted or unreadable)
    if file.batch(offset) or (tells and keeper is None):
        return
    if tells and keeper is not None:
        keeper.tell(uncounted=uncounted, unreadable=unreadable)
    file.remove()


def _fields(line: bytes) -> list[str]:
    text = line.decode("ascii")
    if not text.endswith(";") or text.count(";") > 1:
        raise ValueError("a line without its end")
    return text[:-1].split("\t")


def _code(text: str) -> str:
    # As `codes.check` has it, and four times as fast.
    if codes.tidy(text) != text:
        raise ValueError("not a code")
    return text


@lru_cache(maxsize=1024)
def _day_of_hour(hour: str) -> int:
    if not _HOUR.fullmatch(hour):
        raise ValueError("not an hour")
    return times.day_number(times.day_of_hour(hour))


@lru_cache(maxsize=1024)
def _day_number(day: str) -> int:
    if not _DAY.fullmatch(day):
        raise ValueError("not a day")
    return times.day_number(date.fromisoformat(day))
