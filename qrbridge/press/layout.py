"""A design and its words into marks: what stands where, in millimetres from the sheet's top left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from qrbridge import qr
from qrbridge.errors import CannotPrint
from qrbridge.press import text
from qrbridge.press.colour import LARGE_POINTS, LEAST_CONTRAST, LEAST_CONTRAST_LARGE, check_on_white
from qrbridge.press.fonts import MM_PER_POINT, Faces
from qrbridge.press.marks import Code, Fill, Mark, Type
from qrbridge.press.phrases import PHRASES, direction
from qrbridge.press.printable import FIELD, Block, Frame, Printable, Region, Role
from qrbridge.press.words import OPTIONAL_FIELDS, Notice, Sheet

SIZE_STEPS = 24
"""Sizes tried between a role's largest and smallest; all roles of a region step down together, so that their order of
importance stays."""
LARGE_BOLD_POINTS = 14
SHARE_ABOVE = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""How much of a region's spare height goes above its blocks."""


@dataclass(frozen=True)
class Set:
    """A block broken into lines at a size, and the height from the top of its capitals to its last baseline."""

    block: Block
    role: Role
    size: float
    lines: Sequence[str]
    cap: float

    @property
    def step(self) -> float:
        """Millimetres from line to line."""
        return self.size * self.role.leading * MM_PER_POINT

    @property
    def height(self) -> float:
        """Millimetres it takes."""
        return self.cap + (len(self.lines) - 1) * self.step


@dataclass(frozen=True)
class Compositor:
    """Sets one notice in one design; makes sure first that its words and its colour serve."""

    design: Printable
    notice: Notice
    faces: Faces

    def __post_init__(self) -> None:
        _check_language(self.notice.language)
        check_on_white(self.notice.colour, self._contrast_needed())
        self._refuse_empty([region for region in self.design.regions if region.is_shared], self.words)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words every sheet shares."""
        return self.notice.fields()

    def shared(self) -> list[Mark]:
        """Set what every sheet of the run carries alike."""
        fills: list[Mark] = [Fill(panel.box, panel.colour) for panel in self.design.panels]
        regions = [region for region in self.design.regions if region.is_shared]
        return fills + [mark for region in regions for mark in self._set(region, self.words)]

    def own(self, sheet: Sheet) -> list[Mark]:
        """Set what only this sheet carries."""
        words = {**self.words, **sheet.fields()}
        regions = [region for region in self.design.regions if not region.is_shared]
        self._refuse_empty(regions, words)
        code_region, block = self.design.code
        others = [region for region in regions if region is not code_region]
        order = self._order(code_region)
        code: list[Mark] = [
            replace(
                place_code(qr.symbol(sheet.address), code_region.box, block.quiet), address=sheet.address, order=order
            )
        ]
        return code + [mark for region in others for mark in self._set(region, words)]

    def _order(self, region: Region) -> int:
        return 100 * self.design.regions.index(region)

    def _set(self, region: Region, words: Mapping[str, str]) -> list[Mark]:
        for step in range(SIZE_STEPS + 1):
            blocks = self._at(region, words, step / SIZE_STEPS)
            if blocks is not None and _height(blocks) <= region.box.height:
                return list(_stacked(blocks, region, self))
        raise self._too_long(region, words)

    def _at(self, region: Region, words: Mapping[str, str], part: float) -> list[Set] | None:
        """Break a region's blocks, every role this far from its largest to its smallest; None if a word is too wide."""
        blocks = []
        for block in region.blocks:
            line = self._filled(block, words)
            if not line:
                continue
            role = self.design.roles[block.role]
            face, size = (
                self.faces[role.face, self.notice.language],
                role.largest - part * (role.largest - role.smallest),
            )
            measure = partial(face.width_mm, size=size)
            lines = text.break_lines(line, region.box.width, measure, role.breaks)
            if any(measure(set_line) > region.box.width for set_line in lines):
                return None
            blocks.append(Set(block, role, size, lines, face.cap_height_mm(size)))
        return blocks

    def _filled(self, block: Block, words: Mapping[str, str]) -> str:
        if any(not words[name] for name in block.fields):
            return ""
        return FIELD.sub(lambda match: words[match[1]], block.template(self.notice.language))

    def _fits(self, region: Region, words: Mapping[str, str]) -> bool:
        blocks = self._at(region, words, part=1)
        return blocks is not None and _height(blocks) <= region.box.height

    def _too_long(self, region: Region, words: Mapping[str, str]) -> CannotPrint:
        wide = [sentence for block in region.blocks for sentence in self._too_wide(block, region, words)]
        if wide:
            return CannotPrint(" ".join(wide))
        names = [name for block in region.blocks for name in FIELD.findall(block.template(self.notice.language))]
        remedies = [remedy for name in dict.fromkeys(names) if (remedy := self._cut(name, region, words))]
        return CannotPrint(
            f"The words do not fit the {self.design.name}, even at the smallest sizes that read well. "
            f"Shorten {' or '.join(remedies) or 'them'}."
        )

    def _too_wide(self, block: Block, region: Region, words: Mapping[str, str]) -> list[str]:
        role = self.design.roles[block.role]
        face = self.faces[role.face, self.notice.language]
        word, width = text.widest_word(self._filled(block, words), partial(face.width_mm, size=role.smallest))
        if width <= region.box.width:
            return []
        return [
            f"“{word}” is {width - region.box.width:.0f} mm too wide for the {self.design.name}, even at "
            f"{role.smallest:g} pt, the smallest that reads well there. Use a shorter word, or split it with a space."
        ]

    def _cut(self, name: str, region: Region, words: Mapping[str, str]) -> str:
        """Say how much must come off these words alone, or nothing if that would not do."""
        whole = words[name]
        kept = text.longest_that_fits(whole, lambda shorter: self._fits(region, {**words, name: shorter}))
        if not kept:
            return ""
        lines = self._lines(region, words) - self._lines(region, {**words, name: kept})
        over = f"{len(whole) - len(kept)} characters ({lines} line{'' if lines == 1 else 's'})"
        return f"the {name} (“{_beginning(whole)}”) by {over}, from {len(whole)} to {len(kept)}"

    def _lines(self, region: Region, words: Mapping[str, str]) -> int:
        return sum(len(block.lines) for block in self._at(region, words, part=1) or [])

    def longest(self, name: str, words: Mapping[str, str]) -> int:
        """Give about how many characters of a notice's words fit, the others being as given."""
        region = next(region for region in self.design.regions for block in region.blocks if name in block.fields)
        filler = " ".join([words[name]] * 40)
        return len(text.longest_that_fits(filler, lambda shorter: self._fits(region, {**words, name: shorter})))

    def _refuse_empty(self, regions: Sequence[Region], words: Mapping[str, str]) -> None:
        shown = {name for region in regions for block in region.blocks for name in block.fields}
        empty = sorted(name for name in shown - OPTIONAL_FIELDS if name in words and not words[name])
        if empty:
            raise CannotPrint(f"The {self.design.name} has no {' and no '.join(empty)}: every sheet must carry them.")

    def _contrast_needed(self) -> float:
        roles = (self.design.roles[block.role] for block in self.design.blocks if block.kind == "text")
        return max(_least_contrast(role) for role in roles if role.colour != "ink")


