from pathlib import Path

import pytest

from qrbridge.upkeep import last_done
from qrbridge.upkeep.last_done import Done

KNOWN = [Done("add-up", "Add up scans.", "every minute"), Done("forget", "Forget.", "every 10 minutes")]
AT = "2026-11-25T03:15:00Z"


def test_what_ended_is_kept_and_known_to_the_next_worker(tmp_path: Path):
    last_done.begin(tmp_path, KNOWN)
    last_done.keep(tmp_path, "add-up", AT, "The database is away.")
    first, second = last_done.read(tmp_path)
    assert (first.at, first.problem) == (AT, "The database is away.") and second == KNOWN[1]
    last_done.begin(tmp_path, [Done("add-up", "Anew.", "every minute")])
    assert last_done.read(tmp_path) == [Done("add-up", "Anew.", "every minute", AT, "The database is away.")]


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(None, id="no file"),
        pytest.param("", id="an empty file"),
        pytest.param("[1]", id="another kind of JSON"),
        pytest.param('[{"name": "x", "colour": 1}]', id="of another version"),
    ],
)
def test_what_cannot_be_read_is_as_if_nothing_was_done(tmp_path: Path, left: str | None):
    if left is not None:
        (tmp_path / last_done.FILE).write_text(left)
    assert last_done.read(tmp_path) == []
    last_done.begin(tmp_path, KNOWN)
    assert last_done.read(tmp_path) == KNOWN


def test_a_folder_that_takes_nothing_is_said_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / last_done.FILE).mkdir()
    last_done.begin(tmp_path, KNOWN)
    assert "cannot be written" in caplog.text
