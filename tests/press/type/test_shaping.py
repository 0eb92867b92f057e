"""Lines as they are set: order, joins, numbers, and where they break."""

import pytest

from qrbridge.press.type import direction, text
from qrbridge.press.type.direction import isolated
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS

FACES = Faces(ASSETS)


def seen(words: str, language: str = "ar") -> str:
    """What a line shows from left to right, letter by letter."""
    line = FACES["regular", language].shape(words)
    return "".join(letter.text for run in line.runs for letter in run.letters).replace(direction.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("هل", "له", id="right to left"),
        pytest.param("من 12:30", "12:30 نم", id="a time"),
        pytest.param("فون 0161 912 2000 پر", "رپ 0161 912 2000 نوف", id="a telephone number stays in order"),
        pytest.param("فون 116 123", "116 123 نوف", id="a short one"),
        pytest.param("فون 0161-912 2000", "0161-912 2000 نوف", id="one with a hyphen"),
        pytest.param("من 2025-2026", "2026-2025 نم", id="a range runs as the words round it do"),
        pytest.param("+44 161 912 2000", "+44 161 912 2000", id="one from abroad"),
        pytest.param("(دفتر)", "(رتفد)", id="brackets are turned over"),
        pytest.param("نوٹس 7K3-M9Q", "7K3-M9Q سٹون", id="a code"),
        pytest.param("على www.trafford.gov.uk/help:", ":www.trafford.gov.uk/help ىلع", id="an address"),
        pytest.param("لا ١٢٣", "١٢٣ ال", id="figures of the script"),
        pytest.param(isolated("Sale (Library)") + " في", "يف Sale (Library)", id="words filled in"),
        pytest.param(isolated("مكتبة") + " في", "يف ةبتكم", id="words filled in that run leftwards"),
        pytest.param("Library, Sale", "Library, Sale", id="Latin alone"),
        pytest.param("و\u200cو", "و\u200cو", id="what has no width keeps its place"),
    ],
)
def test_lines_of_arabic_stand_in_order(typed: str, shown: str) -> None:
    assert seen(typed) == shown


def test_a_place_in_arabic_stands_in_order_in_a_line_of_english() -> None:
    levels = direction.levels("at مكتبة 12", is_leftwards=False)
    assert levels == [0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("language", "words", "letters"),
    [
        pytest.param("bn", "বিজ্ঞপ্তি", ["বি", "জ্ঞ", "প্তি"], id="Bengali conjuncts"),
        pytest.param("gu", "ક્ષિ", ["ક્ષિ"], id="a Gujarati conjunct with its vowel before it"),
        pytest.param("ar", "نعدّ", ["ّ", "د", "ع", "ن"], id="a mark over a letter"),
        pytest.param("en", "office", list("office"), id="no ligature in Latin"),
    ],
)
def test_letters_join_as_their_script_asks(language: str, words: str, letters: list[str]) -> None:
    line = FACES["regular", language].shape(words)
    assert [letter.text for run in line.runs for letter in run.letters] == letters


def test_arabic_letters_are_joined() -> None:
    """A word is narrower than its letters apart, each in the shape it has alone."""
    face = FACES["regular", "ar"]
    apart = sum(face.shape(letter).advance for letter in "تكاليف")
    assert face.shape("تكاليف").advance < 0.8 * apart


def test_a_letter_between_fonts_still_sees_its_neighbours() -> None:
    face = FACES["regular", "ur"]
    assert face.shape("سب 12").runs[-1].letters[-2:] == face.shape("سب").runs[-1].letters[-2:]


@pytest.mark.parametrize("typed", ["ẃ", "W\u0301elsh", "é"])
def test_accents_typed_either_way_are_set(typed: str) -> None:
    assert FACES["regular", "cy"].shape(typed).advance > 0


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        pytest.param("您可以得到帮助。", 4, ["您可以得", "到帮助。"], id="between characters"),
        pytest.param("您可以，得到帮助。", 3, ["您可", "以，得", "到帮", "助。"], id="no comma begins a line"),
        pytest.param("打开（页面）吧", 3, ["打开", "（页", "面）吧"], id="brackets keep to what they hold"),
        pytest.param("打开 www.uk 上的", 8, ["打开", "www.uk", "上的"], id="an address is whole"),
    ],
)
def test_chinese_breaks_between_characters(words: str, width: int, lines: list[str]) -> None:
    assert text.break_lines(words, width, len) == lines


def test_what_is_set_apart_stays_so_on_every_line() -> None:
    broken = text.break_lines(isolated("one two three four"), 9, len)
    assert len(broken) > 1
    assert all(line.count(direction.FIRST_STRONG) == line.count(direction.ISOLATE_ENDS) == 1 for line in broken)
    assert " ".join(map(direction.plain, broken)) == "one two three four"
