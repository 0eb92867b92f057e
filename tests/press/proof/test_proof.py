"""A page that does not read as it must is found, whatever is wrong with it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy
import pytest

from qrbridge.errors import CannotPrint
from qrbridge.press import press
from qrbridge.press.design import colour, designs
from qrbridge.press.design.printable import Frame
from qrbridge.press.marks import Code, Fill, Mark, Type
from qrbridge.press.pdf.document import Document
from qrbridge.press.pdf.ink import Ink
from qrbridge.press.pdf.metadata import About
from qrbridge.press.proof import proof
from qrbridge.press.proof.proof import Expected
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS
from tests.present import present

DESIGN = designs.read("poster")
SAMPLE = designs.sample(DESIGN)
MARKS = press.marks(DESIGN, SAMPLE.notice, SAMPLE.sheet)
CODE = next(mark for mark in MARKS if isinstance(mark, Code))
RIGHT = Expected((SAMPLE.sheet.address,), "Sale Library")


def pdf_of(path: Path, *pages: Sequence[Mark]) -> Path:
    with path.open("wb") as stream:
        document = Document(stream, DESIGN.paper, Ink(DESIGN.paper[1], SAMPLE.notice.colour, Faces(ASSETS)))
        document.share([])
        for number, marks in enumerate(pages, start=1):
            document.page(marks, f"Page {number}")
        document.close(About("Title", "Council", "Poster", "en"))
    return path


def over_code(x: float, y: float, part: float, colour: str = "white") -> Fill:
    """A patch over the code: where its corner is and how wide it is, as parts of the code's side."""
    side = CODE.module * CODE.symbol.size
    return Fill(Frame(CODE.x + x * side, CODE.y + y * side, part * side, part * side), colour)


@pytest.mark.parametrize(
    ("marks", "expected", "said"),
    [
        pytest.param([*MARKS, over_code(0, 0, 1)], RIGHT, "does not read", id="covered"),
        pytest.param([*MARKS, over_code(-0.05, -0.05, 0.3)], RIGHT, "does not read", id="a finder pattern covered"),
        pytest.param([*MARKS, over_code(0.35, 0.35, 0.5)], RIGHT, "does not read", id="too much of it covered"),
        pytest.param([over_code(-0.2, -0.2, 1.4, "ink"), CODE], RIGHT, "does not read", id="on a black ground"),
        pytest.param([mark for mark in MARKS if mark is not CODE], RIGHT, "does not read", id="no code at all"),
        pytest.param(
            MARKS,
            replace(RIGHT, addresses=("https://qr.trafford.gov.uk/7K3M9R",)),
            "reads as https://QR.TRAFFORD",
            id="another's",
        ),
        pytest.param(
            [CODE, replace(CODE, x=10, y=10, module=2)], RIGHT, "and https://QR.TRAFFORD", id="two codes on one page"
        ),
    ],
)
def test_a_page_that_does_not_prove_is_named(tmp_path: Path, marks: list[Mark], expected: Expected, said: str) -> None:
    path = pdf_of(tmp_path / "sheets.pdf", MARKS, marks)
    with pytest.raises(CannotPrint, match=r"1 page did not prove.*page 2, Sale Library: .*" + said):
        proof.prove(path, [RIGHT, expected], proof.dpi_for(CODE.module), lambda done: None)


def test_a_page_as_drawn_proves_at_every_resolution(tmp_path: Path) -> None:
    path = pdf_of(tmp_path / "sheets.pdf", MARKS)
    for dpi in (proof.dpi_for(CODE.module), 55, 150, 300):
        assert proof.prove(path, [RIGHT], dpi, lambda done: None) == []


@pytest.mark.parametrize("module", [0.4, 0.5, 0.9, 3.7])
def test_codes_of_every_size_prove(tmp_path: Path, module: float) -> None:
    path = pdf_of(tmp_path / "sheets.pdf", [replace(CODE, x=20.013, y=20.027, module=module)])
    proof.prove(path, [RIGHT], proof.dpi_for(module), lambda done: None)


def test_a_missing_page_is_noticed(tmp_path: Path) -> None:
    path = pdf_of(tmp_path / "sheets.pdf", MARKS)
    with pytest.raises(CannotPrint, match="1 page where there should be 2"):
        proof.prove(path, [RIGHT, RIGHT], 60, lambda done: None)


@pytest.mark.parametrize(
    ("module", "dpi"),
    [
        pytest.param(3.69, 20.65, id="a poster"),
        pytest.param(0.9, 84.7, id="a label"),
        pytest.param(0.4, 190.5, id="the smallest"),
    ],
)
def test_resolution_follows_the_module(module: float, dpi: float) -> None:
    assert proof.dpi_for(module) == pytest.approx(dpi, abs=0.05)


def test_a_picture_of_a_page(tmp_path: Path) -> None:
    picture = proof.png(pdf_of(tmp_path / "sheets.pdf", MARKS), 0, 72)
    pixels = present(cv2.imdecode(numpy.frombuffer(picture, numpy.uint8), cv2.IMREAD_COLOR))
    assert pixels.shape == (842, 596, 3)
    blue, green, red = pixels[60, 60]
    assert (red, green, blue) == colour.parse(SAMPLE.notice.colour)


def test_type_alone_reads_as_nothing(tmp_path: Path) -> None:
    path = pdf_of(tmp_path / "sheets.pdf", [mark for mark in MARKS if isinstance(mark, Type)])
    with proof.Renderer(path, 100) as renderer:
        assert proof.read_codes(renderer.grey(0)) == []
