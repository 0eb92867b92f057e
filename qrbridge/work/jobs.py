"""Long work asked for by somebody: done by the worker, watched from anywhere, begun again if its worker was lost."""

import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from qrbridge import times
from qrbridge.audit import By
from qrbridge.errors import NotFound, QrbridgeError, StoreUnavailable
from qrbridge.installation import Installation, take_turn
from qrbridge.settings import Settings
from qrbridge.store import Row, Store, connect
from qrbridge.work import shared_files

log = logging.getLogger(__name__)

# What kinds of work there are; `chores` knows what does each.
PRINT, TEST, READ = "print", "test", "read"

ID_BYTES = 12
# How far a job is goes to the store at most this often.
BEAT_SECONDS = 1.0
# A job whose worker gave no sign of life for so long has lost it, and is begun again.
LOST_SECONDS = 20.0
# A job that took its worker with it this often is given up: it would take the next one too.
MOST_TRIES = 3
MOST_LISTED = 50
# How long the files of a job stay, on every machine.
KEPT = timedelta(days=31)

GAVE_UP = (
    "The worker stopped {tries} times while doing this, so it was given up. Try again; if it happens once more, tell "
    "whoever runs this installation, whose log says why."
)
BROKE = (
    "Something went wrong here that nobody foresaw, and nothing was released. Try again; if it happens once more, tell "
    "whoever runs this installation, whose log says what."
)


