"""Make the route map from the store: whole where it must be, else only what has changed."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from qrbridge import times
from qrbridge.council import hosts
from qrbridge.errors import InvalidInput, StoreUnavailable
from qrbridge.routing import rules

if TYPE_CHECKING:
    # For its name alone: the path of every redirect loads no engine.
    from qrbridge.store import Row, Store

# Of links at a time: some 5 MB, whatever the number of links.
PAGE = 10_000
TARGETS_PAGE = 1_000

# Raise it when the tables below change: a map in another shape is made again.
_SHAPE = 3
_TABLES = """
create table map (
    id integer primary key check (id = 1), installation text not null, version integer not null,
    mark text not null, made text not null, whole text not null, languages text not null, council text not null
);
create table link (
    code text primary key, target text not null, withdrawn integer not null, version integer not null
) without rowid;
create table target (
    key text primary key, ends text not null, rules text not null, problems text not null, service text not null
) without rowid;
"""

_WRITE_LINK = "insert or replace into link (code, target, withdrawn, version) values (?, ?, ?, ?)"
_WRITE_TARGET = "insert or replace into target (key, ends, rules, problems, service) values (?, ?, ?, ?, ?)"
# A map in another shape holds nothing, whatever it says.
_HELD = "select installation, version, mark from map where (select user_version from pragma_user_version) = ?"
_BUSY_SECONDS = 5.0
# After a whole compile the log is cut back to this, so that it does not keep the size of the map for good.
_LOG_BYTES = 4_000_000


# Of the council and of a notice's service, for pages that must stand while the store is away.
CONTACTS = ("name", "website", "phone", "hours", "colour")
SERVICE = ("name", "phone", "hours", "place", "summary")

# An installation, its version, and the version's mark.
Edition = tuple[str, int, str]


@dataclass(frozen=True)
class Source:
    """What the map is made from: the installation, its version, and the council's languages, hosts and contacts."""

    edition: Edition
    council_version: int
    languages: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    short_host: str
    contacts: dict[str, str]

    @classmethod
    def find(cls, store: Store) -> Source | None:
        """The installation in a store, None before a council is set up."""
        row = next(iter(store.rows("routes.installation")), None)
        if row is None:
            return None
        return cls(
            edition=(row["installation"], row["route_version"], row["mark"]),
            council_version=row["version"],
            languages=tuple(json.loads(row["languages"])),
            allowed_hosts=tuple(json.loads(row["allowed_hosts"])),
            short_host=row["short_host"],
            contacts={name: row[name] for name in CONTACTS},
        )


