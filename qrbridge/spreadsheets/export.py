"""Tables as files that spreadsheets open safely: in a workbook every cell is text, in CSV formulas are neutralised."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from qrbridge.errors import InvalidInput, Problem
from qrbridge.spreadsheets import cells

# Columns are as wide as their heading, within what can be read on a screen; in characters.
NARROWEST, WIDEST = 12, 60

# Excel keeps no longer text in a cell; what is longer would be left out whole.
MOST_CHARACTERS = 32_767


def write_file(rows: Iterable[Sequence[str]], path: Path, title: str) -> None:
    """Write a table to a file, whole or not at all: a workbook where its name ends in .xlsx, else CSV."""
    if path.is_dir():
        raise InvalidInput([Problem("file", f"“{path}” is a folder; name a file")])
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.suffix.lower() == ".xlsx":
            with beside.open("wb") as book:
                write_workbook(rows, book, title)
        else:
            # The mark at the front makes Excel read the file as UTF-8.
            with beside.open("w", encoding="utf-8-sig", newline="") as text:
                cells.write_csv(rows, text)
        beside.replace(path)
    except OSError as error:
        raise InvalidInput([Problem("file", f"“{path}” cannot be written: {error.strerror or error}")]) from error
    finally:
        beside.unlink(missing_ok=True)


def write_workbook(rows: Iterable[Sequence[str]], into: IO[bytes], title: str) -> None:
    """Write a table whose first row holds its headings."""
    import xlsxwriter  # only where a workbook is made, for its memory

    # A row is written out as soon as the next begins, so that a table of any length takes little memory.
    with xlsxwriter.Workbook(into, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        head = book.add_format({"bold": True, "num_format": "@", "text_wrap": True, "valign": "top"})
        # Excel shows a text that begins as a formula does as it is, also once somebody has edited the cell.
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            if number == 0:
                for place, heading in enumerate(row):
                    sheet.set_column(place, place, min(max(len(heading) + 2, NARROWEST), WIDEST), text)
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell[:MOST_CHARACTERS], head if number == 0 else text)
