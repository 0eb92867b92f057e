"""Blocks into lines: what each says, in which language, how large it can be, and what to cut where it does not fit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from qrbridge.errors import CannotPrint
from qrbridge.languages import direction
from qrbridge.press.design.phrases import NAMES
from qrbridge.press.design.printable import FIELD, Block, Frame, Printable, Region
from qrbridge.press.design.words import SHORTER, Notice, Text
from qrbridge.press.marks import Type
from qrbridge.press.type import text
from qrbridge.press.type.blocks import Listing, Pair, Piece, Saying, Set
from qrbridge.press.type.direction import isolated
from qrbridge.press.type.fonts import MM_PER_POINT, Faces
from qrbridge.press.type.quotes import curled

Words = Mapping[str, str]
"""Words by the names designs use; those of a notice's further languages as `headline cy`."""
SIZE_STEPS = 24
"""Sizes tried between a role's largest and smallest; all roles of a region step down together, so that their order of
importance stays."""
SHARE_ABOVE = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""How much of a region's spare height goes above its blocks."""
PARAGRAPH_GAP = 0.5
"""Lines left free between paragraphs."""
BLOCKS_KEPT = 128
"""Blocks kept as they were broken: most of what a sheet says is said by the next one too."""
REGION, BLOCK = 1000, 50
"""How much later a region, or a block of one, is read than the one before it."""
COLUMN_GAP = 1.2
"""White between the columns of a list of languages, and between its rows, as a multiple of the size of its type."""


