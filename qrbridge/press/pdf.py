"""Marks into PDF: one pen for each kind of mark, what sheets share drawn once, and faces cut down to what was used."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from qrbridge.press import colour
from qrbridge.press.fonts import MM_PER_POINT, Face, Faces
from qrbridge.press.layout import Code, Fill, Mark, Type
from qrbridge.press.pdffile import PdfFile, text_string

PAGES_PER_NODE = 50
"""Pages under one node of the page tree, so that a reader opens page 9,000 without passing the rest."""
SYMBOLIC = 4
"""Font flag: its glyphs are named by number, not by a standard alphabet."""
CID_SYSTEM = "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
MAPPINGS_PER_BLOCK = 100
"""The most lines a block of a character map may have (Adobe Technical Note 5411)."""
BLACK, WHITE = "0 0 0 1 k", "1 g"
"""K-only black: one ink has no registration error."""


@dataclass
class Ink:
    """What the pens draw with: the sheet's height, the council's colour, the faces and which glyphs were used."""

    height: float
    brand: str
    faces: Faces
    used: dict[str, dict[int, Any]] = field(default_factory=dict)

    def colour(self, name: str) -> str:
        """Give the operator that sets a colour for filling."""
        red, green, blue = colour.parse(self.brand)
        brand = f"{red / 255:.4g} {green / 255:.4g} {blue / 255:.4g} rg"
        return {"ink": BLACK, "white": WHITE, "brand": brand}[name]

    def at(self, x: float, y: float) -> str:
        """Turn millimetres from the top left into points from the bottom left."""
        return f"{x / MM_PER_POINT:.2f} {(self.height - y) / MM_PER_POINT:.2f}"


def draw_type(mark: Type, ink: Ink) -> str:
    """Draw a line of type, kerned."""
    glyphs = ink.faces[mark.face].shape(mark.line).glyphs
    used = ink.used.setdefault(mark.face, {})
    shown = []
    for glyph in glyphs:
        used.setdefault(glyph.number, glyph)
        kern = glyph.advance - glyph.kerned
        shown.append(f"{glyph.number:04X}" + (f">{kern}<" if kern else ""))
    line = "".join(shown)
    return f"{ink.colour(mark.colour)} BT /{mark.face} {mark.size:g} Tf {ink.at(mark.x, mark.y)} Td [<{line}>]TJ ET"


def draw_fill(mark: Fill, ink: Ink) -> str:
    """Draw a rectangle."""
    size = f"{mark.box.width / MM_PER_POINT:.2f} {mark.box.height / MM_PER_POINT:.2f}"
    return f"{ink.colour(mark.colour)} {ink.at(mark.box.x, mark.box.bottom)} {size} re f"


def draw_code(mark: Code, ink: Ink) -> str:
    """Draw a code as one path, so that no hairline shows between its modules."""
    module = mark.module / MM_PER_POINT
    runs = "\n".join(f"{column} {row} {length} 1 re" for row, column, length in mark.symbol.runs())
    return f"q {BLACK} {module:.4f} 0 0 {-module:.4f} {ink.at(mark.x, mark.y)} cm\n{runs} f Q"


PENS: Mapping[type[Any], Callable[[Any, Ink], str]] = {Type: draw_type, Fill: draw_fill, Code: draw_code}


@dataclass(frozen=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    language: str


class Document:
    """A PDF being written: shared marks first, then page after page, then `close`."""

    def __init__(self, stream: IO[bytes], paper: tuple[float, float], ink: Ink) -> None:
        self._file = PdfFile(stream)
        self._ink = ink
        self._box = "[0 0 {:.2f} {:.2f}]".format(*(side / MM_PER_POINT for side in paper))
        self._media_box = self._file.add(self._box)
        self._resources = self._file.reserve()
        self._root_of_pages = self._file.reserve()
        self._nodes: list[tuple[int, int]] = []
        self._kids: list[int] = []
        self._node = 0
        self._outline = Outline(self._file)
        self._shared = 0

    def share(self, marks: Sequence[Mark]) -> None:
        """Draw what every page shows alike, once."""
        entries = f"/Type/XObject/Subtype/Form/BBox {self._box}/Resources {self._resources} 0 R"
        self._shared = self._file.add_stream(self._drawn(marks), entries)

    def page(self, marks: Sequence[Mark], title: str) -> None:
        """Write a page: what all share, then its own marks; `title` is its bookmark."""
        content = self._file.add_stream(b"/Shared Do\n" + self._drawn(marks))
        self._node = self._node or self._file.reserve()
        # The box could be inherited from the tree, but some programs that check files do not look there.
        entries = f"/MediaBox {self._media_box} 0 R/Resources {self._resources} 0 R/Contents {content} 0 R"
        page = self._file.add(f"<</Type/Page/Parent {self._node} 0 R{entries}>>")
        self._outline.add(title, page)
        self._kids.append(page)
        if len(self._kids) == PAGES_PER_NODE:
            self._close_node()

    def close(self, about: About) -> None:
        """Write the faces, the page tree and the table of offsets."""
        if self._kids:
            self._close_node()
        faces = "".join(f"/{name} {self._face(name)} 0 R" for name in sorted(self._ink.used))
        self._file.put(self._resources, f"<</Font<<{faces}>>/XObject<</Shared {self._shared} 0 R>>>>")
        self._close_pages()
        self._file.close(self._catalogue(about), self._info(about))

    def _drawn(self, marks: Sequence[Mark]) -> bytes:
        return "\n".join(PENS[type(mark)](mark, self._ink) for mark in marks).encode("ascii")

    def _close_node(self) -> None:
        kids = " ".join(f"{page} 0 R" for page in self._kids)
        parent = f"/Parent {self._root_of_pages} 0 R"
        self._file.put(self._node, f"<</Type/Pages{parent}/Kids[{kids}]/Count {len(self._kids)}>>")
        self._nodes.append((self._node, len(self._kids)))
        self._kids.clear()
        self._node = 0

    def _close_pages(self) -> None:
        kids = " ".join(f"{node} 0 R" for node, _ in self._nodes)
        count = sum(pages for _, pages in self._nodes)
        self._file.put(self._root_of_pages, f"<</Type/Pages/Kids[{kids}]/Count {count}>>")

    def _catalogue(self, about: About) -> int:
        outline = self._outline.close()
        return self._file.add(
            f"<</Type/Catalog/Pages {self._root_of_pages} 0 R/Lang{text_string(about.language)}"
            f"/ViewerPreferences<</DisplayDocTitle true>>/PageMode/UseOutlines/Outlines {outline} 0 R>>"
        )

    def _info(self, about: About) -> int:
        return self._file.add(f"<</Title{text_string(about.title)}/Author{text_string(about.author)}>>")

    def _face(self, name: str) -> int:
        return embed(self._file, self._ink.faces[name], self._ink.used[name])


class Outline:
    """The bookmarks, one a page; each is written when the next is known, since it points there."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self._root = file.reserve()
        self._first = self._previous = self._count = 0
        self._waiting: tuple[int, str] | None = None

    def add(self, title: str, page: int) -> None:
        """Add a bookmark that opens a page."""
        number = self._file.reserve()
        self._write_waiting(next_entry=f"/Next {number} 0 R")
        previous = f"/Prev {self._previous} 0 R" if self._previous else ""
        entry = f"<</Title{text_string(title)}/Parent {self._root} 0 R/Dest[{page} 0 R/Fit]{previous}"
        self._waiting = (number, entry)
        self._first = self._first or number
        self._previous = number
        self._count += 1

    def close(self) -> int:
        """Write the root and give its number."""
        self._write_waiting(next_entry="")
        ends = f"/First {self._first} 0 R/Last {self._previous} 0 R" if self._count else ""
        return self._file.put(self._root, f"<</Type/Outlines{ends}/Count {self._count}>>")

    def _write_waiting(self, next_entry: str) -> None:
        if self._waiting:
            number, entry = self._waiting
            self._file.put(number, f"{entry}{next_entry}>>")


