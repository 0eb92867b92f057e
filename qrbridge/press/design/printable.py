"""A design in printables/: its sizes, panels, regions, blocks and roles of type."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from qrbridge.press.design.papers import PAPERS, Paper
from qrbridge.press.design.phrases import PHRASES
from qrbridge.press.design.words import SHEET_FIELDS

FIELD = re.compile(r"\{(\w*)\}")
FACES = ("regular", "medium", "semibold", "bold", "extrabold")
"""Weights of type, the lightest first; `fonts.WEIGHTS` has their files."""
BOLD_FACES = ("bold", "extrabold")
BREAKS = ("words", "even", "commas")
"""How lines break; `text.WAYS` does it."""
LEAST_POINTS = 12
"""RNIB and UKAAF clear print: 12 point at the very least."""
LEAST_BODY_POINTS = 14
"""RNIB and UKAAF clear print: 14 point for what is to be read."""
WHOLE_REGION_KINDS = frozenset({"code", "picture", "box"})
"""Kinds of block that fill the region they are in, and have it to themselves."""


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

    def scaled(self, across: float, down: float) -> "Frame":
        """Give the rectangle on paper so many times as wide and as high."""
        return Frame(self.x * across, self.y * down, self.width * across, self.height * down)

    def moved(self, across: float, down: float) -> "Frame":
        """Give the rectangle somewhere else."""
        return Frame(round(self.x + across, 3), round(self.y + down, 3), self.width, self.height)

    def holds(self, other: "Frame") -> bool:
        """Whether the other lies wholly inside."""
        across = self.x <= other.x + HAIR and other.right <= self.right + HAIR
        return across and self.y <= other.y + HAIR and other.bottom <= self.bottom + HAIR

    def meets(self, other: "Frame") -> bool:
        """Whether the two share any ground."""
        across = self.x + HAIR < other.right and other.x + HAIR < self.right
        return across and self.y + HAIR < other.bottom and other.y + HAIR < self.bottom


HAIR = 0.001
"""Millimetres by which rounding may put two edges apart."""


@dataclass(frozen=True)
class Role:
    """How one kind of type is set; sizes in points, leading as a multiple of the size."""

    face: str
    largest: float
    smallest: float
    leading: float
    colour: str = "ink"
    breaks: str = "words"
    """How its lines break: one of `BREAKS`."""
    tag: str = "p"
    """What it is to those who hear the sheet read: a heading, `h1` or `h2`, or a paragraph, `p`."""

    @property
    def is_bold(self) -> bool:
        """Whether WCAG counts its weight as bold."""
        return self.face in BOLD_FACES


@dataclass(frozen=True)
class Block:
    """One thing in a region, of one of the kinds.

    `text` is type, from its own words or a phrase of ours. `code` is the QR code of the address in its words, with
    `quiet` mm kept clear. `languages` lists the headlines of the languages that are not set out in full. `picture` is
    the council's photograph, and `box` one to tick.
    """

    kind: str = "text"
    role: str = ""
    words: str = ""
    phrase: str = ""
    gap: float = 0
    """Millimetres from the baseline above to the top of these capitals."""
    spring: bool = False
    """Whether the spare height of its region goes above it, or its share of that where several say so, and not where
    the region's `align` says."""
    quiet: float = 0
    language: int = 1
    """Which of the languages set out in full it is in, 1 or 2; the second is left out where there is only one."""
    beside: bool = False
    """Whether it stands on the line of the block before it, where both fit there in one line each."""
    columns: int = 1
    """Of a list of languages: how many stand side by side."""
    name_role: str = ""
    """Of a list of languages: the role of each language's name, above its headline."""
    when: str = ""
    """The circumstances it is left out without."""

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
    bleed: bool = False
    """Whether a print shop's sheet carries it beyond the edge of the paper, where it reaches the printable edge."""
    when: str = ""
    at: Mapping[str, Frame] = field(default_factory=dict)


@dataclass(frozen=True)
class Region:
    """A part of the sheet with its blocks from top to bottom."""

    name: str
    box: Frame
    blocks: tuple[Block, ...]
    align: str = "top"
    ground: str = "white"
    part: str = "sheet"
    """On a list: whether it is of each row, of the heading over a ward's rows, or of the page."""
    fit: str = ""
    """Regions of the same fit step down in size together."""
    bleed: bool = False
    """As a panel's, for a picture."""
    when: str = ""
    """The circumstances it is left out without, such as `two list`."""
    at: Mapping[str, Frame] = field(default_factory=dict)
    """Other boxes, by the circumstances they are for."""

    @property
    def is_shared(self) -> bool:
        """Whether it is the same on every sheet of a run."""
        return not any(block.kind == "code" or block.fields & SHEET_FIELDS for block in self.blocks)

    @property
    def kind(self) -> str:
        """The kind of block that has it to itself, or `text`."""
        return next((block.kind for block in self.blocks if block.kind in WHOLE_REGION_KINDS), "text")

    @property
    def clear(self) -> Frame:
        """Its box with the white a code in it needs."""
        return self.box.grown(max(block.quiet for block in self.blocks))


