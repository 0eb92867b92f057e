"""The press: a design, a notice and its sheets into one PDF, released only when every page of it has proved."""

import hashlib
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from qrbridge import qr, settings
from qrbridge.errors import CannotPrint
from qrbridge.press.about import About
from qrbridge.press.fonts import Faces
from qrbridge.press.ink import Ink
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Code, Mark
from qrbridge.press.pages import pages, shared
from qrbridge.press.pdf import Document
from qrbridge.press.printable import Printable
from qrbridge.press.proof import Expected, dpi_for, png, prove
from qrbridge.press.words import Notice, Sheet


@dataclass(frozen=True)
class ProofRecord:
    """What was proved: how many pages, of which file, with what modules, and at how many dots an inch."""

    pages: int
    bytes: int
    sha256: str
    module_mm: float
    dpi: float

    @property
    def reads_from(self) -> str:
        """From how far a phone reads the sheets, as `reads from about 1.1 m`."""
        return qr.reads_from(self.module_mm)


@dataclass(frozen=True)
class Drawn:
    """What was drawn: what each page must read as, and the smallest modules on any."""

    expected: list[Expected]
    module_mm: float


def check(design: Printable, notice: Notice) -> None:
    """Raise CannotPrint, with what to change, unless the notice's words and colour serve in this design."""
    _ = _compositor(design, notice).common


def longest(design: Printable, notice: Notice, field: str) -> int:
    """Give about how many characters of a notice's words this design holds, its other words being as they are."""
    return _compositor(design, notice).longest(field)


def marks(design: Printable, notice: Notice, sheet: Sheet) -> list[Mark]:
    """Set one sheet on a page of its own."""
    compositor = _compositor(design, notice)
    (page,) = pages(compositor, [sheet])
    return shared(compositor) + page.marks


def print_sheets(
    design: Printable,
    notice: Notice,
    sheets: Iterable[Sheet],
    into: Path,
    progress: Callable[[int], None] = lambda done: None,
) -> ProofRecord:
    """Draw every sheet and prove every page, and only then put the file under its name.

    `progress` is told how many more pages have proved. Raises CannotPrint if words do not fit, a page does not read or
    the file cannot be written; then, as when the run is broken off, a file already there stays as it was and nothing
    else is left.
    """
    try:
        return _release(_compositor(design, notice), sheets, into, progress)
    except OSError as error:
        remedy = "Look at the folder and the room left on the disk, then print again."
        raise CannotPrint(f"{into} could not be written: {error.strerror}. {remedy}") from error


def _release(
    compositor: Compositor, sheets: Iterable[Sheet], into: Path, progress: Callable[[int], None]
) -> ProofRecord:
    # Made readable as any new file would be, which a temporary file is not.
    with NamedTemporaryFile(dir=into.parent, prefix=f".{into.name}.", suffix=".part", delete=False) as stream:
        draft = Path(stream.name)
        try:
            drawn = _draw(compositor, sheets, stream)
            stream.flush()
            record = _proved(draft, drawn, progress)
            os.fsync(stream.fileno())
            draft.chmod(0o666 & ~_umask())
            draft.replace(into)
        finally:
            draft.unlink(missing_ok=True)
    return record


def preview(design: Printable, notice: Notice, sheet: Sheet, dpi: float) -> bytes:
    """Draw one sheet as a PNG picture, unproved."""
    with NamedTemporaryFile(suffix=".pdf") as stream:
        _draw(_compositor(design, notice), [sheet], stream)
        stream.flush()
        return png(Path(stream.name), 0, dpi)


def _compositor(design: Printable, notice: Notice) -> Compositor:
    return Compositor(design, notice, Faces(settings.ASSETS))


def _draw(compositor: Compositor, sheets: Iterable[Sheet], stream: IO[bytes]) -> Drawn:
    design, notice = compositor.design, compositor.notice
    ink = Ink(design.paper[1], notice.colour, compositor.faces)
    document = Document(stream, design.paper, ink, notice.language)
    document.share(shared(compositor))
    expected, module = [], math.inf
    for page in pages(compositor, sheets):
        document.page(page.marks, page.title)
        expected.append(Expected(tuple(page.addresses), page.title))
        module = min(module, *(mark.module for mark in page.marks if isinstance(mark, Code)))
    if not expected:
        raise CannotPrint("There are no sheets to print: choose at least one location.")
    document.close(About(notice.headline, notice.council, design.title, notice.language))
    return Drawn(expected, module)


def _proved(draft: Path, drawn: Drawn, progress: Callable[[int], None]) -> ProofRecord:
    dpi = dpi_for(drawn.module_mm)
    prove(draft, drawn.expected, dpi, progress)
    with draft.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ProofRecord(len(drawn.expected), draft.stat().st_size, digest, drawn.module_mm, dpi)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
