"""What stands in a cell: invisible characters out, signs of damage by Excel, and cells made safe to export."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

# Soft hyphens, zero-width characters, marks that turn text round, and control characters other than white space.
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)

# Zero-width joiners shape Arabic and Indic letters; beside any other letter they are litter from a copied page.
JOINERS = re.compile("(?<![\u0600-\u109f])[\u200c\u200d]")

# A leading character of these makes Excel run what follows; the full-width ones are folded to them by some versions.
FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20\\0]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")

MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)"
# How Excel shows a reference it took for a day: "MAR-01" becomes "01-Mar" (or "Mar-01" for a year).
DAY_MONTH = re.compile(rf"\d{{1,2}}[-/ ]{MONTH}([-/ ]\d{{2,4}})?", re.IGNORECASE)
MONTH_NUMBER = re.compile(rf"{MONTH}[-/ ]?\d{{1,4}}", re.IGNORECASE)
EXCEL_MONTH = re.compile(r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d\d")
WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?|\d\d?/\d\d?/\d{4}")
EXCEL_POWER = re.compile(r"-?\d([.,]\d+)?E\+\d{2,3}", re.IGNORECASE)
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})

# Excel counts days from 30 December 1899: these are 1 January 2015 to 31 December 2049.
SERIAL_DAYS = range(42_005, 54_788)

DOUBLED = re.compile("[\u00c2\u00c3\u00c5\u00e2]")
# Windows-1252 leaves five bytes without a character; what decodes them leniently gives these.
GAPS = {code: bytes([code]) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def tidy(text: str) -> str:
    """Text without what cannot be seen: one space for any run of white space, no zero-width or control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
    return " ".join(unicodedata.normalize("NFC", JOINERS.sub("", INVISIBLE.sub("", text))).split())


def folded(text: str) -> str:
    """Text without differences of case and width, the same on every engine: `CAFÉ` and `café` are one."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def undoubled(text: str) -> str:
    """Text encoded twice, such as `CafÃ©`, as it was meant (`Café`); empty where it is not so."""
    if not DOUBLED.search(text):
        return ""
    try:
        meant = b"".join(GAPS.get(ord(letter)) or letter.encode("cp1252") for letter in text).decode("utf-8")
    except UnicodeError:
        return ""
    return meant if meant != text else ""


def is_excel_day(text: str) -> bool:
    """Whether this is a day as Excel shows one: what becomes of a reference it took for a date."""
    return bool(DAY_MONTH.fullmatch(text) or EXCEL_MONTH.fullmatch(text) or WHOLE_DAY.fullmatch(text))


def is_like_day(text: str) -> bool:
    """Whether Excel would take this for a day the next time the file is opened and saved."""
    return bool(MONTH_NUMBER.fullmatch(text))


def is_excel_power(text: str) -> bool:
    """Whether this is a long number as Excel shortens it, such as `1.00013E+11`: its last digits are gone."""
    return bool(EXCEL_POWER.fullmatch(text))


def is_excel_serial(text: str) -> bool:
    """Whether this may be a day as Excel counts them, from 2015 to 2049."""
    return text.isascii() and text.isdecimal() and len(text) == 5 and int(text) in SERIAL_DAYS


def is_excel_error(text: str) -> bool:
    """Whether this is what Excel shows where a formula failed."""
    return text.upper() in EXCEL_ERRORS


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may run this instead of showing it; a plain signed number is not one."""
    return bool(FORMULA.match(text.lstrip(" "))) and not NUMBER.fullmatch(text)


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before a formula, everything else as it is."""
    return f"'{text}" if is_formula(text) else text


def without_guard(text: str) -> str:
    """A cell without the apostrophe that `safe_cell`, or somebody in a spreadsheet, put before a formula."""
    return text[1:] if text[:1] == "'" and is_formula(text[1:]) else text


def write_csv(rows: Iterable[Sequence[object]], stream: TextIO) -> None:
    """Write rows as CSV with formulas neutralised; open the stream with `newline=""`."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([safe_cell("" if value is None else str(value)) for value in row] for row in rows)
