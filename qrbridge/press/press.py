"""The press: a design, a notice and its sheets into one PDF, released only when every page of it has proved."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from qrbridge import codes, qr, settings
from qrbridge.errors import CannotPrint, InvalidInput, Problem
from qrbridge.press.design.papers import PAPERS
from qrbridge.press.design.printable import Frame, Printable
from qrbridge.press.design.words import Notice, Sheet
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Code, Fill, Mark
from qrbridge.press.pages import Page, calibration, pages, shared
from qrbridge.press.pdf.document import Document
from qrbridge.press.pdf.ink import Ink, Options
from qrbridge.press.pdf.metadata import About
from qrbridge.press.proof import margin
from qrbridge.press.proof.margin import LEAST_CONTRAST, LEAST_QUIET, Margin
from qrbridge.press.proof.proof import MM_PER_INCH, Expected, dpi_for, pictures, png, prove
from qrbridge.press.proof.sample import Spots
from qrbridge.press.type.fonts import Faces

MOST_PREVIEW_PIXELS = 1_400
"""Pixels on a preview's longer side: as many as a screen shows, and an A0 sheet takes no longer than an A5 one."""
THUMBNAIL_PIXELS = 350
"""On the longer side: 300 to the inch where a hanging sheet shows it."""
BLACK, GREY = "#000000", "#9a9a9a"
ENOUGH = 0.999
"""Of a distance, so that no sheet is refused over a rounding."""

ANY_HOST = "qr.example.gov.uk"
SHORTEST_HOST = "q.uk"
ANY_CODE = "MMMMMM"
"""As wide as any code is in type."""


@dataclass(frozen=True)
class Job:
    """What is printed alike on every sheet, and how.

    `distance_mm` is from how far the sheets must read; 0 is the design's own distance.
    """

    design: Printable
    notice: Notice
    distance_mm: float = 0
    start_at: int = 1
    """The label of the first page that the first sheet goes to."""
    options: Options = Options()


@dataclass(frozen=True)
class ProofRecord:
    """What was proved: how many pages and codes, of which file, with what modules, and at how many dots an inch.

    Every page was read. `margin` is the worst of the codes that were measured besides; `distance_mm` the least of the
    distances that any code reads from.
    """

    pages: int
    codes: int
    bytes: int
    sha256: str
    module_mm: float
    dpi: float
    measured: int
    margin: Margin
    distance_mm: float

    @property
    def reads_from(self) -> str:
        """From how far a phone reads the sheets, as `reads from about 1.1 m`."""
        return qr.reads_from(self.distance_mm)


@dataclass(frozen=True)
class Drawn:
    """What was drawn: what each page must read as, and where every code is."""

    expected: list[Expected]
    spots: Spots

    def add(self, page: Page) -> None:
        """Note a page that is drawn; raises CannotPrint where a sheet on it has no code."""
        addresses = tuple(page.addresses)
        for sheet in page.sheets:
            if sheet.address not in addresses and sheet.check not in addresses:
                raise CannotPrint(f"{sheet.title}: its code is not on the page. Give the design a block for the code.")
        for mark in page.marks:
            if isinstance(mark, Code):
                self.spots.add(len(self.expected), mark)
        self.expected.append(Expected(addresses, page.title))


def check(design: Printable, notice: Notice, short_host: str = ANY_HOST) -> None:
    """Raise CannotPrint, with what to change, unless the notice's words, colour and host serve in this design."""
    compositor = _compositor(design, notice)
    _ = compositor.common
    if design.rows:
        return
    try:
        compositor.own(_any_sheet(short_host))
    except CannotPrint as error:
        try:
            compositor.own(_any_sheet(SHORTEST_HOST))
        except CannotPrint:
            raise error from None
        typed = codes.typed_at(short_host, ANY_CODE)
        raise CannotPrint(
            f"{design.title} on {design.size} has no room for an address such as {typed} in type that reads well: "
            "choose a larger size."
        ) from None


def _any_sheet(short_host: str) -> Sheet:
    """What stands beside a notice's words where a design sets them with what is each sheet's own."""
    return Sheet(codes.address_at(short_host, ANY_CODE), codes.spoken(ANY_CODE), "Altrincham Library")


