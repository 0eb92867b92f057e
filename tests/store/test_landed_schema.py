"""Scripts of the schema that have landed: installations have run them, so they stay as they are for ever."""

import hashlib

from qrbridge.store.base import SCHEMA

LANDED = {
    "0001_main_job.sql": "f212073414d39c71",
    "0002_press.sql": "f5ab8ac8bcbfd30a",
    "0003_staff.sql": "3f78b49d9dbee8d6",
    "0004_work.sql": "8d32654c2a753102",
    "0005_places.sql": "0352c420585d937e",
    "0006_seal_and_late_forms.sql": "444909f0f8ba19d8",
    "0007_searches_and_many_changes.sql": "62010c0926f14260",
    "0008_shared_files.sql": "affbc9007b0c02bd",
    "0009_turns.sql": "c026cb42b2020644",
    "0010_folded_names.sql": "d8908501fa58f2d6",
}
"""The first 16 figures of each one's sha256. A new script is added here when it lands."""


def test_what_has_landed_is_never_edited():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in SCHEMA.glob("*.sql")}
    assert found == LANDED, "change what is stored by a new script; one that is new is put down here"
