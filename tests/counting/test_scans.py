import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrbridge import codes, times
from qrbridge.counting import scans
from qrbridge.counting.journal import Journal
from qrbridge.counting.journal_file import HEADER_BYTES, ROOM_BYTES, JournalFile
from qrbridge.errors import StoreUnavailable
from qrbridge.settings import Settings
from qrbridge.store import Row, Store, connect, create_store
from qrbridge.store.postgres import PostgresStore
from qrbridge.store.sqlite import SqliteStore
from tests.counting.test_journal import files_at_most
from tests.present import present
from tests.servers import PATIENCE

CODES = sorted(codes.make() for _ in range(30))
CODE = CODES[0]
HOUR, DAY = "2026-11-23T19", "2026-11-23"
DAY_NUMBER = 20_780
PHONE = scans.who("phone", "en")
SCAN_TABLES = ("scan_hour", "scan_day")
SCAN = scans.scan_line(HOUR, CODE, "scan", PHONE)


@pytest.fixture
def journal(settings: Settings) -> Iterator[Journal]:
    """This process's journal of an installation."""
    opened = Journal(settings.journals)
    yield opened
    opened.close()


def counted(store: Store) -> int:
    # One question, since a ticker may be adding up meanwhile.
    sums = [f"(select cast(coalesce(sum(scans), 0) as integer) from {table}) as {table}" for table in SCAN_TABLES]
    (row,) = ask(store, f"select {', '.join(sums)}")
    assert row["scan_hour"] == row["scan_day"]
    return int(row["scan_hour"])


def ask(store: Store, sql: str) -> list[Row]:
    """A question of a test's own, put past the query files."""
    if isinstance(store, SqliteStore):
        return list(store._database().query(sql))
    assert isinstance(store, PostgresStore)
    with store._connection() as connection:
        return connection.execute(sql.encode()).fetchall()


def test_each_kind_of_line_is_counted_where_it_belongs(store: Store, journal: Journal):
    lines = [
        SCAN,
        SCAN,
        scans.scan_line(HOUR, CODE, "typed", scans.who("tablet", "")),
        scans.automated_line(DAY, CODES[1]),
    ]
    for line in [*lines, scans.objection_line(DAY), scans.objection_line(DAY)]:
        assert journal.write(line)
    scans.add_up(store, journal)
    assert ask(store, "select * from scan_hour") == [{"code": CODE, "hour": HOUR, "simulated": 0, "scans": 3}]
    days = ask(store, "select via, device, language, day, scans from scan_day order by via")
    assert [tuple(row.values()) for row in days] == [
        ("scan", "phone", "en", DAY_NUMBER, 2),
        ("typed", "tablet", "", DAY_NUMBER, 1),
    ]
    assert ask(store, "select * from automated_day") == [{"code": CODES[1], "day": DAY_NUMBER, "requests": 1}]
    assert ask(store, "select * from objection_day") == [{"day": DAY_NUMBER, "requests": 2}]
    assert journal.state() == {"waiting_bytes": 0, "uncounted": 0, "unreadable": 0, "problem": ""}


def test_an_objection_says_nothing_but_the_day():
    assert scans.objection_line(DAY) == b"\nobjection\t2026-11-23;"


def test_adding_up_again_changes_nothing(store: Store, journal: Journal):
    journal.write(SCAN)
    for _ in range(3):
        scans.add_up(store, journal)
    journal.write(SCAN)
    scans.add_up(store, journal)
    assert counted(store) == 2


def scanned(totals: scans.Totals) -> int:
    """How many scans there are in totals."""
    return sum(counts.total() for counts in totals.hours.values())


