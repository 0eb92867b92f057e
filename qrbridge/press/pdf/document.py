"""Marks into PDF: one pen for each kind of mark, what all sheets share drawn once, and every part tagged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import IO, Any

from qrbridge import qr
from qrbridge.press.design.papers import BLEED_MM
from qrbridge.press.marks import Code, Fill, Mark, Picture, Type
from qrbridge.press.pdf.ink import Ink
from qrbridge.press.pdf.metadata import CREATOR, About
from qrbridge.press.pdf.streamed import StreamedCanvas
from qrbridge.press.pdf.tags import Part
from qrbridge.press.type.fonts import MM_PER_POINT

TAGS: Mapping[str, str] = {"h1": "H1", "h2": "H2", "p": "P"}
CROP_MARKS = "crop"
HAIRLINE = 0.25
"""Points; no press draws a thinner line that holds."""


def draw_type(mark: Type, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a line of type, shaped as it was measured."""
    line = ink.faces[mark.face, mark.language].shape(mark.line)
    way = "-1 0 0 -1" if mark.is_turned else "1 0 0 1"
    x, y = ink.at(mark.x, mark.y)
    shown = " ".join(canvas.font(run.font).show(run, mark.size) for run in line.runs)
    canvas.write(f"BT {ink.fill(mark.colour)} {way} {x:.2f} {y:.2f} Tm {shown} ET")