@dataclass(frozen=True)
class Rows:
    """Where the rows of a list go on a page, and how high a row and a ward's heading are."""

    box: Frame
    height: float
    heading: float


@dataclass(frozen=True)
class Printable:
    """A design: its sizes and printable edge in millimetres, what lies where, and how each kind of type is set."""

    title: str
    about: str
    sizes: tuple[str, ...]
    """The papers it may be printed on; it is drawn for the first, and scaled to the others."""
    edge: float
    roles: Mapping[str, Role]
    regions: tuple[Region, ...]
    panels: tuple[Panel, ...] = ()
    kind: str = "sheet"
    """What it is for, and so what it must carry: one of `checks.MUST_CARRY`."""
    least: float = LEAST_POINTS
    """The smallest type on it, in points: more than clear print asks where a law or large print does."""
    reading_distance: float = 0
    """Millimetres from which its code is to be read, on the paper it is drawn for; 0 where it is held in the hand."""
    rows: Rows | None = None
    never: tuple[str, ...] = ()
    """Circumstances it has no room for, such as `A5 two list`."""
    name: str = ""
    size: str = ""

    @property
    def sheet(self) -> Paper:
        """The paper and its cells."""
        return PAPERS[self.size]

    @property
    def paper(self) -> tuple[float, float]:
        """How wide and high a page is, in millimetres."""
        return self.sheet.width, self.sheet.height

    @property
    def blocks(self) -> list[Block]:
        """Every block, in reading order."""
        return [block for region in self.regions for block in region.blocks]

    @property
    def code(self) -> tuple[Region, Block]:
        """The code's block and the region it is in."""
        return next((region, block) for region in self.regions for block in region.blocks if block.kind == "code")

    @property
    def full_languages(self) -> int:
        """How many languages it can set out in full."""
        return max(block.language for block in self.blocks)

    @property
    def lists_languages(self) -> bool:
        """Whether it can list the headlines of further languages."""
        return any(block.kind == "languages" for block in self.blocks)

    @property
    def arrangements(self) -> list[str]:
        """The circumstances of languages it may be set in."""
        full = ["one", "two"][: self.full_languages]
        rest = ["plain", "list"] if self.lists_languages else ["plain"]
        every = (f"{count} {listed}" for count in full for listed in rest)
        return [arrangement for arrangement in every if self.has_room(arrangement)]

    def has_room(self, arrangement: str) -> bool:
        """Whether it is made for these circumstances."""
        holding = {*arrangement.split(), self.size}
        return not any(holding.issuperset(words.split()) for words in self.never)

    def part(self, name: str) -> list[Region]:
        """The regions of a part of a list; all of any other design are of the sheet."""
        return [region for region in self.regions if region.part == name]

    def arranged(self, arrangement: str) -> "Printable":
        """Give what is on the sheet in these circumstances, each thing where it then stands."""
        holding = frozenset((*arrangement.split(), self.size))
        return replace(
            self,
            regions=tuple(
                replace(_placed(region, holding), blocks=blocks)
                for region in self.regions
                if _is_there(region, holding)
                if (blocks := tuple(block for block in region.blocks if _is_there(block, holding)))
            ),
            panels=tuple(_placed(panel, holding) for panel in self.panels if _is_there(panel, holding)),
        )

    def least_points(self, is_body: bool) -> float:
        """Give the least size of type, by how far off the paper is read from."""
        least = max(self.least, LEAST_BODY_POINTS) if is_body else self.least
        return least * (self.sheet.reading if self.size else 1)


Thing = TypeVar("Thing", Region, Panel)


def _is_there(thing: Region | Panel | Block, holding: frozenset[str]) -> bool:
    return holding.issuperset(thing.when.split())


def _placed(thing: Thing, holding: frozenset[str]) -> Thing:
    """Give it in the box whose circumstances all hold; of several, the last of those that name most."""
    fitting = [words for words in thing.at if holding.issuperset(words.split())]
    best = max(reversed(fitting), key=lambda words: len(words.split()), default="")
    return replace(thing, box=thing.at[best]) if best else thing