def room(design: Printable, notice: Notice, sheet: Sheet) -> dict[str, dict[str, int]]:
    """Give about how many characters of each text of a notice a sheet holds, by language and field.

    Each has that room while the others are as they are; what the design does not show is left out.
    """
    return _compositor(design, notice).room(sheet)


def marks(design: Printable, notice: Notice, sheet: Sheet) -> list[Mark]:
    """Set one sheet on a page of its own."""
    compositor = _compositor(design, notice)
    (page,) = pages(compositor, [sheet])
    return shared(compositor) + page.marks


def print_sheets(
    job: Job, sheets: Iterable[Sheet], into: Path, progress: Callable[[int], None] = lambda done: None
) -> ProofRecord:
    """Draw every sheet and prove every page, and only then put the file under its name.

    Sheets of a list are read twice, so they must be there to be read again. `progress` is told how many more pages have
    proved. Raises CannotPrint if words do not fit, a page does not read or not from as far as it must, or the file
    cannot be written; then, as when the run is broken off, a file already there stays as it was and nothing else is
    left.
    """
    try:
        return _release(job, sheets, into, progress)
    except OSError as error:
        remedy = "Look at the folder and the room left on the disk, then print again."
        raise CannotPrint(f"{into} could not be written: {error.strerror}. {remedy}") from error


def prove_sheets(job: Job, sheets: Iterable[Sheet]) -> ProofRecord:
    """Draw and prove sheets as `print_sheets` does, and keep no file."""
    with NamedTemporaryFile(suffix=".pdf") as stream:
        drawn = _draw(job, sheets, stream)
        stream.flush()
        return _proved(Path(stream.name), drawn, job, lambda done: None)


def preview(job: Job, sheet: Sheet, dpi: float) -> bytes:
    """Draw one sheet as a PNG picture, unproved; a large one at fewer dots an inch than asked for."""
    with NamedTemporaryFile(suffix=".pdf") as stream:
        _draw(job, [sheet], stream)
        stream.flush()
        return png(Path(stream.name), 0, min(dpi, MOST_PREVIEW_PIXELS * MM_PER_INCH / max(job.design.paper)))


def thumbnail(job: Job, sheet: Sheet) -> bytes:
    """Draw one sheet as a small PNG picture, with a grey square for each code, so that none is scanned from it."""
    with NamedTemporaryFile(suffix=".pdf") as stream:
        compositor, document = _begun(job, stream)
        (page,) = pages(compositor, [sheet])
        document.page([_hidden(mark) for mark in page.marks], page.title)
        document.close(_about(job))
        stream.flush()
        return png(Path(stream.name), 0, THUMBNAIL_PIXELS * MM_PER_INCH / max(job.design.paper))


def calibrate(size: str, into: Path) -> None:
    """Draw where the cells of a sheet of labels are; raises InvalidInput for a size that has none."""
    labels = [name for name, paper in PAPERS.items() if paper.is_peeled]
    if size not in labels:
        raise InvalidInput([Problem("size", f"“{size}” is no sheet of labels; there are {', '.join(labels)}")])
    paper = PAPERS[size]
    ink = Ink(paper.height, BLACK, Faces(settings.ASSETS))
    try:
        with into.open("wb") as stream:
            document = Document(stream, (paper.width, paper.height), ink)
            document.page(calibration(paper), size)
            document.close(About(f"Labels of {size}", "qrbridge", "Outlines to hold against a sheet of labels", "en"))
    except OSError as error:
        raise CannotPrint(f"{into} could not be written: {error.strerror}. Name another file.") from error


def _release(job: Job, sheets: Iterable[Sheet], into: Path, progress: Callable[[int], None]) -> ProofRecord:
    # Made readable as any new file would be, which a temporary file is not.
    with NamedTemporaryFile(dir=into.parent, prefix=f".{into.name}.", suffix=".part", delete=False) as stream:
        draft = Path(stream.name)
        try:
            drawn = _draw(job, sheets, stream)
            stream.flush()
            record = _proved(draft, drawn, job, progress)
            os.fsync(stream.fileno())
            draft.chmod(0o666 & ~_umask())
            draft.replace(into)
        finally:
            draft.unlink(missing_ok=True)
    return record


