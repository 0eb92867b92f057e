"""Take in a file that somebody uploads: read once, looked at row by row, then imported whole or discarded.

What is imported is exactly what was shown: where what is kept has changed since, nothing is.
"""

import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from qrbridge import spreadsheets, times
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store
from qrbridge.uploads import locations, uploads, wards
from qrbridge.uploads.rows import Summary, Tally, UploadedRow
from qrbridge.uploads.uploads import Upload
from qrbridge.work import shared_files

ID_BYTES = 24
LONGEST_NAME = 100
# What the file is called in its upload's folder, whatever it was called on somebody's machine.
FILE = "file"

# Rows kept at a time: each batch is a short transaction, so that nobody else waits long.
BATCH = 1_000

# A file nobody goes on with is kept so long; somebody's holiday is longer, and the file is still on their computer.
KEPT_DAYS = 7

# A folder without an upload is left by a process that was killed while a file arrived; younger ones may be arriving.
ARRIVING_SECONDS = 3_600

CHANGED = (
    "Somebody changed what this file is about after it was read, so nothing was imported. It is read again: "
    "look at it once more, then import it."
)


class Kind(Protocol):
    """What can be uploaded: how its file is read, and how what was shown is kept."""

    def look(
        self, store: Store, path: Path, columns: Mapping[str, str], tell: Callable[[UploadedRow], None]
    ) -> Summary:
        """Read a file once and tell every row of it."""

    def keep(self, store: Store, rows: Iterator[UploadedRow], by: By, name: str) -> dict[str, int]:
        """Keep what the rows say, and say how many did what."""


KINDS: Mapping[str, Kind] = {"locations": locations, "wards": wards}


def receive(store: Store, folder: Path, file: tuple[str, str, Iterable[bytes]], by: By) -> Upload:
    """Take in a file (its kind, name and chunks) and read it; `UnreadableFile` where it is no list, and nothing stays.

    One that takes long to read is left in the state `reading`, to be looked at by a job.
    The chunks are written as they come, and no more of them are asked for once the file is too large.
    """
    kind, name, chunks = file
    if kind not in KINDS:
        raise NotFound("upload", kind, f"Uploads are of {' or '.join(KINDS)}.")
    upload = _begun(kind, name, by)
    own = folder / upload.id
    own.mkdir(mode=0o700, parents=True)
    try:
        spreadsheets.receive(chunks, _file(folder, upload))
        shared_files.keep(store, upload.id, [_file(folder, upload)])
        store.run("uploads.add", **uploads.as_kept(upload))
        return _look_soon(store, folder, upload)
    except BaseException:
        forget(store, folder, upload.id)
        raise


def look(store: Store, folder: Path, upload: Upload, progress: Callable[[int], None] | None = None) -> Upload:
    """Read the file of an upload, anew if need be; what was chosen for a row stays where the row stays as it was.

    `progress` is told of each row.
    """
    if not has_file(store, folder, upload.id):
        raise Conflict("The file is no longer kept here. Discard this upload, and upload the file once more.")
    uploads.change(store, replace(upload, state="reading"))
    chosen = store.rows("uploads.chosen", upload=upload.id)
    store.run("uploads.drop_rows", upload=upload.id)
    tally, keeper = Tally(), _Keeper(store, upload.id)

    def tell(row: UploadedRow) -> None:
        tally.add(row)
        keeper.add(row)
        if progress:
            progress(1)

    summary = KINDS[upload.kind].look(store, _file(folder, upload), upload.columns, tell)
    keeper.flush()
    store.run_many("uploads.choose_again", chosen)
    now = uploads.show(store, upload.id, By(upload.owner))
    if now.state != "reading":
        return now  # it was discarded meanwhile
    state = "asking" if summary.questions else "read"
    return uploads.change(store, replace(upload, state=state, summary=replace(summary, counts=dict(tally.counts))))


def has_file(store: Store, folder: Path, key: str) -> bool:
    """Whether there still is the file of an upload; it is on this machine then, whichever took it in."""
    return shared_files.is_here(store, key, folder / key / FILE)


def _look_soon(store: Store, folder: Path, upload: Upload) -> Upload:
    """Read the file of an upload now, or leave it to a job where that takes long."""
    if has_file(store, folder, upload.id) and spreadsheets.takes_long(_file(folder, upload)):
        return uploads.change(store, replace(upload, state="reading"))
    return look(store, folder, upload)


