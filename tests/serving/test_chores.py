"""The worker as it is run: a process of its own, told of jobs by others, killed and started again."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import pytest

from qrbridge import times
from qrbridge.accounts import people
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.errors import StoreUnavailable
from qrbridge.places import locations
from qrbridge.serving import chores
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep import last_done
from qrbridge.upkeep.last_done import Done
from qrbridge.work import jobs, queue
from tests.given import place, set_up
from tests.servers import PATIENCE, wait_until

pytestmark = pytest.mark.processes

WHO = "jo@example.gov.uk"
# Enough for a run to be killed in the middle of it.
MANY = 150


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`qrbridge work` for an installation."""
    environment = {**os.environ, **settings.environment, "QRBRIDGE_PARENT": str(os.getpid())}
    process = subprocess.Popen([sys.executable, "-m", "qrbridge", "work"], env=environment, stderr=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait(PATIENCE)


def wait_for(store: Store, job_id: str, state: str) -> jobs.Job:
    wait_until(lambda: jobs.show(store, job_id).state == state, f"a job that is {state}")
    return jobs.show(store, job_id)


def asked(store: Store, references: list[str]) -> str:
    given = {"notice": "winter", "locations": references}
    return jobs.add(store, jobs.PRINT, given, By(WHO), len(references))


def test_a_job_told_of_is_done(store: Store, settings: Settings, by: By):
    set_up(store, by)
    job_id = asked(store, ["L1", "L2"])
    with worker(settings):
        queue.begin(settings, job_id)
        job = wait_for(store, job_id, "done")
    assert (job.done, job.outcome["sheets"]) == (2, 2)
    assert (settings.jobs / job_id / "winter.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_job_whose_worker_was_killed_is_begun_again(
    sqlite_settings: Settings, by: By, monkeypatch: pytest.MonkeyPatch
):
    from qrbridge.store import create_store
    from qrbridge.upkeep.installing import make_folder

    make_folder(sqlite_settings)
    store = create_store(sqlite_settings)
    set_up(store, by)
    places = [place(f"X{n}", f"Place {n}") for n in range(MANY)]
    store.run_many("locations.add", map(locations.as_kept, places))
    job_id = asked(store, [one.reference for one in places])
    with worker(sqlite_settings) as first:
        queue.begin(sqlite_settings, job_id)
        wait_for(store, job_id, "running")
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
    assert jobs.show(store, job_id).state == "running"
    with store.atomic():
        store.script(f"update job set beat_at = '2026-01-01T00:00:00Z' where id = '{job_id}'")
    with worker(sqlite_settings):
        job = wait_for(store, job_id, "done")
    assert (job.tries, job.outcome["sheets"]) == (2, MANY)
    store.close()


@pytest.mark.parametrize("state", ["done", "failed"])
def test_whoever_asked_for_a_run_is_written_to(store: Store, settings: Settings, by: By, state: str):
    set_up(store, by)
    people.add(store, Person(WHO, "Jo", "editor"), by)
    ours = "https://notices.example.gov.uk"
    mail = replace(settings, smtp_host="localhost", email_from="q@example.gov.uk", address=ours)
    job = jobs.show(store, asked(store, ["L1"]))
    for installation in (settings, mail):
        chores._tell(installation, store, replace(job, state=state, message="The headline is too long."))
    (row,) = store.rows("outbox.due", now="9999")
    assert row["recipient"] == WHO and f"{ours}/staff/jobs/{job.id}" in row["body"]
    assert ("too long" in row["body"]) == (state == "failed")


def test_chores_are_done_in_their_minute_or_soon_after():
    quarter_past_three = times.moment("2026-11-25T03:15:00Z")

    def names(minutes_before: int, minutes_after: int) -> set[str]:
        last, now = (quarter_past_three + n * chores.MINUTE for n in (-minutes_before, minutes_after))
        return {chore.name for chore in chores.due(last, now)}

    assert "clear-jobs" in names(1, 0) and "clear-jobs" in names(3, 20)
    assert names(0, 0) == set() and "clear-jobs" not in names(2, -1)
    assert names(0, 1) == {"add-up", "resume", "send-email"}
    assert "clear-jobs" not in names(1, 24 * 60 - 1), "a day asleep is not made up for"


def test_the_clock_goes_on_whatever_a_chore_does(settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch):
    done: list[str] = []
    chore = chores.Chore("one", {"minute": "*"}, "", lambda settings, store: done.append("one"))
    away = replace(chore, name="away", do=refuse)
    broken = replace(chore, name="broken", do=break_down)
    monkeypatch.setattr(chores, "CHORES", (broken, away, chore))
    monkeypatch.setattr(chores, "LOOK_SECONDS", 0.01)
    ending, minutes = threading.Event(), count()
    start = times.moment("2026-11-25T03:15:00Z")
    clock = threading.Thread(
        target=chores.go_by_the_clock, args=(settings, ending, lambda: start + next(minutes) * chores.MINUTE)
    )
    settings.instance.mkdir(exist_ok=True)
    clock.start()
    wait_until(lambda: len(done) >= 2)
    ending.set()
    clock.join(PATIENCE)
    assert not clock.is_alive() and set(done) == {"one"}
    ended = {one.name: one.problem for one in last_done.read(settings.instance) if one.at}
    assert ended == {"broken": "IndexError: list index out of range", "away": "The database is away.", "one": ""}


@pytest.mark.parametrize(
    "when, words",
    [
        pytest.param({"minute": "*"}, "every minute", id="minute"),
        pytest.param({"minute": "*/10"}, "every 10 minutes", id="minutes"),
        pytest.param({"minute": "15", "hour": "3"}, "daily at 03:15 UTC", id="day"),
    ],
)
def test_how_often_a_chore_is_done_is_said_in_words(when: dict[str, str], words: str):
    assert chores.Chore("one", when, "", lambda settings, store: None).every == words


def test_an_idle_worker_logs_nothing(store: Store, settings: Settings, by: By, caplog: pytest.LogCaptureFixture):
    set_up(store, by)
    settings.instance.mkdir(exist_ok=True)
    last_done.begin(settings.instance, [Done(chore.name, chore.about, chore.every) for chore in chores.CHORES])
    with caplog.at_level(logging.INFO):
        for chore in chores.CHORES:
            chores._do_chore(chore, settings, store)
    assert caplog.records == []
    assert [one.problem for one in last_done.read(settings.instance) if one.at] == [""] * len(chores.CHORES)


def refuse(settings: Settings, store: Store) -> None:
    raise StoreUnavailable("The database is away.")


def break_down(settings: Settings, store: Store) -> None:
    raise IndexError("list index out of range")


def test_a_job_that_the_queue_cannot_be_told_of_is_there_all_the_same(sqlite_settings: Settings):
    sqlite_settings.instance.mkdir()
    (sqlite_settings.instance / "work.sqlite").mkdir()
    queue.begin(sqlite_settings, "told of again within a minute")


@pytest.mark.parametrize("there", [False, True], ids=["no installation", "a queue that cannot be opened"])
def test_a_worker_that_cannot_work_says_why(sqlite_settings: Settings, by: By, there: bool):
    from qrbridge.store import create_store

    if there:
        (sqlite_settings.instance / "work.sqlite").mkdir(parents=True)
        store = create_store(sqlite_settings)
        set_up(store, by)
        store.close()
    command = [sys.executable, "-m", "qrbridge", "--instance", str(sqlite_settings.instance), "work"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert ("queue" if there else "qrbridge init") in done.stderr