def _compositor(design: Printable, notice: Notice) -> Compositor:
    return Compositor(design, notice, Faces(settings.ASSETS))


def _begun(job: Job, stream: IO[bytes]) -> tuple[Compositor, Document]:
    design, notice = job.design, job.notice
    compositor = Compositor(design, notice, Faces(settings.ASSETS), job.options.bleed)
    ink = Ink(design.paper[1], notice.colour, compositor.faces, job.options)
    document = Document(stream, design.paper, ink, notice.language)
    document.share(shared(compositor))
    return compositor, document


def _about(job: Job) -> About:
    notice = job.notice
    return About(notice.headline, notice.council, job.design.title, notice.language)


def _hidden(mark: Mark) -> Mark:
    return Fill(Frame(mark.x, mark.y, mark.side, mark.side), GREY) if isinstance(mark, Code) else mark


def _draw(job: Job, sheets: Iterable[Sheet], stream: IO[bytes]) -> Drawn:
    compositor, document = _begun(job, stream)
    drawn = Drawn([], Spots(job.options.margin))
    for page in pages(compositor, sheets, job.start_at):
        document.page(page.marks, page.title)
        drawn.add(page)
    if not drawn.expected:
        raise CannotPrint("There are no sheets to print: choose at least one location.")
    document.close(_about(job))
    return drawn


def _proved(draft: Path, drawn: Drawn, job: Job, progress: Callable[[int], None]) -> ProofRecord:
    dpi = dpi_for(drawn.spots.smallest_module)
    chosen = drawn.spots.chosen(prove(draft, drawn.expected, dpi, progress))
    measured = [margin.measure(picture) for picture in pictures(draft, chosen, margin.PIXELS)]
    near = min(qr.reading_distance_mm(spot.module) * one.share for spot, one in zip(chosen, measured, strict=True))
    with draft.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    record = ProofRecord(
        pages=len(drawn.expected),
        codes=len(drawn.spots),
        bytes=draft.stat().st_size,
        sha256=digest,
        module_mm=round(drawn.spots.smallest_module, 3),
        dpi=round(dpi, 1),
        measured=len(measured),
        margin=margin.worst(measured),
        distance_mm=round(near),
    )
    _check_seen(record.margin)
    _check_distance(record, near, job)
    return record


def _check_seen(found: Margin) -> None:
    """Refuse codes that are too pale, or too near to something; many phones are less forgiving than our decoder."""
    if found.contrast < LEAST_CONTRAST:
        raise CannotPrint(
            f"The codes’ contrast is {found.contrast} %, and {LEAST_CONTRAST} % is the least that every phone reads: "
            "put them on white or on a paler ground."
        )
    if found.quiet < LEAST_QUIET:
        raise CannotPrint(
            f"Something stands {found.quiet:g} modules from a code, and {qr.QUIET_MODULES} must be kept clear: move "
            "the colour or the picture away from the code."
        )


def _check_distance(record: ProofRecord, near: float, job: Job) -> None:
    """Refuse sheets of which one reads from nearer than it must, in millimetres; says what to change."""
    promised = qr.reading_distance_mm(record.module_mm)
    wanted = job.distance_mm or job.design.reading_distance or promised
    if near >= ENOUGH * wanted:
        return
    if promised >= wanted:
        raise CannotPrint(
            f"The codes are large enough to read from about {qr.distance_in_words(promised)}, and as they are drawn "
            f"{_nearer(record.distance_mm)}: a colour or a picture comes too near them. Move it away from the code, or "
            "make it paler."
        )
    raise CannotPrint(
        f"The sheets are to be read from {qr.distance_in_words(wanted)}, and their codes read from about "
        f"{qr.distance_in_words(record.distance_mm)}: their modules are {record.module_mm:.1f} mm, and "
        f"{qr.module_for_mm(wanted):.1f} mm are needed. Print on larger paper, state a shorter distance, or use a "
        "shorter short-link host."
    )


def _nearer(distance_mm: float) -> str:
    if not distance_mm:
        return "do not read blurred and turned a little, as a hand holds a phone"
    return f"read only from {qr.distance_in_words(distance_mm)}"


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
