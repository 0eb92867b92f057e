"""docs/printables.md is enough to add a design with."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from qrbridge.press.design import designs
from qrbridge.press.design.phrases import PHRASES
from qrbridge.press.design.printable import Block, Panel, Printable, Region, Role, Rows
from qrbridge.press.design.words import KNOWN_FIELDS, Notice, Sheet, Text
from qrbridge.press.samples import saying
from qrbridge.settings import PRINTABLES
from tests.drawing import LANGUAGES, draw
from tests.generated import DOCS

PAGE = (DOCS / "printables.md").read_text("utf-8")
OURS = {"name", "size"}
"""What a design is given by its folder and by who prints it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the page's design in it, and the poster's sample."""
    made = tmp_path / "small-notice"
    made.mkdir()
    (made / "printable.toml").write_text(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0], encoding="utf-8")
    (made / "sample.toml").write_text((PRINTABLES / "poster" / "sample.toml").read_text("utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("size", ["A5", "A4"])
def test_the_design_on_the_page_prints_and_reads(folder: Path, size: str, tmp_path: Path) -> None:
    design = designs.read("small-notice", size, folder)
    sample = designs.sample(design, folder)
    assert draw(design, sample.notice, sample.sheets, tmp_path / "notice.pdf")


def test_it_is_a_design_for_a_language_of_any_script(folder: Path, tmp_path: Path) -> None:
    design = designs.read("small-notice", folder=folder)
    for language in LANGUAGES:
        text = saying(designs.read("poster"), [language])
        assert draw(design, text, designs.sample(design, folder).sheets, tmp_path / "notice.pdf")


@pytest.mark.parametrize("kind", [Printable, Role, Panel, Region, Block, Rows, Notice, Text, Sheet])
def test_every_setting_is_on_the_page(kind: type) -> None:
    names = {entry.name for entry in fields(kind)} - (OURS if kind is Printable else set())
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []


def test_every_field_is_on_the_page_and_every_phrase_named_there_exists() -> None:
    assert [name for name in sorted(KNOWN_FIELDS) if f"`{{{name}}}`" not in PAGE] == []
    row = next(line for line in PAGE.splitlines() if line.startswith("| `phrase`"))
    assert set(re.findall(r"`([a-z-]+)`", row)) - {"phrase"} <= PHRASES["en"].keys()


def test_every_design_explains_itself() -> None:
    for name in designs.names():
        text = (PRINTABLES / name / "printable.toml").read_text("utf-8")
        assert "millimetres" in text.partition("\n")[0]
        assert len(tomllib.loads(text)["about"]) > 40
