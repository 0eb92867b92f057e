"""Our own words on sheets: all of them in every language, with the same fields."""

import pytest

from qrbridge import languages
from qrbridge.press.design.phrases import NAMES, PHRASES, UNCHECKED
from qrbridge.press.design.printable import FIELD

LANGUAGES = ("en", "cy", "pl", "so", "bn", "ur", "ar", "gu", "ti", "uk", "ro", "zh")


def test_a_sheet_can_be_in_these_languages() -> None:
    assert tuple(PHRASES) == LANGUAGES == tuple(NAMES)
    assert set(LANGUAGES) - {"en"} == UNCHECKED


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_its_fields(language: str) -> None:
    fields = {name: sorted(FIELD.findall(words)) for name, words in PHRASES[language].items()}
    assert fields == {name: sorted(FIELD.findall(words)) for name, words in PHRASES["en"].items()}
    assert all(words.strip() == words and words for words in PHRASES[language].values())


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_phrase_was_left_in_english(language: str) -> None:
    assert not set(PHRASES[language].values()) & set(PHRASES["en"].values())


def test_the_way_a_language_runs() -> None:
    assert [language for language in LANGUAGES if languages.direction(language) == "rtl"] == ["ur", "ar"]
