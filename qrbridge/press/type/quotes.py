"""Straight quotes and apostrophes as a printer sets them, in each language's own way."""

import re
from collections.abc import Mapping

from qrbridge.press.type.direction import ISOLATE_BEGINS

USUAL = ("“", "”")
PAIRS: Mapping[str, tuple[str, str]] = {
    "ar": ("”", "“"),
    "pl": ("„", "”"),
    "ro": ("„", "”"),
    "uk": ("«", "»"),
    "ur": ("”", "“"),
}
"""Quotation marks by language, as the Unicode CLDR has them; every other has the usual ones."""
SINGLE, APOSTROPHE = "‘", "’"
OPENERS = f" \u00a0\n([{{–—-/“„«{ISOLATE_BEGINS}\"'"
"""After these a quotation begins."""
NEVER_FIRST = " \u00a0\n,.;:!?)]}"
"""With these none begins."""
STRAIGHT = re.compile(
    r"[\w+&-][\w.+&'-]*@[\w.-]+"  # o'neill@trafford.gov.uk
    r"|(?:https?://|www\.)\S*[\w/]|[\w-]+(?:\.[\w-]+)+/\S*[\w/]"  # www.trafford.gov.uk/o'hara
    r"|[\"']"
)
"""Addresses, which stay as they are, and what is to be set."""
SINGLE_ENDS = re.compile(r"(?<=\S)'(?!\w)")


def curled(text: str, language: str) -> str:
    """Give text with its straight quotes and apostrophes curled, and none in an e-mail or web address changed.

    Marks of feet, inches and the like stay. Every character stands for one, so that no text gets longer.
    """
    if "'" not in text and '"' not in text:
        return text
    is_open = {"'": False, '"': False}

    def curl(found: re.Match[str]) -> str:
        mark = found[0]
        if mark not in is_open:
            return mark
        before, after = text[: found.start()][-1:] or " ", text[found.end() :][:1] or " "
        if before in OPENERS and after not in NEVER_FIRST and _begins(mark, text[found.end() :]):
            is_open[mark] = True
            return SINGLE if mark == "'" else PAIRS.get(language, USUAL)[0]
        if before.isdigit() and not after.isalpha() and not is_open[mark]:
            return mark
        is_open[mark] = is_open[mark] and mark == "'" and after.isalnum()
        return APOSTROPHE if mark == "'" else PAIRS.get(language, USUAL)[1]

    return STRAIGHT.sub(curl, text)


def _begins(mark: str, rest: str) -> bool:
    """Whether a quotation may begin here: a single mark is else the apostrophe of ’90s or ’til."""
    return mark == '"' or (not rest[0].isdigit() and SINGLE_ENDS.search(rest) is not None)
