"""What a file is, by its first bytes rather than its name, and how its text is encoded."""

import codecs
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qrbridge.errors import UnreadableFile

SAVE_AS = "In Excel choose File, Save As, “CSV UTF-8” or “Excel Workbook (.xlsx)”, and upload that."

# First bytes -> what the file is. All of these have been uploaded as "the CSV" somewhere.
SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel 97-2003 file (.xls), or a workbook with a password"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7z)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\xff\xfe\x00\x00", "text in UTF-32, which is not read here"),
    (b"\x00\x00\xfe\xff", "text in UTF-32, which is not read here"),
)

# A member of a zip archive -> what the archive is.
ARCHIVES = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("Index/Document.iwa", "an Apple Numbers or Pages document"),
    ("content.xml", "an OpenDocument file (.ods)"),
)
WORKBOOK = "xl/workbook.xml"

# Nothing here is tried twice (`*+`, `++`, `(?>...)`): a file of many comments took a second more for each.
PAGE = re.compile(
    rb"\s*+(?>(?:<!--.*?-->\s*+)*)<(!doctype\s+html|html|head|body|script|meta)\b", re.IGNORECASE | re.DOTALL
)
MARKUP = re.compile(rb"\s*+<(\?xml|[a-z]++[^<>]*xmlns)", re.IGNORECASE)
JSON = re.compile(rb'\s*(\{\s*"|\[\s*[\[{])')

CHUNK = 64 * 1024
HEAD = 4_096

# Text holds tabs, line ends and form feeds; NUL has a rule of its own (its row is refused).
CONTROLS = frozenset(range(1, 32)) - {9, 10, 12, 13}
MOST_CONTROLS = 0.05

# In UTF-16 every other byte of plain English is NUL; a quarter leaves room for names in other scripts.
UTF_16_NULS = 0.25


@dataclass(frozen=True)
class Encoding:
    """How bytes become text: the codec, its name for people, and what to tell them where it is a guess."""

    codec: str
    name: str
    note: str = ""


UTF_8 = Encoding("utf-8", "UTF-8")
WINDOWS = Encoding(
    "cp1252",
    "Windows-1252",
    "The text is not UTF-8, so it was read as Windows-1252. "
    "Check that names with accents, apostrophes and pound signs look right.",
)
UNMARKED = "The text carries no mark of its encoding and was read as UTF-16. Check that names look right."
MARKS = (
    (codecs.BOM_UTF8, Encoding("utf-8-sig", "UTF-8 with a byte order mark")),
    (codecs.BOM_UTF16_LE, Encoding("utf-16", "UTF-16")),
    (codecs.BOM_UTF16_BE, Encoding("utf-16", "UTF-16")),
)


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Turn a file that cannot be opened or read into a sentence."""
    try:
        yield
    except OSError as error:
        raise UnreadableFile(f"This file cannot be read: {error.strerror or error}. Try saving it again.") from error


def is_workbook(path: Path) -> bool:
    """Whether a file is an XLSX workbook (else it is text); refuses everything that is neither, saying what it is."""
    with opening(path), path.open("rb") as file:
        head = file.read(HEAD)
    for signature, what in SIGNATURES:
        if head.startswith(signature):
            raise _not_a_sheet(what)
    if head.startswith(b"PK"):
        return _is_workbook_archive(path)
    _refuse_markup(head)
    return False


def encoding_of(path: Path) -> Encoding:
    """The encoding of a text file, found by reading all of it; refuses bytes that are text in none we know."""
    with opening(path), path.open("rb") as file:
        head = file.read(HEAD)
    found = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None) or _unmarked_utf_16(head)
    if found:
        if not _decodes(path, found.codec):
            raise UnreadableFile(f"This file says it is {found.name} but is not: it is cut short or damaged. {SAVE_AS}")
        return found
    if sum(byte in CONTROLS for byte in head) > MOST_CONTROLS * len(head):
        raise _not_a_sheet("not text, nor any kind of file that is known here")
    for encoding in (UTF_8, WINDOWS):
        if _decodes(path, encoding.codec):
            return encoding
    raise UnreadableFile(f"This file is text in an encoding that is not known here. {SAVE_AS}")


def _unmarked_utf_16(head: bytes) -> Encoding | None:
    half = len(head) / 2
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high > UTF_16_NULS * half and low == 0:
        return Encoding("utf-16-le", "UTF-16", UNMARKED)
    if low > UTF_16_NULS * half and high == 0:
        return Encoding("utf-16-be", "UTF-16", UNMARKED)
    return None


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    with opening(path), path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _is_workbook_archive(path: Path) -> bool:
    try:
        with opening(path), zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableFile(f"This workbook is damaged or was cut short. Open it in Excel. {SAVE_AS}") from None
    if WORKBOOK in names:
        return True
    raise _not_a_sheet(next((what for member, what in ARCHIVES if member in names), "a zip archive"))


def _refuse_markup(head: bytes) -> None:
    if PAGE.match(head):
        raise UnreadableFile(
            "This is a web page, not a spreadsheet: often the sign-in page that came down in its place. "
            "Sign in, open the spreadsheet, download it again and upload that."
        )
    if MARKUP.match(head):
        raise _not_a_sheet("an XML document")
    if JSON.match(head):
        raise _not_a_sheet("JSON data")


def _not_a_sheet(what: str) -> UnreadableFile:
    return UnreadableFile(f"This file is {what}, so its rows cannot be read. {SAVE_AS}")