def draw_fill(mark: Fill, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a rectangle."""
    x, y = ink.at(mark.box.x, mark.box.bottom)
    width, height = mark.box.width / MM_PER_POINT, mark.box.height / MM_PER_POINT
    canvas.write(f"{ink.fill(mark.colour)} {x:.3f} {y:.3f} {width:.3f} {height:.3f} re f")


def draw_code(mark: Code, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a code as one path, so that no hairline shows between its modules."""
    module = mark.module / MM_PER_POINT
    x, y = ink.at(mark.x, mark.y)
    runs = "\n".join(f"{column} {row} {length} 1 re" for row, column, length in mark.symbol.runs())
    canvas.write(f"q {ink.fill('ink')} {module:.5f} 0 0 {-module:.5f} {x:.3f} {y:.3f} cm\n{runs}\nf Q")


def draw_picture(mark: Picture, ink: Ink, canvas: StreamedCanvas) -> None:
    """Draw a photograph, which is in the file once however often it is drawn."""
    width, height = mark.box.width / MM_PER_POINT, mark.box.height / MM_PER_POINT
    way = -1 if mark.is_turned else 1
    x, y = ink.at(mark.box.right, mark.box.y) if mark.is_turned else ink.at(mark.box.x, mark.box.bottom)
    name = canvas.photograph(mark.path, (mark.box.width, mark.box.height), ink.options.colour == "cmyk")
    canvas.write(f"q {way * width:.3f} 0 0 {way * height:.3f} {x:.3f} {y:.3f} cm {name} Do Q")


PENS: Mapping[type[Any], Callable[[Any, Ink, StreamedCanvas], None]] = {
    Type: draw_type,
    Fill: draw_fill,
    Code: draw_code,
    Picture: draw_picture,
}


@dataclass(frozen=True)
class Piece:
    """What is drawn once or many times as one part of a page; without a part it only decorates."""

    part: Part | None
    form: str


class Document:
    """A PDF being written: shared marks first, then page after page, then `close`."""

    def __init__(self, stream: IO[bytes], paper: tuple[float, float], ink: Ink, language: str = "en") -> None:
        self._ink = ink
        self._language = language
        margin = ink.options.margin
        width, height = ((side + 2 * margin) / MM_PER_POINT for side in paper)
        self._canvas = StreamedCanvas(stream, (width, height))
        self._shared: list[Piece] = []
        self._boxes: dict[str, Sequence[float]] = {"MediaBox": (0, 0, width, height)}
        if ink.options.bleed:
            self._boxes |= self._marked_boxes(paper)

    def share(self, marks: Sequence[Mark]) -> None:
        """Draw what every page shows alike, once."""
        for number, (part, drawn) in enumerate(self._pieces(marks)):
            piece = Piece(part, f"shared{number}")
            with self._canvas.form(piece.form):
                self._draw(drawn)
            self._shared.append(piece)

    def page(self, marks: Sequence[Mark], title: str) -> None:
        """Write a page: what all share, then its own marks; `title` is its bookmark."""
        parts: list[Part] = []
        for piece in self._shared:
            self._begin(piece.part, parts)
            self._canvas.doForm(piece.form)
            self._canvas.write("EMC")
        for part, drawn in self._pieces(marks):
            self._begin(part, parts)
            self._draw(drawn)
            self._canvas.write("EMC")
        self._canvas.finish(title, parts, self._boxes)

    def close(self, about: About) -> None:
        """Write what the file says of itself, the faces and the table of where everything is."""
        self._canvas.embed()
        self._canvas.setTitle(about.title)
        self._canvas.setAuthor(about.author)
        self._canvas.setSubject(about.subject)
        self._canvas.setCreator(CREATOR)
        self._canvas.describe(about.language, about.metadata())
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._canvas.showOutline()
        self._canvas.save()

    def _pieces(self, marks: Sequence[Mark]) -> Iterator[tuple[Part | None, list[Mark]]]:
        """Gather the marks, as they are drawn, into parts of the page."""
        for (part, _), drawn in groupby(marks, key=self._part):
            together = list(drawn)
            yield part and self._read_aloud(part, together), together

    def _read_aloud(self, part: Part, marks: Sequence[Mark]) -> Part:
        """Give a part that runs leftwards its words in the order they are read, since it is drawn as it is seen."""
        lines = [self._ink.faces[mark.face, mark.language].shape(mark.line) for mark in marks if isinstance(mark, Type)]
        is_leftwards = any(line.is_leftwards for line in lines)
        return replace(part, typed=" ".join(line.text for line in lines)) if is_leftwards else part

    def _part(self, mark: Mark) -> tuple[Part | None, object]:
        """Say what part of the page a mark belongs to, and what tells that part from the next."""
        if isinstance(mark, Type):
            language = mark.language if mark.language != self._language else ""
            return Part(TAGS[mark.tag], language, order=mark.order), mark.block
        if isinstance(mark, Code):
            return Part("Figure", self._english, f"QR code for {qr.typed(mark.address)}", order=mark.order), mark
        if isinstance(mark, Picture) and mark.alt:
            return Part("Figure", "", mark.alt, order=mark.order), mark
        return None, None

    @property
    def _english(self) -> str:
        return "" if self._language == "en" else "en"

    def _begin(self, part: Part | None, parts: list[Part]) -> None:
        if part is None:
            self._canvas.write("/Artifact BMC")
        else:
            self._canvas.write(f"/{part.tag} <</MCID {len(parts)}>> BDC")
            parts.append(part)

    def _draw(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            PENS[type(mark)](mark, self._ink, self._canvas)

    def _marked_boxes(self, paper: tuple[float, float]) -> Mapping[str, Sequence[float]]:
        """Say where the sheet ends and its bleed, and mark it on the paper."""
        left, bottom = self._ink.at(0, paper[1])
        right, top = self._ink.at(paper[0], 0)
        bleed = BLEED_MM / MM_PER_POINT
        with self._canvas.form(CROP_MARKS):
            self._canvas.write(_crop_marks((left, right), (bottom, top), self._ink))
        self._shared.append(Piece(None, CROP_MARKS))
        return {
            "TrimBox": (left, bottom, right, top),
            "BleedBox": (left - bleed, bottom - bleed, right + bleed, top + bleed),
        }


def _crop_marks(across: tuple[float, float], up: tuple[float, float], ink: Ink) -> str:
    bleed, end = BLEED_MM / MM_PER_POINT, ink.options.margin / MM_PER_POINT
    lines = [
        f"{x:.3f} {y + way * bleed:.3f} m {x:.3f} {y + way * end:.3f} l S"
        for x in across
        for y, way in zip(up, (-1, 1), strict=True)
    ]
    lines += [
        f"{x + way * bleed:.3f} {y:.3f} m {x + way * end:.3f} {y:.3f} l S"
        for y in up
        for x, way in zip(across, (-1, 1), strict=True)
    ]
    stroke = ink.fill("ink").replace("k", "K").replace("g", "G")
    return f"{stroke} {HAIRLINE} w\n" + "\n".join(lines)
