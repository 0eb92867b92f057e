"""One uploaded file, opened: what it is, its column names, and its rows, each good or refused with a remedy."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from qrbridge import postcodes
from qrbridge.errors import UnreadableFile
from qrbridge.spreadsheets import delimiters, kinds, limits, records
from qrbridge.spreadsheets.cells import tidy
from qrbridge.spreadsheets.records import Record

# Where more rows than this share are too wide, it is the header that is wrong and not the rows.
MOST = 0.5

# A first line of nothing but these is a blank row, not a column name.
BLANK = " \t,;|\u00a0"

# As much of a value as is shown beside a refusal.
SHOWN = 60

# What stands in a row of data and never in a column name: a decimal, a web or e-mail address, an ISO or UK day.
DATA = re.compile(
    r"-?\d+[.,]\d+|https?://\S+|[^@\s]+@[^@\s]+\.[a-z]+|\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{2,4}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it begins on and a cell for each column name."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot be used: its line, the column if one is at fault, what stands there, and what to do.

    `cells` are those of the file where they do not make a row; of a line that cannot be told apart, its text.
    """

    line: int
    column: str
    value: str
    remedy: str
    cells: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, str | int]:
        """What is said of it, as plain data."""
        return {"line": self.line, "column": self.column, "value": self.value, "remedy": self.remedy}


@dataclass
class Sheet:
    """An opened file: its column names, and `rows()` to read them, as often as wanted and never all in memory."""

    path: Path
    # What it was read as, in words: "CSV in UTF-8, comma between columns".
    read_as: str
    headers: tuple[str, ...]
    header_line: int
    notes: list[str]
    _records: Callable[[], Iterator[Record]] = field(repr=False)
    # A workbook leaves out blank cells at the right, so a short row of one is not ragged.
    _pads: bool = False
    # Known once `rows()` has been read to its end; blank rows below the last filled one are not counted.
    blank_rows: int = 0

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the header; `UnreadableFile` at the first one past the limit."""
        blank = waiting = count = 0
        for record in self._records():
            if record.line <= self.header_line:
                continue
            if not record.fault and not any(map(str.strip, record.cells)):
                waiting += 1
                continue
            blank, waiting, count = blank + waiting, 0, count + 1
            if count > limits.MAX_ROWS:
                raise UnreadableFile(limits.TOO_MANY)
            yield self._row(record)
        self.blank_rows = blank

    def _row(self, record: Record) -> Row | BadRow:
        cells, names = record.cells, len(self.headers)
        if record.fault:
            return BadRow(record.line, "", shown(cells[0]), record.fault, cells)
        if self._pads and len(cells) < names:
            cells = (*cells, *[""] * (names - len(cells)))
        if len(cells) != names:
            if not delimiters.is_as_wide(cells, names):
                return self._ragged(record)
            cells = cells[:names]
        if max(map(len, cells)) > limits.MAX_FIELD:
            return self._too_long(record)
        return Row(record.line, cells)

    def _ragged(self, record: Record) -> BadRow:
        actual = max(delimiters.width_of(record.cells), min(len(record.cells), len(self.headers)))
        remedy = (
            f"this row has {_cells(actual)} and the header has {len(self.headers)}; "
            "add the missing ones, or put cells that hold the separator in quotation marks"
        )
        return BadRow(record.line, "", shown(" | ".join(record.cells)), remedy, record.cells)

    def _too_long(self, record: Record) -> BadRow:
        place = max(range(len(record.cells)), key=lambda place: len(record.cells[place]))
        name = self.headers[place] if place < len(self.headers) else ""
        remedy = f"{len(record.cells[place]):,} characters; at most {limits.MAX_FIELD:,} fit in a cell, so shorten it"
        return BadRow(record.line, name, shown(record.cells[place]), remedy, record.cells)


def takes_long(path: Path) -> bool:
    """Whether a file takes longer to read than a page may; `UnreadableFile` for what is plainly no spreadsheet."""
    limits.check_size(path)
    if kinds.is_workbook(path):
        from qrbridge.spreadsheets import workbook

        return workbook.unpacked_bytes(path) > limits.LONG_WORKBOOK
    return path.stat().st_size > limits.LONG_TEXT


def open_sheet(path: Path, delimiter: str | None = None) -> Sheet:
    """Open an uploaded file, refusing what is no spreadsheet; `delimiter` is needed only where none is found."""
    limits.check_size(path)
    sheet = _workbook(path) if kinds.is_workbook(path) else _text(path, delimiter)
    _check_headers(sheet)
    return sheet


def _workbook(path: Path) -> Sheet:
    # Imported here, as above: what reads workbooks takes 26 MB, and most files are none.
    from qrbridge.spreadsheets import workbook

    book = workbook.Workbook(path)
    titles = book.titles
    if not titles:
        raise UnreadableFile("This workbook has no filled worksheet. Check that it has rows and save it again.")
    notes = []
    if len(titles) > 1:
        others = ", ".join(f"“{title}”" for title in titles[1:])
        notes.append(f"The workbook has {len(titles)} filled worksheets; “{titles[0]}” was read, and {others} not.")
    sheet = _opened(path, "Excel workbook", book.records, notes)
    sheet._pads = True
    return sheet


def _text(path: Path, delimiter: str | None) -> Sheet:
    encoding = kinds.encoding_of(path)
    notes = [encoding.note] if encoding.note else []

    def records_with(chosen: str, skip: int = 0) -> Iterator[Record]:
        # Universal line ends: files from old Macs end lines with a lone carriage return.
        with kinds.opening(path), path.open(encoding=encoding.codec, newline=None) as file:
            yield from records.records(file, chosen, skip)

    declared = _declared(records_with)
    skip = 1 if declared else 0
    if delimiter is None:
        delimiter = declared or delimiters.choose(lambda chosen: records_with(chosen, skip))
    between = f"{delimiters.NAMES.get(delimiter, delimiter)} between columns" if delimiter else "one column"
    chosen = delimiter
    return _opened(path, f"text in {encoding.name}, {between}", lambda: records_with(chosen, skip), notes)


def _declared(records_with: Callable[[str], Iterator[Record]]) -> str:
    """The delimiter that Excel's own first line `sep=;` declares, if it is there."""
    first = next(records_with(""), None)
    found = delimiters.DECLARED.fullmatch(first.cells[0]) if first else None
    return found[1] if found else ""


