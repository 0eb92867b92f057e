"""Reading a long file as a job, on both engines."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qrbridge import spreadsheets
from qrbridge.audit import By
from qrbridge.errors import NotFound
from qrbridge.settings import Settings
from qrbridge.spreadsheets import limits
from qrbridge.store import Store
from qrbridge.uploads import upload_jobs, uploads, wizard
from qrbridge.uploads.uploads import Upload
from qrbridge.work import jobs
from qrbridge.work.jobs import Job
from tests.present import present

ROWS = "reference,name,address\n" + "".join(f"L{number},Hub,High Street\n" for number in range(2_500))
JO = By("jo@example.gov.uk")
DOERS = {jobs.READ: upload_jobs.do}


@pytest.fixture
def receive(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Upload]:
    """Take in a file that takes long to read, for which any does here."""
    monkeypatch.setattr(limits, "LONG_TEXT", 10)
    file = "locations", "places.csv"
    return lambda text: wizard.receive(store, settings.uploads, (*file, [text.encode()]), JO)


def do(settings: Settings, store: Store, upload: Upload) -> Job:
    job = jobs.do(settings, store, upload_jobs.add(store, upload, JO), DOERS)
    assert job is not None
    return job


def test_what_takes_long_is_told_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text, book = tmp_path / "a.csv", tmp_path / "b.xlsx"
    text.write_text(ROWS)
    table = openpyxl.Workbook()
    for number in range(2_000):
        present(table.active).append([f"L{number}", "Hub", "High Street"])
    table.save(book)
    assert [spreadsheets.takes_long(path) for path in (text, book)] == [False, False]
    monkeypatch.setattr(limits, "LONG_TEXT", text.stat().st_size - 1)
    monkeypatch.setattr(limits, "LONG_WORKBOOK", book.stat().st_size)
    assert [spreadsheets.takes_long(path) for path in (text, book)] == [True, True], "unpacked it is larger"


def test_a_long_file_is_read_by_its_job_and_then_as_any_other(store: Store, settings: Settings, receive):
    upload = receive(ROWS)
    assert upload.state == "reading" and store.rows("uploads.rows", upload=upload.id, **_first("accepted")) == []
    job = do(settings, store, upload)
    assert (job.state, job.done, job.outcome) == ("done", 2_500, {"upload": upload.id})
    read = uploads.show(store, upload.id, JO)
    assert (read.state, read.count("accepted")) == ("read", 2_500)
    assert upload_jobs.find(store, read, JO) == ""


def test_of_what_is_no_list_nothing_stays(store: Store, settings: Settings, receive):
    upload = receive("nothing like a table\n")
    job = do(settings, store, upload)
    assert job.state == "failed" and "no rows below" in job.message
    assert not wizard.has_file(store, settings.uploads, upload.id)
    with pytest.raises(NotFound):
        uploads.show(store, upload.id, JO)


def test_what_is_discarded_while_it_is_read_stays_discarded(store: Store, settings: Settings, receive):
    upload = receive(ROWS)

    def discard(more: int) -> None:
        store.run("uploads.set", id=upload.id, state="discarded", columns="{}", summary="{}")

    assert wizard.look(store, settings.uploads, upload, discard).state == "discarded"
    assert uploads.show(store, upload.id, JO).state == "discarded"
    assert do(settings, store, upload).state == "done", "there is nothing more to do"


def _first(outcome: str) -> dict[str, object]:
    return {"outcome": outcome, "most": 1, "offset": 0}