@dataclass(frozen=True)
class Typesetter:
    """Sets the type of one notice in one design."""

    design: Printable
    notice: Notice
    faces: Faces
    full: Sequence[Text]
    """The texts set out in full."""
    rest: Sequence[Text]
    """Those of which only a headline is listed."""

    def lines(self, regions: Sequence[Region], words: Words) -> Iterator[tuple[Region, list[Type]]]:
        """Set regions of type as large as they can be; raises CannotPrint, with what to cut, if one cannot."""
        set_regions: dict[str, list[tuple[Block, Piece]]] = {}
        for together in _tied(regions).values():
            set_regions |= self._largest(together, words)
        for region in regions:
            yield region, list(_stacked(set_regions[region.name], region))

    def fits(self, region: Region, words: Words, part: float = 1) -> bool:
        """Whether a region's words go into it, this far from their roles' largest sizes to their smallest."""
        return _is_inside(self._at(region, words, part), region)

    def line(self, block: Block, words: Words) -> str:
        """Give what a block of type says, or nothing where it has nothing to say."""
        if block.language > len(self.full) or any(not words[self.key(name, block)] for name in block.fields):
            return ""
        language = self.tongue(block)
        is_apart = block.phrase and direction(language) == "rtl"
        filled = (lambda name: isolated(words[name])) if is_apart else words.__getitem__
        line = FIELD.sub(lambda match: filled(self.key(match[1], block)), block.template(language))
        return curled(line, self.language(block))

    def order(self, region: Region) -> int:
        """Give a region's place in the order of reading."""
        return REGION * [each.name for each in self.design.regions].index(region.name)

    def key(self, name: str, block: Block) -> str:
        """Give the name that a field's words go by in the language of a block."""
        if block.language == 1 or name not in ("headline", "body"):
            return name
        return f"{name} {self.full[block.language - 1].language}"

    def keys(self, region: Region) -> set[str]:
        """Give the names of the words that a region shows."""
        shown = [block for block in region.blocks if block.kind == "text" and block.language <= len(self.full)]
        listed = any(block.kind == "languages" for block in region.blocks)
        headlines = {f"headline {said.language}" for said in self.rest if listed}
        return headlines | {self.key(name, block) for block in shown for name in block.fields}

    def language(self, block: Block) -> str:
        """Give the language of what a block says: a text's, or that of the council's own words."""
        is_text = block.phrase or block.fields & {"headline", "body"}
        return self.tongue(block) if is_text else self.notice.own_language

    def tongue(self, block: Block) -> str:
        """Give the language a block is for: one set out in full; on a list, which staff read, the council's own."""
        is_for_staff = self.design.rows is not None and not block.fields & {"headline", "body"}
        return self.notice.own_language if is_for_staff else self.full[block.language - 1].language

    def _largest(self, regions: Sequence[Region], words: Words) -> dict[str, list[tuple[Block, Piece]]]:
        for step in range(SIZE_STEPS + 1):
            tried = {}
            for region in regions:
                tried[region.name] = self._at(region, words, step / SIZE_STEPS)
                if not _is_inside(tried[region.name], region):
                    break
            else:
                return tried
        raise next(too_long(self, region, words) for region in regions if not self.fits(region, words))

    @cached_property
    def _set(self) -> Callable[[Saying, float, float], Set]:
        return lru_cache(maxsize=BLOCKS_KEPT)(self._broken)

    def _at(self, region: Region, words: Words, part: float) -> list[tuple[Block, Piece]]:
        """Break a region's blocks into lines; those with nothing to say are left out."""
        blocks: list[tuple[Block, Piece]] = []
        order = self.order(region)
        for place, block in enumerate(region.blocks):
            if block.kind == "languages" and self.rest:
                blocks.append((block, self._listing(block, words, region.box.width, part, order + place * BLOCK)))
            elif block.kind == "text" and (line := self.line(block, words)):
                name = "/".join(sorted(block.fields)) or block.phrase
                name += f" {self.full[1].language}" if block.language > 1 else ""
                runs = direction(self.tongue(block))
                saying = Saying(line, self.language(block), name, block.role, order + place * BLOCK, runs)
                _append(blocks, block, self._set(saying, region.box.width, part), region.box.width)
        return blocks

    def _broken(self, saying: Saying, width: float, part: float) -> Set:
        role = self.design.roles[saying.role]
        face, size = self.faces[role.face, saying.language], role.largest - part * (role.largest - role.smallest)
        lines, below = [], 0.0
        for paragraph in saying.line.split("\n"):
            for line in text.break_lines(paragraph, width, partial(face.width_mm, size=size), role.breaks):
                lines.append((line, below))
                below += 1
            below += PARAGRAPH_GAP
        return Set(saying, role, size, face, lines)

    def _listing(self, block: Block, words: Words, width: float, part: float, order: int) -> Listing:
        role = self.design.roles[block.role]
        white = (role.largest - part * (role.largest - role.smallest)) * MM_PER_POINT * COLUMN_GAP
        column = (width - white * (block.columns - 1)) / block.columns
        entries = []
        for place, tag in enumerate(said.language for said in self.rest):
            name = Saying(NAMES[tag], tag, f"language {tag}", block.name_role, order + 2 * place, direction(tag))
            headline = Saying(
                curled(words[f"headline {tag}"], tag),
                tag,
                f"headline {tag}",
                block.role,
                order + 2 * place + 1,
                direction(tag),
            )
            entries.append((self._set(name, column, part), self._set(headline, column, part)))
        rows = [entries[start : start + block.columns] for start in range(0, len(entries), block.columns)]
        return Listing(rows, column, white)


def too_long(setter: Typesetter, region: Region, words: Words) -> CannotPrint:
    """Say by how much a region's words are too long, and which to cut."""
    wide = [sentence for block in region.blocks for sentence in _too_wide(setter, block, region, words)]
    if wide:
        return CannotPrint(" ".join(wide))
    names = [setter.key(name, block) for block in region.blocks for name in FIELD.findall(block.template("en"))]
    if any(block.kind == "languages" for block in region.blocks):
        names += [f"headline {said.language}" for said in setter.rest]
    remedies = [remedy for name in dict.fromkeys(names) if (remedy := _cut(setter, name, region, words))]
    if not remedies:
        over = _height(setter._at(region, words, 1)) - region.box.height
        where = f"The {region.name} of the {setter.design.name} on {setter.design.size}"
        return CannotPrint(
            f"{where} needs {over:.1f} mm more than it has, even at the smallest sizes that read well: "
            "choose larger paper or another design."
        )
    return CannotPrint(
        f"The words do not fit the {setter.design.name} on {setter.design.size}, even at the smallest sizes that read "
        f"well. Shorten {' or '.join(remedies)}."
    )


