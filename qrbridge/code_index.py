"""Every code of the route map in this process's memory, 12 bytes each, so that no code costs a question.

A dictionary of a million codes takes 150 MB; two arrays side by side, searched by halves in C, take 12 and answer in
1.5 us. Codes that come later go into a dictionary, until the map is read whole again.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from qrbridge import codes

# A code as a number: its characters in their own order, as the digits of a base that `int` reads.
_DIGITS = str.maketrans(codes.ALPHABET, "0123456789abcdefghijklmnopqr")
_BASE = len(codes.ALPHABET)

Entry = tuple[str, bool]
"""The target a code leads to, and whether it is withdrawn."""


class CodeIndex:
    """Codes and where they lead; made from rows of code, target and withdrawn in the order of their codes."""

    def __init__(self, rows: Iterable[tuple[str, str, int]]) -> None:
        self._targets: list[str] = []
        self._places: dict[str, int] = {}
        self._numbers = {length: array("Q") for length in codes.LENGTHS}
        self._entries = {length: array("I") for length in codes.LENGTHS}
        self._later: dict[str, Entry] = {}
        for code, target, withdrawn in rows:
            self._numbers[len(code)].append(_number(code))
            self._entries[len(code)].append(2 * self._place(target) + withdrawn)

    def get(self, code: str) -> Entry | None:
        """Where a whole code leads, None for a code that is not here."""
        return self._later.get(code) or self._found(code)

    def put(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Take in codes that are new or lead elsewhere, in any order."""
        self._later.update((code, (target, bool(withdrawn))) for code, target, withdrawn in rows)

    def _found(self, code: str) -> Entry | None:
        numbers, number = self._numbers[len(code)], _number(code)
        place = bisect_left(numbers, number)
        if place == len(numbers) or numbers[place] != number:
            return None
        entry = self._entries[len(code)][place]
        return self._targets[entry // 2], bool(entry % 2)

    def _place(self, target: str) -> int:
        place = self._places.get(target)
        if place is None:
            place = self._places[target] = len(self._targets)
            self._targets.append(target)
        return place


def _number(code: str) -> int:
    return int(code.translate(_DIGITS), _BASE)
