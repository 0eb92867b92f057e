"""A font cut down to what a file shows, where glyphs shown together have become one."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent  # type: ignore[import-untyped]

from qrbridge.press.type.shaping import PER_EM, Font

Glyphs = tuple[tuple[int, int, int], ...]
"""Glyphs shown as one letter: the number of each, and how far right and up it stands, per em."""
AS_GIVEN = 0x0002 | 0x0004
"""Components stand by offsets, which are rounded to the grid."""


def is_plain(glyphs: Glyphs) -> bool:
    """Whether a letter is a glyph of the font just as it is."""
    return len(glyphs) == 1 and glyphs[0][1:] == (0, 0)


def composed(font: Font, letters: Mapping[Glyphs, int]) -> tuple[bytes, Mapping[Glyphs, int]]:
    """Give a font with just these letters, whose widths are given, and the number of each in it."""
    data, numbers = font.subset(sorted({glyph for glyphs in letters for glyph, _, _ in glyphs}))
    made = [glyphs for glyphs in letters if not is_plain(glyphs)]
    found = {glyphs: numbers[glyphs[0][0]] for glyphs in letters if is_plain(glyphs)}
    if not made:
        return data, found
    whole = TTFont(BytesIO(data), recalcTimestamp=False)
    names = whole.getGlyphOrder()
    added = {glyphs: f"made{number}" for number, glyphs in enumerate(made)}
    for glyphs, name in added.items():
        whole["glyf"][name] = together = _together(glyphs, [names[numbers[glyph]] for glyph, _, _ in glyphs], whole)
        together.recalcBounds(whole["glyf"])
        # A glyph is drawn from where its metrics say that its ink begins.
        whole["hmtx"][name] = (round(letters[glyphs] * whole["head"].unitsPerEm / PER_EM), together.xMin)
    written = BytesIO()
    whole.save(written, reorderTables=None)
    return written.getvalue(), found | {glyphs: whole.getGlyphID(name) for glyphs, name in added.items()}


def _together(glyphs: Glyphs, names: Sequence[str], whole: TTFont) -> Glyph:
    made = Glyph()
    made.numberOfContours = -1
    made.components = list(_components(glyphs, names, whole["head"].unitsPerEm / PER_EM))
    return made


def _components(glyphs: Glyphs, names: Sequence[str], scale: float) -> Iterator[GlyphComponent]:
    for (_, right, up), name in zip(glyphs, names, strict=True):
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = name, round(right * scale), round(up * scale), AS_GIVEN
        yield part
