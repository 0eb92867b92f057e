import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from qrbridge import codes
from qrbridge.counting import scans
from qrbridge.routing.route_map import RouteMap
from qrbridge.serving import ticker
from qrbridge.serving.ticker import PARENT, Ticker, parent_is_there
from qrbridge.settings import Settings
from qrbridge.store import Row, Store, connect, create_store
from tests.counting.test_scans import SCAN, counted
from tests.installation import begin, link
from tests.servers import PATIENCE, wait_until

CODE = codes.make()


def made(settings: Settings, store: Store) -> tuple[Ticker, RouteMap]:
    routes = RouteMap(settings.route_map)
    return Ticker(settings, store, routes), routes


def reloaded(routes: RouteMap) -> RouteMap:
    routes.reload()
    return routes


IN_A_PROCESS = """
import sys
from qrbridge import settings
from qrbridge.serving import ticker
from qrbridge.routing.route_map import RouteMap
from qrbridge.store import connect
boot = settings.load(settings.instance_folder())
ticking = ticker.Ticker(boot, connect(boot), RouteMap(boot.route_map))
ticking.start()
for line in sys.stdin:
    ticking.journal.write(bytes.fromhex(line))
"""


@pytest.mark.processes
def test_it_brings_the_map_and_the_count_up_to_date_by_itself(store: Store, settings: Settings):
    begin(store)
    program = [sys.executable, "-c", IN_A_PROCESS]
    here = {**os.environ, **settings.environment}
    with subprocess.Popen(program, stdin=subprocess.PIPE, text=True, env=here) as process:
        assert process.stdin is not None
        process.stdin.write(f"{SCAN.hex()}\n")
        process.stdin.flush()
        routes = RouteMap(settings.route_map)
        wait_until(lambda: reloaded(routes).version is not None and counted(store) == 1)
        link(store, CODE)
        wait_until(lambda: reloaded(routes).find(CODE) is not None)
        process.stdin.write(f"{SCAN.hex()}\n")
    scans.add_up_left(settings.journals, store)
    assert counted(store) == 2 and list(settings.journals.iterdir()) == []


def test_a_store_that_is_away_is_told_and_found_again(sqlite_settings: Settings, tmp_path: Path):
    create_store(sqlite_settings).close()
    away = tmp_path / "away.sqlite"
    sqlite_settings.database_file.rename(away)
    store = connect(sqlite_settings)
    ticking, _ = made(sqlite_settings, store)
    ticking.journal.write(SCAN)
    ticking.bring_up()
    ticking.count()
    state = ticking.state()
    assert state["store"]["reachable"] is False and "not there" in state["store"]["problem"]
    assert state["journal"]["waiting_bytes"] == len(SCAN)
    away.rename(sqlite_settings.database_file)
    ticking.bring_up()
    ticking.count()
    state = ticking.state()
    assert state["store"] == {"reachable": True, "problem": ""}
    assert state["journal"]["waiting_bytes"] == 0 and counted(store) == 1
    ticking.journal.close()
    store.close()


def test_a_postgres_that_was_never_there_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    from qrbridge.store.postgres import PostgresStore

    settings = Settings(tmp_path)
    store = PostgresStore("postgresql://nobody@127.0.0.1:9/none", wait_seconds=0.2)
    ticking, _ = made(settings, store)
    ticking.bring_up()
    ticking.count()
    assert ticking.state()["store"]["reachable"] is False
    assert [record for record in caplog.records if record.name.startswith("qrbridge")] == []
    ticking.journal.close()
    store.close()


def test_a_store_that_is_asked_and_says_nothing_is_not_reachable(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    begin(store)
    ticking, _ = made(settings, store)
    monkeypatch.setattr(ticker, "SILENT_SECONDS", 0.05)
    asked, answers = threading.Event(), threading.Event()
    ask = store.rows

    def frozen(question: str, /, **values: Any) -> list[Row]:
        asked.set()
        assert answers.wait(PATIENCE)
        return ask(question, **values)

    monkeypatch.setattr(store, "rows", frozen)
    counting = threading.Thread(target=ticking.count)
    ticking.journal.write(SCAN)
    counting.start()
    assert asked.wait(PATIENCE)
    wait_until(lambda: not ticking.state()["store"]["reachable"])
    assert "has not answered" in ticking.state()["store"]["problem"]
    answers.set()
    counting.join(PATIENCE)
    assert ticking.state()["store"] == {"reachable": True, "problem": ""}
    ticking.journal.close()


def test_a_map_that_cannot_be_written_is_told_and_scans_are_counted(store: Store, settings: Settings):
    settings.route_map.mkdir()
    begin(store)
    ticking, _ = made(settings, store)
    ticking.journal.write(SCAN)
    ticking.bring_up()
    ticking.count()
    state = ticking.state()
    assert "cannot be written" in state["route_map"]["problem"] and state["route_map"]["checked_seconds_ago"] is None
    assert state["store"] == {"reachable": True, "problem": ""}
    assert counted(store) == 1
    ticking.journal.close()


def test_a_fault_of_our_own_is_logged_and_does_not_end_it(sqlite_settings: Settings, caplog: pytest.LogCaptureFixture):
    ticking, _ = made(sqlite_settings, None)  # type: ignore[arg-type]
    ticking.bring_up()
    ticking.count()
    assert "AttributeError" in ticking.state()["store"]["problem"]
    assert [record.getMessage() for record in caplog.records] == [
        "route_map failed and is tried again",
        "counting failed and is tried again",
    ]
    ticking.journal.close()


@pytest.mark.parametrize(
    "named, there",
    [
        pytest.param("", True, id="none is named"),
        pytest.param(str(os.getppid()), True, id="it is there"),
        pytest.param("1" if os.getppid() != 1 else "2", False, id="another is our parent now"),
        pytest.param("x", True, id="not a number"),
    ],
)
def test_whether_the_parent_is_there(monkeypatch: pytest.MonkeyPatch, named: str, there: bool):
    monkeypatch.setenv(PARENT, named)
    assert parent_is_there() is there


@pytest.mark.processes
@pytest.mark.parametrize("on_term", [pytest.param("SIG_DFL", id="TERM"), pytest.param("SIG_IGN", id="KILL in the end")])
def test_a_process_whose_parent_is_killed_ends_by_itself(sqlite_settings: Settings, on_term: str):
    create_store(sqlite_settings).close()
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from qrbridge import settings\n"
        "from qrbridge.routing.route_map import RouteMap; from qrbridge.serving import ticker\n"
        "from qrbridge.store import connect\n"
        "read, write = os.pipe(); parent = os.getpid()\n"
        "if os.fork(): signal.pause()\n"
        f"os.environ[ticker.PARENT] = str(parent); signal.signal(signal.SIGTERM, signal.{on_term})\n"
        "ticker.ORPHAN_SECONDS = ticker.TICK_SECONDS = 0.1\n"
        "boot = settings.load(Path(sys.argv[1]))\n"
        "ticker.Ticker(boot, connect(boot), RouteMap(boot.route_map)).start()\n"
        "print(os.getpid(), flush=True)\nwhile True: signal.pause()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(sqlite_settings.instance)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_alive(orphan))
    parent.stdout.close()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
