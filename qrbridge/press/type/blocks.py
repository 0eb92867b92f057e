"""Type broken into lines, ready to stand in a region: a block, two of them on one line, or a list of languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qrbridge.press.design.printable import Frame, Role
from qrbridge.press.marks import Type
from qrbridge.press.type.fonts import MM_PER_POINT, Face

PAIR_GAP = 1.3
"""White between two blocks on one line, as a multiple of the first one's size."""
NAME_GAP = 0.45
"""White between a language's name and its headline, as a multiple of the headline's size."""


@dataclass(frozen=True)
class Saying:
    """What a block says: its words, their language, what they are, the role they are set in and when they are read."""

    line: str
    language: str
    name: str
    role: str
    order: int
    runs: str
    """From which side its lines begin: `ltr` or `rtl`."""


@dataclass(frozen=True)
class Set:
    """A block broken into lines at a size: each line with how many lines it stands below the first."""

    saying: Saying
    role: Role
    size: float
    face: Face
    lines: Sequence[tuple[str, float]]

    @cached_property
    def cap(self) -> float:
        """From its top, that of its capitals or of what rises higher, to its first baseline."""
        return self.face.cap_height_mm(self.size) + self.face.overreach_mm(self.lines[0][0], self.size)[0]

    @property
    def step(self) -> float:
        """Millimetres from line to line."""
        return self.size * self.role.leading * self.face.leading * MM_PER_POINT

    @cached_property
    def height(self) -> float:
        """From its top to its last baseline, or to what hangs lower than the tails of Latin letters."""
        last, below = self.lines[-1]
        return self.cap + below * self.step + self.face.overreach_mm(last, self.size)[1]

    @property
    def width(self) -> float:
        """How wide its first line is."""
        return self.face.width_mm(self.lines[0][0], self.size)

    def marks(self, box: Frame) -> Iterator[Type]:
        """Put its lines at the top of a box, from the side its language begins at."""
        size = round(self.size, 2)
        for line, below in self.lines:
            spare = 0 if self.saying.runs == "ltr" else box.width - self.face.width_mm(line, size)
            y = round(box.y + self.cap + below * self.step, 3)
            looks = self.role.face, size, self.role.colour
            about = self.saying.name, self.saying.language, self.role.tag
            yield Type(round(box.x + spare, 3), y, line, *looks, *about, order=self.saying.order)

    @property
    def count(self) -> int:
        """How many lines it has."""
        return len(self.lines)

    def is_wider_than(self, width: float) -> bool:
        """Whether a word of it does not go into a measure."""
        return any(self.face.width_mm(line, self.size) > width for line, _ in self.lines)


@dataclass(frozen=True)
class Pair:
    """Two blocks of a line each on one line: side by side, or each at its own side where their languages run apart."""

    first: Set
    second: Set

    @property
    def cap(self) -> float:
        """From its top to its baseline."""
        return max(self.first.cap, self.second.cap)

    @property
    def height(self) -> float:
        """From its top to its baseline, or to what hangs low."""
        return self.cap + max(one.height - one.cap for one in (self.first, self.second))

    def marks(self, box: Frame) -> Iterator[Type]:
        """Put both at the top of a box."""
        along = self.first.width + self._white if self._run_alike else 0.0
        yield from self.first.marks(box.moved(0, self.cap - self.first.cap))
        across = along if self.first.saying.runs == "ltr" else -along
        yield from self.second.marks(box.moved(across, self.cap - self.second.cap))

    @property
    def count(self) -> int:
        """How many lines it has."""
        return 1

    def is_wider_than(self, width: float) -> bool:
        """Whether the two do not go on one line."""
        return self.first.width + self._white + self.second.width > width

    @property
    def _white(self) -> float:
        return PAIR_GAP * self.first.size * MM_PER_POINT

    @property
    def _run_alike(self) -> bool:
        return self.first.saying.runs == self.second.saying.runs


@dataclass(frozen=True)
class Listing:
    """The names and headlines of further languages, row by row in columns."""

    rows: Sequence[Sequence[tuple[Set, Set]]]
    column: float
    white: float

    @property
    def height(self) -> float:
        """From the top of its first names to the last baseline."""
        return sum(map(self._deep, self.rows)) + self.white * (len(self.rows) - 1)

    def marks(self, box: Frame) -> Iterator[Type]:
        """Put its entries into a box."""
        y = box.y
        for row in self.rows:
            for number, (name, headline) in enumerate(row):
                cell = Frame(box.x + number * (self.column + self.white), y, self.column, 0)
                yield from name.marks(cell)
                yield from headline.marks(cell.moved(0, name.height + _gap(headline)))
            y += self._deep(row) + self.white

    @property
    def count(self) -> int:
        """How many lines its headlines have."""
        return sum(headline.count for row in self.rows for _, headline in row)

    def is_wider_than(self, width: float) -> bool:
        """Whether a word of it does not go into its column."""
        return any(part.is_wider_than(self.column) for row in self.rows for entry in row for part in entry)

    def _deep(self, row: Sequence[tuple[Set, Set]]) -> float:
        return max(name.height + _gap(headline) + headline.height for name, headline in row)


Piece = Set | Pair | Listing


def _gap(headline: Set) -> float:
    return headline.size * NAME_GAP * MM_PER_POINT
