"""reportlab's document, written to its file page by page: a finished page leaves memory, and only its place stays."""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from qrbridge.press.embedding import Embedded
from qrbridge.press.pictures import Photograph
from qrbridge.press.shaping import Font
from qrbridge.press.tags import Part, Tree, references

PDF_VERSION = (1, 7)
NOT_WRITTEN = 0
PLACES_AT_ONCE = 1000

# While pages are written: what only a page refers to, or others by number alone.
FORGOTTEN = (pdfdoc.PDFPage, pdfdoc.PDFStream, pdfdoc.OutlineEntryObject)
PAGE_ENTRIES = (*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs")
"""What a page may say of itself; reportlab does not know the last two."""


class _File(pdfdoc.PDFFile):
    """reportlab's file, which otherwise gathers everything in memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(PDF_VERSION)
        for held in self.strings:
            stream.write(held)
        self.write = stream.write


class _Pages(pdfdoc.PDFPages):
    """The page tree, of pages that are forgotten but for their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = array("L")

    def check_format(self, document: pdfdoc.PDFDocument) -> None:
        """List the pages."""
        self.Kids = references(self.numbers)
        self.Count = len(self.numbers)


class _Outline(pdfdoc.PDFOutlines):
    """The bookmarks, each written when the next is known, since it points there."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.first: str | None = None
        self.last: str | None = None
        self.waiting: Any = None

    def prepare(self, document: pdfdoc.PDFDocument, canvas: Canvas) -> None:
        """Let reportlab know that every bookmark is there."""
        self.ready = 1 if self.count else -1


class StreamedDocument(pdfdoc.PDFDocument):
    """A document that writes each object as soon as nothing more can change in it, and then forgets it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=PDF_VERSION)
        self.defaultStreamFilters = None
        self._file = _File(stream)
        self._places = array("Q", [NOT_WRITTEN])
        self._next = 1
        self._written: set[str] = set()
        self._is_ending = False
        self.title = ""
        self.parts: Sequence[Part] = ()
        self.Pages = self.Catalog.Pages = _Pages()
        self.outline = self.Outlines = self.Catalog.Outlines = _Outline()
        self.resources = pdfdoc.PDFResourceDictionary(Font=pdfdoc.PDFObjectReference(pdfdoc.BasicFonts))
        self.resources.allProcs()
        self.tree = Tree(self)
        # Known only at the end.
        later = (self.Catalog, self.info, self.Pages, self.Outlines, self.resources)
        self._open = {self.Reference(each).name for each in later}
        self._open.add(pdfdoc.BasicFonts)

    def reserve(self) -> int:
        """Give the number of an object to be written later, by `put`."""
        self.objectcounter += 1
        return int(self.objectcounter)

    def put(self, number: int, body: bytes) -> None:
        """Write an object that reportlab need not know of."""
        self._add(number, b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def addPage(self, page: Any) -> None:
        """Write a page that is drawn, with the title and the parts set before."""
        number = self._number(page, self.thisPageName())
        page.__NoDefault__ = PAGE_ENTRIES
        page.Resources = self.Reference(self.resources)
        page.Contents = pdfdoc.PDFStream(content=page.stream, filters=[pdfdoc.PDFZCompress])
        page.StructParents, page.Tabs = self.tree.page(number, self.parts), pdfdoc.PDFName("S")
        self.Pages.numbers.append(number)
        self.pageCounter += 1
        self.inObject = None
        self._bookmark(number)
        self._write_finished()

    def format(self) -> bytes:
        """Write what is left, the table of places and the trailer; nothing is returned, all of it being written."""
        self._close_bookmark()
        self.tree.close()
        self.Catalog.StructTreeRoot = at(self.tree.root)
        self._is_ending = True
        self._open.clear()
        self._write_finished(begin=1)
        start = self._file.offset
        self._write_places()
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        trailer = pdfdoc.PDFTrailer(start, Size=len(self._places), Root=root, Info=info, ID=self.ID())
        self._file.add(trailer.format(self))
        return b""

    def _bookmark(self, page: int) -> None:
        entry, outline = pdfdoc.OutlineEntryObject(), self.Outlines
        entry.Title, entry.Parent = self.title, self.Reference(outline)
        entry.Dest = pdfdoc.PDFArray([at(page), pdfdoc.PDFName("Fit")])
        number = self._number(entry)
        self._open.add(entry.__InternalName__)
        if outline.waiting is not None:
            outline.waiting.Next, entry.Prev = at(number), outline.last
            self._close_bookmark()
        outline.last = at(number)
        outline.first = outline.first or outline.last
        outline.count += 1
        outline.waiting = entry

    def _close_bookmark(self) -> None:
        if self.Outlines.waiting is not None:
            self._open.remove(self.Outlines.waiting.__InternalName__)
            self._write(self.Outlines.waiting.__InternalName__)

    def _number(self, thing: Any, name: str | None = None) -> int:
        number: int = self.idToObjectNumberAndVersion[self.Reference(thing, name).name][0]
        return number

    def _write_finished(self, begin: int | None = None) -> None:
        self._next = begin or self._next
        # Writing an object may bring new ones, which are then written too.
        while self._next <= self.objectcounter:
            name = self.numberToId.get(self._next)
            if name is not None and name not in self._open and name not in self._written:
                self._write(name)
            self._next += 1

    def _write(self, name: str) -> None:
        number = self.idToObjectNumberAndVersion[name][0]
        written = self.idToObject[name]
        self._add(number, pdfdoc.PDFIndirectObject(name, written).format(self))
        if not self._is_ending and isinstance(written, FORGOTTEN):
            del self.idToObject[name], self.numberToId[number], self.idToObjectNumberAndVersion[name]
        else:
            self._written.add(name)

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
        super().__init__(stream, pagesize=paper, pageCompression=1, invariant=1)
        self._doc = StreamedDocument(stream)
        self._fonts: dict[Font, Embedded] = {}

    def _make_preamble(self) -> None:
        """Begin pages with nothing: reportlab would set Helvetica, which is never embedded."""
        self._preamble = ""

    def finish(self, title: str, parts: Sequence[Part]) -> None:
        """Write the page that was drawn, by its name in the file's list of pages and with its tagged parts."""
        self._doc.title, self._doc.parts = title, parts
        self._doc.resources.XObject.update(self._doc.xobjDict(self._formsinuse).dict)
        self.showPage()

    def describe(self, language: str, metadata: bytes) -> None:
        """Say what language the file is in, that it is tagged, and what it is."""
        catalog = self._doc.Catalog
        catalog.Lang = pdfdoc.PDFString(language)
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        about = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")})
        # Left as it is, for programs that look for it without reading the rest.
        catalog.Metadata = pdfdoc.PDFStream(about, metadata)

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

    def photograph(self, picture: Photograph) -> str:
        """Put a photograph into the file, once however often it is shown, and give the name it is shown by."""
        name = f"photograph-{hashlib.sha256(picture.jpeg).hexdigest()[:16]}"
        if not self.hasForm(name):
            image = pdfdoc.PDFImageXObject(name)
            image.width, image.height, image.bitsPerComponent = picture.width, picture.height, 8
            image.colorSpace = "DeviceCMYK" if picture.is_cmyk else "DeviceRGB"
            # JPEG keeps inks the other way round.
            image._dotrans = picture.is_cmyk
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
