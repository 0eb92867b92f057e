"""Every page rendered and its code read back, as a phone would, before anyone is handed the file."""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

import pypdfium2
import zxingcpp
from pypdfium2 import raw

from qrbridge import qr
from qrbridge.errors import CannotPrint

POINTS_PER_INCH = 72
MM_PER_INCH = 25.4
FINEST_DPI = 150
PIXELS_PER_MODULE = 8
"""What a page is proved at, unless that takes more than 150 dpi; a phone at the reading distance has 3."""
LEAST_PIXELS_PER_MODULE = 4
"""Small codes are proved at more than 150 dpi, until their modules have this many pixels."""
PAGES_PER_OPENING = 250
"""Pages proved before the file is opened anew, since pdfium keeps what it has read of a file until that is closed: all
of a page it rendered, and about 1 kB for each page it passed on the way there."""
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


def dpi_for(module_mm: float) -> float:
    """Choose the resolution to prove at.

    150 dpi, or less for a code so large that 8 pixels a module need less: reading from fewer pixels is the harder test,
    and a page costs by the pixel. More where 150 dpi would leave a module under 4 pixels.
    """
    per_pixel = MM_PER_INCH / module_mm
    return max(min(FINEST_DPI, PIXELS_PER_MODULE * per_pixel), LEAST_PIXELS_PER_MODULE * per_pixel)


def prove(path: Path, expected: Sequence[Expected], dpi: float, progress: Callable[[int], None]) -> None:
    """Render and read every page; raises CannotPrint, naming the pages, if one does not read as it must."""
    failures = []
    for start in range(0, len(expected), PAGES_PER_OPENING):
        part = expected[start : start + PAGES_PER_OPENING]
        with _pdfium, Renderer(path, dpi) as renderer:
            _check_length(path, renderer.pages, len(expected))
            for number, page in enumerate(part, start=start):
                found = read_codes(renderer.grey(number))
                if sorted(found) != sorted(map(qr.held, page.addresses)):
                    failures.append(f"page {number + 1}, {page.title}: {_said(found)}")
                progress(1)
    if failures:
        raise CannotPrint(_refusal(failures))


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

    def __init__(self, path: Path, dpi: float) -> None:
        self._document = pypdfium2.PdfDocument(path)
        self.pages = len(self._document)
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


def _said(found: Sequence[str]) -> str:
    if not found:
        return "its code does not read"
    return f"it reads as {' and '.join(found)}"


def _pages(count: int) -> str:
    return f"{count:,} page{'' if count == 1 else 's'}"


def _refusal(failures: Sequence[str]) -> str:
    more = len(failures) - SHOWN_FAILURES
    named = "; ".join(failures[:SHOWN_FAILURES]) + (f"; and {more:,} more" if more > 0 else "")
    return (
        f"{_pages(len(failures))} did not prove, so nothing was released: {named}. "
        "Check the design for something over the code, then print again."
    )
