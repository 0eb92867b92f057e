import threading
from contextlib import AbstractContextManager, closing
from dataclasses import replace

import pytest

from qrbridge import audit
from qrbridge.audit import By, Change
from qrbridge.council import council
from qrbridge.errors import Conflict, InvalidInput, NotSetUp, StoreUnavailable
from qrbridge.notices import notices
from qrbridge.places import wards
from qrbridge.settings import Settings
from qrbridge.store import Store, check, connect, create_store, open_store
from qrbridge.store.base import statements
from qrbridge.store.opening import apply_scripts
from qrbridge.store.sqlite import SqliteStore
from tests.given import set_up

LINES = {"noun": "link", "key": "7K3M9Q"}


def write(store: Store, key: str) -> None:
    audit.write(store, By("jo"), Change("link", key, "up", {}, {"state": "up"}))


def test_what_is_written_is_read_back(store: Store):
    write(store, "7K3M9Q")
    (row,) = audit.list_for(store, "link", "7K3M9Q")
    assert (row["who"], row["verb"], row["after"]) == ("jo", "up", {"state": "up"})


def test_a_failed_transaction_leaves_nothing(store: Store):
    with pytest.raises(ZeroDivisionError), store.atomic():
        write(store, "7K3M9Q")
        raise ZeroDivisionError
    assert audit.list_for(store, "link", "7K3M9Q") == []


def test_an_inner_transaction_joins_the_outer(store: Store):
    with pytest.raises(ZeroDivisionError), store.atomic():
        with store.atomic():
            write(store, "7K3M9Q")
        raise ZeroDivisionError
    assert audit.list_for(store, "link", "7K3M9Q") == []


def test_the_schema_defends_itself(store: Store):
    with pytest.raises(Conflict, match="another change came first") as refused:
        store.run("wards.place", postcode="M33 4ND", ward="none", latitude=None, longitude=None)
    assert "wards.place" not in str(refused.value), "the engine's words are for the log"


def test_scripts_are_applied_once_however_often_asked(store: Store):
    apply_scripts(store)
    apply_scripts(store)
    numbers = [row["number"] for row in store.rows("schema.applied")]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1


def test_eight_threads_write_at_once_and_nothing_is_lost(store: Store):
    def work(name: int) -> None:
        for _ in range(25):
            write(store, str(name))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(audit.list_for(store, "link", str(name))) for name in range(8)] == [25] * 8


def test_servers_starting_at_once_apply_each_script_once(settings: Settings):
    settings.instance.mkdir(exist_ok=True)
    failures: list[Exception] = []

    def start() -> None:
        try:
            create_store(settings).close()
        except Exception as error:  # noqa: BLE001 - reported below, whatever it is
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = open_store(settings)
    assert len(store.rows("schema.applied")) >= 1
    store.close()


def test_a_lost_sqlite_file_is_said_and_a_restored_one_is_used_again(sqlite_settings: Settings):
    store = create_store(sqlite_settings)
    write(store, "7K3M9Q")
    away = sqlite_settings.database_file.with_suffix(".away")
    store.rows("schema.applied")
    copy = away.with_suffix(".copy")
    with_checkpoint(store)
    copy.write_bytes(sqlite_settings.database_file.read_bytes())
    sqlite_settings.database_file.rename(away)
    with pytest.raises(StoreUnavailable, match="is not there"):
        store.rows("schema.applied")
    for suffix in ("-wal", "-shm"):
        sqlite_settings.database_file.with_name(sqlite_settings.database_file.name + suffix).unlink(missing_ok=True)
    copy.rename(sqlite_settings.database_file)
    assert len(audit.list_for(store, "link", "7K3M9Q")) == 1
    store.close()


def with_checkpoint(store: Store) -> None:
    assert isinstance(store, SqliteStore)
    store._database().conn.execute("pragma wal_checkpoint(truncate)")


def test_a_busy_sqlite_store_says_so_and_changes_nothing(sqlite_settings: Settings):
    store = create_store(sqlite_settings)
    hasty = SqliteStore(sqlite_settings.database_file, wait_seconds=0.05)
    with store.atomic(), pytest.raises(StoreUnavailable, match="Nothing was changed"):
        write(hasty, "7K3M9Q")
    assert audit.list_for(store, "link", "7K3M9Q") == []
    store.close()
    hasty.close()


def test_an_unreachable_postgres_is_said():
    from qrbridge.store.postgres import PostgresStore

    store = PostgresStore("postgresql://nobody@127.0.0.1:9/none", wait_seconds=0.3)
    with pytest.raises(StoreUnavailable, match="cannot answer now"):
        store.rows("schema.applied")
    store.close()


@pytest.mark.parametrize(
    "sql, parts",
    [
        pytest.param("a; b;", ["a", "b"], id="two"),
        pytest.param("a ';' b", ["a ';' b"], id="in quotes"),
        pytest.param("a -- x; y\n; b", ["a", "b"], id="in a comment"),
    ],
)
def test_a_script_is_cut_at_its_semicolons(sql: str, parts: list[str]):
    assert [part.strip() for part in statements(sql)] == parts


