"""The file that the route map is in, as any thread reads it: whatever becomes of the file, an answer or None."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from qrbridge.routing import compiler

# A reader never waits for a writer; this is for the moment when a log left by a killed process is taken over.
_BUSY_SECONDS = 0.2


class Edition(NamedTuple):
    """Which map: the file, what it was made from and when, and the council's languages and contacts as stored."""

    inode: int
    installation: str
    version: int
    mark: str
    made: str
    whole: str
    languages: str
    council: str

    @property
    def origin(self) -> tuple[int, str]:
        """Which file and which making whole of it: editions that share it only add to one another."""
        return self.inode, self.whole


class MapFile:
    """Reads the file, with a connection for each thread; another file that is put in its place is found by its inode.

    `is_damaged` once it could not be read for what is in it: it must be made afresh.
    """

    def __init__(self, path: Path) -> None:
        self.is_damaged = False
        self._path = path
        self._local = threading.local()

    def edition(self) -> Edition | None:
        """Which file is there now and what it holds, or None where there is none that can be read."""
        try:
            inode = self._path.stat().st_ino
        except OSError:
            inode = getattr(self._local, "inode", 0)
        if inode != getattr(self._local, "inode", None):
            self.close()
        rows = self.ask(None, "select installation, version, mark, made, whole, languages, council from map")
        return Edition(inode, *rows[0]) if rows else None

    def ask(self, edition: Edition | None, question: str, *values: Any) -> list[tuple[Any, ...]] | None:
        """The rows of an answer, or None where the map cannot be read now; the next refresh makes it again.

        They are of the file of an edition, or of whichever file this thread has open.
        """
        try:
            return self._connection(edition).execute(question, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            self.is_damaged |= isinstance(error, sqlite3.Error) and compiler.is_damaged(error)
            self.close()
            return None

    def rows(self, edition: Edition, question: str, *values: Any) -> Iterator[Any]:
        """The rows of a long answer, one by one; raises what SQLite does."""
        return self._connection(edition).execute(question, values)

    def close(self) -> None:
        """Let go of this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            connection.close()

    def _connection(self, edition: Edition | None) -> sqlite3.Connection:
        local = self._local
        connection: sqlite3.Connection | None = getattr(local, "connection", None)
        if connection is not None and (edition is None or edition.inode == local.inode):
            return connection
        self.close()
        inode = self._path.stat().st_ino
        local.connection = connection = compiler.open_to_read(self._path, _BUSY_SECONDS)
        local.inode = inode
        return connection
