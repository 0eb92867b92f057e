"""The worker as it is run: a process of its own, told of jobs by others, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from qrbridge import chores, jobs, locations, people
from qrbridge.audit import By
from qrbridge.locations import Location
from qrbridge.people import Person
from qrbridge.settings import Settings
from qrbridge.store import Store
from tests.given import REST, set_up

WHO = "jo@example.gov.uk"
# Enough for a run to be killed in the middle of it.
MANY = 400


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`qrbridge work` for an installation."""
    environment = {
        **os.environ,
        "QRBRIDGE_INSTANCE": str(settings.instance),
        "QRBRIDGE_DATABASE": settings.database,
        "QRBRIDGE_PARENT": str(os.getpid()),
    }
    process = subprocess.Popen([sys.executable, "-m", "qrbridge", "work"], env=environment, stderr=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait(20)


def wait_for(store: Store, job_id: str, state: str) -> jobs.Job:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        job = jobs.show(store, job_id)
        if job.state == state:
            return job
        time.sleep(0.2)
    raise AssertionError(f"after 90 seconds the job is {job}")


def asked(store: Store, references: list[str]) -> str:
    given = {"notice": "winter", "locations": references}
    return jobs.add(store, jobs.PRINT, given, By(WHO), len(references))


def test_a_job_told_of_is_done(store: Store, settings: Settings, by: By):
    set_up(store, by)
    job_id = asked(store, ["L1", "L2"])
    with worker(settings):
        chores.begin(settings, job_id)
        job = wait_for(store, job_id, "done")
    assert (job.done, job.outcome["sheets"]) == (2, 2)
    assert (settings.jobs / job_id / "winter.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_job_whose_worker_was_killed_is_begun_again(
    sqlite_settings: Settings, by: By, monkeypatch: pytest.MonkeyPatch
):
    from qrbridge.installing import make_folder
    from qrbridge.store import create_store

    make_folder(sqlite_settings)
    store = create_store(sqlite_settings)
    set_up(store, by)
    places = [Location(f"X{n}", f"Place {n}", ward=None, kind="", **REST) for n in range(MANY)]
    store.run_many("locations.add", (locations.as_kept(place) for place in places))
    job_id = asked(store, [place.reference for place in places])
    with worker(sqlite_settings) as first:
        chores.begin(sqlite_settings, job_id)
        wait_for(store, job_id, "running")
        first.send_signal(signal.SIGKILL)
        first.wait(10)
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
    given = {"smtp_host": "localhost", "email_from": "q@example.gov.uk", "address": "https://notices.example.gov.uk"}
    mail = replace(settings, values={**settings.values, **given})
    job = jobs.show(store, asked(store, ["L1"]))
    for installation in (settings, mail):
        chores._tell(installation, store, replace(job, state=state, message="The headline is too long."))
    (row,) = store.rows("outbox.due", now="9999")
    assert row["recipient"] == WHO and f"https://notices.example.gov.uk/staff/jobs/{job.id}" in row["body"]
    assert ("too long" in row["body"]) == (state == "failed")