# What an installation of before each script may hold that the script changes.
OLDER = {
    1: """
        insert into service (key, name, phone, hours, place, summary, service_level, owner, review_day, version)
        values ('rent', 'Rent', '0161', 'Monday', 'Sale', 'Help', 'Today', 'Us', '2027-03-31', 1);
        insert into notice (key, service, printable, starts, ends, version)
        values ('winter', 'rent', 'poster', '2026-10-05', '', 1);
    """
}


@pytest.mark.parametrize("older", OLDER)
def test_an_installation_of_an_older_schema_keeps_what_it_has(settings: Settings, older: int):
    settings.instance.mkdir(exist_ok=True)
    if settings.database:
        store = open_store(settings)
        store.script("drop schema public cascade; create schema public;")
    else:
        settings.database_file.touch()
        store = open_store(settings)
    apply_scripts(store, up_to=older)
    store.script(OLDER[older])
    apply_scripts(store)
    kept = notices.show(store, "winter")
    store.close()
    assert (kept.printable, kept.size, kept.picture, kept.reading_distance_mm) == ("poster", "", "", 0)


@pytest.mark.parametrize("engine_s_own", ["ÔL-OFAL", "Ôl-ofal", ""])
def test_an_upgrade_folds_what_an_engine_s_own_rule_did_not(settings: Settings, engine_s_own: str):
    settings.instance.mkdir(exist_ok=True)
    if settings.database:
        store = open_store(settings)
        store.script("drop schema public cascade; create schema public;")
    else:
        settings.database_file.touch()
        store = open_store(settings)
    apply_scripts(store, up_to=9)
    store.script(f"""
        insert into person (email, name, role, active, password, totp_secret, totp_step, made_at, signed_in_at)
        values ('o@x.uk', 'Ôn Élan', 'editor', 1, '', '', 0, '2026-01-01T00:00:00Z', '');
        insert into service
            (key, name, phone, hours, place, summary, service_level, owner, review_day, version, searched)
        values ('care', 'Ôl-ofal', '0161', 'Monday', 'Sale', 'Help', 'Today', 'Us', '2027-03-31', 1, '{engine_s_own}');
    """)
    apply_scripts(store)
    folded = {row["noun"]: row["folded"] for row in store.rows("folding.names")}
    store.close()
    assert folded == {"person": "ôn élan", "service": "ôl-ofal"}


def test_a_file_that_is_damaged_where_nobody_looks_is_found(sqlite_settings: Settings, by: By):
    sqlite_settings.instance.mkdir()
    with closing(create_store(sqlite_settings)) as store:
        set_up(store, by)
        wards_of = [wards.as_kept(f"E0500{number:04}", f"Ward {number}") for number in range(2_000)]
        store.run_many("wards.add", wards_of)
    check(sqlite_settings)
    whole = sqlite_settings.database_file.read_bytes()
    place = whole.rindex(b"Ward 1")
    sqlite_settings.database_file.write_bytes(whole[: place - 2_000] + b"\xa5" * 4_000 + whole[place + 2_000 :])
    with closing(connect(sqlite_settings)) as store:
        assert council.show(store).name, "what is asked for often is sound"
    with pytest.raises(StoreUnavailable, match="backup|cannot answer now"):
        check(sqlite_settings)


BEYOND = [
    pytest.param({"part": 2**70}, id="a number that is far too large"),
    pytest.param({"name": "half a \ud83d"}, id="half a character"),
]


@pytest.mark.parametrize("beyond", BEYOND)
def test_what_no_engine_can_keep_is_said(store: Store, beyond: dict[str, object]):
    with pytest.raises(InvalidInput, match="cannot be kept"):
        store.run("shared_files.keep", **{"owner": "a", "name": "b", "part": 1, "content": b"", **beyond})
    assert store.rows("schema.applied"), "the store goes on"


def test_a_nul_is_refused_by_postgresql_with_a_sentence(postgres_settings: Settings):
    with closing(create_store(postgres_settings)) as store, pytest.raises(InvalidInput, match="cannot be kept"):
        store.rows("jobs.show", id="a\0b")


def test_an_empty_database_is_no_installation(settings: Settings, request: pytest.FixtureRequest):
    settings.instance.mkdir(exist_ok=True)
    if settings.database:
        with closing(connect(settings)) as store, store.atomic():
            store.script("drop schema public cascade; create schema public;")
    else:
        settings.database_file.touch()
    with closing(connect(settings)) as store:
        with pytest.raises(NotSetUp, match="nothing in the database yet"):
            store.rows("council.show")
        apply_scripts(store)
        assert store.rows("council.show") == []


def test_who_only_reads_waits_for_no_writer_and_needs_no_right_to_write(settings: Settings, store: Store):
    if settings.database:
        join = "&" if "?" in settings.database else "?"
        only_reading = f"{settings.database}{join}options=-cdefault_transaction_read_only%3Don"
        settings = replace(settings, database=only_reading)
        writer: AbstractContextManager[object] = closing(store)
    else:
        writer = store.atomic()
    with writer, closing(connect(settings, patience=0.2)) as reader:
        apply_scripts(reader)
        assert reader.rows("jobs.list", who=None, kind=None, most=1) == []


def test_a_question_that_takes_too_long_is_given_up(postgres_settings: Settings):
    with closing(connect(postgres_settings, longest=0.1)) as store, pytest.raises(StoreUnavailable), store.atomic():
        store.script("select pg_sleep(5)")