def test_what_comes_while_it_adds_up_waits_for_the_next_time(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    keep = scans.keep

    def keep_while_people_scan(store: Store, totals: scans.Totals) -> None:
        keep(store, totals)
        journal.write(SCAN)

    monkeypatch.setattr(scans, "keep", keep_while_people_scan)
    journal.write(SCAN)
    for times_added_up in (1, 2, 3):
        scans.add_up(store, journal)
        assert counted(store) == times_added_up


def test_an_empty_journal_touches_nothing_and_is_removed_when_left(store: Store, journal: Journal, settings: Settings):
    scans.add_up(store, journal)
    assert ask(store, "select * from journal") == []
    journal.close()
    (settings.journals / "0123456789abcdef.journal").write_bytes(b"")
    scans.add_up_left(settings.journals, store)
    assert list(settings.journals.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"\n", id="blank"),
        pytest.param(b"\n;", id="only an end"),
        pytest.param(SCAN[:-1], id="no end"),
        pytest.param(SCAN[1:], id="no beginning"),
        pytest.param(SCAN + b"x", id="more after its end"),
        pytest.param(SCAN[:-1] + b"\tmore;", id="a field too many"),
        pytest.param(SCAN.replace(b"\ten", b""), id="a field too few"),
        pytest.param(SCAN.replace(CODE.encode(), b"7K3M9Z"), id="a wrong check character"),
        pytest.param(SCAN.replace(CODE.encode(), CODE.lower().encode()), id="a code in small letters"),
        pytest.param(SCAN.replace(b"phone", b"fridge"), id="a device there is none"),
        pytest.param(SCAN.replace(b"scan\tphone", b"nod\tphone"), id="a via there is none"),
        pytest.param(SCAN.replace(b"\ten", b"\te n"), id="a space in the language"),
        pytest.param(SCAN.replace(b"T19", b"T24"), id="an hour there is none"),
        pytest.param(SCAN.replace(b"T19", b"T9"), id="an hour cut short"),
        pytest.param(SCAN.replace(b"2026", b"\xd9\xa2026"), id="not ASCII"),
        pytest.param(b"\n" + b"\0" * 40 + b";", id="zeros"),
        pytest.param(b"\nobjection\t2026-02-30;", id="a day there is none"),
        pytest.param(b"\nobjection\t20261123;", id="a day written otherwise"),
        pytest.param(b"\nautomated\t2026-11-23;", id="automated without a code"),
    ],
)
def test_a_line_that_is_not_as_we_write_it_is_told_and_the_next_is_counted(line: bytes):
    totals = scans.total(line + SCAN)
    assert (totals.unreadable, scanned(totals)) in {(1, 1), (0, 1)}
    assert scans.total(SCAN + line).unreadable == 1 or line == b"\n"


@given(st.binary(max_size=300))
def test_no_bytes_can_do_harm_nor_count(garbage: bytes):
    totals = scans.total(garbage + SCAN)
    assert scanned(totals) == 1
    assert not totals.automated and not totals.objections


@given(st.lists(st.sampled_from([SCAN, b"\n", b";", b"\t", b"scan", b"\nobjection\t2026-11-23;"])))
def test_whole_lines_are_counted_whatever_lies_between(pieces: list[bytes]):
    text = b"".join(pieces)
    whole = [line for line in text.split(b"\n")[1:] if b"\n" + line == SCAN]
    assert scanned(scans.total(text)) == len(whole)


@pytest.mark.parametrize(
    "moment, hour, day",
    [
        pytest.param(datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC), "2026-07-01T22", "2026-07-01", id="summer evening"),
        pytest.param(datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "2026-07-01T23", "2026-07-02", id="summer midnight"),
        pytest.param(datetime(2026, 1, 1, 23, 59, tzinfo=UTC), "2026-01-01T23", "2026-01-01", id="winter"),
    ],
)
def test_the_clock_says_the_utc_hour_and_the_council_s_day(moment: datetime, hour: str, day: str):
    clock = scans.Clock(now=moment.timestamp)
    assert clock.read() == clock.read() == (hour, day)
    totals = scans.total(scans.scan_line(hour, CODE, "scan", PHONE))
    assert [key[0] for key in totals.days] == [times.day_number(datetime.fromisoformat(day).date())]


def test_a_torn_last_line_waits_while_its_owner_lives_and_is_told_when_it_is_gone(store: Store, settings: Settings):
    owner = Journal(settings.journals)
    owner.write(SCAN)
    owner.write(SCAN[:20])
    scans.add_up(store, owner)
    assert owner.state()["unreadable"] == 0 and owner.state()["waiting_bytes"] == 20
    owner.close()
    heir = Journal(settings.journals)
    scans.add_up(store, heir)
    assert counted(store) == 1
    assert heir.state()["unreadable"] == 1 and heir.state()["waiting_bytes"] == 0
    assert [path.stem for path in settings.journals.iterdir()] == [present(heir.file).name]
    heir.close()


def test_on_a_full_disk_what_was_written_is_counted_and_the_rest_is_told(store: Store, journal: Journal):
    fit = (ROOM_BYTES - HEADER_BYTES) // len(SCAN)
    with files_at_most(ROOM_BYTES):
        written = [journal.write(SCAN) for _ in range(fit + 4)]
    for _ in range(2):
        scans.add_up(store, journal)
    assert counted(store) == sum(written) == fit
    assert journal.state()["uncounted"] == 4
    journal.write(SCAN)
    scans.add_up(store, journal)
    assert counted(store) == fit + 1


