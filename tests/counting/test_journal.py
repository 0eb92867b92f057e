import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qrbridge.counting.journal import Journal, left
from qrbridge.counting.journal_file import HEADER_BYTES, NOTHING, ROOM_BYTES, JournalFile, Tally
from tests.present import present

LINE = b"\nline;"


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No file of this process may grow past a size: like a full disk, one write is cut short and the rest refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """This process's journal in an empty folder."""
    opened = Journal(tmp_path / "journal")
    yield opened
    opened.close()


def lines_of(folder: Path) -> list[bytes]:
    written = (path.read_bytes()[HEADER_BYTES:].rstrip(NOTHING) for path in folder.glob("*.journal"))
    return [line for lines in written for line in lines.split(b"\n")[1:]]


def fill_room(journal: Journal) -> int:
    """Write lines until the next one needs more room on the disk; returns how many."""
    lines = (ROOM_BYTES - HEADER_BYTES) // len(LINE)
    assert all(journal.write(LINE) for _ in range(lines))
    return lines


def test_a_header_reads_back_and_never_changes_its_width():
    tally = Tally(10**12, 7, 3)
    assert Tally.read(tally.header()) == tally
    assert len(tally.header()) == HEADER_BYTES


@pytest.mark.parametrize("header", [b"", b"qrbridge", b"\0" * HEADER_BYTES, b"qrbridge journal 1 added x"])
def test_a_torn_header_tells_nothing(header: bytes):
    assert Tally.read(header) == Tally()


def test_what_is_written_is_there_before_anything_else_happens(journal: Journal):
    assert journal.write(LINE) is True
    assert lines_of(journal.folder) == [b"line;"]
    assert present(journal.file).path.stat().st_mode & 0o077 == 0


def test_batches_end_with_a_whole_line(journal: Journal):
    journal.write(LINE)
    journal.write(b"\nhalf")
    assert present(journal.file).batch(HEADER_BYTES) == LINE
    assert present(journal.file).batch(HEADER_BYTES + len(LINE)) == b""


def test_a_batch_of_garbage_without_an_end_is_passed_over(journal: Journal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qrbridge.counting.journal_file.BATCH_BYTES", 100)
    journal.write(b"x" * 150)
    assert present(journal.file).batch(HEADER_BYTES) == b"x" * 100
    assert present(journal.file).batch(HEADER_BYTES + 100) == b""


@pytest.mark.parametrize("hole", [0, 3])
def test_a_line_still_being_written_is_left_for_the_next_batch(journal: Journal, hole: int):
    journal.write(LINE)
    journal.write(LINE[:hole] + NOTHING * 2 + LINE[hole + 2 :])
    assert present(journal.file).batch(HEADER_BYTES) == LINE
    name = present(journal.file).name
    journal.close()
    (adopted,) = left(journal.folder)
    assert (adopted.name, adopted.size) == (name, HEADER_BYTES + 2 * len(LINE))


def test_lines_run_on_from_room_to_room(journal: Journal):
    for _ in range(3):
        fill_room(journal)
    written = 3 * ((ROOM_BYTES - HEADER_BYTES) // len(LINE))
    assert lines_of(journal.folder) == [b"line;"] * written
    assert present(journal.file).size == HEADER_BYTES + written * len(LINE)
    assert journal.state()["waiting_bytes"] == written * len(LINE)


def test_a_full_disk_loses_what_did_not_fit_and_nothing_more(journal: Journal):
    filled = fill_room(journal)
    with files_at_most(ROOM_BYTES + 3):
        written = [journal.write(LINE) for _ in range(8)]
        assert written == [False] * 8
        assert journal.state()["uncounted"] == 8 and "room" in journal.state()["problem"]
        assert Journal(journal.folder).state()["uncounted"] == 8, "another process can tell it too"
    assert journal.write(LINE) is True
    assert lines_of(journal.folder) == [b"line;"] * (filled + 1)
    assert journal.state()["problem"] == ""


def test_after_a_failure_another_file_is_begun(journal: Journal):
    first = journal.file
    fill_room(journal)
    with files_at_most(ROOM_BYTES - 1):
        assert journal.write(LINE) is False
        journal.renew()
        assert journal.file is first, "there is no room for another either"
    journal.renew()
    assert journal.file is not first
    assert journal.write(LINE) is True
    assert next(journal.finished()) is first


def test_a_folder_that_cannot_be_made_is_told_and_mended_later(tmp_path: Path):
    in_the_way = tmp_path / "journal"
    in_the_way.write_text("")
    journal = Journal(in_the_way)
    assert journal.write(LINE) is False
    assert journal.state()["uncounted"] == 1 and journal.problem
    in_the_way.unlink()
    journal.renew()
    assert not journal.problem, "nobody need scan before it is well again"
    assert journal.write(LINE) is True
    assert journal.state()["uncounted"] == 1 and not journal.problem
    journal.close()


def test_a_file_too_small_for_its_header_is_not_left_lying(tmp_path: Path):
    with files_at_most(10):
        journal = Journal(tmp_path)
        assert journal.write(LINE) is False
    assert list(tmp_path.iterdir()) == []
    assert journal.state()["uncounted"] == 1


def test_only_the_dead_are_adopted(journal: Journal):
    assert list(left(journal.folder)) == []
    name = present(journal.file).name
    journal.close()
    assert [file.name for file in left(journal.folder)] == [name]


@pytest.mark.processes
def test_a_killed_process_leaves_its_journal_to_others(tmp_path: Path):
    program = (
        "import signal, sys; from pathlib import Path; from qrbridge.counting.journal import Journal\n"
        f"journal = Journal(Path(sys.argv[1])); journal.write({LINE!r}); print('ready', flush=True); signal.pause()"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
    assert owner.stdout is not None and owner.stdout.readline() == b"ready\n"
    assert list(left(tmp_path)) == []
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert [file.batch(HEADER_BYTES) for file in left(tmp_path)] == [LINE]


def test_of_two_that_adopt_at_once_one_gets_it(journal: Journal):
    path = present(journal.file).path
    journal.close()
    first = present(JournalFile.adopt(path))
    assert JournalFile.adopt(path) is None
    first.remove()
    first.close()
    assert JournalFile.adopt(path) is None


def test_a_removed_file_is_followed_by_another_and_can_still_be_read(journal: Journal):
    journal.write(LINE)
    present(journal.file).path.unlink()
    journal.write(LINE)
    journal.renew()
    journal.write(LINE)
    assert len(lines_of(journal.folder)) == 1
    assert next(journal.finished()).batch(HEADER_BYTES) == LINE * 2


def test_no_line_is_lost_when_files_change_under_many_writers(tmp_path: Path):
    journal = Journal(tmp_path, full_bytes=1_000)
    stop = threading.Event()

    def write() -> None:
        for _ in range(2_000):
            assert journal.write(LINE)

    def change() -> None:
        while not stop.is_set():
            journal.renew()

    writers = [threading.Thread(target=write) for _ in range(4)]
    changer = threading.Thread(target=change)
    for thread in (*writers, changer):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    changer.join()
    assert len(list(tmp_path.iterdir())) > 1
    assert lines_of(tmp_path) == [b"line;"] * 8_000
    journal.close()


def test_a_journal_lets_go_of_every_descriptor(tmp_path: Path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        journal = Journal(tmp_path)
        journal.write(LINE)
        journal.close()
        list(left(tmp_path))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
