"""Several machines on one PostgreSQL, each with an instance folder of its own, behind a balancer that takes turns."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from qrbridge.audit import By
from qrbridge.errors import Conflict
from qrbridge.serving import chores
from qrbridge.settings import Settings
from qrbridge.store import Store, create_store
from qrbridge.upkeep.installing import make_folder
from qrbridge.uploads import uploads, wizard
from qrbridge.work import jobs, shared_files
from tests.given import set_up
from tests.pages import Office, office

PLACES = "Site,name,address\nL7,Hub,High Street\n"


@dataclass
class Machines:
    """Two machines of one installation: the settings of each, and pages of both for an editor."""

    store: Store
    settings: tuple[Settings, Settings]
    offices: tuple[Office, Office]


@pytest.fixture
def machines(postgres_settings: Settings, tmp_path: Path, by: By) -> Iterator[Machines]:
    """A council on two machines."""
    first, second = postgres_settings, replace(postgres_settings, instance=tmp_path / "second")
    make_folder(first)
    shutil.copytree(first.keys, second.keys)
    make_folder(second)
    store = create_store(first)
    set_up(store, by)
    with office(first, store) as one, office(second, store) as two:
        # They know the same people.
        two._made = one._made
        yield Machines(store, (first, second), (one, two))
    store.close()


def printed_on(machine: Settings, store: Store) -> jobs.Job:
    job_id = jobs.add(
        store, jobs.PRINT, {"notice": "winter", "locations": ["L1", "L2"]}, By("jo.editor@example.gov.uk")
    )
    job = jobs.do(machine, store, job_id, chores.DOERS)
    assert job is not None and job.state == "done", job
    return job


def test_what_one_machine_printed_every_machine_hands_over(machines: Machines, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shared_files, "PART_BYTES", 1_000)
    first, second = machines.settings
    job = printed_on(first, machines.store)
    for which, name in (("pdf", job.outcome["pdf"]), ("pages", job.outcome["pages"])):
        made = (first.jobs / job.id / name).read_bytes()
        found = [
            there.client("editor").get(f"/staff/jobs/{job.id}/{which}", buffered=True) for there in machines.offices
        ]
        assert [answer.data == made for answer in found] == [True, True] and len(made) > 50
    assert sorted(path.name for path in (second.jobs / job.id).iterdir()) == ["winter.pages.csv", "winter.pdf"]


def test_each_machine_takes_away_its_own_files_of_a_month_ago(machines: Machines):
    store, (first, second) = machines.store, machines.settings
    job, young = printed_on(first, store), printed_on(first, store)
    assert machines.offices[1].client("editor").get(f"/staff/jobs/{job.id}/pdf", buffered=True).status_code == 200
    with store.atomic():
        store.script(f"update job set ended_at = '2026-01-01T00:00:00Z' where id = '{job.id}'")
    assert [jobs.sweep(store, one.jobs) for one in (first, second)] == [1, 1]
    assert [path.name for path in first.jobs.iterdir()] == [young.id] and not list(second.jobs.iterdir())
    assert not shared_files.is_here(store, job.id, second.jobs / job.id / "winter.pdf")
    assert shared_files.is_here(store, young.id, second.jobs / young.id / "winter.pdf")
    gone = machines.offices[1].client("editor").get(f"/staff/jobs/{job.id}/pdf")
    assert gone.status_code == 404 and "There is no file" in gone.text


def test_an_upload_goes_on_at_whichever_machine_is_asked(machines: Machines):
    store, (first, second), jo = machines.store, machines.settings, By("jo@example.gov.uk")
    upload = wizard.receive(store, first.uploads, ("locations", "places.csv", [PLACES.encode()]), jo)
    read = wizard.answer(store, second.uploads, upload, {"reference": "Site"})
    assert read.state == "read" and read.count("accepted") == 1
    assert wizard.confirm(store, first.uploads, read, jo).state == "imported"
    shutil.rmtree(second.uploads)
    with pytest.raises(Conflict, match="no longer kept"):
        wizard.look(store, second.uploads, uploads.show(store, upload.id, jo))
