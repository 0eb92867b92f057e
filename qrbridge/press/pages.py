"""Sheets onto pages: one to a page, several to cut or peel apart, one on both faces of a tent, or rows of a list."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qrbridge.errors import CannotPrint, InvalidInput, Problem
from qrbridge.press.design.papers import Paper
from qrbridge.press.design.printable import Frame, Rows
from qrbridge.press.design.words import Sheet
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Code, Fill, Mark, moved, outline, turned

HAIRLINE_MM = 0.2
CUT_MARK = (5.0, 6.0)
"""Where a cut mark begins, outside what office printers leave blank, and how long it is."""
CROSS_MM = 6.0
CELL = 100_000
"""How much later than one cell the next is read: more than a cell has parts."""


@dataclass(frozen=True)
class Page:
    """A page's own marks, and the sheets on it."""

    marks: list[Mark]
    sheets: tuple[Sheet, ...]

    @property
    def title(self) -> str:
        """Its name in the file's list of pages."""
        first, last = self.sheets[0].title, self.sheets[-1].title
        return first if first == last else f"{first} to {last}"

    @property
    def addresses(self) -> list[str]:
        """What its codes must read as, each as often as it is there."""
        return [mark.address for mark in self.marks if isinstance(mark, Code)]


def shared(compositor: Compositor) -> list[Mark]:
    """Give what every page of the run carries alike."""
    paper = compositor.design.sheet
    if compositor.design.rows:
        return []
    return compositor.common if len(paper.origins) == 1 else list(_guides(paper))


def pages(compositor: Compositor, sheets: Iterable[Sheet], start_at: int = 1) -> Iterator[Page]:
    """Set every sheet, in order; the first goes to this cell of the first page.

    The sheets of a list are gone through twice: its first page says how many there are. Raises CannotPrint after the
    last page, with every sheet that does not fit and why.
    """
    _check_start(compositor.design.sheet, start_at)
    refused: list[str] = []
    if compositor.design.rows:
        yield from _listed(compositor, sheets, refused)
    else:
        yield from _celled(compositor, _set(compositor, sheets, refused), start_at)
    if refused:
        raise CannotPrint("\n".join(refused))


def calibration(paper: Paper) -> list[Mark]:
    """Draw the outline of every cell and a cross in its middle, to hold against a sheet of labels."""
    marks: list[Mark] = []
    for x, y in paper.origins:
        cell = Frame(x, y, *paper.cell)
        marks += outline(cell, HAIRLINE_MM)
        across, down = cell.x + cell.width / 2, cell.y + cell.height / 2
        marks.append(Fill(Frame(across - CROSS_MM / 2, down - HAIRLINE_MM / 2, CROSS_MM, HAIRLINE_MM), "ink"))
        marks.append(Fill(Frame(across - HAIRLINE_MM / 2, down - CROSS_MM / 2, HAIRLINE_MM, CROSS_MM), "ink"))
    return marks


Placed = tuple[Sheet, list[Mark]]


@dataclass(frozen=True)
class Row:
    """A row of a list: how far down it or its ward's heading begins, how high that heading is, and its sheet."""

    y: float
    heading: float
    sheet: Sheet


def _set(compositor: Compositor, sheets: Iterable[Sheet], refused: list[str]) -> Iterator[Placed]:
    for sheet in sheets:
        try:
            yield sheet, compositor.own(sheet)
        except CannotPrint as refusal:
            refused.append(f"{sheet.title}: {refusal}")


def _celled(compositor: Compositor, placed: Iterable[Placed], start_at: int) -> Iterator[Page]:
    paper = compositor.design.sheet
    if len(paper.origins) == 1:
        yield from (Page(marks, (sheet,)) for sheet, marks in placed)
    elif paper.is_folded:
        yield from (Page(_folded(paper, compositor.common + marks), (sheet,)) for sheet, marks in placed)
    else:
        yield from _grid(compositor, placed, start_at)


