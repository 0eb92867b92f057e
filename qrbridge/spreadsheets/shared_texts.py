"""The texts that the cells of a workbook share, held as bytes: as a list of texts they took 54 MB for 110,000 rows."""

from array import array
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from qrbridge.spreadsheets.archive import MAX_SHARED, Archive

ITEM = f"{{{SHEET_MAIN_NS}}}si"


class SharedTexts:
    """Texts by number, each decoded when it is asked for; `IndexError` where there is none, as from a list."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        """Add a text under the next number."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        start, end = self._ends[number], self._ends[number + 1]
        return self._bytes[start:end].decode("utf-8", "surrogatepass")


class Worksheet(ReadOnlyWorksheet):
    """A worksheet that does not look for its stated size: that may lie, and where it is missing takes a whole pass."""

    def _get_size(self) -> None:
        self.reset_dimensions()


class Reader(ExcelReader):
    """openpyxl's reader of workbooks, with shared texts kept small and each XML element let go once read."""

    archive: Archive
    package: Any
    parser: Any
    wb: Any
    shared_strings: Any

    def __init__(self, archive: Archive) -> None:
        # Given open: openpyxl judges a file by the end of its name, but a workbook is one by what it holds.
        with Path(str(archive.filename)).open("rb") as file:
            super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = archive

    def read_worksheets(self) -> None:
        """Find the worksheets; a sheet that is all chart has no rows."""
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                self.wb._sheets.append(Worksheet(self.wb, sheet.name, relation.target, self.shared_strings))

    def read_strings(self) -> None:
        """Read the shared texts, if the workbook has any."""
        self.shared_strings = SharedTexts()
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        self.archive.check(part.PartName[1:], MAX_SHARED)
        with self.archive.open(part.PartName[1:]) as source:
            events = iterparse(source, events=("start", "end"))
            _, root = next(events)
            for event, element in events:
                if event == "end" and element.tag == ITEM:
                    text: Any = Text.from_tree(element)
                    self.shared_strings.append(text.content)
                    root.clear()
