"""reportlab's document, written to its file page by page: a finished page leaves memory, and only its place stays."""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

PDF_VERSION = (1, 7)
NOT_WRITTEN = 0

# While pages are written: what only a page refers to, or others by number alone.
FORGOTTEN = (pdfdoc.PDFPage, pdfdoc.PDFStream, pdfdoc.OutlineEntryObject)


class _File(pdfdoc.PDFFile):
    """reportlab's file, which otherwise gathers everything in memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(PDF_VERSION)
        for held in self.strings:
            stream.write(held)
        self.write = stream.write


class _At(pdfdoc.PDFObject):
    """A reference to an object by its number, which holds when the object is forgotten."""

    def __init__(self, number: int) -> None:
        self.number = number

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        """Write the reference."""
        return b"%d 0 R" % self.number


class _Pages(pdfdoc.PDFPages):
    """The page tree, of pages that are forgotten but for their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = array("L")

    def check_format(self, document: pdfdoc.PDFDocument) -> None:
        """List the pages."""
        self.Kids = pdfdoc.PDFArray([_At(number) for number in self.numbers])
        self.Count = len(self.numbers)


class _Outline(pdfdoc.PDFOutlines):
    """The bookmarks, each written when the next is known, since it points there."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.first: _At | None = None
        self.last: _At | None = None
        self.waiting: Any = None

    def prepare(self, document: pdfdoc.PDFDocument, canvas: Canvas) -> None:
        """Let reportlab know that every bookmark is there."""
        self.ready = 1 if self.count else -1


class StreamedDocument(pdfdoc.PDFDocument):
    """A document that writes each object as soon as nothing more can change in it, and then forgets it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=PDF_VERSION)
        self._file = _File(stream)
        self._places = array("Q", [NOT_WRITTEN])
        self._next = 1
        self._written: set[str] = set()
        self._is_ending = False
        self.title = ""
        self.Pages = self.Catalog.Pages = _Pages()
        self.outline = self.Outlines = self.Catalog.Outlines = _Outline()
        # Known only at the end.
        self._open = {self.Reference(later).name for later in (self.Catalog, self.info, self.Pages, self.Outlines)}
        self._open.add(pdfdoc.BasicFonts)

    def addPage(self, page: Any) -> None:
        """Write a page that is drawn, and bookmark it by the title set before."""
        number = self._number(page, self.thisPageName())
        self.Pages.numbers.append(number)
        self.pageCounter += 1
        self.inObject = None
        self._bookmark(number)
        self._write_finished()

    def format(self) -> bytes:
        """Write what is left, the table of places and the trailer; nothing is returned, all of it being written."""
        self._close_bookmark()
        self._is_ending = True
        self._open.clear()
        self._write_finished(begin=1)
        start, size = self._file.offset, len(self._places)
        self._file.add(f"xref\n0 {size}\n0000000000 65535 f \n")
        for place in self._places[1:]:
            self._file.add(f"{place:010d} 00000 n \n")
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        self._file.add(pdfdoc.PDFTrailer(start, Size=size, Root=root, Info=info, ID=self.ID()).format(self))
        return b""

    def _bookmark(self, page: int) -> None:
        entry, outline = pdfdoc.OutlineEntryObject(), self.Outlines
        entry.Title, entry.Parent = self.title, self.Reference(outline)
        entry.Dest = pdfdoc.PDFArray([_At(page), pdfdoc.PDFName("Fit")])
        number = self._number(entry)
        self._open.add(entry.__InternalName__)
        if outline.waiting is not None:
            outline.waiting.Next, entry.Prev = _At(number), outline.last
            self._close_bookmark()
        outline.last = _At(number)
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
        text = pdfdoc.PDFIndirectObject(name, written).format(self)
        self.updateSignature(text)
        self._places.extend([NOT_WRITTEN] * (number + 1 - len(self._places)))
        self._places[number] = self._file.add(text)
        if not self._is_ending and isinstance(written, FORGOTTEN):
            del self.idToObject[name], self.numberToId[number], self.idToObjectNumberAndVersion[name]
        else:
            self._written.add(name)


class StreamedCanvas(Canvas):
    """reportlab's canvas over a streamed document; the face named is the one that pages begin with."""

    def __init__(self, stream: IO[bytes], paper: tuple[float, float], face: str) -> None:
        # A face of ours to begin with: reportlab would otherwise list Helvetica, which is never embedded.
        super().__init__(stream, pagesize=paper, pageCompression=1, invariant=1, initialFontName=face)
        self._doc = StreamedDocument(stream)

    def bookmark(self, title: str) -> None:
        """Name the page being drawn in the file's list of pages."""
        self._doc.title = title

    def set_language(self, language: str) -> None:
        """Say what language the file is in."""
        self._doc.Catalog.Lang = pdfdoc.PDFString(language)

    def write(self, operators: str) -> None:
        """Add to the page what reportlab has no call for."""
        self._code.append(operators)

    @contextmanager
    def form(self, name: str) -> Iterator[None]:
        """Draw once what many pages show."""
        self.beginForm(name)
        yield
        self.endForm()
