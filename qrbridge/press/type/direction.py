"""Which way each part of a line runs: the order in which a reader of it meets its parts, from left to right."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

from bidi import algorithm
from bidi.mirror import MIRRORED

FIRST_STRONG, LEFT_TO_RIGHT, RIGHT_TO_LEFT, ISOLATE_ENDS = "\u2068", "\u2066", "\u2067", "\u2069"
ISOLATE_BEGINS = FIRST_STRONG + LEFT_TO_RIGHT + RIGHT_TO_LEFT
MARKS = ISOLATE_BEGINS + ISOLATE_ENDS
NEUTRAL = "\ufffc"
"""Stands for what is set apart, while the direction of the rest is found."""
NO_BREAK = "\u00a0"
RUNS_LEFTWARDS = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")
ISOLATE = re.compile(f"([{ISOLATE_BEGINS}])([^{MARKS}]*){ISOLATE_ENDS}")
LATIN = re.compile(
    r"[+]?[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff](?:[ \u00a0.,:;/@&'’+–-]*[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff])*"
)
"""Latin words and figures in a row, with the punctuation between them."""
TELEPHONE = re.compile(r"[+0][0-9](?:[ \u00a0-]?[0-9]){4,}|[0-9]+(?:[ \u00a0][0-9]+)+")
"""Figures in groups: `116 123`, or `0161-912 2000`; with a hyphen and no nought before it is a range, `2025-2026`."""
LETTER = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line that runs one way, by the places of its first character and of the one after its last."""

    start: int
    end: int
    level: int

    @property
    def is_leftwards(self) -> bool:
        """Whether it is read from right to left."""
        return self.level % 2 == 1


def isolated(text: str) -> str:
    """Set words apart from the direction of those around them; for fields filled into a sentence."""
    return f"{FIRST_STRONG}{text}{ISOLATE_ENDS}" if text else text


def plain(text: str) -> str:
    """Take the marks of isolation off again, which are seen by nobody."""
    return text.translate(_UNSEEN)


def mirrored(text: str) -> str:
    """Turn brackets over, as they are seen in words that run leftwards."""
    return "".join(MIRRORED.get(character, character) for character in text)


def whole_numbers(text: str) -> str:
    """Hold the groups of telephone numbers together, for programs that turn the order of words and numbers."""
    return TELEPHONE.sub(lambda match: match[0].replace(" ", NO_BREAK), text)


def levels(text: str, is_leftwards: bool) -> list[int]:
    """Give each character's embedding level, as the Unicode bidirectional algorithm finds it.

    In a line that runs leftwards, addresses, codes and telephone numbers are isolated though nobody marked them: the
    algorithm alone would set the groups of `0161 912 2000` in the wrong order after a word of Arabic.
    """
    base = int(is_leftwards)
    apart = list(_isolates(text, is_leftwards))
    outer = list(text)
    for start, end, _ in apart:
        outer[start:end] = NEUTRAL * (end - start)
    found = _resolved("".join(outer), base)
    for start, end, inner in apart:
        lift = found[start] + 1
        lift += (lift - inner) % 2 - inner
        found[start:end] = [lift + level for level in _resolved(text[start:end], inner)]
    return found


def is_one_way(text: str) -> bool:
    """Whether nothing in a line runs from right to left."""
    return RUNS_LEFTWARDS.search(text) is None


def in_visual_order(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Put stretches in the order they stand in from left to right: rule L2 of the algorithm."""
    ordered = list(stretches)
    highest = max((stretch.level for stretch in ordered), default=0)
    for level in range(highest, 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end].level >= level:
                end += 1
            ordered[start:end] = ordered[start:end][::-1]
            start = max(end, start + 1)
    return ordered


def _isolates(text: str, with_unmarked: bool) -> Iterator[tuple[int, int, int]]:
    """Find what stands apart: from where to where, and the level it begins at."""
    place = 0
    for match in ISOLATE.finditer(text):
        if with_unmarked:
            yield from _unmarked(text, place, match.start())
        is_leftwards = match[1] == RIGHT_TO_LEFT or (
            match[1] == FIRST_STRONG and algorithm.get_base_level(match[2]) == 1
        )
        yield match.start(2), match.end(2), int(is_leftwards)
        place = match.end()
    if with_unmarked:
        yield from _unmarked(text, place, len(text))


def _unmarked(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    for match in LATIN.finditer(text, start, end):
        if LETTER.search(match[0]) or TELEPHONE.fullmatch(match[0]):
            yield match.start(), match.end(), 0


def _resolved(text: str, base: int) -> list[int]:
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels("".join(map(_seen, text)), storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return [character["level"] for character in storage["chars"]]


def _seen(character: str) -> str:
    # The library drops what has no width of its own, such as a joiner, and the places of the rest would shift.
    return character if bidirectional(character) in _ORDINARY else NEUTRAL


_UNSEEN = dict.fromkeys(map(ord, MARKS))
_ORDINARY = frozenset(("L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "WS", "ON"))
