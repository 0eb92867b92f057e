"""Tables as workbooks that Excel opens as they are: every cell is text, so nothing is run and no zero is lost."""

from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

# Columns are as wide as their heading, within what can be read on a screen; in characters.
NARROWEST, WIDEST = 12, 60


def write_workbook(rows: Iterable[Sequence[str]], into: IO[bytes], title: str) -> None:
    """Write a table whose first row holds its headings."""
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
                sheet.write_string(number, place, cell, head if number == 0 else text)
