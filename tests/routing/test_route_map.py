import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from qrbridge import codes
from qrbridge.errors import NotSetUp, StoreUnavailable
from qrbridge.installation import next_version
from qrbridge.routing import compiler
from qrbridge.routing import route_map as route_maps
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Row, Store, create_store
from qrbridge.store.sqlite import SqliteStore
from tests.given import TODAY, in_days
from tests.installation import COUNCIL, PAGE, PRINTED, begin, link, notice, repage, service
from tests.present import present
from tests.servers import PATIENCE

CODES = sorted(codes.make() for _ in range(40))
CODE = CODES[0]


@pytest.fixture
def installed(store: Store) -> Store:
    """A store with a council, a service, a notice and one link."""
    begin(store)
    link(store, CODE)
    return store


class Indexed(RouteMap):
    """A route map that holds its codes in memory, as the one of a web process does."""

    def reload(self) -> None:
        super().reload()
        self.index()


@pytest.fixture(params=[RouteMap, Indexed], ids=["from the file", "from memory"])
def route_map(settings: Settings, request: pytest.FixtureRequest) -> RouteMap:
    """The route map of this installation, not made yet."""
    kind: type[RouteMap] = request.param
    return kind(settings.route_map, today=lambda: TODAY)


def destination(route_map: RouteMap, code: str = CODE) -> str | None:
    route = route_map.find(code)
    return route.rules[-1].matches({}) if route and route.rules else None


def state(route_map: RouteMap, code: str = CODE) -> str | None:
    route = route_map.find(code)
    return route.state if route else None


def test_a_store_without_a_council_has_no_versions(store: Store):
    with pytest.raises(NotSetUp, match="No council is set up here"):
        next_version(store)


def test_versions_made_at_once_are_all_different(store: Store):
    store.run("installation.begin", name="one")
    seen: list[int] = []

    def change() -> None:
        for _ in range(20):
            with store.atomic():
                seen.append(next_version(store))

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 81))


def test_before_there_is_a_map_nothing_is_found_and_nothing_is_raised(route_map: RouteMap, store: Store):
    assert route_map.find(CODE) is None
    assert route_map.version is None and route_map.council() is None
    assert route_map.refresh(store) is False, "no council is set up yet"
    assert route_map.version is None


def test_a_code_leads_to_its_service(route_map: RouteMap, installed: Store):
    assert route_map.refresh(installed) is True
    route = present(route_map.find(CODE))
    assert (route.code, route.state, route.notice) == (CODE, "live", "winter")
    assert destination(route_map) == PAGE
    assert route_map.find(CODES[1]) is None
    assert route_map.languages == COUNCIL.languages
    assert route_map.council() == (COUNCIL.name, COUNCIL.website, COUNCIL.phone, COUNCIL.hours, COUNCIL.colour)
    assert route_map.refresh(installed) is False, "nothing has changed"


@pytest.mark.parametrize(
    "link_state, ends, expected",
    [
        pytest.param("made", "", "live", id="not hung up yet"),
        pytest.param("up", "", "live", id="up"),
        pytest.param("down", "", "live", id="taken down: paper is found in drawers"),
        pytest.param("withdrawn", "", "withdrawn", id="withdrawn"),
        pytest.param("up", in_days(0), "live", id="its last day"),
        pytest.param("up", in_days(-1), "ended", id="the day after"),
        pytest.param("withdrawn", in_days(-1), "withdrawn", id="both"),
    ],
)
def test_the_state_of_a_route(route_map: RouteMap, installed: Store, link_state: str, ends: str, expected: str):
    notice(installed, "dated", "help", ends)
    link(installed, CODES[1], "dated", state=link_state)
    route_map.refresh(installed)
    assert state(route_map, CODES[1]) == expected


def test_a_route_ends_with_the_day_and_not_with_a_change(settings: Settings, installed: Store):
    days = [TODAY]
    route_map = RouteMap(settings.route_map, today=lambda: days[0])
    notice(installed, "dated", "help", TODAY.isoformat())
    link(installed, CODES[1], "dated")
    route_map.refresh(installed)
    assert state(route_map, CODES[1]) == "live"
    days[0] = TODAY + timedelta(days=1)
    route_map.reload()
    assert state(route_map, CODES[1]) == "ended"


def change_pages(store: Store) -> None:
    repage(store, "help", {"en": f"{PAGE}/new"})


def withdraw(store: Store) -> None:
    link(store, CODE, state="withdrawn")


def narrow_hosts(store: Store) -> None:
    # By other hands: we refuse hosts that leave out those of pages in use.
    with store.atomic():
        hosts = f"allowed_hosts = '[\"example.gov.uk\"]', version = {next_version(store)}"
        store.script(f"update council set {hosts}")


