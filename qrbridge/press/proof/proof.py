"""Every page rendered and its code read back, as a phone would, before anyone is handed the file."""

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image
from pypdfium2 import raw

from qrbridge import qr
from qrbridge.errors import CannotPrint
from qrbridge.press.design.printable import Frame
from qrbridge.press.pdf.page_ranges import Extended, Parts
from qrbridge.press.type.fonts import MM_PER_POINT

POINTS_PER_INCH = 72
MM_PER_INCH = 25.4
PIXELS_PER_MODULE = 3
"""What a page is proved at: as many pixels a module as a phone has from the distance that its sheets state."""
CLOSER_PIXELS = 8
"""What a page is looked at with that does not read so; it then reads from nearer only, which its margin will say."""
PAGES_PER_OPENING = 250
"""Pages proved before others are opened, since pdfium keeps all of a page it rendered until its file is closed."""
SHOWN_FAILURES = 5
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_COMPRESSION = 1
"""The quickest: packing takes longer than rendering, and a flat page packs well anyhow."""
RGB = 3

FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)

# pdfium is not safe to use from two threads at once: it crashes.
_pdfium = Lock()


@dataclass(frozen=True, slots=True)
class Expected:
    """What one page must read as: the addresses its codes hold, and the name a person knows the page by."""

    addresses: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one code and its surroundings are: its page, counted from 0, and its box and module in millimetres."""

    page: int
    box: Frame
    module: float


def dpi_for(module_mm: float) -> float:
    """The resolution at which the smallest modules have a phone's pixels.

    Reading from fewer pixels is the harder test, and a page costs by the pixel.
    """
    return PIXELS_PER_MODULE * MM_PER_INCH / module_mm


def prove(path: Path, expected: Sequence[Expected], dpi: float, progress: Callable[[int], None]) -> list[int]:
    """Render and read every page, and return those that read only from nearer than a phone should need to be.

    Every code that a page must hold must be found on it, in any order, and no other. Raises CannotPrint, naming the
    pages, if one does not read as it must.
    """
    with closing(Parts(path)) as parts:
        _check_length(path, len(parts), len(expected))
        nearer = list(_missed(parts, expected, dpi, progress))
        failures = []
        for number in nearer:
            with _pdfium, Renderer(parts.pages(number, number + 1), dpi * CLOSER_PIXELS / PIXELS_PER_MODULE) as closer:
                found = read_codes(closer.grey(0))
            if sorted(found) != _must_read(expected[number]):
                failures.append(f"page {number + 1}, {expected[number].title}: {_said(found, expected[number])}")
    if failures:
        raise CannotPrint(_refusal(failures))
    return nearer


def _missed(parts: Parts, expected: Sequence[Expected], dpi: float, progress: Callable[[int], None]) -> Iterator[int]:
    for start in range(0, len(expected), PAGES_PER_OPENING):
        part = expected[start : start + PAGES_PER_OPENING]
        with _pdfium, Renderer(parts.pages(start, start + len(part)), dpi) as renderer:
            for number, page in enumerate(part):
                if sorted(read_codes(renderer.grey(number))) != _must_read(page):
                    yield start + number
                progress(1)


def pictures(path: Path, spots: Iterable[Spot], pixels: int) -> list[Image.Image]:
    """Render some codes each by itself, in grey, with so many pixels to a module."""
    with closing(Parts(path)) as parts, _pdfium:
        return [_picture(parts.pages(spot.page, spot.page + 1), spot, pixels) for spot in spots]


def _picture(source: Extended, spot: Spot, pixels: int) -> Image.Image:
    with pypdfium2.PdfDocument(source) as document:
        return _part(document[0], spot.box, pixels / spot.module)


def _part(page: Any, box: Frame, pixels_per_mm: float) -> Image.Image:
    whole = [round(side * MM_PER_POINT * pixels_per_mm) for side in page.get_size()]
    width, height = round(box.width * pixels_per_mm), round(box.height * pixels_per_mm)
    corner = (-round(box.x * pixels_per_mm), -round(box.y * pixels_per_mm))
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, raw.FPDFBitmap_Gray)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    raw.FPDF_RenderPageBitmap(bitmap, page, *corner, *whole, 0, raw.FPDF_GRAYSCALE)
    page.close()
    picture = Image.frombytes("L", (width, height), bytes(bitmap.buffer), "raw", "L", bitmap.stride)
    bitmap.close()
    return picture


def png(path: Path, page: int, dpi: float) -> bytes:
    """Render one page, counted from 0, as a PNG picture."""
    with _pdfium, pypdfium2.PdfDocument(path) as document:
        bitmap = document[page].render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
        pixels = bytes(bitmap.buffer)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    rows = (pixels[start : start + RGB * width] for start in range(0, stride * height, stride))
    return PNG_SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), PNG_COMPRESSION)),
            _chunk(b"IEND", b""),
        )
    )


def read_codes(grey: memoryview) -> list[str]:
    """Read every QR code in a grey picture of height by width; Micro QR codes are not looked for, being misread."""
    found = zxingcpp.read_barcodes(grey, FORMATS, try_rotate=False, try_downscale=False, try_invert=False)
    return [code.text for code in found]


class Renderer:
    """An open file whose pages are rendered in grey, all into one piece of memory."""

    def __init__(self, source: Path | Extended, dpi: float) -> None:
        self._document = pypdfium2.PdfDocument(source)
        width, height = self._document.get_page_size(0)
        self._size = round(width * dpi / POINTS_PER_INCH), round(height * dpi / POINTS_PER_INCH)
        self._bitmap = pypdfium2.PdfBitmap.new_native(*self._size, raw.FPDFBitmap_Gray)

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bitmap.close()
        self._document.close()

    def grey(self, number: int) -> memoryview:
        """Render a page, counted from 0; the picture is good until the next one."""
        page: Any = self._document[number]
        self._bitmap.fill_rect((255, 255, 255, 255), 0, 0, *self._size)
        raw.FPDF_RenderPageBitmap(self._bitmap, page, 0, 0, *self._size, 0, raw.FPDF_GRAYSCALE)
        page.close()
        flat = memoryview(self._bitmap.buffer).cast("B")
        height, stride = self._size[1], self._bitmap.stride
        return flat.cast("B", shape=[height, stride])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _check_length(path: Path, pages: int, sheets: int) -> None:
    if pages != sheets:
        raise CannotPrint(
            f"{path.name} has {_pages(pages)} where there should be {sheets:,}: nothing was released. Print it again."
        )


def _must_read(page: Expected) -> list[str]:
    return sorted(qr.held(address) for address in page.addresses)


def _said(found: Sequence[str], page: Expected) -> str:
    """What is wrong with what was read: what is there and should not be, else what should be and is not."""
    wanted = _must_read(page)
    extra = list((Counter(found) - Counter(wanted)).elements())
    if extra:
        return f"it reads as {' and '.join(found if len(wanted) == 1 else extra)}"
    missing = list((Counter(wanted) - Counter(found)).elements())
    if len(wanted) == 1:
        return "its code does not read"
    return f"{len(missing)} of its {len(wanted)} codes {'does' if len(missing) == 1 else 'do'} not read: {missing[0]}"


def _pages(count: int) -> str:
    return f"{count:,} page{'' if count == 1 else 's'}"


def _refusal(failures: Sequence[str]) -> str:
    more = len(failures) - SHOWN_FAILURES
    named = "; ".join(failures[:SHOWN_FAILURES]) + (f"; and {more:,} more" if more > 0 else "")
    return (
        f"{_pages(len(failures))} did not prove, so nothing was released: {named}. "
        "Check the design for something over the code, then print again."
    )
