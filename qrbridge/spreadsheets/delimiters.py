"""Which character separates the cells of a text file, decided by reading it each way and never by counting letters."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from qrbridge.errors import UnreadableFile
from qrbridge.spreadsheets.records import TOO_WIDE, Record

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", "": "none: one column"}
CANDIDATES = (",", ";", "\t", "|")

# Excel writes this line first where the delimiter is not the usual one of its country.
DECLARED = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*')

# Enough rows to see which way of reading agrees with itself; the rest are checked one by one as they are read.
SAMPLE = 500

# A file with some ragged rows is still read where one way fits most of them and the others fit few.
MOST, FEW = 0.5, 0.1


@dataclass(frozen=True)
class Reading:
    """How a file looks with one delimiter: names in the header, share of rows as wide, and how rows were refused."""

    delimiter: str
    names: int
    fit: float
    faults: int
    usual_width: int


def choose(records_with: Callable[[str], Iterator[Record]]) -> str:
    """The delimiter, empty for a file of one column; refuses a file that reads as well in two ways."""
    readings = [_reading(delimiter, records_with) for delimiter in CANDIDATES]
    several = [reading for reading in readings if reading.names > 1]
    if not several:
        return _one_column(readings)
    fitting = [reading for reading in several if reading.fit == 1 and not reading.faults]
    if len(fitting) == 1:
        return fitting[0].delimiter
    if len(several) == 1:
        return several[0].delimiter
    good = [reading for reading in several if reading.fit >= MOST]
    if len(good) == 1 and all(reading.fit <= FEW for reading in several if reading is not good[0]):
        return good[0].delimiter
    raise _ambiguous([reading.delimiter for reading in fitting or several])


def _reading(delimiter: str, records_with: Callable[[str], Iterator[Record]]) -> Reading:
    # Widths and not cells: 500 rows of the longest there may be would be most of the memory that reading may use.
    seen = (
        (len(record.cells), width_of(record.cells), record.fault)
        for record in islice(records_with(delimiter), SAMPLE + 1)
    )
    sample = [(cells, filled, fault) for cells, filled, fault in seen if filled]
    if sample and sample[0][2] == TOO_WIDE:
        raise UnreadableFile(f"The row of column names {TOO_WIDE}.")
    if not sample or sample[0][2]:
        return Reading(delimiter, 0, 0.0, len(sample), 0)
    names = sample[0][1]
    rows = [(cells, filled) for cells, filled, fault in sample[1:] if not fault]
    fitting = sum(cells == names or (cells > names >= filled) for cells, filled in rows)
    widths = Counter(cells for cells, _ in rows)
    return Reading(
        delimiter,
        names,
        fitting / len(rows) if rows else 1.0,
        sum(bool(fault) for _, _, fault in sample),
        widths.most_common(1)[0][0] if len(widths) == 1 else 0,
    )


def width_of(cells: tuple[str, ...]) -> int:
    """How many cells there are up to the last that is not blank."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)


def is_as_wide(cells: tuple[str, ...], names: int) -> bool:
    """Whether a row has a cell for each name, and beyond them nothing but blanks."""
    return len(cells) == names or (len(cells) > names and width_of(cells) <= names)


def _one_column(readings: list[Reading]) -> str:
    """One column, unless each row below the one name splits into the same number of cells: then names are missing."""
    for reading in readings:
        if reading.names == 1 and reading.usual_width > 1 and not reading.faults:
            raise UnreadableFile(
                f"The first row holds one column name, but the rows below hold {reading.usual_width} cells with a "
                f"{NAMES[reading.delimiter]} between. Give each column a name in the first row, or put cells that "
                f"hold a {NAMES[reading.delimiter]} in quotation marks."
            )
    return ""


def _ambiguous(delimiters: list[str]) -> UnreadableFile:
    names = " or ".join(NAMES[delimiter] for delimiter in delimiters)
    return UnreadableFile(
        f"It is not clear which character separates the columns: {names} would do. "
        "Save the file as an Excel Workbook (.xlsx) and upload that, or say which character it is."
    )
