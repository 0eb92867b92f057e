"""Sheets onto pages: cells where the labels are, both faces of a tent, and the rows of a hanging sheet."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from qrbridge import qr
from qrbridge.errors import CannotPrint, InvalidInput
from qrbridge.press.design import designs
from qrbridge.press.design.papers import PAPERS
from qrbridge.press.design.printable import Frame, Printable
from qrbridge.press.design.words import Sheet
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Code, Fill, Mark, Picture, Type
from qrbridge.press.pages import Page, calibration, pages, shared
from qrbridge.press.samples import saying
from tests.drawing import FACES

Kind = TypeVar("Kind", Type, Fill, Code)

LABELS = [name for name, paper in PAPERS.items() if paper.is_peeled]
LEFT_OVER = {"L7159": 7.3, "L7160": 7.22, "L7163": 4.67, "L7165": 4.67, "L7173": 4.67}
"""Millimetres right of the last label, by facts of the trade: what the positions must come to."""


def compositor(name: str, size: str = "") -> Compositor:
    design = designs.read(name, size)
    return Compositor(design, designs.sample(design).notice, FACES)


def made(name: str, count: int, size: str = "", start_at: int = 1) -> list[Page]:
    design = designs.read(name, size)
    sheets = designs.sample(design).sheets
    return list(pages(compositor(name, size), (sheets[number % len(sheets)] for number in range(count)), start_at))


def of_kind(marks: list[Mark], kind: type[Kind]) -> Iterator[Kind]:
    return (mark for mark in marks if isinstance(mark, kind))


@pytest.mark.parametrize("size", LABELS)
def test_labels_come_out_even_on_the_sheet(size: str) -> None:
    paper = PAPERS[size]
    x, y = paper.origins[-1]
    assert paper.width - x - paper.cell[0] == pytest.approx(LEFT_OVER[size], abs=0.06)
    assert paper.height - y - paper.cell[1] == pytest.approx(paper.top, abs=0.06)
    assert len(paper.origins) == int({"L7159": 24, "L7160": 21, "L7163": 14, "L7165": 8, "L7173": 10}[size])


@pytest.mark.parametrize("size", LABELS)
def test_every_label_keeps_to_itself(size: str) -> None:
    paper = PAPERS[size]
    (page,) = made("labels", len(paper.origins), size)
    cells = [Frame(x, y, *paper.cell).grown(-1.9) for x, y in paper.origins]
    for mark in of_kind(page.marks, Type):
        width = FACES[mark.face, mark.language].width_mm(mark.line, mark.size)
        assert any(cell.holds(Frame(mark.x, mark.y, width, 0)) for cell in cells), mark
    for code in of_kind(page.marks, Code):
        quiet = Frame(code.x, code.y, code.side, code.side).grown(qr.QUIET_MODULES * code.module)
        assert any(cell.grown(1.9).holds(quiet) for cell in cells)


def test_labels_go_on_from_the_first_that_is_left() -> None:
    first, second = made("labels", 10, "L7165", start_at=6)
    assert [len(page.sheets) for page in (first, second)] == [3, 7]
    assert min(mark.y for mark in of_kind(first.marks, Code)) > PAPERS["L7165"].origins[5][1]


@pytest.mark.parametrize("start_at", [0, 9])
def test_a_label_that_is_not_there_is_refused(start_at: int) -> None:
    with pytest.raises(InvalidInput, match="labels 1 to 8"):
        made("labels", 1, "L7165", start_at)


def test_only_labels_start_elsewhere() -> None:
    with pytest.raises(InvalidInput, match="no sheet of labels"):
        made("poster", 1, start_at=2)


def test_a_calibration_page_outlines_every_label() -> None:
    marks = calibration(PAPERS["L7160"])
    assert len(marks) == 21 * 6
    x, y = PAPERS["L7160"].origins[20]
    assert any(mark.box.x == pytest.approx(x) and mark.box.y == pytest.approx(y) for mark in of_kind(marks, Fill))


def test_a_tent_says_the_same_on_both_faces_and_one_is_upside_down() -> None:
    (page,) = made("table-tent", 1)
    types = list(of_kind(page.marks, Type))
    turned, upright = [mark for mark in types if mark.is_turned], [mark for mark in types if not mark.is_turned]
    assert [mark.line for mark in turned] == [mark.line for mark in upright]
    assert all(one.x + other.x == pytest.approx(210) for one, other in zip(turned, upright, strict=True))
    assert all(one.y + other.y == pytest.approx(297) for one, other in zip(turned, upright, strict=True))
    assert max(mark.y for mark in turned) < 148.5 < min(mark.y for mark in upright)
    assert len(page.addresses) == 2 and len(set(page.addresses)) == 1


def test_two_flyers_to_a_page_with_marks_to_cut_by() -> None:
    first, second = made("flyer", 3)
    assert (len(first.addresses), len(second.addresses)) == (2, 1)
    ticks = list(of_kind(shared(compositor("flyer")), Fill))
    assert [round(tick.box.x + tick.box.width / 2, 2) for tick in ticks] == [148.5, 148.5]


def test_what_is_read_comes_sheet_by_sheet() -> None:
    (page,) = made("flyer", 2)
    read = sorted((mark for mark in page.marks if isinstance(mark, Type | Code)), key=lambda mark: mark.order)
    first = [mark.x < 148.5 for mark in read]
    assert first == sorted(first, reverse=True)


def test_a_hanging_sheet_goes_ward_by_ward_with_a_code_for_each_row() -> None:
    design = designs.read("hanging-sheet")
    sheets = designs.sample(design).sheets
    found = list(pages(Compositor(design, designs.sample(design).notice, FACES), sheets))
    assert [address for page in found for address in page.addresses] == [sheet.check for sheet in sheets]
    said = [[mark.line for mark in of_kind(page.marks, Type)] for page in found]
    assert [next(line for line in lines if " / " in line) for lines in said] == ["1 / 2", "2 / 2"]
    wards = [mark.line for page in found for mark in of_kind(page.marks, Type) if mark.block == "ward"]
    assert wards == list(dict.fromkeys(sheet.ward for sheet in sheets))


def test_a_ward_that_runs_over_is_named_again() -> None:
    design = designs.read("hanging-sheet")
    sheet = designs.sample(design).sheets[0]
    found = list(pages(Compositor(design, designs.sample(design).notice, FACES), [sheet] * 8))
    assert [sum(mark.block == "ward" for mark in of_kind(page.marks, Type)) for page in found] == [1, 1]
    rows = [mark for page in found for mark in page.marks if isinstance(mark, Code)]
    assert len(rows) == 8 and all(mark.y + mark.side <= 270 for mark in rows)


def test_a_list_keeps_one_page_and_not_its_rows() -> None:
    sample = designs.sample(designs.read("hanging-sheet"))
    read = []

    class Many:
        def __iter__(self) -> Iterator[Sheet]:
            for number in range(500):
                read.append(number)
                yield sample.sheets[number % len(sample.sheets)]

    first, *rest = pages(compositor("hanging-sheet"), Many())
    assert len(read) == 1_000 and len(first.sheets) + sum(len(page.sheets) for page in rest) == 500
    read.clear()
    next(pages(compositor("hanging-sheet"), Many()))
    assert len(read) == 500 + len(first.sheets) + 1


def test_every_sheet_that_does_not_fit_is_named_after_the_last_page() -> None:
    good = designs.sample(designs.read("poster")).sheet
    bad = replace(good, location="The hall behind the church of Saint Mary " * 8)
    sheets = [good, replace(bad, bookmark="One"), good, replace(bad, bookmark="Two")]
    with pytest.raises(CannotPrint) as caught:
        list(pages(compositor("poster"), sheets))
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["One", "Two"]


def test_a_panel_runs_over_the_edge_for_a_print_shop() -> None:
    design = designs.read("poster")
    plain = Compositor(design, designs.sample(design).notice, FACES).common[0]
    bled = Compositor(design, designs.sample(design).notice, FACES, bleed=True).common[0]
    assert isinstance(plain, Fill) and isinstance(bled, Fill)
    assert (plain.box.x, plain.box.y, plain.box.right) == (8, 8, 202)
    assert (bled.box.x, bled.box.y, bled.box.right) == (-3, -3, 213)
    assert bled.box.bottom == plain.box.bottom


@pytest.mark.parametrize(
    ("name", "size"), [(name, size) for name in designs.names() for size in designs.read(name).sizes]
)
def test_what_bleeds_reaches_the_same_edges_on_all_paper(name: str, size: str) -> None:
    """Papers differ in shape by a hair; a panel a hair from the printable edge would leave a strip of white."""
    edges = [_edges_bled_over(designs.read(name, each)) for each in (designs.read(name).size, size)]
    assert edges[0] == edges[1]


def _edges_bled_over(design: Printable) -> list[tuple[bool, ...]]:
    width, height = design.sheet.cell
    common = Compositor(design, designs.sample(design).notice, FACES, bleed=True).common
    boxes = [mark.box for mark in common if isinstance(mark, Fill | Picture)]
    return [(box.x < 0, box.y < 0, box.right > width, box.bottom > height) for box in boxes]


def test_languages_stand_in_the_order_of_their_importance() -> None:
    design = designs.read("poster")
    marks = Compositor(design, saying(design, ["cy", "en", "pl", "ur"]), FACES).common
    types = [mark for mark in marks if isinstance(mark, Type)]
    first = next(mark for mark in types if mark.block == "headline")
    second = next(mark for mark in types if mark.block == "headline en")
    assert first.language == "cy" and second.language == "en"
    assert first.size == second.size and first.x < second.x and first.order < second.order
    assert [mark.line for mark in types if mark.block.startswith("language ")] == ["Polski", "اردو"]
    urdu = next(mark for mark in types if mark.block == "headline ur")
    assert urdu.x > next(mark for mark in types if mark.block == "language pl").x


@pytest.mark.parametrize(
    ("name", "size", "languages", "said"),
    [
        ("poster", "A5", ["cy", "en", "pl"], "no room for 3 languages"),
        ("large-print", "A4", ["en", "pl", "so"], "no room for Polski and Soomaali"),
        ("window-sticker", "A5", ["cy", "en", "pl"], "no room for Polski"),
    ],
)
def test_no_language_is_left_out_in_silence(name: str, size: str, languages: list[str], said: str) -> None:
    design = designs.read(name, size)
    with pytest.raises(CannotPrint, match=said):
        Compositor(design, saying(design, languages), FACES)
