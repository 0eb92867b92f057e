"""Open the store that the settings name, with every schema script applied."""

from contextlib import AbstractContextManager
from pathlib import Path

from qrbridge import times
from qrbridge.errors import NotSetUp, StoreUnavailable
from qrbridge.settings import Settings
from qrbridge.spreadsheets import cells
from qrbridge.store.base import Row, Store, schema_scripts

FOLD = {"person": "folding.set_person", "service": "folding.set_service", "location": "folding.set_location"}
FIRST = "create table if not exists schema_script (number integer primary key, applied text not null)"


def connect(settings: Settings, patience: float | None = None, longest: float = 0) -> Store:
    """The store of an installation, whether or not it can be reached just now.

    `patience` is how many seconds a question waits for a store that is away or busy; None is the engine's own.
    `longest` is how many seconds PostgreSQL may work at one question; 0 is as many as it takes.
    """
    waits = {} if patience is None else {"wait_seconds": patience}
    # Imported here: only the engine that is used is loaded, and neither by what only names a store, as the redirector.
    if settings.database:
        from qrbridge.store.postgres import PostgresStore

        return PostgresStore(settings.database, **waits, longest=longest)
    from qrbridge.store.sqlite import SqliteStore

    return SqliteStore(settings.database_file, **waits)


def failures(settings: Settings, question: str) -> AbstractContextManager[None]:
    """Turns the failures of whatever else asks the engine of an installation, as the queue does, into ours."""
    # Imported here, as above.
    if settings.database:
        from qrbridge.store import postgres

        return postgres.failures(question)
    from qrbridge.store import sqlite

    return sqlite.failures(question)


def open_store(settings: Settings) -> Store:
    """The store of an installation; `NotSetUp` where `qrbridge init` has not been run."""
    if not settings.database and not settings.database_file.exists():
        raise NotSetUp(f"There is no database in {settings.instance}.", "no-council")
    return connect(settings)


def bring_up(store: Store) -> None:
    """Bring an installation's schema up to the present one; `NotSetUp`, and nothing is made, where there is none."""
    store.rows("schema.applied")
    apply_scripts(store)


def check(settings: Settings) -> None:
    """Look whether the database is sound; `StoreUnavailable` where it is damaged. PostgreSQL sees to its own."""
    if not settings.database:
        from qrbridge.store import sqlite

        sqlite.check(settings.database_file)


def create_store(settings: Settings) -> Store:
    """The store of an installation, made where there is none and brought up to the present schema."""
    if not settings.database and not settings.database_file.exists():
        _create_file(settings.database_file)
    store = open_store(settings)
    apply_scripts(store)
    return store


def apply_scripts(store: Store, up_to: int | None = None) -> None:
    """Apply each schema script that has not been, once, in order, in one transaction under a lock.

    Where all have been, nothing is locked or written, and no right to make tables is needed.
    """
    if not _missing(store, up_to):
        return
    with store.atomic():
        store.script(FIRST)
        applied = {row["number"] for row in store.rows("schema.applied")}
        for number, text in schema_scripts():
            if number not in applied and (up_to is None or number <= up_to):
                store.script(text)
                store.run("schema.record", number=number, applied=times.stamp(times.now()))
        if up_to is None:
            _fold_anew(store)


def _fold_anew(store: Store) -> None:
    """Put right what scripts filled with an engine's own `lower`: SQLite's knows a to z alone."""
    wrong: dict[str, list[Row]] = {}
    for row in store.rows("folding.names"):
        folded = cells.folded(row["text"])
        if folded != row["folded"]:
            wrong.setdefault(row["noun"], []).append({"key": row["key"], "folded": folded})
    for noun, rows in wrong.items():
        store.run_many(FOLD[noun], rows)


def _missing(store: Store, up_to: int | None) -> set[int]:
    """The scripts that have not been applied."""
    wanted = {number for number, _ in schema_scripts() if up_to is None or number <= up_to}
    try:
        return wanted - {row["number"] for row in store.rows("schema.applied")}
    except NotSetUp:
        # There are no tables yet.
        return wanted


def _create_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # An empty file is an empty database; made here so that only its owner can ever read it.
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreUnavailable(f"The database {path} cannot be made: {error}.") from error
