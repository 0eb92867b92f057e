import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.errors import CannotPrint, NotFound, StoreUnavailable
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.work import jobs
from qrbridge.work.jobs import Doing, Job
from tests.servers import PATIENCE, wait_until

LONG_AGO = times.stamp(times.now() - timedelta(seconds=jobs.LOST_SECONDS + 5))


def count(doing: Doing) -> Mapping[str, Any]:
    for _ in range(doing.job.given["pages"]):
        doing.progress(1)
    (doing.folder / "result.txt").write_text("done")
    return {"file": "result.txt"}


def refuse(doing: Doing) -> Mapping[str, Any]:
    raise CannotPrint("The headline is too long.")


def break_(doing: Doing) -> Mapping[str, Any]:
    raise ZeroDivisionError


def lose_the_store(doing: Doing) -> Mapping[str, Any]:
    raise StoreUnavailable("away")


DOERS = {"count": count, "refuse": refuse, "break": break_, "lose": lose_the_store}


@pytest.fixture
def do(settings: Settings, store: Store):
    """Do a job as the worker does, and return it."""
    return lambda job_id: jobs.do(settings, store, job_id, DOERS)


def claimed(store: Store, job_id: str, beat_at: str) -> None:
    """As if a worker had taken the job and been lost."""
    with store.atomic():
        store.script(
            f"update job set state = 'running', beat_at = '{beat_at}', tries = tries + 1 where id = '{job_id}'"
        )


def test_a_job_is_done_once_and_its_outcome_kept(store: Store, settings: Settings, by: By, do):
    job_id = jobs.add(store, "count", {"pages": 120}, by, 120)
    assert jobs.show(store, job_id).state == "waiting" and [one.id for one in jobs.not_over(store)] == [job_id]
    job: Job = do(job_id)
    assert (job.state, job.done, job.percent, job.outcome) == ("done", 120, 100, {"file": "result.txt"})
    assert (settings.jobs / job_id / "result.txt").exists()
    assert do(job_id) is None, "it is over"
    assert jobs.not_over(store) == [] and [found.id for found in jobs.list_all(store, by.who)] == [job_id]


@pytest.mark.parametrize("kind, said", [("refuse", "The headline is too long."), ("break", "nobody foresaw")])
def test_a_job_that_cannot_be_done_says_why(store: Store, by: By, do, kind: str, said: str):
    job: Job = do(jobs.add(store, kind, {}, by))
    assert job.state == "failed" and said in job.message


def test_a_store_that_was_away_leaves_the_job_to_be_begun_again(store: Store, by: By, do):
    job_id = jobs.add(store, "lose", {}, by)
    with pytest.raises(StoreUnavailable):
        do(job_id)
    assert [one.id for one in jobs.not_over(store)] == [job_id]


def test_a_lost_job_is_begun_again_and_a_living_one_is_not(store: Store, by: By, do):
    job_id = jobs.add(store, "count", {"pages": 2}, by, 2)
    claimed(store, job_id, times.stamp(times.now()))
    assert do(job_id) is None
    claimed(store, job_id, LONG_AGO)
    assert do(job_id).state == "done"


def test_a_job_that_keeps_killing_its_worker_is_given_up(store: Store, by: By, do):
    job_id = jobs.add(store, "count", {"pages": 2}, by, 2)
    for _ in range(jobs.MOST_TRIES):
        claimed(store, job_id, LONG_AGO)
    job: Job = do(job_id)
    assert job.state == "failed" and "stopped 3 times" in job.message


def test_one_of_a_kind_is_done_at_a_time(store: Store, by: By, do):
    first, second = (jobs.add(store, "count", {"pages": 1}, by, 1) for _ in range(2))
    other = jobs.add(store, "refuse", {}, by)
    claimed(store, first, times.stamp(times.now()))
    assert do(second) is None and do(other).state == "failed"


def test_progress_is_told_while_it_goes_on(store: Store, settings: Settings, by: By):
    job_id = jobs.add(store, "slow", {}, by, 10)
    halfway, go_on = threading.Event(), threading.Event()

    def slow(doing: Doing) -> Mapping[str, Any]:
        doing.progress(5)
        halfway.set()
        assert go_on.wait(PATIENCE)
        return {}

    thread = threading.Thread(target=jobs.do, args=(settings, store, job_id, {"slow": slow}))
    thread.start()
    assert halfway.wait(PATIENCE)
    wait_until(lambda: jobs.show(store, job_id).done == 5, "how far it is")
    seen = jobs.show(store, job_id)
    go_on.set()
    thread.join()
    assert (seen.state, seen.percent) == ("running", 50)


def test_of_two_workers_one_gets_it(store: Store, settings: Settings, by: By):
    job_id = jobs.add(store, "count", {"pages": 1}, by, 1)
    got: list[Job | None] = []
    threads = [threading.Thread(target=lambda: got.append(jobs.do(settings, store, job_id, DOERS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([job for job in got if job]) == 1


def test_what_is_not_there_is_said(store: Store):
    with pytest.raises(NotFound):
        jobs.show(store, "none")


def test_files_of_a_month_ago_are_taken_away(store: Store, settings: Settings, by: By, do):
    old, new = (jobs.add(store, "count", {"pages": 1}, by, 1) for _ in range(2))
    assert do(old).state == do(new).state == "done"
    with store.atomic():
        store.script(f"update job set ended_at = '2026-01-01T00:00:00Z' where id = '{old}'")
    assert jobs.sweep(store, settings.jobs) == 1 and jobs.sweep(store, settings.jobs) == 0
    assert [path.name for path in settings.jobs.iterdir()] == [new]
    assert jobs.show(store, old).state == "done", "what it was stays on record"


def test_a_job_is_found_however_many_came_after(store: Store, by: By, do):
    address = {"address": "https://www.trafford.gov.uk/élan"}
    first = jobs.add(store, jobs.TEST, address, By(by.who, by.at - timedelta(days=1)))
    for _ in range(jobs.MOST_LISTED + 1):
        jobs.add(store, jobs.TEST, {"address": "https://www.trafford.gov.uk/"}, by)
    found, none = jobs.last(store, jobs.TEST, [address, {"address": "https://example.gov.uk/other"}])
    assert none is None
    assert found and found.id == first
    assert first not in [job.id for job in jobs.list_all(store)] and first in [job.id for job in jobs.not_over(store)]
    assert jobs.last(store, jobs.PRINT, [address]) == [None] and jobs.not_over(store, jobs.PRINT) == []
