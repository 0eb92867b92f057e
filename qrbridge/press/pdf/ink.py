"""What the pens draw with: colours in the inks of the printer, and places on the paper as a PDF counts them."""

from collections.abc import Mapping
from dataclasses import dataclass

from qrbridge.press.design import colour
from qrbridge.press.design.colour import Rgb
from qrbridge.press.design.papers import BLEED_MM
from qrbridge.press.type.fonts import MM_PER_POINT, Faces

MARK_MM = 5
"""The length of a crop mark, which begins where the bleed ends."""


@dataclass(frozen=True)
class Options:
    """How a file is made for its printer: `rgb` for the office, `cmyk` and `bleed` for a print shop."""

    bleed: bool = False
    """With 3 mm of bleed round the sheet, and crop marks round that."""
    colour: str = "rgb"
    """`rgb`, or `cmyk`: four inks throughout."""

    @property
    def margin(self) -> float:
        """Millimetres of paper round the sheet."""
        return BLEED_MM + MARK_MM if self.bleed else 0


@dataclass(frozen=True)
class Ink:
    """The sheet's height in millimetres, the council's colour, the faces, and how it will be printed."""

    height: float
    brand: str
    faces: Faces
    options: Options = Options()

    def fill(self, name: str) -> str:
        """Give the operator that takes a colour a mark names.

        Black is always one ink: four would need to meet exactly. It is grey to an office printer, which then prints it
        with its black alone.
        """
        is_cmyk = self.options.colour == "cmyk"
        if name in _ONE_INK:
            black = _ONE_INK[name]
            return f"0 0 0 {black} k" if is_cmyk else f"{1 - black} g"
        rgb = colour.resolve(name, colour.parse(self.brand))
        return _numbers(cmyk(rgb)) + " k" if is_cmyk else _numbers(tuple(channel / 255 for channel in rgb)) + " rg"

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Turn millimetres from the sheet's top left into points from the paper's bottom left."""
        margin = self.options.margin
        return (x + margin) / MM_PER_POINT, (self.height + margin - y) / MM_PER_POINT


def cmyk(rgb: Rgb) -> tuple[float, float, float, float]:
    """Turn a colour of the screen into inks: the darkness all three channels share is black, the rest is colour.

    Each channel is what its ink and black let through one after the other: red = (1 - cyan)(1 - black), and so on. One
    of the three colours is always nought, so no place takes more than 300 % of ink, and grey is black alone, whatever
    the press does to the others.
    """
    black = 1 - max(rgb) / 255
    cyan, magenta, yellow = (1 - channel / max(rgb) if black < 1 else 0.0 for channel in rgb)
    return cyan, magenta, yellow, black


def _numbers(parts: tuple[float, ...]) -> str:
    return " ".join(f"{part:.4g}" for part in parts)


_ONE_INK: Mapping[str, int] = {"ink": 1, "white": 0}
