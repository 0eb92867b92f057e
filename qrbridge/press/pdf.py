"""Marks into PDF: one pen for each kind of mark, and what all sheets share drawn once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from reportlab.lib.colors import CMYKColor, Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from qrbridge.press import colour
from qrbridge.press.fonts import MM_PER_POINT, Faces
from qrbridge.press.marks import Code, Fill, Mark, Picture, Type
from qrbridge.press.streamed import StreamedCanvas

SHARED = "shared"

# K-only black: one ink has no registration error.
BLACK = CMYKColor(0, 0, 0, 1)
WHITE = CMYKColor(0, 0, 0, 0)
ONE_INK = {"ink": BLACK, "white": WHITE}


@dataclass(frozen=True)
class Ink:
    """What the pens draw with: the sheet's height in millimetres, the council's colour and the faces."""

    height: float
    brand: str
    faces: Faces

    def colour(self, name: str) -> Color:
        """The colour that a mark names."""
        if name in ONE_INK:
            return ONE_INK[name]
        red, green, blue = colour.resolve(name, colour.parse(self.brand))
        return Color(red / 255, green / 255, blue / 255)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Turn millimetres from the top left into points from the bottom left."""
        return x / MM_PER_POINT, (self.height - y) / MM_PER_POINT

    def face(self, name: str) -> str:
        """The name reportlab knows a face by; read from its file the first time."""
        known = self.faces[name, "en"].postscript_name
        if known not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(known, self.faces.path(name), shapable=False))
        return known


def draw_type(mark: Type, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a line of type, kerned as it was measured."""
    if mark.is_turned:
        canvas.saveState()
        canvas.translate(*ink.at(mark.x, mark.y))
        canvas.rotate(180)
    text = canvas.beginText(*((0, 0) if mark.is_turned else ink.at(mark.x, mark.y)))
    text.setFillColor(ink.colour(mark.colour))
    text.setFont(ink.face(mark.face), mark.size)
    text._code.append(_kerned(mark, ink, canvas))
    canvas.drawText(text)
    if mark.is_turned:
        canvas.restoreState()


def draw_fill(mark: Fill, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a rectangle."""
    canvas.setFillColor(ink.colour(mark.colour))
    size = (mark.box.width / MM_PER_POINT, mark.box.height / MM_PER_POINT)
    canvas.rect(*ink.at(mark.box.x, mark.box.bottom), *size, stroke=0, fill=1)


def draw_code(mark: Code, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a code as one path, so that no hairline shows between its modules."""
    module = mark.module / MM_PER_POINT
    canvas.saveState()
    canvas.setFillColor(BLACK)
    canvas.translate(*ink.at(mark.x, mark.y))
    canvas.scale(module, -module)
    canvas.write("\n".join(f"{column} {row} {length} 1 re" for row, column, length in mark.symbol.runs()) + "\nf")
    canvas.restoreState()


def draw_picture(mark: Picture, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a photograph over its whole box, what does not go into it cut off at the sides or at top and bottom."""
    width, height = mark.box.width / MM_PER_POINT, mark.box.height / MM_PER_POINT
    pixels_wide, pixels_high = ImageReader(str(mark.path)).getSize()
    scale = max(width / pixels_wide, height / pixels_high)
    shown = pixels_wide * scale, pixels_high * scale
    canvas.saveState()
    canvas.translate(*ink.at(mark.box.x + mark.box.width / 2, mark.box.y + mark.box.height / 2))
    canvas.rotate(180 if mark.is_turned else 0)
    clip = canvas.beginPath()
    clip.rect(-width / 2, -height / 2, width, height)
    canvas.clipPath(clip, stroke=0)
    canvas.drawImage(str(mark.path), -shown[0] / 2, -shown[1] / 2, *shown)
    canvas.restoreState()


PENS: Mapping[type[Any], Callable[[Any, Ink, StreamedCanvas], None]] = {
    Type: draw_type,
    Fill: draw_fill,
    Code: draw_code,
    Picture: draw_picture,
}


@dataclass(frozen=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    language: str


class Document:
    """A PDF being written: shared marks first, then page after page, then `close`."""

    def __init__(self, stream: IO[bytes], paper: tuple[float, float], ink: Ink) -> None:
        self._ink = ink
        points = (paper[0] / MM_PER_POINT, paper[1] / MM_PER_POINT)
        self._canvas = StreamedCanvas(stream, points, ink.face("regular"))

    def share(self, marks: Sequence[Mark]) -> None:
        """Draw what every page shows alike, once."""
        with self._canvas.form(SHARED):
            self._draw(marks)

    def page(self, marks: Sequence[Mark], title: str) -> None:
        """Write a page: what all share, then its own marks; `title` is its bookmark."""
        self._canvas.bookmark(title)
        self._canvas.doForm(SHARED)
        self._draw(marks)
        self._canvas.showPage()

    def close(self, about: About) -> None:
        """Write what the file says of itself, the faces and the table of where everything is."""
        self._canvas.setTitle(about.title)
        self._canvas.setAuthor(about.author)
        self._canvas.setSubject(about.subject)
        self._canvas.setCreator("qrbridge")
        self._canvas.set_language(about.language)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._canvas.showOutline()
        self._canvas.save()

    def _draw(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            PENS[type(mark)](mark, self._ink, self._canvas)


def _kerned(mark: Type, ink: Ink, canvas: StreamedCanvas) -> str:
    """The operators that show a line: reportlab's codes for its characters, moved apart by the face's own kerning.

    reportlab cuts a face into subsets of 256 characters; a line changes font where it passes from one to another.
    """
    face, font = ink.faces[mark.face, mark.language], pdfmetrics.getFont(ink.face(mark.face))
    kerns = iter(face.kerns(mark.line))
    parts = []
    for subset, shown in font.splitString(mark.line, canvas._doc):
        pieces = "".join(f"{code:02x}" + (f">{kern}<" if (kern := next(kerns)) else "") for code in shown)
        parts.append(f"{font.getSubsetInternalName(subset, canvas._doc)} {mark.size:g} Tf [<{pieces}>]TJ")
    return " ".join(parts)