@pytest.mark.parametrize(
    "change, expected",
    [
        pytest.param(change_pages, ("live", f"{PAGE}/new"), id="a service moves"),
        pytest.param(withdraw, ("withdrawn", PAGE), id="a link is withdrawn"),
        pytest.param(narrow_hosts, ("unsafe", None), id="the council's hosts change"),
    ],
)
def test_a_change_arrives_in_this_map_and_in_another_process_s(
    route_map: RouteMap,
    settings: Settings,
    installed: Store,
    change: Callable[[Store], None],
    expected: tuple[str, str | None],
):
    route_map.refresh(installed)
    other = RouteMap(settings.route_map, today=lambda: TODAY)
    assert [state(route_map), state(other)] == ["live", "live"]
    change(installed)
    assert route_map.refresh(installed) is True
    assert other.refresh(installed) in {True, False}
    assert [(state(found), destination(found)) for found in (route_map, other)] == [expected] * 2


def test_moving_a_service_touches_a_row_for_its_notice_and_none_for_its_links(
    route_map: RouteMap, settings: Settings, installed: Store
):
    for code, place in zip(CODES[1:3], ("L2", "L3"), strict=True):
        link(installed, code, at=place)
    route_map.refresh(installed)
    before = rows_of(settings.route_map, "select code, target, version from link")
    change_pages(installed)
    route_map.refresh(installed)
    assert rows_of(settings.route_map, "select code, target, version from link") == before
    assert destination(route_map, CODES[2]) == f"{PAGE}/new"


def rows_of(path: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "pages, kept",
    [
        pytest.param({"en": "https://evil.example/x", "cy": PAGE}, [PAGE], id="one of two"),
        pytest.param({"en": "https://evil.example/x"}, [], id="all"),
        pytest.param({"en": "https://www.trafford.gov.uk@evil.example/"}, [], id="a name before the host"),
        pytest.param({"en": "https://www.trafford.gov.uk/\r\nSet-Cookie: a=b"}, [], id="a second header"),
        pytest.param({"en": "https://qr.trafford.gov.uk/x"}, [], id="our own short links"),
    ],
)
def test_a_page_that_does_not_pass_is_left_out_and_told(
    route_map: RouteMap, installed: Store, pages: dict[str, str], kept: list[str]
):
    repage(installed, "help", pages)
    route_map.refresh(installed)
    assert [rule.matches({}) for rule in present(route_map.find(CODE)).rules if rule.matches({})] == kept
    assert state(route_map) == ("live" if kept else "unsafe")
    problems = route_map.problems()
    assert {problem.field for problem in problems} == {"winter (en)"} and all(problem.sentence for problem in problems)


def test_a_service_without_pages_is_unsafe(route_map: RouteMap, installed: Store):
    repage(installed, "help", {})
    route_map.refresh(installed)
    assert state(route_map) == "unsafe" and route_map.problems() == []


@pytest.mark.parametrize("whole", [pytest.param(True, id="whole"), pytest.param(False, id="changes only")])
def test_many_links_arrive_page_by_page(
    route_map: RouteMap, installed: Store, monkeypatch: pytest.MonkeyPatch, whole: bool
):
    monkeypatch.setattr(compiler, "PAGE", 7)
    monkeypatch.setattr(compiler, "TARGETS_PAGE", 2)
    if not whole:
        route_map.refresh(installed)
    with installed.atomic():
        version = next_version(installed)
        for number, code in enumerate(CODES[1:]):
            key = f"n-{number}"
            installed.run("notices.add", key=key, service="help", starts="", ends="", version=version, **PRINTED)
            made = {"location": "L1", "state": "up", "made_at": "", "reason": ""}
            # Two versions, so that a page ends inside one and the next begins there.
            installed.run("links.make", code=code, notice=key, version=version - number % 2, **made)
        next_version(installed)
    if not whole:
        installed.script(f"update link set version = {version + 1} where version = {version - 1} and code <> '{CODE}'")
    route_map.refresh(installed)
    assert [state(route_map, code) for code in CODES] == ["live"] * len(CODES)


def test_a_map_of_another_installation_is_made_again(route_map: RouteMap, settings: Settings, installed: Store):
    route_map.refresh(installed)
    installed.script("update installation set name = 'another'")
    installed.script(f"delete from link where code = '{CODE}'")
    assert route_map.refresh(installed) is True
    assert route_map.find(CODE) is None


def print_links(store: Store, given: list[str], at: str = "L1") -> None:
    """A notice for each code and its link: as many changes, of the same numbers, for as many codes."""
    for code in given:
        notice(store, code.lower(), "help")
        link(store, code, of=code.lower(), at=at)


