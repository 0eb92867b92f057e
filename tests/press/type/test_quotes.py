"""Quotes and apostrophes are set as a printer sets them, and addresses stay as they are typed."""

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from qrbridge.press import samples
from qrbridge.press.design import designs
from qrbridge.press.design.words import Notice, Sheet, Text
from qrbridge.press.layout import Compositor
from qrbridge.press.marks import Code, Type
from qrbridge.press.pages import pages
from qrbridge.press.type.quotes import curled
from tests.drawing import FACES, LANGUAGES, draw

# What it is -> as it is typed, in which language, as it is set.
CURLED = {
    "apostrophes": ("Can't pay? Don't wait", "en", "Can’t pay? Don’t wait"),
    "possessives": ("Residents' views, children's too", "en", "Residents’ views, children’s too"),
    "quotes": ('Ask for "Housing"', "en", "Ask for “Housing”"),
    "single quotes": ("Ask for 'Housing'.", "en", "Ask for ‘Housing’."),
    "quotes in quotes": ("\"It's 'free'\", they said", "en", "“It’s ‘free’”, they said"),
    "n": ("Rock 'n' roll of the '90s, open 'til 9", "en", "Rock ‘n’ roll of the ’90s, open ’til 9"),
    "years": ("Since the '90s", "en", "Since the ’90s"),
    "in brackets": ('("Here")', "en", "(“Here”)"),
    "feet and inches": ("A 6' fence and a 2\" pipe", "en", "A 6' fence and a 2\" pipe"),
    "a number in quotes": ('Room "12"', "en", "Room “12”"),
    "e-mail": ("Write to o'neill@trafford.gov.uk", "en", "Write to o'neill@trafford.gov.uk"),
    "e-mail in quotes": ("'info@trafford.gov.uk'", "en", "‘info@trafford.gov.uk’"),
    "web addresses": ("www.x.gov.uk/o'hara or x.uk/a'b", "en", "www.x.gov.uk/o'hara or x.uk/a'b"),
    "set already": ("“Set” already: it’s", "en", "“Set” already: it’s"),
    "Welsh": ("Mae'n rhad i'r \"plant\"", "cy", "Mae’n rhad i’r “plant”"),
    "Polish": ('Zapytaj o "pomoc"', "pl", "Zapytaj o „pomoc”"),
    "Ukrainian": ('Сім\'я і "допомога"', "uk", "Сім’я і «допомога»"),
}


@pytest.mark.parametrize("typed, language, set_", CURLED.values(), ids=CURLED)
def test_each_is_curled_as_it_is_meant(typed: str, language: str, set_: str) -> None:
    assert curled(typed, language) == set_ and len(set_) == len(typed)


def with_straight(notice: Notice) -> Notice:
    texts = tuple(Text(said.language, f'"{said.headline}"', f'{said.body} "1"') for said in notice.texts)
    return replace(
        notice, council="St John's", hours="Monday's 9 to 5", place="King's Hall, 1 High Street", texts=texts
    )


@pytest.mark.parametrize("name", designs.names())
def test_they_are_alike_in_every_line_of_a_design(name: str) -> None:
    design = designs.read(name)
    notice = with_straight(designs.sample(design).notice)
    sheets = [replace(sheet, location="St Michael's", street="1 King's Road") for sheet in samples.one_page(design)]
    marks = [mark for page in pages(Compositor(design, notice, FACES), sheets) for mark in page.marks]
    lines = [mark.line for mark in [*marks, *Compositor(design, notice, FACES).common] if isinstance(mark, Type)]
    assert any("’" in line for line in lines)
    assert [line for line in lines if "'" in line or '"' in line] == []
    assert {mark.address for mark in marks if isinstance(mark, Code)} <= addresses(sheets)


def addresses(sheets: list[Sheet]) -> set[str]:
    return {address for sheet in sheets for address in (sheet.address, sheet.check)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_typeface_has_its_languages_quotes(language: str, tmp_path: Path) -> None:
    design = designs.read("poster")
    notice = with_straight(samples.saying(design, [language]))
    assert draw(design, notice, samples.one_page(design), tmp_path / "poster.pdf")
    with pypdfium2.PdfDocument(tmp_path / "poster.pdf") as document:
        text = document[0].get_textpage().get_text_range()
    assert set(curled('"a"', language)) - {"a"} <= set(text) and "'" not in text and '"' not in text
