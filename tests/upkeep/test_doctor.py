import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.settings import Settings
from qrbridge.store import Store, create_store
from qrbridge.upkeep import doctor, installing, last_done
from qrbridge.upkeep.doctor import Check
from qrbridge.upkeep.last_done import Done
from tests.given import set_up

WELL = {
    "qrbridge": "1",
    "status": "ok",
    "uncounted": 0,
    "store": {"problem": ""},
    "route_map": {"problem": ""},
    "journal": {"problem": "", "waiting_bytes": 0},
}


@contextmanager
def answering(said: Any, status: int = 200) -> Iterator[int]:
    """A server that gives one answer to whatever is asked; its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def installed(sqlite_settings: Settings, by: By) -> Iterator[Store]:
    """A council set up in a folder of its own."""
    installing.make_folder(sqlite_settings)
    with closing(create_store(sqlite_settings)) as store:
        set_up(store, by)
        yield store


def looked_at(settings: Settings, store: Store, missing_look: str = "") -> list[Check]:
    return list(doctor.checks(settings, lambda: store, missing_look))


def amiss(checks: list[Check]) -> list[str]:
    return [check.sentence for check in checks if not check.good]


def test_what_is_well_is_said_too(sqlite_settings: Settings, installed: Store):
    with answering(WELL) as port:
        last_done_now(sqlite_settings, timedelta())
        checks = looked_at(replace(sqlite_settings, port=port), installed)
    assert amiss(checks) == []
    assert any("by the clock: add-up, every minute: last" in check.sentence for check in checks)


def test_what_is_missing_for_staff_pages_is_handed_in(sqlite_settings: Settings, installed: Store):
    assert any("staff.css is missing" in one for one in amiss(looked_at(sqlite_settings, installed, "staff.css")))


@pytest.mark.parametrize(
    "said, status, sentence",
    [
        pytest.param(
            WELL | {"status": "failing", "journal": {"problem": "The disk is full.", "waiting_bytes": 5}},
            503,
            "failing The disk is full.; 5 bytes",
            id="a journal that cannot be written",
        ),
        pytest.param(
            {**WELL, "store": {"problem": "The database is away."}},
            200,
            "ok The database is away.",
            id="a store that is away",
        ),
    ],
)
def test_what_a_server_says_of_itself_is_handed_on(
    sqlite_settings: Settings, installed: Store, said: Any, status: int, sentence: str
):
    with answering(said, status) as port:
        last_done_now(sqlite_settings, timedelta())
        (found,) = amiss(looked_at(replace(sqlite_settings, port=port), installed))
    assert sentence in found


def test_what_answers_and_is_not_ours_is_no_fault(sqlite_settings: Settings, installed: Store):
    with answering({"hello": 1}) as port:
        checks = looked_at(replace(sqlite_settings, port=port), installed)
    assert any(check.sentence.endswith("is not qrbridge") for check in checks) and amiss(checks) == []


def test_a_worker_that_fell_silent_beside_a_server_is_said(sqlite_settings: Settings, installed: Store):
    last_done_now(sqlite_settings, doctor.SILENT + timedelta(minutes=1))
    assert amiss(looked_at(sqlite_settings, installed)) == [], "nobody serves"
    with answering(WELL) as port:
        (said,) = amiss(looked_at(replace(sqlite_settings, port=port), installed))
    assert "nothing was done in the last 10 minutes" in said and "work.log" in said


def test_a_chore_that_failed_is_said_with_its_reason(sqlite_settings: Settings, installed: Store):
    last_done_now(sqlite_settings, timedelta(), "The mail server is away.")
    (said,) = amiss(looked_at(sqlite_settings, installed))
    assert said.endswith("failed: The mail server is away.")


def last_done_now(settings: Settings, ago: timedelta, problem: str = "") -> None:
    last_done.begin(settings.instance, [Done("add-up", "Add up scans.", "every minute")])
    last_done.keep(settings.instance, "add-up", times.stamp(times.now() - ago), problem)
