"""What a process has written and not yet added up: its present journal, those set aside, and those that others left."""

import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

from qrbridge.counting.journal_file import HEADER_BYTES, SUFFIX, JournalFile, Tally, written_to

# Some 350,000 scans; then another file is begun, so that what has been added up can be removed.
FULL_BYTES = 16_000_000


class Journal:
    """What this process writes to: the present file, and those it has set aside until they are added up.

    Make it in the process that uses it: a copy carried over a fork would share its files.
    """

    def __init__(self, folder: Path, full_bytes: int = FULL_BYTES) -> None:
        self.folder = folder
        self.file: JournalFile | None = None
        self.problem = ""
        self.adding = threading.Lock()
        self._full_bytes = full_bytes
        self._writing = threading.Lock()
        self._missed = 0
        self._failed = False
        self._retired = False
        self._aside: list[JournalFile] = []
        self.renew()

    def write(self, line: bytes) -> bool:
        """Append one line, 0.4 us; where that fails the line is told as uncounted, and nothing is raised."""
        # Held, so that a file is never set aside between choosing it and writing to it.
        with self._writing:
            file = self.file
            if file is not None and file.append(line):
                if self.problem:
                    self.problem = ""
                return True
            self._miss(file)
            return False

    def renew(self) -> None:
        """Begin another file where the present one is full, was removed, failed, or could not be made before.

        On a full disk that also frees the room of the old one, once it is added up.
        """
        file = self.file
        if self._retired or file is not None and not (self._failed or file.is_removed or file.size >= self._full_bytes):
            return
        try:
            fresh = JournalFile.create(self.folder)
        except OSError as error:
            self.problem = f"No journal can be made in {self.folder}: {error}"
            return
        with self._writing:
            # That it could be made shows that there is room again; nobody need scan first.
            self.file, self._failed, self.problem = fresh, False, ""
            if self._missed:
                fresh.tell(uncounted=self._missed)
                self._missed = 0
        if file is not None:
            self._aside.append(file)

    def retire(self) -> None:
        """Set the present file aside, to be added up to its end; nothing more is written."""
        with self._writing:
            if self.file is not None:
                self._aside.append(self.file)
            self.file, self._retired = None, True

    def finished(self) -> Generator[JournalFile, None, None]:
        """The files that nobody writes to any more, each held by us until the next is asked for."""
        while self._aside:
            yield self._aside[0]
            # Not reached where adding it up failed: it is held on to, since it may be in no folder any more.
            self._aside.pop(0).close()
        yield from left(self.folder, besides=self.file)

    def close(self) -> None:
        """Let go of every file; what is not added up yet is adopted by whoever comes next."""
        self.retire()
        while self._aside:
            self._aside.pop().close()

    def state(self) -> dict[str, Any]:
        """For health: as `told` says, and what this process alone knows."""
        said = told(self.folder, self.file)
        return {**said, "uncounted": said["uncounted"] + self._missed, "problem": self.problem}

    def _miss(self, file: JournalFile | None) -> None:
        self.problem = self.problem or f"A scan could not be written in {self.folder}. Is there room on the disk?"
        self._failed = True
        if file is None:
            self._missed += 1
        else:
            file.tell(uncounted=1)


def left(folder: Path, besides: JournalFile | None = None) -> Generator[JournalFile, None, None]:
    """The journals of a folder whose owner is gone, each held by us until the next is asked for."""
    for path in _paths(folder):
        file = None if besides is not None and path == besides.path else JournalFile.adopt(path)
        if file is not None:
            try:
                yield file
            finally:
                file.close()


def told(folder: Path, own: JournalFile | None = None) -> dict[str, Any]:
    """Bytes not yet added up, scans not counted and lines not readable, of every process that writes to a folder.

    Scans that went by while a process could make no journal at all are known to that process alone until it can.
    """
    tallies = {path: own.tally if own is not None and path == own.path else _tally(path) for path in _paths(folder)}
    return {
        "waiting_bytes": sum(_waiting(path, tally.added) for path, tally in tallies.items()),
        "uncounted": sum(tally.uncounted for tally in tallies.values()),
        "unreadable": sum(tally.unreadable for tally in tallies.values()),
    }


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _waiting(path: Path, added: int) -> int:
    try:
        with path.open("rb") as file:
            return max(0, written_to(file.fileno()) - max(added, HEADER_BYTES))
    except OSError:
        return 0


def _tally(path: Path) -> Tally:
    try:
        with path.open("rb") as file:
            return Tally.read(file.read(HEADER_BYTES))
    except OSError:
        return Tally()
