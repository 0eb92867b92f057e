"""A design in printables/: its paper, panels, regions, blocks and roles of type."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qrbridge.press.phrases import PHRASES
from qrbridge.press.words import SHEET_FIELDS

FIELD = re.compile(r"\{(\w*)\}")
BOLD_FACES = ("bold", "extrabold")


@dataclass(frozen=True)
class Frame:
    """A rectangle in millimetres from the sheet's top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def grown(self, by: float) -> "Frame":
        """Give the rectangle with a border added, or taken off if `by` is negative."""
        return Frame(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def holds(self, other: "Frame") -> bool:
        """Whether the other lies wholly inside."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom

    def meets(self, other: "Frame") -> bool:
        """Whether the two share any ground."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True)
class Role:
    """How one kind of type is set; sizes in points, leading as a multiple of the size."""

    face: str
    largest: float
    smallest: float
    leading: float
    colour: str = "ink"
    breaks: str = "words"
    """How its lines break: one of `text.WAYS`."""

    @property
    def is_bold(self) -> bool:
        """Whether WCAG counts its weight as bold."""
        return self.face in BOLD_FACES


@dataclass(frozen=True)
class Block:
    """One thing in a region: type, from its own words or a phrase of ours, or the code with `quiet` mm kept clear."""

    kind: str = "text"
    role: str = ""
    words: str = ""
    phrase: str = ""
    gap: float = 0
    """Millimetres from the baseline above to the top of these capitals."""
    quiet: float = 0

    @property
    def fields(self) -> frozenset[str]:
        """The words it needs."""
        return frozenset(FIELD.findall(self.template("en")))

    def template(self, language: str) -> str:
        """Give its words, their fields still in braces."""
        return PHRASES[language].get(self.phrase, "") if self.phrase else self.words


@dataclass(frozen=True)
class Panel:
    """Plain colour laid under regions."""

    box: Frame
    colour: str = "brand"


@dataclass(frozen=True)
class Region:
    """A part of the sheet with its blocks from top to bottom."""

    name: str
    box: Frame
    blocks: tuple[Block, ...]
    align: str = "top"
    ground: str = "white"

    @property
    def is_shared(self) -> bool:
        """Whether it is the same on every sheet of a run."""
        return not any(block.kind == "code" or block.fields & SHEET_FIELDS for block in self.blocks)

    @property
    def clear(self) -> Frame:
        """Its box with the white a code in it needs."""
        return self.box.grown(max(block.quiet for block in self.blocks))


@dataclass(frozen=True)
class Printable:
    """A design: paper and printable edge in millimetres, what lies where, and how each kind of type is set."""

    title: str
    about: str
    paper: tuple[float, float]
    edge: float
    roles: Mapping[str, Role]
    regions: tuple[Region, ...]
    panels: tuple[Panel, ...] = ()
    name: str = ""
    size: str = ""

    @property
    def blocks(self) -> list[Block]:
        """Every block, in reading order."""
        return [block for region in self.regions for block in region.blocks]

    @property
    def code(self) -> tuple[Region, Block]:
        """The code's block and the region it is in."""
        return next((region, block) for region in self.regions for block in region.blocks if block.kind == "code")
