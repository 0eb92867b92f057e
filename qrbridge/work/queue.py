"""The queue by which pages tell the worker of a job: in the instance folder, or in PostgreSQL if that is the store."""

import logging
from collections.abc import Callable
from contextlib import closing

from huey import Huey, PostgresHuey, SqliteHuey

from qrbridge.errors import StoreUnavailable
from qrbridge.settings import Settings
from qrbridge.store import failures

log = logging.getLogger(__name__)

JOB = "job"


def opened(settings: Settings) -> Huey:
    """The queue of an installation; `StoreUnavailable` where it cannot be opened."""
    with failures(settings, "queue"):
        if settings.database:
            return PostgresHuey("qrbridge", dsn=settings.database, utc=True)
        return SqliteHuey("qrbridge", filename=str(settings.instance / "work.sqlite"), utc=True)


def begin(settings: Settings, job_id: str, delay: float = 0) -> None:
    """Tell the worker of a job, after a delay in seconds; if that fails, the chore `resume` does it within a minute."""
    try:
        with failures(settings, "queue"):
            _tell_of(opened(settings), job_id, delay)
    except StoreUnavailable as error:
        log.warning("job %s waits to be told of: %s", job_id, error)


def take(queue: Huey, do: Callable[[str], None]) -> None:
    """Have a worker's queue do each job it is told of, by its id."""

    # huey knows a task by the module it is written in, so both ends of it are written here.
    def job(job_id: str) -> None:
        do(job_id)

    queue.task(name=JOB)(job)


def _tell_of(queue: Huey, job_id: str, delay: float) -> None:
    with closing(queue.storage):
        task = queue.task(name=JOB)(_unheard)
        if delay:
            task.schedule((job_id,), delay=delay)
        else:
            task(job_id)


def _unheard(job_id: str) -> None:
    """Stands for the job's task in a process that only tells of it."""