class Compiler:
    """Writes the map in one file; safe beside other processes that do the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_current = False

    def compile(self, store: Store, *, afresh: bool = False) -> bool:
        """Bring the map up to the store's version and say whether anything was written; `afresh` begins a new file."""
        source = Source.find(store)
        held = None if afresh else self._held()
        self.is_current = source is not None and held == source.edition
        if source is None or self.is_current:
            return False
        with self._turn() as mine:
            # Asked again: since we looked, another process may have seen a newer version and written it.
            source = Source.find(store) if mine else None
            return source is not None and self._update(store, source, afresh)

    def _update(self, store: Store, source: Source, afresh: bool) -> bool:
        if afresh:
            self._remove()
        try:
            with closing(self._open()) as connection:
                written = self._write(connection, store, source)
        except sqlite3.Error as error:
            if is_damaged(error) and not afresh:
                return self._update(store, source, afresh=True)
            raise StoreUnavailable(
                f"The route map {self._path} cannot be written ({error}). Redirects go on from what it holds. "
                "Free some space or mend its folder; it is tried again every second."
            ) from error
        self.is_current = True
        return written

    def _write(self, connection: sqlite3.Connection, store: Store, source: Source) -> bool:
        connection.execute("begin immediate")
        try:
            held: Edition | None = connection.execute(_HELD, (_SHAPE,)).fetchone()
            written = held != source.edition
            if written:
                whole = held is None or not _is_of_past(held, store, source)
                if held is None or whole:
                    _make_whole(connection, store, source)
                else:
                    _bring(connection, store, source, since=held[1])
                _sign(connection, source, whole)
            connection.execute("commit")
        except BaseException:
            connection.rollback()
            raise
        return written

    def _held(self) -> Edition | None:
        """What the map was made from, None where it cannot be read."""
        try:
            with closing(open_to_read(self._path, _BUSY_SECONDS)) as connection:
                return connection.execute(_HELD, (_SHAPE,)).fetchone()  # type: ignore[no-any-return]
        except (sqlite3.Error, OSError):
            return None

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            self._remove()  # a log without its file belongs to nothing
            self._path.touch(mode=0o600)
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute(f"pragma journal_size_limit = {_LOG_BYTES}")
            _shape(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether it is this process's turn to write; not waited for, since one that hangs would hold up the rest."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            turn = os.open(self._path.with_name(self._path.name + ".turn"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnavailable(f"The route map {self._path} cannot be written ({error}).") from error
        try:
            yield _is_first(turn)
        finally:
            os.close(turn)


def open_to_read(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """A connection for reading the map; `sqlite3.Error` where there is none."""
    # mode=rw: a reader too keeps the log's index, but must never make an empty map where there is none.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=busy_seconds)
    try:
        connection.isolation_level = None
        connection.execute("pragma query_only = on")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_first(turn: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _shape(connection: sqlite3.Connection) -> None:
    connection.execute("begin immediate")
    shape = connection.execute("pragma user_version").fetchone()[0]
    if shape != _SHAPE:
        for table in ("map", "link", "target"):
            connection.execute(f"drop table if exists {table}")
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"pragma user_version = {_SHAPE}")
    connection.execute("commit")


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is spoilt, not only busy or without room (which are operational errors)."""
    return not isinstance(error, sqlite3.OperationalError) or "no such" in str(error)


def _is_of_past(held: Edition, store: Store, source: Source) -> bool:
    """Whether the map was made from this store as it once was, so that what has changed since is all it lacks.

    Not so where an older copy was put back: it never had the map's version or, having gone on, has another one of that
    number, with a mark of its own.
    """
    return held[0] == source.edition[0] and store.rows("routes.mark", version=held[1]) == [{"mark": held[2]}]


def _make_whole(connection: sqlite3.Connection, store: Store, source: Source) -> None:
    connection.execute("delete from link")
    connection.execute("delete from target")
    for page in _all_links(store):
        connection.executemany(_WRITE_LINK, map(_link, page))
    _write_targets(connection, store, source, since=-1)


def _bring(connection: sqlite3.Connection, store: Store, source: Source, since: int) -> None:
    # Links first: a notice made after they were read is then never missing for a link that was.
    for page in _changed_links(store, since):
        connection.executemany(_WRITE_LINK, map(_link, page))
    # The council's hosts and languages are part of every target.
    _write_targets(connection, store, source, since=-1 if source.council_version > since else since)


def _sign(connection: sqlite3.Connection, source: Source, whole: bool) -> None:
    """Say what the map is of, and which making whole it goes back to: since that, nothing was taken out of it."""
    # By chance: of two that are made within one moment neither is taken for the other.
    since = secrets.token_hex(8) if whole else connection.execute("select whole from map").fetchone()[0]
    connection.execute(
        "insert or replace into map (id, installation, version, mark, made, whole, languages, council) "
        "values (1, ?, ?, ?, ?, ?, ?, ?)",
        (*source.edition, times.stamp(times.now()), since, _text(source.languages), _text(source.contacts)),
    )


def _all_links(store: Store) -> Iterator[list[Row]]:
    last = ""
    while page := store.rows("routes.all_links", code=last, limit=PAGE):
        yield page
        last = page[-1]["code"]


def _changed_links(store: Store, since: int) -> Iterator[list[Row]]:
    # Every code sorts after the empty one, in any collation, so the first page begins at the next version.
    version, code = since + 1, ""
    while page := store.rows("routes.changed_links", version=version, code=code, limit=PAGE):
        yield page
        version, code = page[-1]["version"], page[-1]["code"]


def _link(row: Row) -> tuple[str, str, int, int]:
    return row["code"], row["notice"], int(row["state"] == "withdrawn"), row["version"]


def _write_targets(connection: sqlite3.Connection, store: Store, source: Source, since: int) -> None:
    last = ""
    while rows := store.rows("routes.targets", since=since, after=last, limit=TARGETS_PAGE):
        for _, group in groupby(rows, key=lambda row: row["key"]):
            connection.execute(_WRITE_TARGET, _target(list(group), source))
        last = rows[-1]["key"]


def _target(rows: list[Row], source: Source) -> tuple[str, str, str, str, str]:
    """A notice as kept in the map, its destinations checked once more: other hands may have written to the store."""
    pages, problems = {}, []
    for row in rows:
        if row["destination"] is None:
            continue
        try:
            pages[row["language"]] = hosts.check(row["destination"], source.allowed_hosts, source.short_host).address
        except InvalidInput as error:
            problems += [(f"{row['key']} ({row['language']})", problem.sentence) for problem in error.problems]
    first = rows[0]
    stored = rules.for_pages(pages, source.languages)
    service = {name: first[name] for name in SERVICE}
    return first["key"], first["ends"], _text(stored), _text(problems), _text(service)


def _text(value: Iterable[object]) -> str:
    return json.dumps(value, ensure_ascii=False)
