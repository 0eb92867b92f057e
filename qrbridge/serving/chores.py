"""Work done in a process beside the web: by the clock, a line of `CHORES` each, and long jobs, one of `DOERS` each."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from huey import Huey, crontab
from huey.consumer import Consumer

from qrbridge import times
from qrbridge.accounts import late_forms, people, sessions, sign_in
from qrbridge.council import council, destinations
from qrbridge.counting import scans
from qrbridge.errors import QrbridgeError
from qrbridge.reports import attention
from qrbridge.settings import Settings
from qrbridge.store import Store, check, connect
from qrbridge.upkeep import last_done
from qrbridge.upkeep.last_done import Done
from qrbridge.uploads import upload_jobs, wizard
from qrbridge.work import jobs, outbox, queue
from qrbridge.work.jobs import Doing

log = logging.getLogger(__name__)

# One long job at a time, since the machine's other core belongs to the redirector; and a place beside it, so that scans
# are added up and destinations tested while a long run prints.
WORKERS = 2

MINUTE = timedelta(minutes=1)
LOOK_SECONDS = 1.0
# As far back as a chore is looked for that was not done in its minute, because another took so long.
MOST_MINUTES = 60
# A chore that is being done is given so long when the worker is told to end; whatever it keeps is all or nothing.
LAST_CHORE_SECONDS = 2.0


@dataclass(frozen=True)
class Chore:
    """Something done by the clock on each machine: its name, when (huey's crontab, in UTC), what it is for, and how."""

    name: str
    when: Mapping[str, str]
    about: str
    do: Callable[[Settings, Store], None]

    @property
    def every(self) -> str:
        """How often it is done, in words."""
        minute, hour = self.when["minute"], self.when.get("hour")
        if hour:
            return f"daily at {int(hour):02}:{int(minute):02} UTC"
        return "every minute" if minute == "*" else f"every {minute.removeprefix('*/')} minutes"


def add_up(settings: Settings, store: Store) -> None:
    """Add up journals whose process is gone; those of living processes are left to them."""
    scans.add_up_left(settings.journals, store)


def resume(settings: Settings, store: Store) -> None:
    """Tell the worker again of every job that is not over: it may have been lost, or its worker with it."""
    for job in jobs.not_over(store):
        queue.begin(settings, job.id)


def print_notice(doing: Doing) -> Mapping[str, Any]:
    """Print what a job asks for into its folder: a notice at some locations, or a run from its record."""
    # Imported here: the press takes longer to load than a process that only tells of jobs takes to start.
    from qrbridge.printing import print_jobs

    return print_jobs.do(doing)


def test_destination(doing: Doing) -> Mapping[str, Any]:
    """Open the address that a job names; the outcome says what came of it."""
    finding = destinations.test(doing.job.given["address"], council.show(doing.store))
    return {**asdict(finding), "heading": finding.heading}


def clear_jobs(settings: Settings, store: Store) -> None:
    """Take away the files of print runs of a month ago; the same run can be printed again from its record."""
    jobs.sweep(store, settings.jobs)


def clear_uploads(settings: Settings, store: Store) -> None:
    """Take away uploaded files that were imported or discarded, or that nobody went on with for a week."""
    wizard.sweep(store, settings.uploads)


def look_for_stale(settings: Settings, store: Store) -> None:
    """Find the sheets on walls that would say something else if printed now, for the first page of staff."""
    # Imported here, as for printing.
    from qrbridge.printing import print_runs

    attention.keep_out_of_date(store, print_runs.out_of_date_on_walls(store))


def check_database(settings: Settings, store: Store) -> None:
    """Look whether the database is sound: pages that nobody asks for can be damaged long before anybody is told."""
    check(settings)


def send_email(settings: Settings, store: Store) -> None:
    """Hand on the e-mail that waits."""
    outbox.send_waiting(settings, store)


def forget(settings: Settings, store: Store) -> None:
    """Remove what may be kept no longer: sessions that are over, what nobody came back for, failures to sign in."""
    sessions.end_old(store)
    late_forms.forget_old(store)
    sign_in.forget_old(store)


CHORES = (
    Chore("add-up", {"minute": "*"}, "Add up scans that a process which was killed left in its journal.", add_up),
    Chore("resume", {"minute": "*"}, "Begin jobs again whose worker was lost.", resume),
    Chore("clear-jobs", {"minute": "15", "hour": "3"}, "Take away files of print runs of a month ago.", clear_jobs),
    Chore("clear-uploads", {"minute": "*/10"}, "Take away uploaded files that are done with.", clear_uploads),
    Chore("look-for-stale", {"minute": "*/10"}, "Find sheets on walls that are out of date.", look_for_stale),
    Chore("check-database", {"minute": "20", "hour": "4"}, "Look whether the database is sound.", check_database),
    Chore("send-email", {"minute": "*"}, "Hand on the e-mail that waits to the mail server.", send_email),
    Chore(
        "forget", {"minute": "*/10"}, "Remove sessions that are over and failures to sign in of an hour ago.", forget
    ),
)

# What does each kind of job.
DOERS: Mapping[str, jobs.Doer] = {jobs.PRINT: print_notice, jobs.TEST: test_destination, jobs.READ: upload_jobs.do}


def work(settings: Settings, store: Store, watch: Callable[[], bool]) -> None:
    """Do jobs and chores until told to stop by a signal, or until `watch` says that whoever started us is gone."""
    work_queue = queue.opened(settings)
    _take_jobs(work_queue, settings, store)
    consumer = Consumer(work_queue, workers=WORKERS, worker_type="thread", periodic=False, graceful_signal="TERM")
    threading.Thread(target=_stop_when_left, args=(consumer, watch), daemon=True).start()
    ending = threading.Event()
    clock = threading.Thread(target=go_by_the_clock, args=(settings, ending), daemon=True)
    clock.start()
    consumer.run()
    ending.set()
    clock.join(LAST_CHORE_SECONDS)


def due(last: datetime, now: datetime) -> list[Chore]:
    """The chores whose minute came after `last`, by `now`; what was long ago is not made up for."""
    minutes = min(int((now - last) / MINUTE), MOST_MINUTES)
    passed = [now - number * MINUTE for number in range(minutes)]
    return [chore for chore in CHORES if any(map(crontab(**chore.when), passed))]


def _minute() -> datetime:
    return times.now().replace(second=0, microsecond=0)


def go_by_the_clock(settings: Settings, ending: threading.Event, minute: Callable[[], datetime] = _minute) -> None:
    """Do each chore in its minute, or as soon as those before it are done.

    On every machine, and so not through the queue: that would hand it to any, and each has folders of its own to sweep.
    """
    last = minute()
    last_done.begin(settings.instance, [Done(chore.name, chore.about, chore.every) for chore in CHORES])
    with closing(connect(settings)) as store:
        while not ending.wait(LOOK_SECONDS):
            now = minute()
            for chore in due(last, now):
                _do_chore(chore, settings, store)
            last = now


def _do_chore(chore: Chore, settings: Settings, store: Store) -> None:
    problem = ""
    try:
        chore.do(settings, store)
    except QrbridgeError as error:
        log.warning("chore %s was not done: %s", chore.name, error)
        problem = str(error)
    except Exception as error:
        # The outermost place of a chore: the next one, and its own next time, must come.
        log.exception("chore %s broke", chore.name)
        problem = f"{type(error).__name__}: {error}"
    last_done.keep(settings.instance, chore.name, times.stamp(times.now()), problem)


def _take_jobs(work_queue: Huey, settings: Settings, store: Store) -> None:
    """Do jobs as they are told of; those left by a worker before are told of now, and when they count as lost."""

    def do(job_id: str) -> None:
        job = jobs.do(settings, store, job_id, DOERS)
        if job and job.is_over:
            _tell(settings, store, job)
            # Others of its kind have waited for it.
            resume(settings, store)

    queue.take(work_queue, do)
    for job in jobs.not_over(store):
        queue.begin(settings, job.id)
        queue.begin(settings, job.id, delay=jobs.LOST_SECONDS + 1)


def _tell(settings: Settings, store: Store, job: jobs.Job) -> None:
    """Write to whoever asked for a print run, where this installation sends e-mail and they are among its people."""
    if job.kind != jobs.PRINT or not outbox.is_on(settings) or people.row_of(store, job.who) is None:
        return
    address = f"{council.staff_address(settings, council.show(store))}/staff/jobs/{job.id}"
    name = job.given["notice"]
    if job.state == "done":
        said = f"“{name}” is ready to print. Sign in to download it:\n\n{address}\n"
        outbox.put(store, job.who, f"Ready to print: {name}", said)
    else:
        said = f"“{name}” could not be printed, and nothing was released.\n\n{job.message}\n\n{address}\n"
        outbox.put(store, job.who, f"Not printed: {name}", said)


def _stop_when_left(consumer: Any, watch: Callable[[], bool]) -> None:
    while watch():
        time.sleep(1)
    consumer.stop_flag.set()
