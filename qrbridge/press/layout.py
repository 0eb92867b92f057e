"""A design and its words into marks: what stands where on a sheet, in millimetres from its top left."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qrbridge import qr
from qrbridge.errors import CannotPrint
from qrbridge.press.design.checks import brand_pairs
from qrbridge.press.design.colour import check_brand
from qrbridge.press.design.papers import BLEED_MM
from qrbridge.press.design.phrases import NAMES, PHRASES
from qrbridge.press.design.printable import Block, Frame, Printable, Region
from qrbridge.press.design.words import OPTIONAL_FIELDS, Notice, Sheet, Text
from qrbridge.press.marks import Code, Fill, Mark, Picture, outline
from qrbridge.press.type import text
from qrbridge.press.type.fonts import Faces
from qrbridge.press.type.typesetting import Typesetter, Words

OFFICE_DPI = 600
"""The dots an inch of the printers our sheets are made for."""
SHAPES_APART_MM = 0.1
"""How far off the printable edge a box that was drawn to it may be on other paper: A4, A5 and A1 differ in shape."""
TICK_BOX_MM = 0.5
"""How thick the sides of a box to tick are."""
CO_EQUAL = frozenset({"cy", "en"})
"""Welsh may not be treated less favourably than English: neither is ever only listed."""
WORDS = ("headline", "body")


@dataclass(frozen=True)
class Compositor:
    """Sets one notice in one design at its size; makes sure first that its words and its colour serve.

    `bleed` carries what reaches the printable edge beyond the edge of the paper, for a print shop to cut.
    """

    design: Printable
    notice: Notice
    faces: Faces
    bleed: bool = False

    def __post_init__(self) -> None:
        _check_languages(self.notice)
        self._check_room_for_languages()
        check_brand(self.notice.colour, brand_pairs(self.arranged))
        self._refuse_empty([region for region in self.arranged.regions if region.is_shared], self.words)

    @cached_property
    def arranged(self) -> Printable:
        """The design as this notice's languages have it."""
        return self.design.arranged(self._arrangement)

    @cached_property
    def words(self) -> Words:
        """The words every sheet shares."""
        further = {
            f"{name} {said.language}": getattr(said, name).strip() for said in self.notice.texts for name in WORDS
        }
        return {**self.notice.fields(), **further}

    @cached_property
    def setter(self) -> Typesetter:
        """What sets its type."""
        full, rest = self.notice.texts[: self._full], self.notice.texts[self._full :]
        return Typesetter(self.arranged, self.notice, self.faces, full, rest)

    @cached_property
    def common(self) -> list[Mark]:
        """What every sheet of the run carries alike."""
        marks: list[Mark] = [Fill(self._bled(panel.box, panel.bleed), panel.colour) for panel in self.arranged.panels]
        regions = [region for region in self.arranged.part("sheet") if region.is_shared]
        return marks + self.set(regions, self.words)

    def own(self, sheet: Sheet) -> list[Mark]:
        """Set what only this sheet carries."""
        return self.set(
            [region for region in self.arranged.part("sheet") if not region.is_shared], {**self.words, **sheet.fields()}
        )

    def set(self, regions: Sequence[Region], words: Words) -> list[Mark]:
        """Set regions in their order; raises CannotPrint where their words do not fit or are not there."""
        self._refuse_empty(regions, words)
        lines = dict(
            (region.name, marks)
            for region, marks in self.setter.lines([region for region in regions if region.kind == "text"], words)
        )
        marks: list[Mark] = []
        for region in regions:
            marks += lines[region.name] if region.kind == "text" else self._whole(region, words)
        return marks

    def room(self, sheet: Sheet) -> dict[str, dict[str, int]]:
        """Give about how many characters of each text fit a sheet, by language and field, the others being as they are.

        What is not shown, such as the body of a language that is only listed, is left out.
        """
        words = {**self.words, **sheet.fields()}
        return {said.language: dict(self._longest_of(said, words)) for said in self.notice.texts}

    def _longest_of(self, said: Text, words: Words) -> Iterator[tuple[str, int]]:
        for field in WORDS:
            key = field if said == self.notice.texts[0] else f"{field} {said.language}"
            region = next((each for each in self.arranged.regions if key in self.setter.keys(each)), None)
            if region:
                yield field, self._longest(region, key, words)

    def _longest(self, region: Region, key: str, words: Words) -> int:
        filler = " ".join([words[key]] * 40)
        return len(text.longest_that_fits(filler, lambda shorter: self.setter.fits(region, {**words, key: shorter})))

    def _whole(self, region: Region, words: Words) -> Iterator[Mark]:
        """Make what has a region to itself."""
        block = region.blocks[0]
        if region.kind == "code":
            yield replace(place_code(block, region.box, words), order=self.setter.order(region))
        elif region.kind == "box":
            yield from outline(region.box, TICK_BOX_MM)
        elif self.notice.picture:
            box, order = self._bled(region.box, region.bleed), self.setter.order(region)
            yield Picture(box, self.notice.picture, self.notice.picture_alt, order=order)
        else:
            raise CannotPrint(f"The {self.design.name} shows a photograph, and this notice has none: give it one.")

    def _bled(self, box: Frame, is_bled: bool) -> Frame:
        """Carry the sides of a box that reach the printable edge over the edge of the paper."""
        if not (self.bleed and is_bled):
            return box
        cell = Frame(0, 0, *self.design.sheet.cell)
        near, over = cell.grown(-self.design.edge - SHAPES_APART_MM), cell.grown(BLEED_MM)
        left, top = over.x if box.x <= near.x else box.x, over.y if box.y <= near.y else box.y
        right = over.right if box.right >= near.right else box.right
        bottom = over.bottom if box.bottom >= near.bottom else box.bottom
        return Frame(left, top, right - left, bottom - top)

    @property
    def _full(self) -> int:
        """How many of the notice's languages are set out in full."""
        texts = self.notice.texts
        return min(len(texts), self.design.full_languages, 2 if len(texts) == 2 or self._is_co_equal else 1)

    @property
    def _is_listed(self) -> bool:
        return len(self.notice.texts) > self._full and self.design.lists_languages

    def _check_room_for_languages(self) -> None:
        """Refuse to leave a language out, or to list one that the law has treated alike."""
        if not self.design.has_room(self._arrangement):
            raise CannotPrint(
                f"The {self.design.name} on {self.design.size} has no room for {len(self.notice.texts)} languages: "
                "choose larger paper, or fewer of them."
            )
        left = self.notice.texts[self._full :]
        if not left or not any("headline" in block.fields for block in self.design.blocks):
            return
        names = " and ".join(NAMES[said.language] for said in left)
        if not self.design.lists_languages:
            raise CannotPrint(f"The {self.design.name} has no room for {names}: choose another design for this notice.")
        if len(self.notice.texts) > 1 and self.notice.texts[1] in left and self._is_co_equal:
            raise CannotPrint(f"The {self.design.name} would only list {names}: choose a design with two languages.")

    @property
    def _arrangement(self) -> str:
        return f"{('one', 'two')[self._full - 1]} {'list' if self._is_listed else 'plain'}"

    @property
    def _is_co_equal(self) -> bool:
        return {said.language for said in self.notice.texts[:2]} == CO_EQUAL

    def _refuse_empty(self, regions: Sequence[Region], words: Words) -> None:
        shown = {name for region in regions for block in region.blocks for name in block.fields}
        empty = sorted(name for name in shown - OPTIONAL_FIELDS if name in words and not words[name])
        if empty:
            raise CannotPrint(f"The {self.design.name} has no {' and no '.join(empty)}: every sheet must carry them.")


def place_code(block: Block, box: Frame, words: Mapping[str, str]) -> Code:
    """Make a code as large as its box and the white kept round it allow, in the box's lower right corner."""
    address = words["check" if "check" in block.fields else "address"]
    symbol = qr.symbol(address)
    module = min(box.width / symbol.size, box.height / symbol.size, block.quiet / qr.QUIET_MODULES)
    least = qr.smallest_module_mm(OFFICE_DPI)
    if module < least:
        raise CannotPrint(
            f"The code's modules would be {module:.2f} mm, and {least:.2f} mm is the least that prints well: "
            "use a shorter short-link host, or a design with more room for the code."
        )
    side = module * symbol.size
    return Code(box.right - side, box.bottom - side, module, symbol, address)


def _check_languages(notice: Notice) -> None:
    for said in notice.texts:
        if said.language not in PHRASES:
            known = ", ".join(f"{name} ({language})" for language, name in NAMES.items())
            raise CannotPrint(
                f"A sheet cannot be in “{said.language}” yet: our own words on it, such as “Scan or type”, are only in "
                f"{known}."
            )
