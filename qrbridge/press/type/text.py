"""Lines of type: where they break, and how far a text is from fitting."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from qrbridge.press.type.direction import ISOLATE_BEGINS, ISOLATE_ENDS, NO_BREAK

Measure = Callable[[str], float]
"""Gives the width of a line in millimetres."""
Words = list[str]
"""The words of a line, each with the space after it."""
COMMAS = (",", "،", "，", "、", "፣")
HAN = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
NEVER_FIRST = "，。、；：？！）》〉」』】”’…％"
NEVER_LAST = "（《〈「『【“‘"
BREAK = re.compile(
    "(?<= )(?! )"
    f"|(?<=[{HAN}])(?<![{NEVER_LAST}])(?![{NEVER_FIRST} {NO_BREAK}])"
    f"|(?<![{NEVER_LAST}{NO_BREAK} ])(?=[{HAN}])(?![{NEVER_FIRST}])"
)
"""Where a line may break: after spaces, and in Chinese between characters, but for punctuation that belongs to one."""
NARROWING_STEPS = 12
"""Halvings when a narrower measure is sought; a twelfth is under 0.1 mm on A1."""
LEAST_LAST_LINE = 0.2
"""A last line shorter than this part of the measure looks like a slip, and leaves a word alone."""
MONTHS = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
KEPT_TOGETHER = (
    re.compile(r"(?<=\d) (?=\d)"),  # 0161 912 2000
    re.compile(r"(?<=[A-Z]\d) (?=\d[A-Z]{2}\b)|(?<=[A-Z]\d\d) (?=\d[A-Z]{2}\b)|(?<=\d[A-Z]) (?=\d[A-Z]{2}\b)"),
    re.compile(r"(?<=, \d) (?=[A-Z])|(?<=, \d\d) (?=[A-Z])|(?<=, \d\d\d) (?=[A-Z])"),  # Library, 2 Pott Street
    re.compile(rf"(?<=\d) (?={MONTHS}\b)"),
    re.compile(r"(?<=\d) (?=(?:am|pm|miles?|minutes?|years?|days?|weeks?)\b)"),
)
"""Spaces inside telephone numbers, postcodes, house numbers, dates, times and amounts, at which a line never breaks."""


def break_lines(text: str, width: float, measure: Measure, way: str = "words") -> list[str]:
    """Break text into the fewest lines no wider than `width`, in one of the ways of `WAYS`.

    A line feed in the text always breaks. A word wider than the measure stands on a line of its own.
    """
    parts = (WAYS[way](_words(part), width, measure) for part in text.split("\n"))
    return list(_with_isolates_closed([_said(line) for part in parts for line in part]))


def widest_word(text: str, measure: Measure) -> tuple[str, float]:
    """Find the word that needs most room, and how much."""
    words = [_said([word]) for part in text.split("\n") for word in _words(part)]
    return max(((word, measure(word)) for word in words), key=lambda pair: pair[1], default=("", 0))


def longest_that_fits(text: str, fits: Callable[[str], bool]) -> str:
    """Give the most whole words from the start of a text that still fit, perhaps none."""
    words = BREAK.split(text)
    least, most = 0, len(words)
    while least < most:
        middle = (least + most + 1) // 2
        if fits("".join(words[:middle]).rstrip(" ")):
            least = middle
        else:
            most = middle - 1
    return "".join(words[:least]).rstrip(" ")


def _words(text: str) -> list[str]:
    """Cut a text where its lines may break; a space stays with the word before it."""
    for space in KEPT_TOGETHER:
        text = space.sub(NO_BREAK, text)
    return [word for word in BREAK.split(text) if word]


def _said(words: Sequence[str]) -> str:
    return "".join(words).rstrip(" ").replace(NO_BREAK, " ")


def _measured(words: Sequence[str], measure: Measure) -> float:
    return measure("".join(words).rstrip(" "))


def _greedy(words: Sequence[str], width: float, measure: Measure) -> list[Words]:
    lines: list[Words] = []
    for word in words:
        if lines and _measured([*lines[-1], word], measure) <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _without_widow(words: Sequence[str], width: float, measure: Measure) -> list[Words]:
    lines = _greedy(words, width, measure)
    if len(lines) < 2 or _ends_well(lines, width, measure):
        return lines
    narrower = (_greedy(words, width * (1 - step / 40), measure) for step in range(1, 11))
    same_length = (other for other in narrower if len(other) == len(lines))
    return next((other for other in same_length if _ends_well(other, width, measure)), lines)


def _ends_well(lines: Sequence[Words], width: float, measure: Measure) -> bool:
    is_several = len(lines[-1]) > 1 or NO_BREAK in lines[-1][0]
    return is_several and _measured(lines[-1], measure) >= LEAST_LAST_LINE * width


def _narrowest(words: Sequence[str], width: float, measure: Measure) -> list[Words]:
    lines = _greedy(words, width, measure)
    low, high = 0.0, width
    for _ in range(NARROWING_STEPS if len(lines) > 1 else 0):
        middle = (low + high) / 2
        tried = _greedy(words, middle, measure)
        if len(tried) > len(lines) or any(_measured(line, measure) > middle for line in tried):
            low = middle
        else:
            lines, high = tried, middle
    return lines


def _after_commas(words: Sequence[str], width: float, measure: Measure) -> list[Words]:
    """Break after commas where that takes no more lines; `best[n]` is how the first n words are set best."""
    best: list[tuple[int, int, list[Words]]] = [(0, 0, [])]
    for end in range(1, len(words) + 1):
        starts = [start for start in range(end) if _measured(words[start:end], measure) <= width] or [end - 1]
        split = 0 if end == len(words) or words[end - 1].rstrip().endswith(COMMAS) else 1
        options = ((best[start][0] + 1, best[start][1] + split, -start) for start in starts)
        count, splits, start = min(options)
        best.append((count, splits, [*best[-start][2], list(words[-start:end])]))
    return best[-1][2]


def _with_isolates_closed(lines: Sequence[str]) -> Iterator[str]:
    """End on each line what is set apart in direction there, and begin it anew on the next."""
    begun = ""
    for line in lines:
        whole = begun + line
        last = max(whole.rfind(mark) for mark in ISOLATE_BEGINS)
        begun = whole[last] if last > whole.rfind(ISOLATE_ENDS) else ""
        yield whole + (ISOLATE_ENDS if begun else "")


WAYS: Mapping[str, Callable[[Sequence[str], float, Measure], list[Words]]] = {
    "words": _without_widow,
    "even": _narrowest,
    "commas": _after_commas,
}
"""`words` leaves no word alone on the last line; `even` makes lines alike, for headlines; `commas` is for addresses and
hours, which read best a part to a line."""
