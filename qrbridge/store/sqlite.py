"""The embedded engine: one SQLite file, through sqlite-utils."""

import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from qrbridge.errors import Conflict, InvalidInput, NotSetUp, StoreUnavailable
from qrbridge.store.base import CANNOT_KEEP, EMPTY, MISFIT, Row, question_text, statements

log = logging.getLogger(__name__)

# A writer waits this long for another to finish before it says that the store is busy.
BUSY_SECONDS = 10.0

# A number beyond all that are kept, or half a character.
UNKEEPABLE = (OverflowError, UnicodeEncodeError)


class SqliteStore:
    """A store in one SQLite file, with one connection for each thread."""

    engine = "sqlite"

    def __init__(self, path: Path, wait_seconds: float = BUSY_SECONDS) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._opening = threading.Lock()

    def rows(self, question: str, /, **values: Any) -> list[Row]:
        """Every row that answers the question."""
        with failures(question):
            return list(self._database().query(question_text(question), values))

    def run(self, question: str, /, **values: Any) -> int:
        """Change what the question says and return how many rows that touched."""
        with self.atomic(), failures(question):
            return self._database().conn.execute(question_text(question), values).rowcount

    def run_many(self, question: str, many: Iterable[Mapping[str, Any]], /) -> None:
        """Run one change for each set of values, all in one transaction."""
        with self.atomic(), failures(question):
            self._database().conn.executemany(question_text(question), many)

    def script(self, sql: str, /) -> None:
        """Run the statements of a schema script inside the present transaction."""
        with self.atomic(), failures("schema"):
            for statement in statements(sql):
                self._database().conn.execute(statement)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction: all of it or nothing. Inside another it joins that one."""
        connection = self._database().conn
        if connection.in_transaction:
            yield
            return
        with failures("begin"):
            # A deferred begin fails at once, without waiting, when two readers both turn writer.
            connection.execute("begin immediate")
        try:
            yield
            with failures("commit"):
                connection.commit()
        except BaseException:
            connection.rollback()
            raise

    def close(self) -> None:
        """Let go of every connection."""
        with self._opening:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._local = threading.local()

    def _database(self) -> Database:
        """This thread's connection; a new one if the file has been put back since, so nothing goes into a lost file."""
        held: tuple[Database, int] | None = getattr(self._local, "held", None)
        try:
            inode = self._path.stat().st_ino
        except OSError:
            raise StoreUnavailable(f"The database {self._path} is not there.", "no-database") from None
        if held is None or (held[1] != inode and not held[0].conn.in_transaction):
            held = (self._connect(), inode)
            self._local.held = held
        return held[0]

    def _connect(self) -> Database:
        with failures("open"):
            # mode=rw: a missing file must be an error here, never a new empty database.
            connection = sqlite3.connect(
                f"{self._path.as_uri()}?mode=rw",
                uri=True,
                timeout=self._wait_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute("pragma foreign_keys = on")
        with self._opening:
            self._open.append(connection)
        return Database(connection, execute_plugins=False)


def check(path: Path) -> None:
    """Look through a database file as SQLite's `quick_check` does; `StoreUnavailable` where it is damaged.

    It takes as long as reading the file, and holds up nobody.
    """
    with failures("check"), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        said = connection.execute("pragma quick_check(1)").fetchone()[0]
    if said != "ok":
        raise StoreUnavailable(f"The database {path} is damaged ({said}). Put it back from a backup.")


@contextmanager
def failures(question: str) -> Iterator[None]:
    """Turn the engine's failures into ours."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        # The engine's words are for whoever runs the server, and not for the page of whoever asked.
        log.info("%s did not fit: %s", question, error)
        raise Conflict(MISFIT) from error
    except UNKEEPABLE as error:
        log.info("%s: %s", question, error)
        raise InvalidInput([CANNOT_KEEP]) from error
    except sqlite3.Error as error:
        if "no such table" in str(error):
            raise NotSetUp(EMPTY, "no-council") from error
        raise StoreUnavailable(f"The database cannot answer now ({question}: {error}). Nothing was changed.") from error