def place_code(symbol: qr.Symbol, box: Frame, quiet: float) -> Code:
    """Make the code as large as its box and the white kept round it allow, in the box's lower right corner."""
    module = min(box.width / symbol.size, box.height / symbol.size, quiet / qr.QUIET_MODULES)
    least = qr.smallest_module_mm(OFFICE_DPI)
    if module < least:
        raise CannotPrint(
            f"The code's modules would be {module:.2f} mm, and {least:.2f} mm is the least that prints well: "
            "use a shorter short-link host, or a design with more room for the code."
        )
    side = module * symbol.size
    return Code(box.right - side, box.bottom - side, module, symbol)


OFFICE_DPI = 600
"""The dots an inch of the printers our sheets are made for."""


def _height(blocks: Sequence[Set]) -> float:
    return sum(block.height for block in blocks) + sum(block.block.gap for block in blocks[1:])


def _stacked(blocks: Sequence[Set], region: Region, compositor: Compositor) -> list[Mark]:
    y = region.box.y + SHARE_ABOVE[region.align] * (region.box.height - _height(blocks))
    marks: list[Mark] = []
    for number, block in enumerate(blocks):
        y += block.cap + (block.block.gap if number else 0)
        name = "/".join(sorted(block.block.fields)) or block.block.phrase
        for index, line in enumerate(block.lines):
            baseline = round(y + index * block.step, 3)
            size = round(block.size, 2)
            type_ = Type(
                region.box.x,
                baseline,
                line,
                block.role.face,
                size,
                block.role.colour,
                name,
                compositor.notice.language,
                "h1" if "headline" in name else "p",
                order=compositor._order(region) + number,
            )
            width = compositor.faces[type_.face, type_.language].width_mm(line, size)
            marks.append(replace(type_, x=region.box.right - width) if direction(type_.language) == "rtl" else type_)
        y += block.height - block.cap
    return marks


def _check_language(language: str) -> None:
    if language not in PHRASES:
        raise CannotPrint(
            f"A sheet cannot be in “{language}” yet: our own words on it, such as “Scan or type”, are only in "
            f"{', '.join(PHRASES)}."
        )


def _beginning(words: str) -> str:
    return words if len(words) <= 30 else f"{words[:29].rstrip()}…"


def _least_contrast(role: Role) -> float:
    is_large = role.smallest >= LARGE_POINTS or (role.is_bold and role.smallest >= LARGE_BOLD_POINTS)
    return LEAST_CONTRAST_LARGE if is_large else LEAST_CONTRAST
