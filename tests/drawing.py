"""Draw a design in any languages, and read its codes back: what the suite and `make gallery` prove designs with."""

from collections.abc import Iterable
from pathlib import Path

import page as checker

from qrbridge.press.design.printable import Printable
from qrbridge.press.design.words import Notice, Sheet
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Code
from qrbridge.press.pages import pages, shared
from qrbridge.press.pdf.document import Document
from qrbridge.press.pdf.ink import Ink, Options
from qrbridge.press.pdf.metadata import About
from qrbridge.press.proof import proof
from qrbridge.press.proof.proof import Expected
from qrbridge.press.samples import TEXTS
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS

FACES = Faces(ASSETS)
HAS_CHINESE = (ASSETS.parent / "fonts-chinese" / "node_modules").is_dir()
PLAIN = Options()
LANGUAGES = tuple(language for language in TEXTS if language != "zh" or HAS_CHINESE)
"""Every language with its typeface installed: Chinese comes by `make fonts-chinese`."""


def failures(path: Path) -> set[str]:
    """The rules of PDF/UA-1 that a file breaks."""
    return {failure.rule_id for failure in checker.validate_pdf(str(path), profile="ua1").failures}


def draw(
    design: Printable, notice: Notice, sheets: Iterable[Sheet], path: Path, options: Options = PLAIN
) -> list[float]:
    """Draw and prove a file, and give the size of each code's modules.

    Raises `CannotPrint` where words do not fit or a code does not read as it must.
    """
    compositor = Compositor(design, notice, FACES, options.bleed)
    expected, modules = [], []
    with path.open("wb") as stream:
        ink = Ink(design.paper[1], notice.colour, FACES, options)
        document = Document(stream, design.paper, ink, notice.language)
        document.share(shared(compositor))
        for page in pages(compositor, sheets):
            document.page(page.marks, page.title)
            expected.append(Expected(tuple(page.addresses), page.title))
            modules += [mark.module for mark in page.marks if isinstance(mark, Code)]
        document.close(About(notice.headline, notice.council, design.title, notice.language))
    proof.prove(path, expected, proof.dpi_for(min(modules)), lambda done: None)
    return modules
