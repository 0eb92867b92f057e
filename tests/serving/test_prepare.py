"""Whatever the store is, what was known of codes before is served: only a first start needs one."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner

from qrbridge.audit import By
from qrbridge.cli.root import main
from qrbridge.errors import NotSetUp
from qrbridge.links import links
from qrbridge.routing.route_map import RouteMap
from qrbridge.serving import server
from qrbridge.serving.server import Keeper
from qrbridge.settings import Settings
from qrbridge.store import create_store, open_store
from qrbridge.upkeep import installing
from tests.given import set_up
from tests.servers import PATIENCE


def emptied(settings: Settings) -> None:
    """As a restore that wrote nothing leaves it."""
    if settings.database:
        script(settings, "drop schema public cascade; create schema public;")
    else:
        settings.database_file.write_bytes(b"")
        for suffix in ("-wal", "-shm"):
            settings.database_file.with_name(settings.database_file.name + suffix).unlink(missing_ok=True)


def without_a_council(settings: Settings) -> None:
    script(settings, "delete from council;")


def of_a_newer_schema(settings: Settings) -> None:
    script(settings, "alter table council rename column name to title; insert into schema_script values (9000, 'x');")


def without_a_table(settings: Settings) -> None:
    script(settings, "drop table installation;")


def script(settings: Settings, sql: str) -> None:
    with closing(open_store(settings)) as store, store.atomic():
        store.script(sql)


def gone(settings: Settings) -> None:
    settings.database_file.unlink()


def noise(settings: Settings) -> None:
    settings.database_file.write_bytes(b"no database" * 1_000)


def a_folder(settings: Settings) -> None:
    settings.database_file.unlink()
    settings.database_file.mkdir()


EITHER = [emptied, without_a_council, of_a_newer_schema, without_a_table]
FILES = [gone, noise, a_folder]


NEW = {
    **{"name": "Another Council", "short-host": "qr.another.gov.uk", "website": "www.another.gov.uk"},
    **{
        "phone": "0161 000 0000",
        "hours": "Monday",
        "languages": "en",
        "allowed-hosts": "another.gov.uk,trafford.gov.uk",
    },
}


@pytest.fixture
def codes(settings: Settings, by: By) -> Iterator[list[str]]:
    """Codes that the route map of an installation knows; its store is closed."""
    installing.make_folder(settings)
    with closing(create_store(settings)) as store, closing(RouteMap(settings.route_map)) as routes:
        set_up(store, by)
        made = links.make(store, "winter", ["L1", "L2"], by)
        routes.refresh(store)
    yield [link.code for link in made]


@pytest.mark.parametrize("spoil", EITHER)
def test_a_start_serves_the_codes_of_before(settings: Settings, codes: list[str], spoil: Callable[[Settings], None]):
    spoil(settings)
    server.prepare(settings)
    server.prepare(settings)
    with closing(RouteMap(settings.route_map)) as routes:
        assert [bool(routes.find(code)) for code in codes] == [True, True]


@pytest.mark.parametrize("spoil", FILES)
def test_a_start_serves_the_codes_of_before_without_a_file(
    sqlite_settings: Settings, by: By, spoil: Callable[[Settings], None]
):
    installing.make_folder(sqlite_settings)
    with closing(create_store(sqlite_settings)) as store, closing(RouteMap(sqlite_settings.route_map)) as routes:
        set_up(store, by)
        (link,) = links.make(store, "winter", ["L1"], by)
        routes.refresh(store)
    spoil(sqlite_settings)
    server.prepare(sqlite_settings)
    with closing(RouteMap(sqlite_settings.route_map)) as routes:
        assert routes.find(link.code)


def test_a_first_start_needs_a_council(sqlite_settings: Settings):
    installing.make_folder(sqlite_settings)
    with pytest.raises(NotSetUp, match="nothing is served"):
        server.prepare(sqlite_settings)


@pytest.mark.processes
def test_a_worker_whose_log_cannot_be_written_works_all_the_same(sqlite_settings: Settings):
    sqlite_settings.instance.mkdir()
    keeper = Keeper(sqlite_settings.instance)
    keeper.start()
    assert keeper._process is not None and keeper._process.pid
    keeper.stop()
    keeper._process.wait(PATIENCE)


@pytest.mark.parametrize("spoil", [emptied, without_a_council])
def test_codes_that_were_printed_are_not_forgotten_by_beginning_anew(
    settings: Settings, codes: list[str], spoil: Callable[[Settings], None]
):
    spoil(settings)
    anew = ["init", *(word for name, value in NEW.items() for word in (f"--{name}", value))]
    environ = {"QRBRIDGE_INSTANCE": str(settings.instance), "QRBRIDGE_DATABASE": settings.database}
    refused = CliRunner().invoke(main, anew, env=environ)
    assert refused.exit_code == 1 and "knows 2 printed codes" in refused.output
    assert CliRunner().invoke(main, ["link", "list"], env=environ).exit_code == 1
    with closing(RouteMap(settings.route_map)) as routes:
        assert routes.count() == len(codes) and all(map(routes.find, codes))
    assert "colour" in CliRunner().invoke(main, [*anew, "--forget-printed-codes"], env=environ).output
    with closing(RouteMap(settings.route_map)) as routes:
        assert routes.count() == len(codes), "nothing is forgotten by a mistake"
    done = CliRunner().invoke(main, [*anew, "--colour", "#00578a", "--forget-printed-codes"], env=environ)
    assert done.exit_code == 0, done.output
    kept = settings.route_map.with_name(f"{settings.route_map.name}.forgotten")
    with closing(RouteMap(kept)) as routes:
        assert routes.count() == len(codes), "somebody may want them after all"
