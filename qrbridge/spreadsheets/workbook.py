"""An XLSX workbook into records of cells, each as the text a person sees (openpyxl, with shared_texts)."""

import re
import warnings
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from qrbridge.errors import UnreadableFile
from qrbridge.spreadsheets.archive import Archive
from qrbridge.spreadsheets.limits import MAX_COLUMNS, MAX_ROWS, TOO_MANY
from qrbridge.spreadsheets.records import Record
from qrbridge.spreadsheets.shared_texts import Reader

# The last row of any worksheet; a file that claims a later one is broken or hostile.
LAST_ROW = 1_048_576

# A worksheet with nothing in this many rows is taken for blank, and one after this many is not looked at.
BLANK_ROWS = 200
MAX_WORKSHEETS = 50

# Stand for the end of a cell and of a line inside one in a spooled worksheet; neither can be in an XML document.
CELL_END, LINE_END = "\x1f", "\x1e"
UNSAFE = re.compile("[\x1e\x1f\r\ud800-\udfff]")

# A number format that shows leading zeros: 123 is seen, and meant, as 00123.
ZEROS = re.compile(r"0{2,30}")
PADDED = re.compile(rb"formatCode=[\"']0{2,30}[\"']")
STYLES = "xl/styles.xml"
DAMAGED = "This workbook is damaged or was not made by Excel. Save it again as “CSV UTF-8” and upload that."

# What openpyxl and zipfile let out of a damaged workbook: each was seen in fuzzing, and none says more than "damaged".
DAMAGES = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class Workbook:
    """A workbook's first filled worksheet, copied to a temporary text file that goes when this object does.

    openpyxl reads about 10,000 rows a second, and reads some files through once more to open them: so once only.
    """

    def __init__(self, path: Path) -> None:
        with NamedTemporaryFile("w", encoding="utf-8", newline="\n", prefix="qrbridge-", delete=False) as copy:
            self._copy = Path(copy.name)
            weakref.finalize(self, self._copy.unlink)
            # The names of every filled worksheet; the first is the one that was read.
            self.titles = _spool(path, copy)

    def records(self) -> Iterator[Record]:
        """Every row of the worksheet, blank ones too, by the row numbers that Excel shows."""
        with self._copy.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                row = line.removesuffix("\n").replace(LINE_END, "\n")
                yield Record(number, tuple(row.split(CELL_END)))


def unpacked_bytes(path: Path) -> int:
    """How large a workbook is once it is unpacked, without unpacking it."""
    with _damages(), Archive(path) as archive:
        return sum(part.file_size for part in archive.infolist())


def _spool(path: Path, copy: IO[str]) -> list[str]:
    with _damages():
        with Archive(path) as archive:
            padded = STYLES in archive.namelist() and bool(PADDED.search(archive.read(STYLES)))
            reader = Reader(archive)
            reader.read()
            filled = [sheet for sheet in reader.wb.worksheets[:MAX_WORKSHEETS] if _is_filled(sheet)]
            if filled:
                # Looking at each cell's format takes twice as long, so only where some format may show leading zeros.
                _copy_rows(filled[0].iter_rows(values_only=not padded), copy)
        return [sheet.title for sheet in filled]


def _copy_rows(rows: Iterator[tuple[Any, ...]], into: IO[str]) -> None:
    filled = 0
    for number, row in enumerate(rows, 1):
        _check_row(number, row)
        texts = [_text(cell) for cell in row]
        filled += any(texts)
        if filled > MAX_ROWS + 1:
            raise UnreadableFile(TOO_MANY)
        into.write(CELL_END.join(texts) + "\n")


def _check_row(number: int, row: tuple[Any, ...]) -> None:
    if number > LAST_ROW:
        raise UnreadableFile(f"This workbook claims more than {LAST_ROW:,} rows. Copy the rows into a new one.")
    if len(row) > MAX_COLUMNS:
        raise UnreadableFile(
            f"Row {number:,} of this workbook reaches beyond column {MAX_COLUMNS:,}. "
            "Delete what stands far to the right of the table and save it again."
        )


def _text(cell: Any) -> str:
    """A cell, or its value alone, as the text a person sees: ISO days, no point or power of ten in a whole number."""
    value = getattr(cell, "value", cell)
    if isinstance(value, str):
        return UNSAFE.sub(" ", value.replace("\r\n", "\n")).replace("\n", LINE_END)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, getattr(cell, "number_format", ""))
    return _moment(value)


def _number(value: float, shown_as: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return format(Decimal(repr(value)), "f") if isfinite(value) else ""
    text = str(int(value))
    return text.zfill(len(shown_as)) if ZEROS.fullmatch(shown_as) else text


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value) if isinstance(value, timedelta) else f"{value}"


def _is_filled(sheet: Any) -> bool:
    rows = sheet.iter_rows(max_row=BLANK_ROWS, max_col=MAX_COLUMNS, values_only=True)
    return any(value is not None for row in rows for value in row)


@contextmanager
def _damages() -> Iterator[None]:
    """Turn what openpyxl lets out of a damaged workbook into one sentence, and keep its warnings to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except UnreadableFile:
            raise
        except DAMAGES as error:
            raise UnreadableFile(DAMAGED) from error
