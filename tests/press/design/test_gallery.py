"""Every printable sets, reads and is clean PDF/UA-1 in every language, and at every size; `make gallery` proves the two
together."""

from itertools import combinations
from pathlib import Path

import pytest

from qrbridge.press.design import designs
from qrbridge.press.design.printable import Frame
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Type
from qrbridge.press.pages import pages, shared
from qrbridge.press.pdf.ink import Options
from qrbridge.press.samples import saying
from qrbridge.press.type.fonts import MM_PER_POINT
from qrbridge.press.type.shaping import PER_EM
from tests.drawing import FACES, LANGUAGES, draw, failures

SIZES = [(name, size) for name in designs.names() for size in designs.read(name).sizes]


@pytest.mark.parametrize(("name", "size"), SIZES)
def test_every_size_reads(name: str, size: str, tmp_path: Path) -> None:
    design = designs.read(name, size)
    sample = designs.sample(design)
    assert draw(design, sample.notice, sample.sheets, tmp_path / "sheets.pdf")
    assert failures(tmp_path / "sheets.pdf") == set()


@pytest.mark.parametrize("name", [name for name in designs.names() if designs.read(name).full_languages > 1])
def test_welsh_and_english_stand_together_and_the_same_size(name: str, tmp_path: Path) -> None:
    design = designs.read(name)
    for languages in (["cy", "en"], ["en", "cy"]):
        assert draw(design, saying(design, languages), designs.sample(design).sheets, tmp_path / "sheets.pdf")
        assert failures(tmp_path / "sheets.pdf") == set()


@pytest.mark.parametrize("name", designs.names())
def test_a_print_shop_s_sheets_read_and_are_accessible(name: str, tmp_path: Path) -> None:
    design, path = designs.read(name), tmp_path / "sheets.pdf"
    sample = designs.sample(design)
    draw(design, sample.notice, sample.sheets, path, Options(bleed=True, colour="cmyk"))
    assert failures(path) == set()


@pytest.mark.parametrize("name", designs.names())
def test_every_language_fits_reads_is_accessible_and_touches_nothing(name: str, tmp_path: Path) -> None:
    design, path = designs.read(name), tmp_path / "sheets.pdf"
    for language in LANGUAGES:
        notice = saying(design, [language])
        draw(design, notice, designs.sample(design).sheets[:1], path)
        assert failures(path) == set(), language
        assert touching(Compositor(design, notice, FACES)) == []


def touching(compositor: Compositor) -> list[tuple[str, str]]:
    """Lines of different blocks whose ink comes over each other."""
    sheets = designs.sample(compositor.design).sheets[:1]
    marks = [*shared(compositor), *next(iter(pages(compositor, sheets))).marks]
    lines = [(mark, ink_of(mark)) for mark in marks if isinstance(mark, Type)]
    return [
        (one.line, other.line)
        for (one, first), (other, second) in combinations(lines, 2)
        if one.block != other.block
        and one.is_turned == other.is_turned
        and first.grown(-HAIR).meets(second.grown(-HAIR))
    ]


HAIR = 0.15


def ink_of(mark: Type) -> Frame:
    """What a line covers, the tallest and the lowest of its letters taken for all."""
    face = FACES[mark.face, mark.language]
    below, above = (reach * mark.size / PER_EM * MM_PER_POINT for reach in face.shape(mark.line).reach)
    width = face.width_mm(mark.line, mark.size)
    if mark.is_turned:
        return Frame(mark.x - width, mark.y + below, width, above - below)
    return Frame(mark.x, mark.y - above, width, above - below)
