"""reportlab's document, written to its file page by page: a finished page leaves memory, and only its place stays."""

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from qrbridge.press.pdf.embedding import Embedded
from qrbridge.press.pdf.pictures import photograph
from qrbridge.press.pdf.tags import Part, Tree, references, spelled
from qrbridge.press.type.shaping import Font

PDF_VERSION = (1, 7)
NOT_WRITTEN = 0
PLACES_AT_ONCE = 1000


class _File(pdfdoc.PDFFile):
    """reportlab's file, which otherwise gathers everything in memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(PDF_VERSION)
        for held in self.strings:
            stream.write(held)
        self.write = stream.write


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is drawn: its title, its parts, its operators, and its boxes by their names."""

    title: str
    parts: Sequence[Part]
    drawn: str
    boxes: Mapping[str, Sequence[float]]


@dataclass(slots=True)
class _Bookmark:
    """A bookmark, which is written when the next is known, since it points there."""

    number: int
    entries: bytes


class StreamedDocument(pdfdoc.PDFDocument):
    """A document that writes each page and all that belongs to it at once, and keeps only their numbers and places.

    reportlab keeps what pages share, which is written at the end.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(invariant=1, pdfVersion=PDF_VERSION)
        self.defaultStreamFilters = [pdfdoc.PDFZCompress]
        self._file = _File(stream)
        self._places = array("Q", [NOT_WRITTEN])
        self._pages = array("L")
        self._tree, self._outline, self._root = Tree(self), self.reserve(), self.reserve()
        self._first = self._last = 0
        self._waiting: _Bookmark | None = None
        self.resources = pdfdoc.PDFResourceDictionary(Font=pdfdoc.PDFObjectReference(pdfdoc.BasicFonts))
        self.resources.allProcs()

    def reserve(self) -> int:
        """Give the number of an object to be written later, by `put`."""
        self.objectcounter += 1
        return int(self.objectcounter)

    def put(self, number: int, body: bytes) -> None:
        """Write an object that reportlab need not know of."""
        self._add(number, b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def write_page(self, page: Page) -> None:
        """Write a page, what it shows and what is told of it."""
        number, contents = self.reserve(), self.reserve()
        key = self._tree.page(number, page.parts)
        # Said of every page, though all are alike: not every program looks for it in the list of pages.
        boxes = "".join(f" /{name} [{' '.join(f'{side:.3f}' for side in box)}]" for name, box in page.boxes.items())
        entries = b"/Parent %d 0 R /Contents %d 0 R /StructParents %d" % (self._root, contents, key)
        self.put(number, b"<< /Type /Page %s /Tabs /S%s >>" % (entries, boxes.encode()))
        drawn = zlib.compress(page.drawn.encode())
        stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        self.put(contents, stream % (len(drawn), drawn))
        self._pages.append(number)
        self._bookmark(page.title, number)

    def describe(self, metadata: bytes) -> int:
        """Write what the file is, unpacked, for programs that look for it without reading the rest."""
        number = self.reserve()
        about = b"/Type /Metadata /Subtype /XML /Length %d" % len(metadata)
        self.put(number, b"<< %s >>\nstream\n%s\nendstream" % (about, metadata))
        return number

    def format(self) -> bytes:
        """Write what is left, the table of places and the trailer; nothing is returned, all of it being written."""
        self._close()
        number = 1
        # Writing an object may bring new ones, which are then written too.
        while number <= self.objectcounter:
            name = self.numberToId.get(number)
            if name is not None:
                self._add(number, pdfdoc.PDFIndirectObject(name, self.idToObject[name]).format(self))
            number += 1
        start = self._file.offset
        self._write_places()
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        trailer = pdfdoc.PDFTrailer(start, Size=len(self._places), Root=root, Info=info, ID=self.ID())
        self._file.add(trailer.format(self))
        return b""

    def _bookmark(self, title: str, page: int) -> None:
        number = self.reserve()
        entries = b"/Title %s /Parent %d 0 R /Dest [%d 0 R /Fit]" % (spelled(title).encode(), self._outline, page)
        if self._waiting is not None:
            self._write_bookmark(self._waiting, b" /Next %d 0 R" % number)
            entries += b" /Prev %d 0 R" % self._last
        self._first, self._last = self._first or number, number
        self._waiting = _Bookmark(number, entries)

    def _write_bookmark(self, bookmark: _Bookmark, further: bytes = b"") -> None:
        self.put(bookmark.number, b"<< %s%s >>" % (bookmark.entries, further))

    def _close(self) -> None:
        """Write the lists of pages, of bookmarks and of parts."""
        if self._waiting is not None:
            self._write_bookmark(self._waiting)
        resources = self.Reference(self.resources).format(self)
        alike = len(self._pages), references(self._pages), resources
        self.put(self._root, b"<< /Type /Pages /Count %d /Kids %s /Resources %s >>" % alike)
        ends = b"/First %d 0 R /Last %d 0 R" % (self._first, self._last)
        self.put(self._outline, b"<< /Type /Outlines /Count %d %s >>" % (len(self._pages), ends))
        self._tree.close()
        catalog = self.Catalog
        catalog.Pages, catalog.Outlines, catalog.StructTreeRoot = map(at, (self._root, self._outline, self._tree.root))

    def _add(self, number: int, written: bytes) -> None:
        self.updateSignature(written)
        if number >= len(self._places):
            self._places.extend([NOT_WRITTEN] * (number + 1 - len(self._places)))
        self._places[number] = self._file.add(written)

    def _write_places(self) -> None:
        size = len(self._places)
        self._file.add(f"xref\n0 {size}\n0000000000 65535 f \n")
        for start in range(1, size, PLACES_AT_ONCE):
            places = self._places[start : start + PLACES_AT_ONCE]
            self._file.add(b"".join(b"%010d 00000 n \n" % place for place in places))


class StreamedCanvas(Canvas):
    """reportlab's canvas over a streamed document."""

    def __init__(self, stream: IO[bytes], paper: tuple[float, float]) -> None:
        super().__init__(stream, pagesize=paper, pageCompression=0, invariant=1)
        self._doc = StreamedDocument(stream)
        self._fonts: dict[Font, Embedded] = {}
        self._photographs: dict[tuple[Path, tuple[float, float]], str] = {}

    def _make_preamble(self) -> None:
        """Begin pages with nothing: reportlab would set Helvetica, which is never embedded."""
        self._preamble = ""

    def finish(self, title: str, parts: Sequence[Part], boxes: Mapping[str, Sequence[float]]) -> None:
        """Write the page that was drawn, by its name in the file's list of pages and with its tagged parts."""
        self._doc.resources.XObject.update(self._doc.xobjDict(self._formsinuse).dict)
        self._doc.write_page(Page(title, parts, "\n".join(self._code), boxes))
        self._startPage()

    def describe(self, language: str, metadata: bytes) -> None:
        """Say what language the file is in, that it is tagged, and what it is."""
        catalog = self._doc.Catalog
        catalog.Lang = pdfdoc.PDFString(language)
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        catalog.Metadata = at(self._doc.describe(metadata))

    def write(self, operators: str) -> None:
        """Add to the page what reportlab has no call for."""
        self._code.append(operators)

    def font(self, font: Font) -> Embedded:
        """Give a font as this file has it."""
        if font not in self._fonts:
            self._fonts[font] = Embedded(font, f"/F{len(self._fonts) + 1}")
        return self._fonts[font]

    def embed(self) -> None:
        """Write the fonts, when all that is shown in them is known."""
        names = self._doc.idToObject[pdfdoc.BasicFonts].dict
        for embedded in self._fonts.values():
            names[embedded.name.removeprefix("/")] = embedded.add_to(self._doc)

    def photograph(self, path: Path, box: tuple[float, float], is_cmyk: bool) -> str:
        """Put a photograph into the file, once however often it is shown, and give the name it is shown by."""
        name = self._photographs.setdefault((path, box), f"photograph{len(self._photographs)}")
        if not self.hasForm(name):
            picture = photograph(path, box, is_cmyk)
            image = pdfdoc.PDFImageXObject(name)
            image.width, image.height, image.bitsPerComponent = picture.width, picture.height, 8
            # JPEG keeps inks the other way round.
            image.colorSpace, image._dotrans = "DeviceCMYK" if is_cmyk else "DeviceRGB", is_cmyk
            image._filters, image.streamContent = ("DCTDecode",), picture.jpeg
            self._doc.addForm(name, image)
        self._formsinuse.append(name)
        return f"/{self._doc.getXObjectName(name)}"

    @contextmanager
    def form(self, name: str) -> Iterator[None]:
        """Draw once what many pages show."""
        self.beginForm(name)
        yield
        self.endForm()


def at(number: int) -> str:
    """Refer to an object by its number, which holds when the object is forgotten."""
    return f"{number} 0 R"
