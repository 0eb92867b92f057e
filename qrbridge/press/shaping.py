"""A line of type as it is set: which glyph of which font stands where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from unicodedata import combining

import uharfbuzz as hb  # type: ignore[import-untyped]

from qrbridge.press import direction
from qrbridge.press.direction import Stretch

PER_EM = 1000
"""PDF states every measure of a font in thousandths of its size."""
ONE_GLYPH_A_LETTER: Mapping[str, bool] = {"liga": False, "clig": False, "dlig": False}
"""Latin without ligatures is easier to read letter by letter, and text copied from the file is what was typed."""


class Font:
    """One font file."""

    def __init__(self, path: Path) -> None:
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self._font.scale = (PER_EM, PER_EM)
        self.name: str = self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or path.stem

    @cached_property
    def letters(self) -> Mapping[int, str]:
        """The character each glyph stands for by itself; the first, where a glyph serves several."""
        return {self.glyph(chr(code)): chr(code) for code in sorted(self._face.unicodes, reverse=True)}

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
        hb.shape(self._font, buffer, dict(features))
        placed = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        glyphs = tuple(
            Glyph(info.codepoint, info.cluster, at.x_advance, at.x_offset, at.y_offset) for info, at in placed
        )
        return Run(self, glyphs, stretch)

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """The font with the outlines of these glyphs only, each under the number it has in the whole."""
        asked = hb.SubsetInput()
        asked.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_HINTING
        asked.glyph_set.update(glyphs)
        asked.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in NOT_FOR_PAPER)
        return bytes(asked.subset(self._face).blob.data)


NOT_FOR_PAPER = ("GSUB", "GPOS", "GDEF", "STAT", "DSIG", "gasp", "meta")
"""Tables that choose and place glyphs, which is done by then."""


class Glyph(NamedTuple):
    """A glyph, the place in the text of what it shows, and how far it moves the pen and stands off it, per em."""

    number: int
    place: int
    advance: int
    right: int
    up: int


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring glyphs of one font, from left to right."""

    font: Font
    glyphs: tuple[Glyph, ...]
    stretch: Stretch


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
    def reads_by_itself(self) -> bool:
        """Whether its glyphs alone say what was typed: one for each character, in the order they are read."""
        shown = [(run.font.letters.get(glyph.number), glyph.up) for run in self.runs for glyph in run.glyphs]
        return shown == [(character, 0) for character in self.text]


@dataclass(frozen=True, slots=True)
class Setting:
    """What lines are set in: the fonts from the first choice on, the last being for Latin; and how they run."""

    fonts: tuple[Font, ...]
    language: str
    is_leftwards: bool


def set_line(text: str, setting: Setting) -> Line:
    """Set a line; a character that no font has becomes glyph 0."""
    runs = tuple(
        font.shape(text, stretch, setting.language, _features(font, setting))
        for font, stretch in _in_order(text, setting)
    )
    advance = sum(glyph.advance for run in runs for glyph in run.glyphs)
    return Line(text, runs, advance)


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
    for match in direction.LATIN.finditer(text):
        chosen[match.start() : match.end()] = [latin] * (match.end() - match.start())
    for place, character in enumerate(text):
        if chosen[place] < 0 or not fonts[chosen[place]].glyph(character):
            having = (number for number, font in enumerate(fonts) if font.glyph(character))
            joins = place > 0 and (combining(character) or character in JOINERS)
            chosen[place] = chosen[place - 1] if joins else next(having, 0)
    return chosen


JOINERS = "\u200c\u200d"
