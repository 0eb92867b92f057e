"""The route map: this machine's own copy of where each code leads, which the redirector answers from.

A small SQLite file that outlives the store's troubles. It is opened with the standard library alone: it is a cache in
a shape of our own, not a store, and what reads it on the path of every redirect should load nothing more.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qrbridge import codes, times
from qrbridge.errors import Problem
from qrbridge.routing import compiler, rules
from qrbridge.routing.code_index import CodeIndex
from qrbridge.routing.map_file import Edition, MapFile

if TYPE_CHECKING:
    # For its name alone: the path of every redirect loads no engine.
    from qrbridge.store import Store

LIVE, ENDED, WITHDRAWN, UNSAFE = "live", "ended", "withdrawn", "unsafe"

# About 10 MB; a county's posters all fit, in one way of writing them. Codes beyond are read from the file.
REMEMBERED = 50_000


class Route(NamedTuple):
    """Where a code leads: its state, the notice it is printed on, and the rules that choose a destination.

    `live`, or why not: `withdrawn`; `ended`, its notice's last day being over; `unsafe`, no page of its service having
    passed `hosts`. `always` is the destination of a live code that is the same for every request, else empty.
    """

    code: str
    state: str
    notice: str
    rules: tuple[rules.Rule, ...]
    always: str = ""


class Contacts(NamedTuple):
    """What a page must say of the council even while the store is away."""

    name: str
    website: str
    phone: str
    hours: str
    colour: str


class Service(NamedTuple):
    """What a page must say of the service that a notice is about, even while the store is away."""

    name: str
    phone: str
    hours: str
    place: str
    summary: str


class _Target(NamedTuple):
    notice: str
    ends: str
    rules: tuple[rules.Rule, ...]

    def state(self, today: str, *, withdrawn: bool) -> str:
        if withdrawn:
            return WITHDRAWN
        if self.ends and self.ends < today:
            return ENDED
        return LIVE if self.rules else UNSAFE


@dataclass(frozen=True)
class _View:
    """What is remembered of one edition of the map on one day; another edition or day begins with an empty one."""

    edition: Edition | None
    today: str
    languages: tuple[str, ...] = ()
    council: Contacts | None = None
    targets: dict[str, _Target] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)


class RouteMap:
    """The map in one file, shared by every process of an instance folder."""

    def __init__(self, path: Path, today: Callable[[], date] = lambda: times.day_of(times.now())) -> None:
        self._file = MapFile(path)
        self._today = today
        self._view = _View(None, "")
        self._compiler = compiler.Compiler(path)
        self._checked: float | None = None
        # The codes in memory and the edition they are of; replaced together, since other threads look.
        self._index: tuple[Edition, CodeIndex] | None = None
        self.reload()

    @property
    def version(self) -> int | None:
        """The store's version that the map holds; None without a map, when nobody can say that a code is not ours."""
        edition = self._view.edition
        return edition.version if edition else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The council's languages, the first one first."""
        return self._view.languages

    def council(self) -> Contacts | None:
        """The council as the map holds it, None before there is a map."""
        return self._view.council

    def find(self, written: str) -> Route | None:
        """Where a code leads, however it was typed or scanned; None for what is no link of ours.

        Text as WSGI has it, UTF-8 shown as Latin-1, will do. Never opens the store and never raises. 0.1 us for what
        was asked since the last change; 6 us for another code, 8 with a million links.
        """
        view = self._view
        return view.routes.get(written) or self._look_up(view, written)

    def service_of(self, notice: str) -> Service | None:
        """The service a notice is about, None where the map cannot be read; never opens the store, 10 us."""
        rows = self._file.ask(self._view.edition, "select service from target where key = ?", notice)
        return Service(**json.loads(rows[0][0])) if rows else None

    def refresh(self, store: Store) -> bool:
        """Bring the map up to date with the store and say whether this process changed it.

        Another process that is at it already is left to it. Raises `StoreUnavailable`, also where the map itself
        cannot be written; the map stays as it was.
        """
        changed = self._compiler.compile(store, afresh=self._file.is_damaged)
        self._file.is_damaged = self._file.is_damaged and not changed
        if self._compiler.is_current:
            self._checked = time.monotonic()
        self.reload()
        return changed

    def reload(self) -> None:
        """Take notice of a new day and of what another process did to the map; about 15 us where that is nothing."""
        edition, today = self._file.edition(), self._today().isoformat()
        if edition == self._view.edition:
            # The very same, by which the codes in memory are known to be of it.
            edition = self._view.edition
            if today == self._view.today:
                return
        if edition is None:
            self._view = replace(self._view, edition=None, today=today, targets={}, routes={})
        else:
            languages = tuple(json.loads(edition.languages))
            self._view = _View(edition, today, languages, Contacts(**json.loads(edition.council)))

    def index(self) -> None:
        """Bring the codes held in memory up to the map; some 10 us where they are, a second for a million links.

        Until it has been called, and while it is at work, codes not asked for lately are read from the file.
        """
        edition = self._view.edition
        if edition is None or self._index and edition == self._index[0]:
            return
        try:
            self._index = edition, self._brought(edition)
        except (sqlite3.Error, OSError):
            self._file.close()

    def count(self) -> int:
        """How many codes the map holds."""
        rows = self._file.ask(self._view.edition, "select count(*) from link")
        return int(rows[0][0]) if rows else 0

    def problems(self) -> list[Problem]:
        """The destinations that were left out of the map, and why; each is `notice (language)`."""
        rows = self._file.ask(self._view.edition, "select problems from target where problems <> '[]' order by key")
        return [Problem(*problem) for row in rows or [] for problem in json.loads(row[0])]

    def state(self) -> dict[str, Any]:
        """For health: the map's version, and seconds since it was last seen to match the store (None: not yet)."""
        age = None if self._checked is None else round(time.monotonic() - self._checked, 1)
        return {"version": self.version, "checked_seconds_ago": age}

    def close(self) -> None:
        """Let go of this thread's connection."""
        self._file.close()

    def _look_up(self, view: _View, written: str) -> Route | None:
        code = _code(written)
        if code is None:
            return None
        rows = self._held(view, code)
        target = self._target(view, rows[0][0]) if rows else None
        if not rows or target is None:
            if rows is None or rows:
                # The map cannot be read, which is not the same as its not having this code.
                self._view = replace(view, edition=None, targets={}, routes={})
            return None
        state = target.state(view.today, withdrawn=bool(rows[0][1]))
        route = Route(code, state, target.notice, target.rules, rules.always(target.rules) if state == LIVE else "")
        if len(view.routes) >= REMEMBERED:
            view.routes.clear()
        view.routes[written] = route
        return route

    def _held(self, view: _View, code: str) -> Sequence[tuple[Any, ...]] | None:
        """Where a code leads, in a list as the file has it: from memory, or from the file while that is behind."""
        index = self._index
        if index and index[0] is view.edition:
            found = index[1].get(code)
            return [found] if found else []
        return self._file.ask(view.edition, "select target, withdrawn from link where code = ?", code)

    def _brought(self, edition: Edition) -> CodeIndex:
        if self._index and self._index[0].origin == edition.origin:
            former, held = self._index
            held.put(self._links(edition, former.version))
            return held
        # Let go of first: there is no need to hold two.
        self._index = None
        return CodeIndex(self._links(edition, since=-1))

    def _links(self, edition: Edition, since: int) -> Iterator[tuple[str, str, int]]:
        """The links in the map that are of a later version, in the order of their codes."""
        question = "select code, target, withdrawn from link where version > ? order by code"
        return self._file.rows(edition, question, since)

    def _target(self, view: _View, key: str) -> _Target | None:
        target = view.targets.get(key)
        if target is None:
            rows = self._file.ask(view.edition, "select ends, rules from target where key = ?", key)
            if not rows:
                return None
            target = view.targets[key] = _Target(key, rows[0][0], rules.read(json.loads(rows[0][1])))
        return target


def _code(written: str) -> str | None:
    if not written.isascii():
        # WSGI gives a path's bytes as Latin-1; people's dashes and spaces come as UTF-8.
        written = written.encode("latin-1", "replace").decode("utf-8", "replace")
    return codes.tidy(written)
