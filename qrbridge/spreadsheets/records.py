"""Text into records of cells: strict about quotes, and never losing count of the lines of the file.

Python's `csv` lets an unclosed quote swallow the rest of a file and says nothing of the line it opened on.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TextIO

from qrbridge.spreadsheets.limits import MAX_COLUMNS

# A quoted cell may run over lines. Past this it is taken for a quote that was never closed.
MAX_RECORD = 256 * 1024
MAX_LINES = 1_000

NUL = "holds a NUL byte, which is not text; delete this row's stray characters and save the file again"
NOT_CLOSED = (
    "a quotation mark opened on line {line} is not closed, or has text straight after the one that closes it; "
    "close it, or write a quotation mark that is part of the text as two"
)
STRAY = "has quotation marks in the middle of cells that do not pair up; put the whole cell in quotation marks"
TOO_WIDE = (
    f"has more than {MAX_COLUMNS} cells, the most that are read; delete what stands far to the right of the table"
)
TOO_LONG = f"the line is longer than {MAX_RECORD:,} characters; check the row for a missing line end"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on, its cells, and what is wrong with it (`cells` is then its text as it is)."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""


class _NotClosed(Exception):
    """A quoted cell has no proper end."""


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A quoted cell with its end, one without an end, and a plain cell; `delimiter` may be empty for one column."""
    end = rf"(?P<end>{re.escape(delimiter)}|\Z)" if delimiter else r"(?P<end>\Z)"
    plain = rf"(?P<cell>[^{re.escape(delimiter)}]*+){end}" if delimiter else rf"(?P<cell>.*+){end}"
    inside = r' *+"(?P<cell>(?:[^"]++|"")*+)'
    return re.compile(rf'{inside}" *+{end}'), re.compile(rf"{inside}\Z"), re.compile(plain, re.DOTALL)


INSIDE = re.compile(r'(?:[^"]++|"")*+')


class Lines:
    """The lines of a text file with their numbers; a line can be put back to be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._waiting: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        """The next line without its end, or None after the last; an over-long one comes cut, so it is seen to be."""
        line = self._waiting.popleft() if self._waiting else self._read()
        if line is None:
            return None
        self.number += 1
        return line

    def put_back(self, lines: list[str]) -> None:
        """Have these lines read again, in the same order."""
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def _read(self) -> str | None:
        line = self._file.readline(MAX_RECORD + 1)
        if not line:
            return None
        piece = line
        while piece and not piece.endswith("\n"):
            piece = self._file.readline(MAX_RECORD + 1)
        return line.removesuffix("\n")


def records(file: TextIO, delimiter: str, lines_before: int = 0) -> Iterator[Record]:
    """Every record of a text file opened with universal line ends; a faulty one costs its own line, never the next."""
    lines = Lines(file)
    for _ in range(lines_before):
        lines.take()
    while (line := lines.take()) is not None:
        if len(line) > MAX_RECORD:
            yield Record(lines.number, (line[:80],), TOO_LONG)
        elif '"' in line:
            yield _quoted_record(lines, line, delimiter)
        elif "\0" in line:
            yield Record(lines.number, (line.replace("\0", "␀"),), NUL)
        else:
            yield _plain_record(lines.number, line, delimiter)


def _plain_record(number: int, line: str, delimiter: str) -> Record:
    if not delimiter:
        return Record(number, (line,))
    cells = line.split(delimiter, MAX_COLUMNS)
    if len(cells) > MAX_COLUMNS and cells.pop().strip(f"{delimiter} "):
        return Record(number, (line[:80],), TOO_WIDE)
    return Record(number, tuple(cells))


class _Taken:
    """The lines after its first that a record was found to run over, with their length."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._taken: list[str] = []
        self._size = 0

    def put_back(self) -> None:
        """Have them all read again."""
        self._lines.put_back(self._taken)

    def closing(self) -> str:
        """The lines up to and including the one that closes a quoted cell."""
        pieces: list[str] = []
        while len(self._taken) < MAX_LINES and self._size <= MAX_RECORD:
            line = self._lines.take()
            if line is None:
                break
            self._taken.append(line)
            self._size += len(line)
            if len(line) > MAX_RECORD:
                break
            pieces.append(line)
            inside = INSIDE.match(line)
            if inside and inside.end() < len(line):
                return "\n".join(pieces)
        raise _NotClosed


@dataclass(slots=True)
class _Cells:
    """The cells of a record as far as it is read, how many plain ones hold an odd number of quotes, and if too many.

    One odd quote is an inch mark; two mean a delimiter may stand between them, so the cells cannot be trusted.
    """

    cells: list[str] = field(default_factory=list)
    odd: int = 0
    too_many: bool = False

    def add(self, cell: str) -> None:
        """Keep a cell; past the last column only blanks are passed over."""
        if len(self.cells) < MAX_COLUMNS:
            self.cells.append(cell)
        elif cell.strip():
            self.too_many = True

    def record(self, number: int, line: str) -> Record:
        """The record that begins with this line, checked."""
        if self.odd > 1:
            return Record(number, (line,), STRAY)
        if self.too_many:
            return Record(number, (line[:80],), TOO_WIDE)
        if any("\0" in cell for cell in self.cells):
            return Record(number, (" ".join(self.cells).replace("\0", "␀"),), NUL)
        return Record(number, tuple(self.cells))


def _quoted_record(lines: Lines, line: str, delimiter: str) -> Record:
    number = lines.number
    taken = _Taken(lines)
    try:
        return _cells(taken, line, delimiter).record(number, line)
    except _NotClosed:
        taken.put_back()
        return Record(number, (line,), NOT_CLOSED.format(line=number))


def _cells(taken: _Taken, text: str, delimiter: str) -> _Cells:
    """The cells of a record that begins with `text`."""
    quoted, unclosed, plain = _patterns(delimiter)
    read, position = _Cells(), 0
    while True:
        found = quoted.match(text, position)
        if not found and unclosed.match(text, position):
            text, position = text[position:] + "\n" + taken.closing(), 0
            continue
        if found:
            read.add(found["cell"].replace('""', '"'))
        else:
            found = plain.match(text, position)
            if not found or found["cell"].lstrip().startswith('"'):
                raise _NotClosed
            read.add(found["cell"])
            read.odd += found["cell"].count('"') % 2
        if not found["end"]:
            return read
        position = found.end()
