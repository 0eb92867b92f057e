"""The texts that the cells of a workbook share, held as bytes: as a list of texts they took 54 MB for 110,000 rows."""

from array import array
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

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


class Reader(ExcelReader):
    """openpyxl's reader of workbooks, with shared texts kept small and each XML element let go once read."""

    package: Any
    shared_strings: Any

    def read_strings(self) -> None:
        """Read the shared texts, if the workbook has any."""
        self.shared_strings = SharedTexts()
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            events = iterparse(source, events=("start", "end"))
            _, root = next(events)
            for event, element in events:
                if event == "end" and element.tag == ITEM:
                    text: Any = Text.from_tree(element)
                    self.shared_strings.append(text.content)
                    root.clear()
