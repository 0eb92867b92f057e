"""What a screen reader is told of each page: its parts in reading order, their languages, and words for pictures."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

PAGES_A_LEAF = 64
"""Pages listed together in the index from pages to their parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, paragraph or picture on a page: `H1`, `H2`, `P` or `Figure`."""

    tag: str
    language: str = ""
    """Where it is not the file's."""
    words: str = ""
    """What a picture shows."""
    typed: str = ""
    """What was typed, where what is drawn does not say it in that order."""
    order: int = 0
    """Its place among what is read on the page; parts with the same are read as they are drawn."""


class Numbered(Protocol):
    """What writes objects to the file one by one."""

    def reserve(self) -> int:
        """Give the number of an object to be written later."""

    def put(self, number: int, body: bytes) -> None:
        """Write an object."""


class Tree:
    """The tree of a file's parts, written as its pages are: a section for each page, and in it the page's parts."""

    def __init__(self, file: Numbered) -> None:
        self._file = file
        self._root, self._document, self._index = (file.reserve() for _ in range(3))
        self._sections = array("L")
        self._leaves = array("L")
        self._waiting: list[bytes] = []

    @property
    def root(self) -> int:
        """The number of the tree's object."""
        return self._root

    def page(self, page: int, parts: Sequence[Part]) -> int:
        """Write the parts of the page whose object has this number, and give the page's place in the index.

        The content of part n is what the page marks with n.
        """
        section = self._file.reserve()
        numbers = [self._file.reserve() for _ in parts]
        for place, (number, part) in enumerate(zip(numbers, parts, strict=True)):
            self._file.put(number, _written(part, place, b"/P %d 0 R /Pg %d 0 R" % (section, page)))
        read = [numbers[place] for place in sorted(range(len(parts)), key=lambda place: parts[place].order)]
        self._file.put(section, b"<< /S /Sect /P %d 0 R /K %s >>" % (self._document, references(read)))
        key = len(self._sections)
        self._sections.append(section)
        self._waiting.append(b"%d %s" % (key, references(numbers)))
        if len(self._waiting) == PAGES_A_LEAF:
            self._write_leaf()
        return key

    def close(self) -> None:
        """Write what is known when every page is."""
        self._write_leaf()
        self._file.put(self._index, b"<< /Kids %s >>" % references(self._leaves))
        sections = references(self._sections)
        self._file.put(self._document, b"<< /S /Document /P %d 0 R /K %s >>" % (self._root, sections))
        self._file.put(
            self._root,
            b"<< /Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d >>"
            % (self._document, self._index, len(self._sections)),
        )

    def _write_leaf(self) -> None:
        if self._waiting:
            last = len(self._sections) - 1
            first = last + 1 - len(self._waiting)
            leaf = self._file.reserve()
            self._file.put(leaf, b"<< /Limits [%d %d] /Nums [%s] >>" % (first, last, b" ".join(self._waiting)))
            self._leaves.append(leaf)
            self._waiting.clear()


def references(numbers: Sequence[int]) -> bytes:
    """Write a list of references to objects."""
    return b"[" + b" ".join(b"%d 0 R" % number for number in numbers) + b"]"


def spelled(words: str) -> str:
    """Write words of any language as a PDF wants them."""
    return f"<feff{words.encode('utf-16-be').hex()}>"


def _written(part: Part, place: int, stands: bytes) -> bytes:
    language = f" /Lang ({part.language})" if part.language else ""
    words = f" /Alt {spelled(part.words)}" if part.words else ""
    typed = f" /ActualText {spelled(part.typed)}" if part.typed else ""
    return b"<< /S /%s %s /K %d%s >>" % (part.tag.encode(), stands, place, (language + words + typed).encode())
