"""The same posters by plainer means, unproved and untagged: `python -m bench.naive WAY SHEETS FILE`.

`images` is how a council's developer would do it first: segno's PNG of each code, and reportlab's `drawImage`.
`paths` draws modules that were worked out beforehand as rectangles: the least that reportlab itself takes.
"""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from qrbridge import codes, qr
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.marks import Code, Fill, Mark, Type
from qrbridge.press.type.fonts import LATIN, MM_PER_POINT
from qrbridge.settings import ASSETS

DESIGN = designs.read("poster")
SAMPLE = designs.sample(DESIGN)
WIDTH, HEIGHT = (side / MM_PER_POINT for side in DESIGN.paper)
PNG_SCALE = 10

Draw = Callable[[Canvas, Code, str], None]


def main(way: str, sheets: int, into: Path) -> None:
    """Draw so many posters."""
    marks = press.marks(DESIGN, SAMPLE.notice, SAMPLE.sheet)
    for mark in marks:
        if isinstance(mark, Type) and mark.face not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(mark.face, str(_file_of(mark.face))))
    canvas = Canvas(str(into), pagesize=(WIDTH, HEIGHT))
    for address in _addresses(sheets):
        _page(canvas, marks, WAYS[way], address)
        canvas.showPage()
    canvas.save()


def _page(canvas: Canvas, marks: list[Mark], draw: Draw, address: str) -> None:
    for mark in marks:
        if isinstance(mark, Type):
            canvas.setFillColor("white" if mark.colour == "white" else "black")
            canvas.setFont(mark.face, mark.size)
            canvas.drawString(mark.x / MM_PER_POINT, HEIGHT - mark.y / MM_PER_POINT, mark.line)
        elif isinstance(mark, Fill):
            canvas.setFillColor(SAMPLE.notice.colour)
            box = mark.box
            corner = (box.x / MM_PER_POINT, HEIGHT - box.bottom / MM_PER_POINT)
            canvas.rect(*corner, box.width / MM_PER_POINT, box.height / MM_PER_POINT, stroke=0, fill=1)
        elif isinstance(mark, Code):
            draw(canvas, mark, address)


def _as_image(canvas: Canvas, mark: Code, address: str) -> None:
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="png", scale=PNG_SCALE, border=4)
    side = mark.side / MM_PER_POINT
    canvas.drawImage(ImageReader(stream), mark.x / MM_PER_POINT, HEIGHT - mark.y / MM_PER_POINT - side, side, side)


def _as_path(canvas: Canvas, mark: Code, address: str) -> None:
    module = mark.module / MM_PER_POINT
    left, top = mark.x / MM_PER_POINT, HEIGHT - mark.y / MM_PER_POINT
    canvas.setFillColor("black")
    path = canvas.beginPath()
    for row, column, length in RUNS:
        path.rect(left + column * module, top - (row + 1) * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _addresses(count: int) -> Iterator[str]:
    for number in range(count):
        code = "".join(codes.ALPHABET[number // 28**place % 28] for place in range(6))
        yield f"https://QR.TRAFFORD.GOV.UK/{code}"


def _file_of(face: str) -> Path:
    return LATIN.path(ASSETS.parent, face)


RUNS = list(qr.symbol(SAMPLE.sheet.address).runs())
WAYS: dict[str, Draw] = {"images": _as_image, "paths": _as_path}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
