"""A part of a long file shows its pages as the whole does."""

import itertools
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.design.words import Sheet
from qrbridge.press.pdf.page_ranges import Parts
from qrbridge.press.press import Job
from qrbridge.press.proof import proof
from tests.press.test_press import made_up

PAGES = 7


@pytest.fixture(scope="module", params=["poster", "poster-picture", "hanging-sheet", "labels"])
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of seven pages or so."""
    design = designs.read(request.param)
    sample = designs.sample(design)
    path = tmp_path_factory.mktemp("parts") / "sheets.pdf"
    count = {"hanging-sheet": 40, "labels": 56}.get(request.param, PAGES)
    checked = [
        Sheet(sheet.address, sheet.number, "Sale Library", "Sale", street="1 Road", check=sheet.address)
        for sheet in made_up(count)
    ]
    press.print_sheets(Job(design, sample.notice), checked, path)
    return path


def test_every_part_shows_its_pages_as_the_whole_does(printed: Path):
    with pypdfium2.PdfDocument(printed) as whole, closing(Parts(printed)) as parts:
        assert len(parts) == len(whole)
        seen = [whole[number].render(scale=0.4).to_numpy() for number in range(len(whole))]
        for start, end in itertools.combinations(range(len(whole) + 1), 2):
            with pypdfium2.PdfDocument(parts.pages(start, end)) as part:
                assert len(part) == end - start
                for number, page in enumerate(part):
                    assert (page.render(scale=0.4).to_numpy() == seen[start + number]).all()


def test_a_part_is_small_however_long_the_file(tmp_path: Path):
    path = tmp_path / "long.pdf"
    design = designs.read("poster")
    press.print_sheets(Job(design, designs.sample(design).notice), made_up(300), path)
    with closing(Parts(path)) as parts:
        few, many = parts.pages(10, 11), parts.pages(150, 250)
        assert len(few._more) < 10_000 < len(many._more)
        with proof.Renderer(few, 20) as renderer:
            assert len(proof.read_codes(renderer.grey(0))) == 1