def test_what_a_left_journal_tells_is_kept_until_someone_can_tell_it(store: Store, settings: Settings):
    owner = Journal(settings.journals)
    present(owner.file).tell(uncounted=3)
    owner.write(SCAN)
    owner.close()
    for _ in range(2):
        scans.add_up_left(settings.journals, store)
    assert counted(store) == 1 and len(list(settings.journals.iterdir())) == 1
    heir = Journal(settings.journals)
    scans.add_up(store, heir)
    assert heir.state()["uncounted"] == 3 and len(list(settings.journals.iterdir())) == 1
    heir.close()


def test_a_large_backlog_is_added_up_in_batches(store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qrbridge.counting.journal_file.BATCH_BYTES", 1_000)
    for _ in range(200):
        journal.write(SCAN)
    scans.add_up(store, journal)
    assert counted(store) == 200


def test_files_change_under_many_writers_while_they_are_added_up(store: Store, settings: Settings):
    journal = Journal(settings.journals, full_bytes=3_000)

    def write() -> None:
        for _ in range(400):
            assert journal.write(scans.scan_line(HOUR, random.choice(CODES), "scan", PHONE))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for thread in writers:
        thread.start()
    while any(thread.is_alive() for thread in writers):
        scans.add_up(store, journal)
    scans.add_up(store, journal)
    assert counted(store) == 1_200
    assert len(list(settings.journals.iterdir())) == 1
    journal.close()


def test_a_journal_removed_by_hand_is_still_counted(store: Store, journal: Journal):
    journal.write(SCAN)
    present(journal.file).path.unlink()
    journal.write(SCAN)
    scans.add_up(store, journal)
    journal.write(SCAN)
    scans.add_up(store, journal)
    assert counted(store) == 3


def test_one_journal_added_up_by_two_at_once_is_counted_once(store: Store, settings: Settings, journal: Journal):
    for _ in range(300):
        journal.write(SCAN)
    ready, failures = threading.Barrier(3), []

    def add() -> None:
        own = connect(settings)
        # Past the lock that keeps anyone else from it in life.
        file = JournalFile(present(journal.file).path, os.open(present(journal.file).path, os.O_RDWR))
        ready.wait()
        try:
            scans._add(own, file)
        except StoreUnavailable as error:
            failures.append(error)
        file.close()
        own.close()

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(store) == 300 and failures == []


def test_many_journals_added_up_at_once_do_not_block_each_other(store: Store, settings: Settings):
    failures = []

    def add(seed: int) -> None:
        own, journal = connect(settings), Journal(settings.journals)
        shuffled = random.Random(seed).sample(CODES, len(CODES))
        try:
            for _ in range(5):
                for code in shuffled:
                    journal.write(scans.scan_line(HOUR, code, "scan", PHONE))
                scans.add_up(own, journal)
        except StoreUnavailable as error:
            failures.append(error)
        journal.close()
        own.close()

    threads = [threading.Thread(target=add, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scans.add_up_left(settings.journals, store)
    assert failures == [] and counted(store) == 3 * 5 * len(CODES)


def test_scans_wait_while_the_store_is_gone_and_are_counted_when_it_is_back(sqlite_settings: Settings, tmp_path: Path):
    store = create_store(sqlite_settings)
    journal = Journal(sqlite_settings.journals)
    journal.write(SCAN)
    scans.add_up(store, journal)
    store.close()
    away = tmp_path / "away.sqlite"
    sqlite_settings.database_file.rename(away)
    journal.write(SCAN)
    with pytest.raises(StoreUnavailable):
        scans.add_up(store, journal)
    present(journal.file).path.unlink()
    with pytest.raises(StoreUnavailable):
        scans.add_up(store, journal)
    journal.write(SCAN)
    away.rename(sqlite_settings.database_file)
    scans.add_up(store, journal)
    assert counted(store) == 3
    journal.close()
    store.close()


def test_scans_wait_while_the_store_is_locked(sqlite_settings: Settings):
    store = create_store(sqlite_settings)
    journal = Journal(sqlite_settings.journals)
    hasty = connect(sqlite_settings, patience=0.05)
    journal.write(SCAN)
    with store.atomic(), pytest.raises(StoreUnavailable):
        scans.add_up(hasty, journal)
    scans.add_up(hasty, journal)
    assert counted(store) == 1
    for opened in (journal, hasty, store):
        opened.close()


def test_an_older_copy_of_the_store_is_brought_up_from_the_journal(sqlite_settings: Settings, tmp_path: Path):
    store = create_store(sqlite_settings)
    journal = Journal(sqlite_settings.journals)
    journal.write(SCAN)
    scans.add_up(store, journal)
    assert isinstance(store, SqliteStore)
    store._database().conn.execute("pragma wal_checkpoint(truncate)")
    older = sqlite_settings.database_file.read_bytes()
    for _ in range(4):
        journal.write(SCAN)
    scans.add_up(store, journal)
    assert counted(store) == 5
    store.close()
    replaced = tmp_path / "older.sqlite"
    replaced.write_bytes(older)
    for suffix in ("-wal", "-shm"):
        sqlite_settings.database_file.with_name(sqlite_settings.database_file.name + suffix).unlink(missing_ok=True)
    replaced.rename(sqlite_settings.database_file)
    assert counted(store) == 1
    scans.add_up(store, journal)
    assert counted(store) == 5
    journal.close()
    store.close()


def copy_of(settings: Settings, name: str) -> Settings:
    """Another installation folder with a copy of the journals, on the same store."""
    other = replace(settings, instance=settings.instance.with_name(name))
    shutil.copytree(settings.journals, other.journals)
    return other


def test_a_copied_journal_adds_nothing_once_the_other_is_finished(store: Store, settings: Settings):
    owner = Journal(settings.journals)
    for _ in range(3):
        owner.write(SCAN)
    owner.close()
    copies = [copy_of(settings, f"copy-{number}") for number in range(2)]
    for folder in (settings, *copies):
        scans.add_up_left(folder.journals, store)
        assert list(folder.journals.iterdir()) == []
    assert counted(store) == 3


@pytest.mark.parametrize(
    "before, after",
    [
        pytest.param(0, 4, id="copied while empty"),
        pytest.param(2, 0, id="nothing written since"),
        pytest.param(2, 3, id="written to since"),
    ],
)
@pytest.mark.parametrize("added_first", [pytest.param(True, id="added up before"), pytest.param(False, id="not yet")])
@pytest.mark.parametrize("copy_first", [pytest.param(True, id="the copy first"), pytest.param(False, id="it last")])
def test_a_copy_of_a_living_journal_neither_counts_twice_nor_takes_anything_away(
    store: Store, settings: Settings, before: int, after: int, added_first: bool, copy_first: bool
):
    owner = Journal(settings.journals)
    for _ in range(before):
        owner.write(SCAN)
    if added_first:
        scans.add_up(store, owner)
    copy = copy_of(settings, "copy")
    for _ in range(after):
        owner.write(SCAN)
    for of_the_copy in (copy_first, not copy_first):
        if of_the_copy:
            scans.add_up_left(copy.journals, store)
        else:
            scans.add_up(store, owner)
    scans.add_up(store, owner)
    assert counted(store) == before + after
    assert owner.state()["unreadable"] == 0
    owner.close()


def test_what_is_kept_of_a_journal_says_nothing_of_when(store: Store, journal: Journal):
    journal.write(SCAN)
    scans.add_up(store, journal)
    (row,) = ask(store, "select * from journal")
    assert row == {"name": present(journal.file).name, "added_to": HEADER_BYTES + len(SCAN)}


PREAMBLE = (
    "import sys, time; from pathlib import Path\n"
    "from qrbridge import settings; from qrbridge.counting import scans\n"
    "from qrbridge.counting.journal import Journal; from qrbridge.store import connect\n"
    "boot = settings.load(Path(sys.argv[1]))\n"
)


def child(settings: Settings, program: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "QRBRIDGE_DATABASE": settings.database}
    arguments = [sys.executable, "-c", PREAMBLE + program, str(settings.instance)]
    return subprocess.Popen(arguments, env=environ, stdout=subprocess.PIPE)


@pytest.mark.processes
def test_a_writer_killed_at_any_moment_loses_nothing_it_answered(store: Store, settings: Settings):
    """Each answer is told on the pipe after its line is written: answered <= counted <= sent."""
    program = (
        f"journal = Journal(boot.journals)\nwhile True: journal.write({SCAN!r}); sys.stdout.buffer.write(b'.'); "
        "sys.stdout.buffer.flush()\n"
    )
    answered = 0
    writers = 4
    for number in range(writers):
        writer = child(settings, program)
        assert writer.stdout is not None
        told = writer.stdout.read(500 + 37 * number)
        writer.kill()
        answered += len(told) + len(writer.stdout.read())
        writer.wait()
        writer.stdout.close()
    journal = Journal(settings.journals)
    scans.add_up(store, journal)
    # At most the one line of each that was written and not yet told.
    assert answered <= counted(store) <= answered + writers
    assert len(list(settings.journals.iterdir())) == 1
    journal.close()


# Adds up what is left, again and again, each time killed some lines of our own code later, until it is not killed.
LINES = """
import os, signal

LINES_APART = 13

def after(lines):
    def count(frame, event, _):
        nonlocal lines
        if "qrbridge" not in frame.f_code.co_filename: return None
        lines -= event == "line"
        if lines < 0: os.kill(os.getpid(), signal.SIGKILL)
        return count
    return count

killed = lines = 0
while True:
    pid = os.fork()
    if not pid:
        store = connect(boot)
        sys.settrace(after(lines)); scans.add_up_left(boot.journals, store); sys.settrace(None); os._exit(0)
    if os.waitpid(pid, 0)[1] == 0: break
    journal = Journal(boot.journals); [journal.write(line) for line in WRITTEN]; journal.close()
    lines += LINES_APART; killed += 1
print(killed)
"""


@pytest.mark.processes
def test_adding_up_killed_at_any_moment_counts_each_line_once(store: Store, settings: Settings):
    written = [scans.scan_line(HOUR, code, "scan", PHONE) for code in CODES[:3]]
    journal = Journal(settings.journals)
    for line in written:
        journal.write(line)
    journal.close()
    told, _ = child(settings, LINES.replace("WRITTEN", repr(written))).communicate(timeout=PATIENCE)
    kills = int(told)
    scans.add_up_left(settings.journals, store)
    assert kills > 20
    assert counted(store) == len(written) * (1 + kills)
    assert list(settings.journals.iterdir()) == []


FUSE = """
import os, signal
from contextlib import contextmanager

class Fuse:
    # A store that kills its process at the n-th step, a step being what comes before or after any word to it.
    def __init__(self, store, steps): self.store, self.steps = store, steps
    def burn(self):
        self.steps -= 1
        if self.steps < 0: os.kill(os.getpid(), signal.SIGKILL)
    def said(self, word, *given, **values):
        self.burn(); answer = getattr(self.store, word)(*given, **values); self.burn()
        return answer
    def rows(self, *given, **values): return self.said("rows", *given, **values)
    def run(self, *given, **values): return self.said("run", *given, **values)
    def run_many(self, *given, **values): return self.said("run_many", *given, **values)
    @contextmanager
    def atomic(self):
        self.burn()
        with self.store.atomic(): self.burn(); yield; self.burn()
        self.burn()

for steps in range(100):
    pid = os.fork()
    if not pid:
        scans.add_up_left(boot.journals, Fuse(connect(boot), steps)); os._exit(0)
    if os.waitpid(pid, 0)[1] == 0: break
    journal = Journal(boot.journals); journal.write(LINE); journal.close()
    print(steps, flush=True)
"""


@pytest.mark.processes
def test_adding_up_killed_at_every_step_counts_each_line_once(store: Store, settings: Settings):
    journal = Journal(settings.journals)
    journal.write(SCAN)
    journal.close()
    # One journal takes 15 steps, and each kill leaves another journal to add up.
    killer = child(settings, FUSE.replace("LINE", repr(SCAN)))
    told, _ = killer.communicate(timeout=PATIENCE)
    kills = len(told.splitlines())
    scans.add_up_left(settings.journals, store)
    assert kills > 10
    assert counted(store) == 1 + kills
    assert list(settings.journals.iterdir()) == []


def test_simulated_scans_are_kept_apart(store: Store):
    with store.atomic():
        scans.keep(store, scans.total(SCAN * 2), simulated=True)
        scans.keep(store, scans.total(SCAN))
    rows = ask(store, "select simulated, scans from scan_hour order by simulated")
    assert [tuple(row.values()) for row in rows] == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    ("simulated", "among", "said"),
    [
        (0, 5, ""),
        (5, 5, "Every scan counted here is simulated, to show how this works."),
        (1, 1_200, "1 of the 1,200 scans counted here is simulated, to show how this works."),
        (2, 1_200, "2 of the 1,200 scans counted here are simulated, to show how this works."),
    ],
)
def test_how_many_are_simulated_is_said_in_a_sentence(simulated: int, among: int, said: str):
    assert scans.said_of_simulated(simulated, among) == said
