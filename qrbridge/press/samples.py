"""A design drawn with its own sample: in any language, with no notice and no location."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qrbridge.errors import InvalidInput, Problem
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.design.papers import PAPERS
from qrbridge.press.design.printable import Printable
from qrbridge.press.design.words import Notice, Sheet, Text
from qrbridge.press.press import Job, ProofRecord
from qrbridge.settings import PRINTABLES

TEXTS = tomllib.loads((Path(__file__).parent / "sample_texts.toml").read_text("utf-8"))
"""One message by language; the rest of what a design is shown with is in its sample."""


def saying(design: Printable, languages: Sequence[str], folder: Path = PRINTABLES) -> Notice:
    """A design's sample in these languages; as it is where none is named."""
    notice = designs.sample(design, folder).notice
    if not languages:
        return notice
    unknown = [language for language in languages if language not in TEXTS]
    if unknown:
        sentence = f"there are no words to show in “{unknown[0]}”; choose of {', '.join(TEXTS)}"
        raise InvalidInput([Problem("language", sentence)])
    return replace(notice, texts=tuple(Text(language, **TEXTS[language]) for language in languages))


def one_page(design: Printable, folder: Path = PRINTABLES) -> list[Sheet]:
    """As many sheets of a design's sample as fill a page; of a list, all of them."""
    sample = designs.sample(design, folder)
    if design.rows:
        return list(sample.sheets)
    cells = 1 if design.sheet.is_folded else len(PAPERS[design.size].origins)
    return [sample.sheet] * cells


def draw(design: Printable, languages: Sequence[str], into: Path, folder: Path = PRINTABLES) -> ProofRecord:
    """Draw and prove a page of a design, as any notice is printed."""
    return press.print_sheets(Job(design, saying(design, languages, folder)), one_page(design, folder), into)
