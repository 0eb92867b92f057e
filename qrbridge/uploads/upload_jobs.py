"""Reading an uploaded file as a job, where that takes longer than a page may."""

from collections.abc import Mapping
from typing import Any

from qrbridge.audit import By
from qrbridge.errors import UnreadableFile
from qrbridge.installation import take_turn
from qrbridge.store import Store
from qrbridge.uploads import uploads, wizard
from qrbridge.uploads.uploads import Upload
from qrbridge.work import jobs
from qrbridge.work.jobs import Doing


def add(store: Store, upload: Upload, by: By) -> str:
    """Keep a job that reads an upload, and return its id; asked twice, it is the same job."""
    with store.atomic():
        take_turn(store, "jobs")
        going_on = find(store, upload, by)
        return going_on or jobs.add(store, jobs.READ, {"upload": upload.id, "name": upload.name}, by)


def find(store: Store, upload: Upload, by: By) -> str:
    """The job that reads an upload now, or waits to; empty where there is none."""
    mine = (job for job in jobs.not_over(store, jobs.READ) if job.who == by.who)
    return next((job.id for job in mine if job.given["upload"] == upload.id), "")


def do(doing: Doing) -> Mapping[str, Any]:
    """Read the file of an upload; of one that is no list nothing stays."""
    store, folder = doing.store, doing.settings.uploads
    upload = uploads.show(store, doing.job.given["upload"], doing.by)
    if upload.state == "reading":
        try:
            wizard.look(store, folder, upload, doing.progress)
        except UnreadableFile:
            wizard.forget(store, folder, upload.id)
            raise
    return {"upload": upload.id}
