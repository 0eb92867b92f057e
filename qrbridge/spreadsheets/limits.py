"""How large an uploaded file may be, and saving one to disk without ever holding it in memory."""

from collections.abc import Iterable
from pathlib import Path

from qrbridge.errors import UnreadableFile

# 120 locations are 25 KB; a county's 25,000 are 5 MB. Ten is room for the largest and cheap to refuse past.
MAX_BYTES = 10 * 1024 * 1024

# Past this a file takes longer to read than somebody waits for a page: text is read at 1.5 MB a second, and the XML of
# a workbook, which is ten to twenty times the file, at 3.5.
LONG_TEXT = 3 * 1024 * 1024
LONG_WORKBOOK = 5 * 1024 * 1024

# More than the bus stops of the largest county, and what a dry run reads in a few seconds.
MAX_ROWS = 200_000

# The widest file seen (leisure centres, with their facilities in words) has fields of 700 characters.
MAX_FIELD = 1_000

# The library returns councils publish have 40 columns; old Excel files were filled with blank ones to 256.
MAX_COLUMNS = 256

TOO_LARGE = (
    f"This file is larger than {MAX_BYTES // 1024 // 1024} MB, the most that is read. "
    "Split it into smaller files, or delete the columns that are not needed, and try again."
)
TOO_MANY = f"This file has more than {MAX_ROWS:,} rows, the most that is read. Split it into smaller files."


def receive(chunks: Iterable[bytes], into: Path) -> int:
    """Save a file while it arrives and return its size; the moment it is too large, stop and leave nothing behind."""
    size = 0
    saved = False
    try:
        with into.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise UnreadableFile(TOO_LARGE)
                file.write(chunk)
        saved = True
    finally:
        if not saved:
            into.unlink(missing_ok=True)
    return size


def check_size(path: Path) -> None:
    """Refuse a file that is too large, is empty or is not there, before any of it is read."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}. Check its name and where it is.") from None
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a file. Give the name of a CSV or XLSX file.")
    if size > MAX_BYTES:
        raise UnreadableFile(TOO_LARGE)
    if size == 0:
        raise UnreadableFile("This file is empty. Open the spreadsheet, check that it has rows, and save it again.")
