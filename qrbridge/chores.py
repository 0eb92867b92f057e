"""Work done by the clock, in a process beside the web: a line of `CHORES` each."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from qrbridge import outbox, scans, sessions, sign_in, uploading
from qrbridge.settings import Settings
from qrbridge.store import Store, connect

log = logging.getLogger("qrbridge.chores")

# One chore at a time: none is urgent, and the machine's other core belongs to the redirector.
WORKERS = 1


@dataclass(frozen=True)
class Chore:
    """Something done by the clock: its name, when (as huey's crontab has it, in UTC), what it is for, and how."""

    name: str
    when: Mapping[str, str]
    about: str
    do: Callable[[Settings, Store], None]


def add_up(settings: Settings, store: Store) -> None:
    """Add up journals whose process is gone; those of living processes are left to them."""
    scans.add_up_left(settings.journals, store)


def clear_uploads(settings: Settings, store: Store) -> None:
    """Take away uploaded files that were imported or discarded, or that nobody went on with for a week."""
    uploading.sweep(store, settings.uploads)


def send_email(settings: Settings, store: Store) -> None:
    """Hand on the e-mail that waits."""
    outbox.send_waiting(settings, store)


def forget(settings: Settings, store: Store) -> None:
    """Remove what may be kept no longer: sessions that are over, and failures to sign in of an hour ago."""
    sessions.end_old(store)
    sign_in.forget_old(store)


CHORES = (
    Chore("add-up", {"minute": "*"}, "Add up scans that a process which was killed left in its journal.", add_up),
    Chore("clear-uploads", {"minute": "*/10"}, "Take away uploaded files that are done with.", clear_uploads),
    Chore("send-email", {"minute": "*"}, "Hand on the e-mail that waits to the mail server.", send_email),
    Chore(
        "forget", {"minute": "*/10"}, "Remove sessions that are over and failures to sign in of an hour ago.", forget
    ),
)


def queue(settings: Settings) -> Huey:
    """The queue of an installation: in the instance folder, or in PostgreSQL where that is the store."""
    if settings.database:
        return PostgresHuey("qrbridge", dsn=settings.database, utc=True)
    return SqliteHuey("qrbridge", filename=str(settings.instance / "work.sqlite"), utc=True)


def work(settings: Settings, watch: Callable[[], bool]) -> None:
    """Do chores until told to stop by a signal, or until `watch` says that whoever started us is gone."""
    store = connect(settings)
    work_queue = queue(settings)
    for chore in CHORES:
        _schedule(work_queue, chore, settings, store)
    consumer = Consumer(work_queue, workers=WORKERS, worker_type="thread", graceful_signal="TERM")
    threading.Thread(target=_stop_when_left, args=(consumer, watch), daemon=True).start()
    consumer.run()
    store.close()


def _schedule(work_queue: Huey, chore: Chore, settings: Settings, store: Store) -> None:
    def run() -> None:
        log.info("chore %s", chore.name)
        chore.do(settings, store)

    work_queue.periodic_task(crontab(**chore.when), name=chore.name)(run)


def _stop_when_left(consumer: Any, watch: Callable[[], bool]) -> None:
    while watch():
        time.sleep(1)
    consumer.stop_flag.set()