def embed(file: PdfFile, face: Face, used: Mapping[int, Any]) -> int:
    """Embed a face with only these glyphs, named by number, and what each stands for when text is copied."""
    metrics, numbers = face.metrics, sorted(used)
    name = f"{_subset_tag(numbers)}+{face.postscript_name}"
    font = file.add_stream(data := face.subset(set(numbers)), f"/Length1 {len(data)}")
    descriptor = file.add(
        f"<</Type/FontDescriptor/FontName/{name}/Flags {SYMBOLIC}/FontBBox{list(metrics.box)}/ItalicAngle 0"
        f"/Ascent {metrics.ascent}/Descent {metrics.descent}/CapHeight {metrics.cap_height}"
        f"/StemV {face.weight // 5}/FontFile2 {font} 0 R>>".replace(",", "")
    )
    widths = " ".join(f"{number}[{used[number].advance}]" for number in numbers)
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo{CID_SYSTEM}/CIDToGIDMap/Identity"
        f"/FontDescriptor {descriptor} 0 R/W[{widths}]>>"
    )
    unicode = file.add_stream(_to_unicode({number: used[number].characters for number in numbers}))
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
    )


def _subset_tag(numbers: Sequence[int]) -> str:
    """Give the six letters that set one subset of a face apart from another."""
    mixed = zlib.crc32(repr(numbers).encode())
    return "".join(chr(65 + (mixed >> 5 * place) % 26) for place in range(6))


def _to_unicode(characters: Mapping[int, str]) -> bytes:
    lines = [f"<{number:04X}> <{shown.encode('utf-16-be').hex().upper()}>" for number, shown in characters.items()]
    starts = range(0, len(lines), MAPPINGS_PER_BLOCK)
    parts = [lines[start : start + MAPPINGS_PER_BLOCK] for start in starts]
    blocks = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{blocks}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
