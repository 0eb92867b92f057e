"""An XLSX workbook into records of cells, each as the text a person sees (sole importer of openpyxl)."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from qrbridge.errors import UnreadableFile
from qrbridge.sheets.limits import MAX_COLUMNS
from qrbridge.sheets.records import Record

# 200,000 rows of eight columns are 92 MB of XML, at 13 to 1. A bomb is a thousand to one.
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
SMALL_PART = 1024 * 1024

# openpyxl holds every shared text in memory, at about three times its size on file.
MAX_SHARED = 16 * 1024 * 1024

# The last row of any worksheet; a file that claims a later one is broken or hostile.
LAST_ROW = 1_048_576

# Rows read between looks at the warnings filter, which is too slow to change for each row.
BATCH = 1_000

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


def filled_sheets(path: Path) -> list[str]:
    """The names of the worksheets that hold anything, in order; refuses a workbook that would unpack to too much."""
    with _damages():
        _check_unpacked(path)
        book = _load(path)
        try:
            return [sheet.title for sheet in book.worksheets if _is_filled(sheet)]
        finally:
            book.close()


def records(path: Path, title: str) -> Iterator[Record]:
    """Every row of one worksheet, blank ones too, by the row numbers that Excel shows."""
    with _damages():
        book = _load(path)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        # Looking at each cell's format takes twice as long, so only where some format may show leading zeros.
        rows = enumerate(sheet.iter_rows(values_only=not _may_pad(path)), 1)
        while batch := _batch(rows):
            yield from batch
    finally:
        book.close()


def _batch(rows: Iterator[tuple[int, tuple[Any, ...]]]) -> list[Record]:
    with _damages():
        return [_record(number, row) for number, row in islice(rows, BATCH)]


def _record(number: int, row: tuple[Any, ...]) -> Record:
    if number > LAST_ROW:
        raise UnreadableFile(f"This workbook claims more than {LAST_ROW:,} rows. Copy the rows into a new one.")
    if len(row) > MAX_COLUMNS:
        raise UnreadableFile(
            f"Row {number:,} of this workbook reaches beyond column {MAX_COLUMNS:,}. "
            "Delete what stands far to the right of the table and save it again."
        )
    return Record(number, tuple([_text(cell) for cell in row]))


def _text(cell: Any) -> str:
    """A cell, or its value alone, as the text a person sees: ISO days, no point or power of ten in a whole number."""
    value = getattr(cell, "value", cell)
    if isinstance(value, str):
        return value
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


def _may_pad(path: Path) -> bool:
    with _damages(), zipfile.ZipFile(path) as archive:
        return STYLES in archive.namelist() and bool(PADDED.search(archive.read(STYLES)))


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value) if isinstance(value, timedelta) else f"{value}"


def _load(path: Path) -> Any:
    return load_workbook(path, read_only=True, data_only=True, keep_links=False)


def _is_filled(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(cell.value is not None for row in islice(sheet.iter_rows(), BATCH) for cell in row)


def _check_unpacked(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    sizes = {part.filename: part.file_size for part in parts}
    steep = any(part.file_size > SMALL_PART and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    shared = sum(size for name, size in sizes.items() if "sharedstrings" in name.lower())
    if steep or sum(part.file_size for part in parts) > MAX_UNPACKED or shared > MAX_SHARED:
        raise UnreadableFile(
            "This workbook unpacks to more than can be read safely. "
            "Copy the rows that matter into a new workbook, or save it as “CSV UTF-8”, and upload that."
        )


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
