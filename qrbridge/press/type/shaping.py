"""A line of type as it is set: which glyph of which font stands where."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import combining

import uharfbuzz as hb  # type: ignore[import-untyped]

from qrbridge.press.type import direction
from qrbridge.press.type.direction import Stretch

PER_EM = 1000
"""PDF states every measure of a font in thousandths of its size."""
ONE_GLYPH_A_LETTER: Mapping[str, bool] = {"liga": False, "clig": False, "dlig": False}
"""Latin without ligatures is easier to read letter by letter, and text copied from the file is what was typed."""
NOT_FOR_PAPER = ("GSUB", "GPOS", "GDEF", "STAT", "DSIG", "gasp", "meta")
"""Tables that choose and place glyphs, which is done before a font is embedded."""
JOINERS = "\u200c\u200d"
SPACED_LATIN = re.compile(f" ?[{direction.MARKS}]*{direction.LATIN.pattern}[{direction.MARKS}]* ?")
"""The spaces beside Latin are as wide as its own: some scripts hardly leave any."""


class Font:
    """One font file."""

    def __init__(self, path: Path) -> None:
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self._font.scale = (PER_EM, PER_EM)
        self.name: str = self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or path.stem

    @cached_property
    def extents(self) -> hb.FontExtents:
        """How far its letters reach above and below the baseline."""
        return self._font.get_font_extents("ltr")

    def glyph(self, character: str) -> int:
        """The glyph a character has by itself; 0 where there is none."""
        return int(self._font.get_nominal_glyph(ord(character)) or 0)

    def width(self, glyph: int) -> int:
        """A glyph's own width, per em."""
        return int(self._font.get_glyph_h_advance(glyph))

    def box(self, glyph: int) -> tuple[int, int, int, int]:
        """Left, bottom, right and top of a glyph's ink, per em."""
        ink = self._font.get_glyph_extents(glyph)
        return ink.x_bearing, ink.y_bearing + ink.height, ink.x_bearing + ink.width, ink.y_bearing

    @property
    def capital_height(self) -> int:
        """The height of a capital letter as the font states it; 0 where it does not."""
        return int(self._font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT) or 0)

    def shape(self, text: str, stretch: Stretch, language: str, features: Mapping[str, bool]) -> "Run":
        """Choose and place the glyphs of part of a text; what stands beside it is seen, since letters join."""
        buffer = hb.Buffer()
        buffer.add_str(text, stretch.start, stretch.end - stretch.start)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if stretch.is_leftwards else "ltr"
        buffer.language = language
        if stretch.is_leftwards:
            # Marks over letters by themselves: what copies text turns the order of letters, but not within one.
            buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        hb.shape(self._font, buffer, dict(features))
        placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        starts = sorted({info.cluster for info, _ in placed})
        seen = direction.mirrored(text) if stretch.is_leftwards else text
        texts = {start: seen[start:end] for start, end in pairwise([*starts, stretch.end])}
        together = groupby(placed, key=lambda pair: pair[0].cluster)
        return Run(self, tuple(_letter(texts[start], glyphs) for start, glyphs in together), stretch.is_leftwards)

    def subset(self, glyphs: Sequence[int]) -> tuple[bytes, Mapping[int, int]]:
        """The font with the outlines of these glyphs only, and the numbers they have in it."""
        asked = hb.SubsetInput()
        asked.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_HINTING
        asked.glyph_set.update(glyphs)
        asked.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in NOT_FOR_PAPER)
        plan = hb.SubsetPlan(self._face, asked)
        return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


class Letter(NamedTuple):
    """What stands for one or a few characters together: glyphs, each with how far right and up it stands, per em."""

    text: str
    glyphs: tuple[tuple[int, int, int], ...]
    advance: int
    """How far on the next letter begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring letters of one font, from left to right."""

    font: Font
    letters: tuple[Letter, ...]
    is_leftwards: bool


@dataclass(frozen=True)
class Line:
    """A line as set: what was typed, its runs from left to right, and its width per em."""

    typed: str
    runs: tuple[Run, ...]
    advance: int

    @property
    def text(self) -> str:
        """What is read of it: marks of direction are not."""
        return direction.plain(self.typed)

    @cached_property
    def reach(self) -> tuple[int, int]:
        """The lowest and the highest that its ink goes, per em from the baseline."""
        boxes = [
            (run.font.box(glyph), up) for run in self.runs for letter in run.letters for glyph, _, up in letter.glyphs
        ]
        lowest, highest = (box[1] + up for box, up in boxes), (box[3] + up for box, up in boxes)
        return min(lowest, default=0), max(highest, default=0)

    @property
    def is_leftwards(self) -> bool:
        """Whether any of it is read from right to left."""
        return any(run.is_leftwards for run in self.runs)


@dataclass(frozen=True, slots=True)
class Setting:
    """What lines are set in: the fonts from the first choice on, the last being for Latin; and how they run."""

    fonts: tuple[Font, ...]
    language: str
    is_leftwards: bool


def set_line(text: str, setting: Setting) -> Line:
    """Set a line; a character that no font has becomes glyph 0."""
    text = direction.whole_numbers(text) if setting.is_leftwards else text
    runs = tuple(
        font.shape(text, stretch, setting.language, _features(font, setting))
        for font, stretch in _in_order(text, setting)
    )
    advance = sum(letter.advance for run in runs for letter in run.letters)
    return Line(text, runs, advance)


def _letter(text: str, placed: Iterable[tuple[Any, Any]]) -> Letter:
    glyphs, pen = [], 0
    for info, at in placed:
        glyphs.append((info.codepoint, pen + at.x_offset, at.y_offset))
        pen += at.x_advance
    return Letter(text, tuple(glyphs), pen)


def _features(font: Font, setting: Setting) -> Mapping[str, bool]:
    return ONE_GLYPH_A_LETTER if font is setting.fonts[-1] else {}


def _in_order(text: str, setting: Setting) -> Iterator[tuple[Font, Stretch]]:
    """Cut a text where direction or font changes, and give the parts from left to right."""
    is_plain = not setting.is_leftwards and direction.is_one_way(text)
    levels = [0] * len(text) if is_plain else direction.levels(text, setting.is_leftwards)
    fonts = _fonts(text, setting.fonts)
    stretches: list[Stretch] = []
    for place, character in enumerate(text):
        if character in direction.MARKS:
            continue
        last = stretches[-1] if stretches else None
        if last and last.end == place and (levels[place], fonts[place]) == (last.level, fonts[last.start]):
            stretches[-1] = Stretch(last.start, place + 1, last.level)
        else:
            stretches.append(Stretch(place, place + 1, levels[place]))
    for stretch in direction.in_visual_order(stretches):
        yield setting.fonts[fonts[stretch.start]], stretch


def _fonts(text: str, fonts: Sequence[Font]) -> list[int]:
    """Choose a font for each character: Latin words and figures from the font for Latin, the rest as it comes."""
    if len(fonts) == 1:
        return [0] * len(text)
    latin = len(fonts) - 1
    chosen = [-1] * len(text)
    for match in SPACED_LATIN.finditer(text):
        chosen[match.start() : match.end()] = [latin] * (match.end() - match.start())
    for place, character in enumerate(text):
        if chosen[place] < 0 or not fonts[chosen[place]].glyph(character):
            having = (number for number, font in enumerate(fonts) if font.glyph(character))
            joins = place > 0 and (combining(character) or character in JOINERS)
            chosen[place] = chosen[place - 1] if joins else next(having, 0)
    return chosen
