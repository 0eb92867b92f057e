"""Fonts in the file: each written once, at the end, with the glyphs that were shown and what they stand for."""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc

from qrbridge.press.pdf.composing import Glyphs, composed, is_plain
from qrbridge.press.type.shaping import Font, Letter, Run

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
    """A font as the file has it, under a name of its own.

    Each letter is shown by one code, for its glyphs and for what was typed, so that whatever copies text from the file
    copies that. Several glyphs, such as a letter's shape and its dots, are put together into one.
    """

    def __init__(self, font: Font, name: str) -> None:
        self.font = font
        self.name = name
        self._codes: dict[tuple[Glyphs, str], int] = {}
        self._widths: dict[Glyphs, int] = {}

    def show(self, run: Run, size: float) -> str:
        """Give the operators that show a run, and remember its letters."""
        shown = []
        for letter in run.letters:
            code = self._code(letter)
            back = self._widths[letter.glyphs] - letter.advance
            shown.append(f"{code:04x}" + (f">{back}<" if back else ""))
        return f"{self.name} {size:g} Tf [<{''.join(shown)}>] TJ"

    def _code(self, letter: Letter) -> int:
        key = letter.glyphs, letter.text
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = len(self._codes) + 1
            width = self.font.width(letter.glyphs[0][0]) if is_plain(letter.glyphs) else letter.advance
            self._widths.setdefault(letter.glyphs, width)
        return code

    def add_to(self, document: Any) -> Any:
        """Write the font's objects and give the reference to it."""
        letters = [glyphs for glyphs, _ in self._codes]
        data, numbers = composed(self.font, self._widths)
        name = pdfdoc.PDFName(f"{self._tag()}+{self.font.name}")
        inner = {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
            ),
            "CIDToGIDMap": document.Reference(_stream(_pairs([0, *(numbers[glyphs] for glyphs in letters)]))),
            "FontDescriptor": document.Reference(self._descriptor(document, name, data)),
            "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray([self._widths[glyphs] for glyphs in letters])]),
        }
        outer = {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("Type0"),
            "BaseFont": name,
            "Encoding": pdfdoc.PDFName("Identity-H"),
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(pdfdoc.PDFDictionary(inner))]),
            "ToUnicode": document.Reference(_stream(map_of_characters([text for _, text in self._codes]).encode())),
        }
        return document.Reference(pdfdoc.PDFDictionary(outer))

    def _tag(self) -> str:
        """Six letters that tell this subset from others of the same font."""
        digest = hashlib.sha256(repr(sorted(self._codes)).encode()).digest()
        return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])

    def _descriptor(self, document: Any, name: Any, data: bytes) -> Any:
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
        lefts, bottoms, rights, tops = zip(*(_box(self.font, glyphs) for glyphs in self._widths), strict=True)
        return [min(lefts), min(bottoms), max(rights), max(tops)]


def map_of_characters(texts: Sequence[str]) -> str:
    """Write what characters the codes from 1 on stand for, as a PDF wants it."""
    lines = [f"<{code:04x}> <{text.encode('utf-16-be').hex()}>" for code, text in enumerate(texts, start=1)]
    blocks = (lines[start : start + CHARACTERS_A_BLOCK] for start in range(0, len(lines), CHARACTERS_A_BLOCK))
    written = (f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return MAP_OF_CHARACTERS.format(blocks="\n".join(written))


def _pairs(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}H", *numbers)


def _stream(data: bytes, about: Mapping[str, int] | None = None) -> Any:
    return pdfdoc.PDFStream(pdfdoc.PDFDictionary(dict(about or {})), data)


def _box(font: Font, glyphs: Glyphs) -> tuple[int, int, int, int]:
    boxes = [
        (left + right, bottom + up, end + right, top + up)
        for glyph, right, up in glyphs
        for left, bottom, end, top in [font.box(glyph)]
    ]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
