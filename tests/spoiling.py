"""Printables of a test's own, some of them spoilt, where everything looks for designs."""

import shutil
from pathlib import Path

import pytest

from qrbridge.notices import editions
from qrbridge.press import samples
from qrbridge.press.design import designs
from qrbridge.settings import PRINTABLES

OF_A_FOLDER = (
    designs.names,
    designs.folders,
    designs.sort_out,
    designs.sample,
    samples.one_page,
    samples.saying,
    samples.draw,
)


def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of printables/ that is used in its stead until the test ends."""
    folder = Path(shutil.copytree(PRINTABLES, tmp_path / "printables"))
    for verb in OF_A_FOLDER:
        monkeypatch.setattr(verb, "__defaults__", (folder,))
    monkeypatch.setattr(designs.read, "__defaults__", ("", folder))
    monkeypatch.setattr(editions, "PRINTABLES", folder)
    return folder


def spoil(folder: Path, name: str) -> None:
    """Take a setting away from a design that it needs, and name one there is not."""
    path = folder / name / "printable.toml"
    path.write_text(path.read_text("utf-8").replace("about =", "abuot =", 1), "utf-8")