@pytest.mark.parametrize(
    "since, lost, made, expected",
    [
        pytest.param(0, 0, 0, False, id="nothing lost and nothing made"),
        pytest.param(0, 3, 0, True, id="behind the map"),
        pytest.param(0, 3, 2, True, id="gone on, still behind the map"),
        pytest.param(0, 3, 3, True, id="as many changes as were lost"),
        pytest.param(0, 3, 5, True, id="gone on past the map"),
        pytest.param(2, 0, 3, True, id="nothing lost that the map had"),
    ],
)
@pytest.mark.parametrize("restarts", [pytest.param(False, id="same process"), pytest.param(True, id="after a restart")])
def test_an_older_copy_put_back_is_followed(
    settings: Settings, installed: Store, since: int, lost: int, made: int, expected: bool, restarts: bool
):
    """The map is made, the store backed up, `lost` links printed and mapped, the copy put back, `made` printed."""
    route_map = RouteMap(settings.route_map)
    route_map.refresh(installed)
    print_links(installed, CODES[1 : 1 + since])
    put_back = back_up(installed)
    print_links(installed, CODES[10 : 10 + lost])
    if lost:
        route_map.refresh(installed)
    assert [state(route_map, code) for code in CODES[10 : 10 + lost]] == ["live"] * lost
    put_back()
    print_links(installed, CODES[20 : 20 + made])
    if restarts:
        route_map = RouteMap(settings.route_map)
    assert route_map.refresh(installed) is expected
    living = [CODE, *CODES[1 : 1 + since], *CODES[20 : 20 + made]]
    assert [code for code in CODES if state(route_map, code)] == living
    assert route_map.refresh(installed) is False


def test_a_restore_is_told_from_ordinary_progress(
    route_map: RouteMap, installed: Store, monkeypatch: pytest.MonkeyPatch
):
    """Only what has changed is read where nothing was put back, whichever process asks."""
    route_map.refresh(installed)
    asked: list[str] = []
    rows = type(installed).rows

    def heard(self: Store, question: str, **values: object) -> list[Row]:
        asked.append(question)
        return rows(self, question, **values)

    monkeypatch.setattr(type(installed), "rows", heard)
    print_links(installed, CODES[1:3])
    asked.clear()
    assert RouteMap(route_map._file._path).refresh(installed) is True
    assert "routes.changed_links" in asked and "routes.all_links" not in asked


def back_up(store: Store) -> Callable[[], None]:
    """Keep the tables as they are, on either engine; what is returned puts them back."""
    tables = ("route_change", "installation", "notice", "link")
    for table in tables:
        store.script(f"create table kept_{table} as select * from {table}")

    def put_back() -> None:
        with store.atomic():
            for table in reversed(tables):
                store.script(f"delete from {table}")
            for table in tables:
                store.script(f"insert into {table} select * from kept_{table}")

    return put_back


def test_a_service_is_known_by_its_notice_and_follows_its_changes(route_map: RouteMap, installed: Store):
    route_map.refresh(installed)
    assert route_map.service_of("winter") == ("help", "0", "0", "0", "0")
    with installed.atomic():
        installed.script(f"update service set name = 'New', version = {next_version(installed)}")
    route_map.refresh(installed)
    assert present(route_map.service_of("winter")).name == "New"
    assert route_map.service_of("none such") is None
    spoil(route_map._file._path)
    route_map.close()
    assert route_map.service_of("winter") is None


def spoil(path: Path) -> None:
    path.write_bytes(b"not a database, " * 4096)


def zero(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def drop_table(path: Path) -> None:
    rows_of(path, "drop table target")


def old_shape(path: Path) -> None:
    rows_of(path, "pragma user_version = 99")


@pytest.mark.parametrize("harm", [spoil, zero, remove, drop_table, old_shape])
@pytest.mark.parametrize("running", [pytest.param(True, id="while running"), pytest.param(False, id="while stopped")])
def test_a_spoilt_map_is_never_an_exception_and_is_made_again(
    settings: Settings, installed: Store, harm: Callable[[Path], None], running: bool
):
    route_map = RouteMap(settings.route_map)
    route_map.refresh(installed)
    route_map.find(CODE)
    if not running:
        route_map.close()
    harm(settings.route_map)
    if not running:
        route_map = RouteMap(settings.route_map)
    assert state(route_map, CODES[1]) is None
    assert state(route_map) in {None, "live"}
    for _ in range(2):
        route_map.refresh(installed)
    assert state(route_map) == "live"
    link(installed, CODES[1], at="L2")
    for _ in range(2):
        # Some harm shows only where it is looked at; while it does, nobody says that the code is not ours.
        route_map.refresh(installed)
        assert state(route_map, CODES[1]) == "live" or route_map.version is None
    assert state(route_map, CODES[1]) == "live"


def test_the_map_answers_when_the_store_is_gone_from_the_start(sqlite_settings: Settings):
    store = create_store(sqlite_settings)
    begin(store)
    link(store, CODE)
    RouteMap(sqlite_settings.route_map).refresh(store)
    store.close()
    sqlite_settings.database_file.unlink()
    route_map = RouteMap(sqlite_settings.route_map)
    gone = SqliteStore(sqlite_settings.database_file)
    with pytest.raises(StoreUnavailable):
        route_map.refresh(gone)
    assert destination(route_map) == PAGE


def test_a_locked_store_does_not_keep_anyone_from_the_map(sqlite_settings: Settings):
    store = create_store(sqlite_settings)
    begin(store)
    link(store, CODE)
    RouteMap(sqlite_settings.route_map).refresh(store)
    with store.atomic():
        assert destination(RouteMap(sqlite_settings.route_map)) == PAGE
    store.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, sqlite_settings: Settings):
    store = create_store(sqlite_settings)
    begin(store)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        RouteMap(in_the_way / "routes.sqlite").refresh(store)
    store.close()


