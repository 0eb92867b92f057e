"""One journal: an append-only file of lines not yet added up.

A file is held by `flock` for as long as its owner lives, so anyone can tell whether it has been left behind. It begins
with a header of fixed width that is written over in place, which works on a full disk too. A line begins with a line
feed and ends with `END`: after a torn line the next one still stands on its own, and a torn one is told by its end.

Lines go into room made beforehand and mapped into memory. What is in a mapping is the kernel's: it outlives the process
as if it had been written, without the system call, in which the interpreter would be handed to another thread.
"""

import fcntl
import mmap
import os
import re
import secrets
import threading
from dataclasses import dataclass, fields
from pathlib import Path

END = b";"

# Room made at a time, for some 1,500 lines. A multiple of every page size, as a mapping must be.
ROOM_BYTES = 65_536
NOTHING = b"\0"

# Read at a time: some 1,500 lines. They are split and counted in C, which no redirect of this process can interrupt:
# a megabyte at a time stopped them all for 5 ms.
BATCH_BYTES = 65_536

SUFFIX = ".journal"
# A name of 16 random hex digits is taken by chance never; taken twice in a row is a fault.
_TRIES = 3


@dataclass
class Tally:
    """What a header tells: the offset added up to, the scans that were not written and the lines that made no sense."""

    added: int = 0
    uncounted: int = 0
    unreadable: int = 0

    def header(self) -> bytes:
        """The header as it stands in the file, always of the same width."""
        return b"qrbridge journal 1" + b"".join(
            b" %s %015d" % (f.name.encode(), getattr(self, f.name)) for f in _TALLIED
        )

    @classmethod
    def read(cls, header: bytes) -> "Tally":
        """The tally in a header; nothing where the header itself was torn."""
        numbers = re.fullmatch(rb"qrbridge journal 1 added (\d+) uncounted (\d+) unreadable (\d+)", header)
        return cls(*map(int, numbers.groups())) if numbers else cls()


_TALLIED = fields(Tally)
HEADER_BYTES = len(Tally().header())


class JournalFile:
    """One journal, held by this process alone until it is closed."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._room = _no_room()
        self._saving = threading.Lock()
        self._synced = -1
        self.tally = Tally.read(os.pread(descriptor, HEADER_BYTES, 0))
        # Its length in bytes, header included, room that is empty left out.
        self.size = written_to(descriptor)

    @classmethod
    def create(cls, folder: Path) -> "JournalFile":
        """A new journal in a folder, made where it is missing; `OSError` where that is impossible."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _ in range(_TRIES):
            path = folder / f"{secrets.token_hex(8)}{SUFFIX}"
            file = cls._held(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            if file is not None:
                file._begin()
                return file
        raise OSError(f"new journals in {folder} are taken away at once")

    @classmethod
    def adopt(cls, path: Path) -> "JournalFile | None":
        """The journal at a path if its owner is gone, else None."""
        try:
            return cls._held(path, os.O_RDWR)
        except OSError:
            return None

    @classmethod
    def _held(cls, path: Path, flags: int) -> "JournalFile | None":
        descriptor = os.open(path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before us may have added it up to the end and removed it.
            if os.fstat(descriptor).st_nlink:
                return cls(path, descriptor)
        except BlockingIOError:
            pass
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    def _begin(self) -> None:
        try:
            # All of it or nothing: a header cut short by a full disk would put every line at the wrong offset.
            if os.pwrite(self._descriptor, self.tally.header(), 0) != HEADER_BYTES:
                raise OSError("there is no room for a journal")
            self.size = HEADER_BYTES
            self._make_room()
        except OSError:
            self.remove()
            self.close()
            raise

    @property
    def name(self) -> str:
        """The name it has in the store: no other journal anywhere has it."""
        return self.path.stem

    @property
    def is_removed(self) -> bool:
        """Whether someone has deleted it; its lines can still be read here."""
        return os.fstat(self._descriptor).st_nlink == 0

    def append(self, line: bytes) -> bool:
        """Write a line and say whether it went in whole; one thread at a time."""
        try:
            self._room.write(line)
        except ValueError:
            # No room left, or never any: `mmap` writes a whole line or nothing.
            try:
                self._make_room().write(line)
            except OSError:
                return False
        self.size += len(line)
        return True

    def sync(self) -> None:
        """Wait until what has been written is on the disk."""
        size = self.size
        if size != self._synced:
            os.fdatasync(self._descriptor)
            self._synced = size

    def batch(self, start: int) -> bytes:
        """The next lines from an offset, as many as fit and no half one; empty at the end."""
        chunk = os.pread(self._descriptor, BATCH_BYTES, start)
        # Where nothing is yet, whoever writes may be in the middle of a line.
        chunk = chunk.partition(NOTHING)[0]
        end = chunk.rfind(END) + 1
        # A whole batch without an end is no line of ours; passed over, so that it cannot stop the count.
        return chunk if not end and len(chunk) == BATCH_BYTES else chunk[:end]

    def tell(self, *, added: int | None = None, uncounted: int = 0, unreadable: int = 0) -> None:
        """Keep what health should say: how far it is added up, and how many more were not counted or not readable."""
        with self._saving:
            self.tally.added = self.tally.added if added is None else added
            self.tally.uncounted += uncounted
            self.tally.unreadable += unreadable
            try:
                os.pwrite(self._descriptor, self.tally.header(), 0)
            except OSError:
                # Kept in memory; written with the next change that finds the disk well.
                return

    def remove(self) -> None:
        """Delete it from its folder."""
        if not self.is_removed:
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of it: from now on anyone may adopt it."""
        # A mapping holds the file open, and so the lock.
        self._room.close()
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _make_room(self) -> mmap.mmap:
        """Map the part of the file that the next lines go into, filled with nothing; `OSError` on a full disk."""
        start = self.size - self.size % mmap.ALLOCATIONGRANULARITY
        missing = start + ROOM_BYTES - os.fstat(self._descriptor).st_size
        if missing > 0 and os.pwrite(self._descriptor, NOTHING * missing, start + ROOM_BYTES - missing) != missing:
            raise OSError("there is no room for more lines")
        room = mmap.mmap(self._descriptor, ROOM_BYTES, offset=start)
        room.seek(self.size - start)
        self._room.close()
        self._room = room
        return room


def written_to(descriptor: int) -> int:
    """Where what is written in a journal ends, before the empty room; however long it is, only its end is read."""
    end = os.fstat(descriptor).st_size
    while end > HEADER_BYTES:
        start = max(HEADER_BYTES, end - ROOM_BYTES)
        written = os.pread(descriptor, end - start, start).rstrip(NOTHING)
        if written:
            return start + len(written)
        end = start
    return end


def _no_room() -> mmap.mmap:
    """A mapping that nothing can be written to."""
    room = mmap.mmap(-1, 1)
    room.close()
    return room