def _opened(path: Path, read_as: str, read: Callable[[], Iterator[Record]], notes: list[str]) -> Sheet:
    header = next(
        (record for record in read() if record.fault or any(cell.strip(BLANK) for cell in record.cells)), None
    )
    if header is None:
        raise UnreadableFile(
            "This file holds no text. Open the spreadsheet, check that it has rows, and save it again."
        )
    if header.fault:
        raise UnreadableFile(f"Line {header.line}, the row of column names, cannot be read: it {header.fault}.")
    headers = tuple(tidy(cell) for cell in header.cells[: delimiters.width_of(header.cells)])
    return Sheet(path, read_as, headers, header.line, notes, read)


def _check_headers(sheet: Sheet) -> None:
    if any(len(name) > limits.MAX_FIELD for name in sheet.headers):
        raise UnreadableFile(f"Line {sheet.header_line} should hold the column names, but is far too long.")
    data = next((cell for cell in sheet.headers if DATA.fullmatch(cell) or postcodes.tidy(cell).is_postcode), None)
    if data is not None:
        raise UnreadableFile(
            f"Line {sheet.header_line} should hold the column names, but “{shown(data)}” stands there. "
            "Put a row of names first, such as: reference, name, address, postcode."
        )
    if not any(True for _ in islice(sheet.rows(), delimiters.SAMPLE)):
        raise UnreadableFile("This file has column names and no rows below them. Add the rows and save it again.")
    _refuse_missing_names(sheet)


def _refuse_missing_names(sheet: Sheet) -> None:
    names = len(sheet.headers)
    below = (record for record in sheet._records() if record.line > sheet.header_line and not record.fault)
    # Widths and not cells: 500 rows of the longest there may be would be most of the memory that reading may use.
    sample = [(record.line, delimiters.width_of(record.cells)) for record in islice(below, delimiters.SAMPLE)]
    wide = [(line, width) for line, width in sample if width > names]
    if len(wide) > MOST * sum(width > 0 for _, width in sample):
        raise UnreadableFile(
            f"The header on line {sheet.header_line} names {_columns(names)}, but the row on line {wide[0][0]} has "
            f"{_cells(wide[0][1])}, and so have most. Give every column a name and try again."
        )


def shown(value: str) -> str:
    """As much of a value as is shown beside a refusal."""
    return value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"


def _cells(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"


def _columns(count: int) -> str:
    return f"{count} column{'' if count == 1 else 's'}"
