"""What stands on a page: each mark with its place, in millimetres from the page's top left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qrbridge import qr
from qrbridge.press.design.printable import Frame


@dataclass(frozen=True)
class Type:
    """A line of type; `x` is the left of its ink whichever way it reads, `y` its baseline, the size is in points."""

    x: float
    y: float
    line: str
    face: str
    size: float
    colour: str
    block: str
    language: str = "en"
    tag: str = "p"
    is_turned: bool = False
    """Upside down: it runs to the left of `x` as the page is held."""
    order: int = 0
    """Its place among what is read on the page."""

    def __str__(self) -> str:
        face = f"{self.face} {self.colour}" + (f" {self.language}" if self.language != "en" else "")
        way = " turned" if self.is_turned else ""
        return f"type  {self.x:6.1f} {self.y:6.1f}  {self.size:4.1f} pt {face}{way}  {self.line}"


@dataclass(frozen=True)
class Fill:
    """A rectangle of plain colour."""

    box: Frame
    colour: str

    def __str__(self) -> str:
        return f"fill  {_written(self.box)} {self.colour}"


@dataclass(frozen=True)
class Code:
    """A QR code's dark modules from their top left corner, without the quiet zone; modules in millimetres."""

    x: float
    y: float
    module: float
    symbol: qr.Symbol
    address: str = ""
    """What a scan of it must read as."""
    order: int = 0

    @property
    def side(self) -> float:
        """How wide and high it is."""
        return self.module * self.symbol.size

    def __str__(self) -> str:
        kind = f"version {self.symbol.version}-{self.symbol.level}"
        return f"code  {self.x:6.1f} {self.y:6.1f}  {self.symbol.size} x {self.module:.2f} {kind}"


@dataclass(frozen=True)
class Picture:
    """A photograph that fills its box, cut at the sides or at top and bottom where its shape is another."""

    box: Frame
    path: Path
    alt: str = ""
    """What it shows, for those who do not see it; empty where it only decorates."""
    is_turned: bool = False
    order: int = 0

    def __str__(self) -> str:
        return f"picture  {_written(self.box)} {self.path.name}"


Mark = Type | Fill | Code | Picture


def moved(mark: Mark, across: float, down: float, later: int = 0) -> Mark:
    """Give a mark somewhere else on the page, and so much later in the order of reading."""
    if isinstance(mark, Fill):
        return replace(mark, box=mark.box.moved(across, down))
    order = mark.order + later
    if isinstance(mark, Picture):
        return replace(mark, box=mark.box.moved(across, down), order=order)
    return replace(mark, x=round(mark.x + across, 3), y=round(mark.y + down, 3), order=order)


def turned(mark: Mark, width: float, height: float) -> Mark:
    """Give a mark of a cell this wide and high as it stands when the cell is turned upside down.

    A code is only moved: it reads any way up.
    """
    if isinstance(mark, Type):
        return replace(mark, x=round(width - mark.x, 3), y=round(height - mark.y, 3), is_turned=True)
    if isinstance(mark, Code):
        return replace(mark, x=round(width - mark.x - mark.side, 3), y=round(height - mark.y - mark.side, 3))
    box = Frame(width - mark.box.right, height - mark.box.bottom, mark.box.width, mark.box.height)
    return replace(mark, box=box, is_turned=True) if isinstance(mark, Picture) else replace(mark, box=box)


def outline(box: Frame, thick: float, colour: str = "ink") -> Iterator[Fill]:
    """Draw the four sides of a box, inside it."""
    inner = box.height - 2 * thick
    yield Fill(Frame(box.x, box.y, box.width, thick), colour)
    yield Fill(Frame(box.x, box.bottom - thick, box.width, thick), colour)
    yield Fill(Frame(box.x, box.y + thick, thick, inner), colour)
    yield Fill(Frame(box.right - thick, box.y + thick, thick, inner), colour)


def written(marks: Sequence[Mark]) -> str:
    """Write marks as text, one a line, to be read and compared."""
    return "".join(f"{mark}\n" for mark in marks)


def _written(box: Frame) -> str:
    return f"{box.x:6.1f} {box.y:6.1f}  {box.width:.1f} x {box.height:.1f}"
