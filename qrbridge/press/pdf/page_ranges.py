"""A long file of ours a few pages at a time: the same bytes, under a table that lists those pages alone.

pdfium keeps 100 bytes for each object of a file, and 1 kB for each page it passes on its way to another, so that to
open 10,000 pages costs 30 MB. Opened by parts, a file of any length costs what its longest part does.
"""

import io
import re
from array import array
from collections.abc import Iterator
from pathlib import Path

ENTRY = 20
"""Bytes of a line of the table of places."""
MOST_TRAILER = 2_000
REFERENCE = re.compile(rb"(\d+) 0 R")
KIDS = re.compile(rb"/Count \d+ /Kids \[[^\]]*\]")


class Parts:
    """A file as `press.streamed` writes it, whose pages and what is theirs are numbered in their order."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._size = path.stat().st_size
        self._file.seek(-min(MOST_TRAILER, self._size), io.SEEK_END)
        self._trailer = self._file.read()
        self._table = self._number(rb"startxref\s+(\d+)", self._trailer)
        self._objects = self._number(rb"/Size (\d+)", self._trailer)
        root = self._read(self._number(rb"/Root (\d+)", self._trailer))
        self._tree = self._number(rb"/Pages (\d+)", root)
        self._pages = self._read(self._tree)
        kids = KIDS.search(self._pages)
        self._kids = array("L", map(int, REFERENCE.findall(kids[0]))) if kids else array("L")
        self._shared = set(self._reached(self._number(rb"/Resources (\d+)", self._pages)))

    def __len__(self) -> int:
        return len(self._kids)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def pages(self, start: int, end: int) -> "Extended":
        """These pages, counted from 0, as a file of their own; it ends before the page numbered `end`."""
        kids = self._kids[start:end]
        listed = b" ".join(b"%d 0 R" % number for number in kids)
        tree = KIDS.sub(b"/Count %d /Kids [%s]" % (len(kids), listed), self._pages)
        after = self._kids[end] if end < len(self._kids) else self._kids[-1]
        numbers = [*range(1, self._kids[0]), *range(kids[0], after), *range(self._kids[-1], self._objects)]
        places = {number: self._place(number) for number in self._shared.union(numbers)}
        places[self._tree] = self._size
        return Extended(self._file, self._size, tree + b"\n" + self._ending(places, self._size + len(tree) + 1))

    def _ending(self, places: dict[int, int], begins: int) -> bytes:
        lines = [b"xref\n0 1\n0000000000 65535 f \n"]
        lines += [b"%d 1\n%010d 00000 n \n" % (number, places[number]) for number in sorted(places)]
        trailer = self._trailer[self._trailer.index(b"trailer") : self._trailer.rindex(b"startxref")]
        return b"".join(lines) + trailer + b"startxref\n%d\n%%%%EOF\n" % begins

    def _reached(self, number: int) -> Iterator[int]:
        """Every object that one needs, itself among them."""
        waiting, seen = [number], {number}
        while waiting:
            found = waiting.pop()
            yield found
            text, _, _ = self._read(found).partition(b"stream")
            new = set(map(int, REFERENCE.findall(text))) - seen
            seen |= new
            waiting += new

    def _read(self, number: int) -> bytes:
        """An object of the file, with its number and its end."""
        self._file.seek(self._place(number))
        found = bytearray()
        while b"endobj" not in found[-4_200:]:
            piece = self._file.read(4_096)
            if not piece:
                break
            found += piece
        return bytes(found[: found.index(b"endobj") + len(b"endobj")])

    def _place(self, number: int) -> int:
        header = len(b"xref\n0 %d\n" % self._objects)
        self._file.seek(self._table + header + ENTRY * number)
        return int(self._file.read(10))

    @staticmethod
    def _number(pattern: bytes, text: bytes) -> int:
        found = re.search(pattern, text)
        assert found is not None, f"{pattern!r} is in every file of ours"
        return int(found[1])


class Extended(io.RawIOBase):
    """A file with more bytes after its own."""

    def __init__(self, file: io.BufferedReader, size: int, more: bytes) -> None:
        self._file, self._own, self._more = file, size, more
        self._at = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Where it is read from next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read from elsewhere next."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._own + len(self._more)}[whence]
        self._at = begin + offset
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill a buffer with what comes next."""
        wanted, found = len(buffer), b""
        if self._at < self._own:
            self._file.seek(self._at)
            found = self._file.read(min(wanted, self._own - self._at))
        start = self._at + len(found) - self._own
        if start >= 0:
            found += self._more[start : start + wanted - len(found)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
