"""Every code of the route map in this process's memory, 12 bytes each, so that no code costs a question.

A dictionary of a million codes takes 150 MB; two arrays side by side take 12. Codes are drawn evenly, so those that
begin alike are few and side by side: where they are is kept for each beginning, and the rest is searched by halves in
C, 1 us in all. Codes that come later go into a dictionary, until the map is read whole again.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from qrbridge import codes

# A code as a number: its characters in their own order, as the digits of a base that `int` reads.
_DIGITS = str.maketrans(codes.ALPHABET, "0123456789abcdefghijklmnopqr")
_BASE = len(codes.ALPHABET)

# 65,536 beginnings, 256 kB for each length of code: of a million codes some 15 begin alike.
_BEGINNING_BITS = 16

Entry = tuple[str, bool]
"""The target a code leads to, and whether it is withdrawn."""


class CodeIndex:
    """Codes and where they lead; made from rows of code, target and withdrawn in the order of their codes."""

    def __init__(self, rows: Iterable[tuple[str, str, int]]) -> None:
        self._targets: list[str] = []
        self._places: dict[str, int] = {}
        self._sections = {length: _Section(length) for length in codes.LENGTHS}
        self._later: dict[str, Entry] = {}
        for code, target, withdrawn in rows:
            self._sections[len(code)].add(_number(code), 2 * self._place(target) + withdrawn)
        for section in self._sections.values():
            section.end()

    def get(self, code: str) -> Entry | None:
        """Where a whole code leads, None for a code that is not here."""
        if code in self._later:
            return self._later[code]
        entry = self._sections[len(code)].get(_number(code))
        return None if entry is None else (self._targets[entry // 2], bool(entry % 2))

    def put(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Take in codes that are new or lead elsewhere, in any order."""
        self._later.update((code, (target, bool(withdrawn))) for code, target, withdrawn in rows)

    def _place(self, target: str) -> int:
        place = self._places.get(target)
        if place is None:
            place = self._places[target] = len(self._targets)
            self._targets.append(target)
        return place


class _Section:
    """The codes of one length as numbers, in their order, and what is kept of each."""

    def __init__(self, length: int) -> None:
        self._numbers, self._entries = array("Q"), array("I")
        # Where the codes of each beginning start; a number is cut to its beginning by this many bits.
        self._starts = array("I")
        self._shift = max(0, (_BASE**length - 1).bit_length() - _BEGINNING_BITS)

    def add(self, number: int, entry: int) -> None:
        """Take in the next number."""
        self._start_until(number >> self._shift)
        self._numbers.append(number)
        self._entries.append(entry)

    def end(self) -> None:
        """Say that there are no more."""
        self._start_until(1 << _BEGINNING_BITS)

    def get(self, number: int) -> int | None:
        """What is kept of a number, None for one that is not here."""
        beginning = number >> self._shift
        end = self._starts[beginning + 1]
        place = bisect_left(self._numbers, number, self._starts[beginning], end)
        return self._entries[place] if place < end and self._numbers[place] == number else None

    def _start_until(self, beginning: int) -> None:
        missing = beginning + 1 - len(self._starts)
        if missing > 0:
            self._starts.extend([len(self._numbers)] * missing)


def _number(code: str) -> int:
    return int(code.translate(_DIGITS), _BASE)