@dataclass(frozen=True)
class Job:
    """One piece of work: what kind, for whom, what is to be done, how far it is, and what came of it."""

    id: str
    kind: str
    who: str
    given: Mapping[str, Any]
    state: str
    made_at: str
    tries: int
    done: int
    total: int
    message: str
    outcome: Mapping[str, Any]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed")

    @property
    def percent(self) -> int:
        """How far it is, in whole percents."""
        return min(100, 100 * self.done // self.total) if self.total else 0


@dataclass
class Doing(Installation):
    """A job being done, in its installation; whoever does it tells how much more is done."""

    job: Job
    settings: Settings
    store: Store
    done: int = field(default=0)

    @property
    def by(self) -> By:
        """Whoever asked for the job, now."""
        return By(self.job.who)

    @property
    def folder(self) -> Path:
        """A folder of the job's own for its files, made where it is missing."""
        folder = self.settings.jobs / self.job.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def made(self, outcome: Mapping[str, Any]) -> list[Path]:
        """Those files in its folder that an outcome names."""
        folder, named = self.settings.jobs / self.job.id, list(outcome.values())
        return [path for path in folder.iterdir() if path.name in named] if folder.is_dir() else []

    def progress(self, more: int) -> None:
        """Say that so much more is done."""
        self.done += more


def sweep(store: Store, folder: Path) -> int:
    """Take away the files of jobs that ended a month ago or longer; returns of how many this machine had some."""
    before = times.stamp(times.now() - KEPT)
    store.run("jobs.drop_files", before=before)
    here = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    old = [path for path in here if store.rows("jobs.is_old", id=path.name, before=before)]
    for path in old:
        shutil.rmtree(path)
    return len(old)


Doer = Callable[[Doing], Mapping[str, Any]]


def add(store: Store, kind: str, given: Mapping[str, Any], by: By, total: int = 0) -> str:
    """Keep a job to be done, and return its id; `chores.begin` tells the worker of it."""
    job_id = secrets.token_urlsafe(ID_BYTES)
    with store.atomic():
        at, text = times.stamp(by.at), _as_kept(given)
        store.run("jobs.add", id=job_id, kind=kind, who=by.who, given=text, at=at, total=total)
    return job_id


def show(store: Store, job_id: str) -> Job:
    """One job, as far as it is."""
    rows = store.rows("jobs.show", id=job_id)
    if not rows:
        raise NotFound("job", job_id, "What was printed is on record among the print runs.")
    return _opened(rows[0])


def list_all(store: Store, who: str | None = None, kind: str | None = None) -> list[Job]:
    """The newest jobs, of one person and kind or of all, the newest first."""
    return [_opened(row) for row in store.rows("jobs.list", who=who, kind=kind, most=MOST_LISTED)]


def not_over(store: Store, kind: str | None = None) -> list[Job]:
    """The jobs that wait or run, of one kind or all, the oldest first."""
    return [_opened(row) for row in store.rows("jobs.open") if kind in (None, row["kind"])]


def last(store: Store, kind: str, given: Sequence[Mapping[str, Any]]) -> list[Job | None]:
    """Of each of what jobs of a kind were given, the newest job that was given just that; None where there is none."""
    asked = [_as_kept(one) for one in given]
    rows = store.rows("jobs.last", kind=kind, givens=json.dumps(dict.fromkeys(asked, 1)))
    found = {row["given"]: _opened(row) for row in rows}
    return [found.get(one) for one in asked]


def do(settings: Settings, store: Store, job_id: str, doers: Mapping[str, Doer]) -> Job | None:
    """Do a job, unless somebody else is at it or it is over; returns it as it then is.

    Progress goes to the store at most each second. A refusal, or a fault that nobody foresaw, ends it as failed with a
    sentence; a store that is away leaves it to be begun again.
    """
    job = _claim(store, job_id)
    if job is None:
        return None
    doing = Doing(job, settings, store)
    if job.tries > MOST_TRIES:
        return _end(doing, "failed", GAVE_UP.format(tries=MOST_TRIES))
    with _beating(doing):
        state, message, outcome = _outcome(doing, doers[job.kind])
    return _end(doing, state, message, outcome)


def _outcome(doing: Doing, doer: Doer) -> tuple[str, str, Mapping[str, Any]]:
    try:
        return "done", "", doer(doing)
    except StoreUnavailable:
        raise
    except QrbridgeError as error:
        return "failed", str(error), {}
    except Exception:
        # The outermost place of a job: whoever waits for it must hear that it will not come.
        log.exception("job %s (%s) broke", doing.job.id, doing.job.kind)
        return "failed", BROKE, {}


def _claim(store: Store, job_id: str) -> Job | None:
    now = times.now()
    lost = times.stamp(now - timedelta(seconds=LOST_SECONDS))
    with store.atomic():
        # Taken in turn: of two workers that want it one gets it, and never two jobs of one kind run at once.
        take_turn(store, "jobs")
        rows = store.rows("jobs.claim", id=job_id, at=times.stamp(now), lost_before=lost)
    return _opened(rows[0]) if rows else None


def _end(doing: Doing, state: str, message: str, outcome: Mapping[str, Any] | None = None) -> Job:
    job, store = doing.job, doing.store
    values = {"state": state, "message": message, "outcome": json.dumps(dict(outcome or {}), default=str)}
    at = times.stamp(times.now())
    with store.atomic():
        # Whoever else was given the job meanwhile, this one being taken for lost, says what came of it.
        if store.run("jobs.end", id=job.id, try_number=job.tries, at=at, done=doing.done, **values):
            shared_files.keep(store, job.id, doing.made(outcome or {}))
    return show(store, job.id)


@contextmanager
def _beating(doing: Doing) -> Iterator[None]:
    """While a job is done, a thread beside it says each second that it lives and how far it is."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(doing, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(doing: Doing, ended: threading.Event) -> None:
    said, spoke = -1, 0.0
    # A store of this thread's own, so that its connection ends with it.
    with closing(connect(doing.settings)) as store:
        while not ended.wait(BEAT_SECONDS):
            # Where nothing is new, now and then is enough to be known alive.
            if doing.done != said or time.monotonic() - spoke > LOST_SECONDS / 4:
                said, spoke = doing.done, time.monotonic()
                _say(store, doing.job, said)


def _say(store: Store, job: Job, done: int) -> None:
    try:
        store.run("jobs.beat", id=job.id, try_number=job.tries, at=times.stamp(times.now()), done=done)
    except StoreUnavailable as error:
        log.warning("progress of job %s was not kept: %s", job.id, error)


def _as_kept(given: Mapping[str, Any]) -> str:
    return json.dumps(dict(given), ensure_ascii=False, default=str)


def _opened(row: Row) -> Job:
    plain = {name: row[name] for name in Job.__dataclass_fields__ if name not in ("given", "outcome")}
    return Job(**plain, given=json.loads(row["given"]), outcome=json.loads(row["outcome"]))
