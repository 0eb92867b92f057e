"""Fonts in the file: each written once, at the end, with the glyphs that were shown and what they stand for."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from reportlab.pdfbase import pdfdoc

from qrbridge.press.shaping import PER_EM, Font, Run

CHARACTERS_A_BLOCK = 100
"""A map of characters may hold no more in one block."""
SYMBOLIC = 4
STEM = 80
"""The thickness of stems is not in the font, and nothing uses it where the font is embedded."""
MAP_OF_CHARACTERS = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class Embedded:
    """A font as the file has it, under a name of its own; glyphs are shown by their number in the font."""

    def __init__(self, font: Font, name: str) -> None:
        self.font = font
        self.name = name
        self._shown: dict[int, str] = {}

    def show(self, run: Run, typed: str, size: float) -> str:
        """Give the operators that show a run of a line, and remember its glyphs."""
        parts, moved, last = [f"{self.name} {size:g} Tf"], 0, 0
        for up, glyphs in groupby(run.glyphs, key=attrgetter("up")):
            shown = []
            for glyph in glyphs:
                self._remember(glyph.number, typed[glyph.place])
                left = moved - glyph.right
                shown.append((f">{left}<" if left else "") + f"{glyph.number:04x}")
                moved = glyph.right + self.font.width(glyph.number) - glyph.advance
            parts.append((f"{up * size / PER_EM:.4g} Ts " if up != last else "") + f"[<{''.join(shown)}>] TJ")
            last = up
        return " ".join(parts) + (" 0 Ts" if last else "")

    def add_to(self, document: Any) -> Any:
        """Write the font's objects and give the reference to it."""
        tag = self._tag()
        name = pdfdoc.PDFName(f"{tag}+{self.font.name}")
        inner = {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
            ),
            "CIDToGIDMap": pdfdoc.PDFName("Identity"),
            "FontDescriptor": document.Reference(self._descriptor(document, name)),
            "W": pdfdoc.PDFArray(list(self._widths())),
        }
        outer = {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("Type0"),
            "BaseFont": name,
            "Encoding": pdfdoc.PDFName("Identity-H"),
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(pdfdoc.PDFDictionary(inner))]),
            "ToUnicode": document.Reference(_stream(map_of_characters(self._shown).encode())),
        }
        return document.Reference(pdfdoc.PDFDictionary(outer))

    def _remember(self, glyph: int, character: str) -> None:
        if glyph not in self._shown:
            self._shown[glyph] = self.font.letters.get(glyph, character)

    def _tag(self) -> str:
        """Six letters that tell this subset from others of the same font."""
        digest = hashlib.sha256(repr(sorted(self._shown)).encode()).digest()
        return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])

    def _descriptor(self, document: Any, name: Any) -> Any:
        data = self.font.subset(sorted(self._shown))
        extents = self.font.extents
        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": name,
                "Flags": SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(self._box()),
                "ItalicAngle": 0,
                "Ascent": extents.ascender,
                "Descent": extents.descender,
                "CapHeight": self.font.capital_height,
                "StemV": STEM,
                "FontFile2": document.Reference(_stream(data, {"Length1": len(data)})),
            }
        )

    def _box(self) -> list[int]:
        lefts, bottoms, rights, tops = zip(*map(self.font.box, self._shown), strict=True)
        return [min(lefts), min(bottoms), max(rights), max(tops)]

    def _widths(self) -> Iterator[Any]:
        for glyphs in _in_a_row(sorted(self._shown)):
            yield glyphs[0]
            yield pdfdoc.PDFArray([self.font.width(glyph) for glyph in glyphs])


def map_of_characters(shown: Mapping[int, str]) -> str:
    """Write what characters each glyph stands for, as a PDF wants it."""
    lines = [f"<{glyph:04x}> <{shown[glyph].encode('utf-16-be').hex()}>" for glyph in sorted(shown)]
    blocks = (lines[start : start + CHARACTERS_A_BLOCK] for start in range(0, len(lines), CHARACTERS_A_BLOCK))
    written = (f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return MAP_OF_CHARACTERS.format(blocks="\n".join(written))


def _in_a_row(numbers: Iterable[int]) -> Iterator[Sequence[int]]:
    row: list[int] = []
    for number in numbers:
        if row and number != row[-1] + 1:
            yield row
            row = []
        row.append(number)
    if row:
        yield row


def _stream(data: bytes, about: Mapping[str, int] | None = None) -> Any:
    return pdfdoc.PDFStream(pdfdoc.PDFDictionary(dict(about or {})), data, [pdfdoc.PDFZCompress])
