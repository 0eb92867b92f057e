"""Read what a person entered, field by field, and report every problem together.

The same reader serves the page, the API and the command, so the same words are said in all three.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from qrbridge import times
from qrbridge.errors import InvalidInput, Problem

# Long enough for any name, address or sentence on a notice; short enough that no field is used as a file store.
LONGEST = 1_000

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
PHONE = re.compile(r"\+?[0-9][0-9 ()]{3,}[0-9]")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
YES_OR_NO = {"yes": True, "true": True, "1": True, "on": True, "no": False, "false": False, "0": False, "": False}
UK_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")


class Reading:
    """What was entered, read one field at a time; `done` raises `InvalidInput` with every problem there was."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self.problems: list[Problem] = []

    def refuse(self, field: str, sentence: str) -> None:
        """Note one thing that is wrong with a field."""
        self.problems.append(Problem(field, sentence))

    def done(self) -> None:
        """Raise `InvalidInput` if anything was wrong."""
        if self.problems:
            raise InvalidInput(self.problems)

    def text(self, field: str, *, needed: bool = True, longest: int = LONGEST) -> str:
        """A line of text with its spaces tidied."""
        value = in_a_line(self._given.get(field))
        if not value and needed:
            self.refuse(field, "is missing; enter it")
        elif len(value) > longest:
            self.refuse(field, f"is {len(value):,} characters; at most {longest:,} fit")
        elif UNPRINTABLE.search(value):
            self.refuse(field, "holds a character that cannot be printed; type it again rather than pasting it")
        return value

    def key(self, field: str) -> str:
        """A short name for commands and addresses: small letters, digits and hyphens."""
        value = self.text(field, longest=60).lower()
        if value and not KEY.fullmatch(value):
            self.refuse(field, f"“{value}” must be small letters, digits and single hyphens, such as cost-of-living")
        return value

    def phone(self, field: str, *, needed: bool = True) -> str:
        """A telephone number as it is printed."""
        value = self.text(field, needed=needed, longest=30)
        if value and not PHONE.fullmatch(value):
            self.refuse(field, f"“{value}” is not a phone number; use digits and spaces, such as 0161 912 2000")
        return value

    def day(self, field: str, *, needed: bool = True) -> date | None:
        """A day, as 2026-10-05 or in UK order as 5/10/2026."""
        value = self.text(field, needed=needed)
        if not value:
            return None
        try:
            return read_day(value)
        except ValueError:
            self.refuse(field, f"“{value}” is not a day; write it as 2026-10-05 or 5/10/2026")
            return None

    def whole_number(self, field: str, lowest: int, highest: int) -> int | None:
        """A whole number, or nothing where none was entered."""
        value = self.text(field, needed=False)
        if not value:
            return None
        if not value.isdecimal() or not lowest <= int(value) <= highest:
            self.refuse(field, f"“{value}” must be a whole number from {lowest:,} to {highest:,}")
            return None
        return int(value)

    def metres(self, field: str, most_mm: int) -> int | None:
        """A distance that is entered in metres, in millimetres; or nothing where none was entered."""
        value = self.text(field, needed=False)
        if not value:
            return None
        try:
            found = round(float(value.lower().removesuffix("m")) * 1000)
        except (ValueError, OverflowError):
            found = -1
        if not 0 <= found <= most_mm:
            self.refuse(field, f"“{value}” must be in metres, such as 1.5, and at most {most_mm / 1000:g}")
            return None
        return found

    def yes_or_no(self, field: str) -> bool:
        """Yes or no; no where nothing was entered, as with a box that was not ticked."""
        value = self.text(field, needed=False).lower()
        if value not in YES_OR_NO:
            self.refuse(field, f"“{value}” must be yes or no")
        return YES_OR_NO.get(value, False)

    def list(self, field: str) -> tuple[str, ...]:
        """Several values: a list as given, or text with commas or spaces between."""
        given = self._given.get(field) or ()
        parts: Sequence[Any] = re.split(r"[,\s]+", given) if isinstance(given, str) else given
        values = tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))
        if not values:
            self.refuse(field, "is missing; enter at least one")
        return values

    def by_language(self, field: str) -> dict[str, Any]:
        """A value for each language, its tags checked."""
        given = self._given.get(field) or {}
        for tag in given:
            self.language(field, tag)
        return dict(given)

    def language(self, field: str, tag: str) -> None:
        """Refuse a language tag that is not one."""
        if not LANGUAGE.fullmatch(tag):
            self.refuse(field, f"“{tag}” is not a language tag; use a short one such as en, cy, pl or ur")


def in_a_line(text: object) -> str:
    """A text with its spaces tidied and its line ends, of any kind, made spaces; nothing for None."""
    return " ".join(str(text or "").split())


def in_paragraphs(text: object) -> str:
    """A text with its spaces tidied and a line feed between its lines, whichever ends they came with; none is empty.

    Browsers send CR LF, spreadsheets and word processors vertical tabs and line separators.
    """
    return "\n".join(filter(None, map(in_a_line, str(text or "").splitlines())))


def read_day(text: str) -> date:
    """A day written as 2026-10-05, or in UK order as 5/10/2026 or 5.10.2026; `ValueError` for anything else."""
    found = UK_DAY.fullmatch(text.strip())
    if found:
        return date(int(found[4]), int(found[3]), int(found[1]))
    return date.fromisoformat(text.strip())


def said_of(day: date | None) -> str:
    """A day in words, or that there is none."""
    return times.in_words(day) if day else "no end"