def test_readers_in_threads_never_wait_for_a_compile_nor_see_half_of_it(settings: Settings, installed: Store):
    """Each version's notice and page say the same number; a reader must never see a code missing."""
    route_map = RouteMap(settings.route_map)
    route_map.refresh(installed)
    seen, stop = [], threading.Event()

    def read() -> None:
        fresh = RouteMap(settings.route_map)
        while not stop.is_set():
            fresh.reload()
            seen.append(destination(fresh) is not None)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(10):
        installed.script(f"update installation set name = 'another {number}'")
        route_map.refresh(installed)
    stop.set()
    for reader in readers:
        reader.join()
    assert set(seen) == {True}


@pytest.mark.processes
def test_two_processes_that_refresh_at_once_make_one_map(settings: Settings, installed: Store):
    program = (
        "import sys; from pathlib import Path\n"
        "from qrbridge import settings\n"
        "from qrbridge.routing.route_map import RouteMap; from qrbridge.store import open_store\n"
        "boot = settings.load(Path(sys.argv[1]))\n"
        "store, found = open_store(boot), RouteMap(boot.route_map)\n"
        "for _ in range(50):\n"
        "    found.refresh(store); assert found.find(sys.argv[2]) or found.version is None; print(flush=True)\n"
        "store.close()\n"
    )
    environ = {**os.environ, "QRBRIDGE_DATABASE": settings.database}
    arguments = [sys.executable, "-c", program, str(settings.instance), CODE]
    others = [subprocess.Popen(arguments, env=environ, stdout=subprocess.PIPE) for _ in range(2)]
    route_map = RouteMap(settings.route_map)
    for code, place in ((CODES[1], "L2"), (CODES[2], "L3")):
        # The others are in the middle of it.
        assert [process.stdout.readline() for process in others if process.stdout] == [b"\n"] * 2
        link(installed, code, at=place)
        route_map.refresh(installed)
    for process in others:
        process.communicate(timeout=PATIENCE)
    assert [process.returncode for process in others] == [0, 0]
    route_map.refresh(installed)
    assert [state(route_map, code) for code in CODES[:3]] == ["live"] * 3


def test_while_another_process_is_at_it_the_map_is_not_called_current(route_map: RouteMap, installed: Store):
    with route_map._compiler._turn() as mine:
        assert mine
        assert route_map.refresh(installed) is False
        assert route_map.state() == {"version": None, "checked_seconds_ago": None}
    assert route_map.refresh(installed) is True
    assert route_map.state()["checked_seconds_ago"] is not None


def test_memory_of_codes_is_bounded(route_map: RouteMap, installed: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(route_maps, "REMEMBERED", 2)
    service(installed, "more", {"en": PAGE})
    for code in CODES[1:8]:
        notice(installed, code.lower(), "more")
        link(installed, code, of=code.lower())
    route_map.refresh(installed)
    assert [state(route_map, code) for code in CODES[:8] * 2] == ["live"] * 16
    assert len(route_map._view.routes) <= 2


def test_codes_are_read_from_memory_after_midnight_too(installed: Store, settings: Settings):
    days = [TODAY]
    route_map = Indexed(settings.route_map, today=lambda: days[-1])
    route_map.refresh(installed)
    with sqlite3.connect(settings.route_map) as by_other_hands:
        by_other_hands.execute("delete from link")
    days.append(TODAY + timedelta(days=1))
    route_map.reload()
    assert destination(route_map) == PAGE, "from memory: the file has no code any more"
    assert RouteMap(settings.route_map).find(CODE) is None