def answer(store: Store, folder: Path, upload: Upload, columns: Mapping[str, str]) -> Upload:
    """Say which column a field is in, and read the file with that."""
    uploads.check_open(upload)
    return _look_soon(store, folder, replace(upload, columns={**upload.columns, **columns}))


def confirm(store: Store, folder: Path, upload: Upload, by: By, agreed: bool = False) -> Upload:
    """Import what was shown, all or nothing.

    `InvalidInput` while something is to be asked; `Conflict` where what is kept is no longer as it was shown: then the
    file has been read again.
    """
    _check_ready(store, upload, agreed)
    try:
        with store.atomic():
            # Taken first and only once: of two who confirm at once, or press twice, the second finds it imported.
            if not store.run("uploads.take", id=upload.id):
                raise InvalidInput(
                    [Problem("upload", "has been imported or discarded already; nothing was done twice")]
                )
            done = KINDS[upload.kind].keep(store, uploads.to_keep(store, upload), by, upload.name)
            left_out = store.rows("uploads.count_left_out", upload=upload.id)[0]["rows"]
            summary = replace(upload.summary, done={**done, "left_out": left_out})
            imported = uploads.change(store, replace(upload, state="imported", summary=summary))
    except Conflict:
        _look_soon(store, folder, upload)
        raise Conflict(CHANGED) from None
    _drop_file(store, folder, upload.id)
    return imported


def discard(store: Store, folder: Path, upload: Upload) -> None:
    """Throw an upload away; nothing was changed by it."""
    uploads.check_open(upload)
    uploads.change(store, replace(upload, state="discarded"))
    _drop_file(store, folder, upload.id)


def sweep(store: Store, folder: Path) -> None:
    """Take away what is over: rows and files of uploads that are done with, and uploads that nobody went on with.

    Rows that an import did not take stay as long as the upload, for whoever puts them right.
    """
    now = times.now()
    for row in store.rows("uploads.over", now=times.stamp(now)):
        _drop_file(store, folder, row["id"])
        is_past = row["ends_at"] < times.stamp(now)
        drop = "uploads.drop_taken" if row["state"] == "imported" and not is_past else "uploads.drop_rows"
        store.run(drop, upload=row["id"])
        if is_past:
            store.run("uploads.drop", id=row["id"])
    known = {row["id"] for row in store.rows("uploads.ids")}
    for own in folder.iterdir() if folder.exists() else ():
        if own.name not in known and own.stat().st_mtime < time.time() - ARRIVING_SECONDS:
            _drop_file(store, folder, own.name)


class _Keeper:
    """Keeps the rows of an upload as they are told, a batch at a time."""

    def __init__(self, store: Store, upload: str) -> None:
        self._store, self._upload = store, upload
        self._batch: list[Row] = []
        self._number = 0

    def add(self, row: UploadedRow) -> None:
        self._number += 1
        self._batch.append(row.as_kept(self._upload, self._number))
        if len(self._batch) == BATCH:
            self.flush()

    def flush(self) -> None:
        self._store.run_many("uploads.add_row", self._batch)
        self._batch.clear()


def _begun(kind: str, name: str, by: By) -> Upload:
    name = cells.tidy(name.replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME] or f"{kind} without a name"
    ends = by.at + timedelta(days=KEPT_DAYS)
    made_at, ends_at = times.stamp(by.at), times.stamp(ends)
    return Upload(secrets.token_urlsafe(ID_BYTES), kind, by.who, name, "reading", {}, Summary(), made_at, ends_at)


def _file(folder: Path, upload: Upload) -> Path:
    return folder / upload.id / FILE


def forget(store: Store, folder: Path, key: str) -> None:
    """Leave nothing of an upload that could not be read."""
    _drop_file(store, folder, key)
    store.run("uploads.drop_rows", upload=key)
    store.run("uploads.drop", id=key)


def _drop_file(store: Store, folder: Path, key: str) -> None:
    shared_files.drop(store, key)
    shutil.rmtree(folder / key, ignore_errors=True)


def _check_ready(store: Store, upload: Upload, agreed: bool) -> None:
    uploads.check_open(upload)
    problems = [Problem(**question) for question in upload.summary.questions]
    if still := uploads.open_rows(store, upload):
        said = "1 row is" if still == 1 else f"{still:,} rows are"
        problems.append(Problem("choice", f"{said} still to be asked about; choose for each, or for all at once"))
    if not agreed:
        problems += [Problem("confirm", sentence) for sentence in upload.summary.confirm]
    if problems:
        raise InvalidInput(problems)
