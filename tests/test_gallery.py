"""Every printable sets, reads and is clean PDF/UA-1 in every language, and at every size; `make gallery` proves the two
together."""

from pathlib import Path

import pytest

from qrbridge.press import designs
from tests.drawing import LANGUAGES, draw, failures, saying

SIZES = [(name, size) for name in designs.names() for size in designs.read(name).sizes]


@pytest.mark.parametrize(("name", "size"), SIZES)
def test_every_size_reads(name: str, size: str, tmp_path: Path) -> None:
    design = designs.read(name, size)
    sample = designs.sample(design)
    assert draw(design, sample.notice, sample.sheets, tmp_path / "sheets.pdf")
    assert failures(tmp_path / "sheets.pdf") == set()


@pytest.mark.parametrize("name", designs.names())
def test_every_language_fits_and_reads(name: str, tmp_path: Path) -> None:
    design = designs.read(name)
    for language in LANGUAGES:
        assert draw(design, saying(design, [language]), designs.sample(design).sheets, tmp_path / "sheets.pdf")
        assert failures(tmp_path / "sheets.pdf") == set(), language


@pytest.mark.parametrize("name", [name for name in designs.names() if designs.read(name).full_languages > 1])
def test_welsh_and_english_stand_together_and_the_same_size(name: str, tmp_path: Path) -> None:
    design = designs.read(name)
    for languages in (["cy", "en"], ["en", "cy"]):
        assert draw(design, saying(design, languages), designs.sample(design).sheets, tmp_path / "sheets.pdf")
        assert failures(tmp_path / "sheets.pdf") == set()