def _grid(compositor: Compositor, placed: Iterable[Placed], start_at: int) -> Iterator[Page]:
    origins = compositor.design.sheet.origins
    marks: list[Mark] = []
    sheets: list[Sheet] = []
    cell = start_at - 1
    for sheet, own in placed:
        marks += (moved(mark, *origins[cell], cell * CELL) for mark in compositor.common + own)
        sheets.append(sheet)
        cell += 1
        if cell == len(origins):
            yield Page(marks, tuple(sheets))
            marks, sheets, cell = [], [], 0
    if sheets:
        yield Page(marks, tuple(sheets))


def _folded(paper: Paper, marks: Sequence[Mark]) -> list[Mark]:
    upper, lower = paper.origins
    over = [moved(turned(mark, *paper.cell), *upper) for mark in marks]
    return over + [moved(mark, *lower, CELL) for mark in marks]


def _listed(compositor: Compositor, sheets: Iterable[Sheet], refused: list[str]) -> Iterator[Page]:
    """Set rows under a heading for each ward, which is said again at the top of a page; one page is kept at a time."""
    rows = compositor.design.rows
    assert rows is not None
    lengths = array("L", map(len, _flowed(rows, sheets)))
    for number, page in enumerate(_flowed(rows, sheets), start=1):
        words = {**compositor.words, "page": str(number), "pages": str(len(lengths)), "sheets": str(sum(lengths))}
        marks = compositor.set(compositor.arranged.part("page"), words)
        own = dict(_set(compositor, (row.sheet for row in page), refused))
        for place, row in enumerate(page, start=1):
            set_row = _row(compositor, row, rows.box.width, own.get(row.sheet, []))
            marks += (moved(mark, rows.box.x, rows.box.y + row.y, place * CELL) for mark in set_row)
        yield Page(marks, tuple(row.sheet for row in page))


def _flowed(rows: Rows, sheets: Iterable[Sheet]) -> Iterator[list[Row]]:
    page: list[Row] = []
    y = 0.0
    for sheet in sheets:
        heading = 0.0 if page and page[-1].sheet.ward == sheet.ward else rows.heading
        if page and y + heading + rows.height > rows.box.height:
            yield page
            page, y, heading = [], 0.0, rows.heading
        page.append(Row(y, heading, sheet))
        y += heading + rows.height
    if page:
        yield page


def _row(compositor: Compositor, row: Row, width: float, own: list[Mark]) -> Iterator[Mark]:
    if row.heading:
        yield from compositor.set(compositor.arranged.part("heading"), {**compositor.words, "ward": row.sheet.ward})
    yield Fill(Frame(0, row.heading, width, HAIRLINE_MM), "ink")
    yield from (moved(mark, 0, row.heading) for mark in compositor.common + own)


def _guides(paper: Paper) -> Iterator[Fill]:
    """Draw where to cut or fold, from both ends of each line."""
    across, down = paper.pitch
    for column in range(1, paper.columns) if paper.is_cut else ():
        x = paper.left + column * across - HAIRLINE_MM / 2
        yield from (Fill(Frame(x, y, HAIRLINE_MM, CUT_MARK[1]), "ink") for y in _ends(paper.height))
    for row in range(1, paper.rows) if paper.is_cut or paper.is_folded else ():
        y = paper.top + row * down - HAIRLINE_MM / 2
        yield from (Fill(Frame(x, y, CUT_MARK[1], HAIRLINE_MM), "ink") for x in _ends(paper.width))


def _ends(length: float) -> tuple[float, float]:
    return CUT_MARK[0], length - sum(CUT_MARK)


def _check_start(paper: Paper, start_at: int) -> None:
    cells = len(paper.origins)
    if not 1 <= start_at <= (cells if paper.is_peeled else 1):
        sentence = f"there are labels 1 to {cells} on a sheet" if paper.is_peeled else "this is no sheet of labels"
        raise InvalidInput([Problem("start_at", f"{sentence}; choose another to start at")])