def _too_wide(setter: Typesetter, block: Block, region: Region, words: Words) -> Iterator[str]:
    if block.kind != "text" or not (line := setter.line(block, words)):
        return
    role = setter.design.roles[block.role]
    face = setter.faces[role.face, setter.language(block)]
    word, width = text.widest_word(line, partial(face.width_mm, size=role.smallest))
    if width > region.box.width:
        yield (
            f"“{word}” is {width - region.box.width:.0f} mm too wide for the {setter.design.name} on "
            f"{setter.design.size}, even at {role.smallest:g} pt, the smallest that reads well there. "
            "Use a shorter word, or split it with a space."
        )


def _cut(setter: Typesetter, name: str, region: Region, words: Words) -> str:
    """Say how much must come off these words alone, or nothing if that would not do."""
    whole = words[name]
    kept = text.longest_that_fits(whole, lambda shorter: setter.fits(region, {**words, name: shorter}))
    if not kept:
        return ""
    lines = _count_lines(setter, region, words) - _count_lines(setter, region, {**words, name: kept})
    over = f"{len(whole) - len(kept)} characters ({lines} line{'' if lines == 1 else 's'})"
    field, _, language = SHORTER.get(name, name).partition(" ")
    where = f" in {NAMES[language]}" if language else ""
    return f"the {field}{where} (“{_beginning(whole)}”) by {over}, from {len(whole)} to {len(kept)}"


def _count_lines(setter: Typesetter, region: Region, words: Words) -> int:
    return sum(block.count for _, block in setter._at(region, words, part=1))


def _append(blocks: list[tuple[Block, Piece]], block: Block, lines: Set, width: float) -> None:
    """Put a block under those before it, or beside the last where it is to stand there and can."""
    before = blocks[-1][1] if blocks and block.beside else None
    if isinstance(before, Set) and len(before.lines) == len(lines.lines) == 1:
        pair = Pair(before, lines)
        if not pair.is_wider_than(width):
            blocks[-1] = blocks[-1][0], pair
            return
    blocks.append((block, lines))


def _tied(regions: Sequence[Region]) -> dict[str, list[Region]]:
    tied: dict[str, list[Region]] = {}
    for region in regions:
        tied.setdefault(region.fit or region.name, []).append(region)
    return tied


def _is_inside(blocks: Sequence[tuple[Block, Piece]], region: Region) -> bool:
    is_wide = any(block.is_wider_than(region.box.width) for _, block in blocks)
    return not is_wide and _height(blocks) <= region.box.height


def _height(blocks: Sequence[tuple[Block, Piece]]) -> float:
    return sum(block.height for _, block in blocks) + sum(block.gap for block, _ in blocks[1:])


def _stacked(blocks: Sequence[tuple[Block, Piece]], region: Region) -> Iterator[Type]:
    spare = region.box.height - _height(blocks)
    springs = [place for place, (block, _) in enumerate(blocks) if block.spring]
    above = dict.fromkeys(springs, spare / len(springs)) if springs else {0: SHARE_ABOVE[region.align] * spare}
    y = region.box.y
    for place, (block, lines) in enumerate(blocks):
        y += above.get(place, 0) + (block.gap if place else 0)
        yield from lines.marks(Frame(region.box.x, y, region.box.width, lines.height))
        y += lines.height


def _beginning(words: str) -> str:
    return words if len(words) <= 30 else f"{words[:29].rstrip()}…"
