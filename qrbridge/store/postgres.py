"""The engine for many machines: PostgreSQL or whatever speaks its protocol, through psycopg and its pool."""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from qrbridge.errors import Conflict, InvalidInput, NotSetUp, StoreUnavailable
from qrbridge.store.base import CANNOT_KEEP, EMPTY, MISFIT, PARAMETER, Row, question_text, statements

log = logging.getLogger(__name__)

# A request waits this long for a connection before it says that the store is away.
POOL_SECONDS = 5.0
POOL_SIZE = 8

# The advisory lock that schema scripts are applied under; any number will do that nothing else here uses.
SCHEMA_LOCK = 0x71726272

UNAVAILABLE = (psycopg.Error, PoolTimeout)
# A NUL, half a character, or a number beyond all that are kept.
UNKEEPABLE = (psycopg.DataError, UnicodeEncodeError)


class PostgresStore:
    """A store in a PostgreSQL database; a thread holds a connection only while it asks or is inside `atomic`."""

    engine = "postgres"

    def __init__(self, address: str, wait_seconds: float = POOL_SECONDS, longest: float = 0) -> None:
        self._local = threading.local()
        self._wait_seconds, self._longest = wait_seconds, longest
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            address,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=wait_seconds,
            kwargs={"autocommit": True, "row_factory": dict_row, "connect_timeout": 5},
            configure=self._configure,
            check=ConnectionPool.check_connection,
            open=False,
        )
        self._pool.open()

    def rows(self, question: str, /, **values: Any) -> list[Row]:
        """Every row that answers the question."""
        with self._connection() as connection, failures(question):
            return connection.execute(_translated(question), values).fetchall()

    def run(self, question: str, /, **values: Any) -> int:
        """Change what the question says and return how many rows that touched."""
        with self._connection() as connection, failures(question):
            return connection.execute(_translated(question), values).rowcount

    def run_many(self, question: str, many: Iterable[Mapping[str, Any]], /) -> None:
        """Run one change for each set of values, all in one transaction."""
        with self.atomic(), self._connection() as connection, failures(question), connection.cursor() as cursor:
            cursor.executemany(_translated(question), many)

    def script(self, sql: str, /) -> None:
        """Run the statements of a schema script inside the present transaction."""
        with self.atomic(), self._connection() as connection, failures("schema"):
            # Held until the transaction ends, so that two servers starting at once apply each script once.
            connection.execute("select pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
            for statement in statements(sql):
                connection.execute(statement)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction: all of it or nothing. Inside another it joins that one."""
        if getattr(self._local, "connection", None) is not None:
            yield
            return
        with self._connection() as connection, failures("transaction"), connection.transaction():
            self._local.connection = connection
            try:
                yield
            finally:
                self._local.connection = None

    def close(self) -> None:
        """Let go of every connection."""
        self._pool.close()

    def _configure(self, connection: psycopg.Connection[Row]) -> None:
        """Wait no longer for what another holds locked than for a connection; PostgreSQL alone would wait for ever."""
        connection.execute(f"set lock_timeout = {round(self._wait_seconds * 1000)}")
        if self._longest:
            connection.execute(f"set statement_timeout = {round(self._longest * 1000)}")

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Row]]:
        held = getattr(self._local, "connection", None)
        if held is not None:
            yield held
            return
        with failures("connect"), self._pool.connection() as connection:
            yield connection


@cache
def _translated(question: str) -> str:
    """A query file with `:name` written as psycopg's `%(name)s`."""
    text = question_text(question).replace("%", "%%")
    return PARAMETER.sub(lambda found: f"%({found[1]})s" if found[1] else found[0], text)


@contextmanager
def failures(question: str) -> Iterator[None]:
    """Turn the engine's failures into ours."""
    try:
        yield
    except psycopg.IntegrityError as error:
        # The engine's words are for whoever runs the server, and not for the page of whoever asked.
        log.info("%s did not fit: %s", question, error)
        raise Conflict(MISFIT) from error
    except UNKEEPABLE as error:
        log.info("%s: %s", question, error)
        raise InvalidInput([CANNOT_KEEP]) from error
    except psycopg.errors.UndefinedTable as error:
        raise NotSetUp(EMPTY, "no-council") from error
    except UNAVAILABLE as error:
        raise StoreUnavailable(f"The database cannot answer now ({question}: {error}). Nothing was changed.") from error
