"""Faces: which typeface each language is in, that it has every letter, and that a letter it lacks is named."""

from pathlib import Path

import pytest

from qrbridge.errors import CannotPrint, NotSetUp
from qrbridge.press.design.phrases import NAMES, PHRASES
from qrbridge.press.design.printable import FACES
from qrbridge.press.type.fonts import LATIN, SCRIPTS, Faces, Family
from qrbridge.settings import ASSETS, PROJECT

PUNCTUATION = " .,:;!?()/&@%+-–—‘’“”…•£0123456789"
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "cy": "abcdefghijklmnopqrstuvwxyzâêîôûŵŷáéíóúẃýàèìòùẁỳäëïöüẅÿ",
    "pl": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż„”",
    "so": "abcdefghijklmnopqrstuvwxyz’",
    "ro": "aăâbcdefghiîjklmnopqrsștțuvwxyz„”",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’«»",
    "bn": "অআইঈউঊঋএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহড়ঢ়য়ৎংঃঁািীুূৃেৈোৌ্।০১২৩৪৫৬৭৮৯",
    "ur": "اآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤۂ،۔؟۰۱۲۳۴۵۶۷۸۹",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ،؛؟ًٌٍَُِّْ٠١٢٣٤٥٦٧٨٩",
    "gu": "અઆઇઈઉઊઋએઐઓઔકખગઘઙચછજઝઞટઠડઢણતથદધનપફબભમયરલવશષસહળાિીુૂૃેૈોૌંઃ્૦૧૨૩૪૫૬૭૮૯",
    "ti": "ሀሁሂሃሄህሆለሐመሠረሰሸቀቈቐበቨተቸኀነኘአከኰኸወዐዘዠየደጀገጐጠጨጰጸፀፈፐ፣።፧፦",
}
INSTALLED = [language for language in NAMES if language != "zh"]
has_chinese = (PROJECT / "fonts-chinese" / "node_modules" / "ready").exists()


@pytest.fixture(scope="module")
def faces() -> Faces:
    """The faces as they are installed."""
    return Faces(ASSETS)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", ALPHABETS)
def test_every_letter_of_every_alphabet_is_there(faces: Faces, language: str, face: str) -> None:
    letters = ALPHABETS[language]
    line = faces[face, language].shape(letters + letters.upper() + PUNCTUATION)
    assert line.advance > 0


@pytest.mark.parametrize("language", INSTALLED)
def test_our_own_words_can_be_set(faces: Faces, language: str) -> None:
    for words in (NAMES[language], *PHRASES[language].values()):
        assert faces["regular", language].width_mm(words.format(number="", location="", destination=""), 12) > 0


def test_no_two_faces_share_a_name() -> None:
    """Two fonts of one name in a file are taken for one, and bold prints as regular."""
    families = [LATIN, *(family for language, family in SCRIPTS.items() if language != "zh")]
    paths = {family.path(PROJECT, face) for family in families for face in FACES}
    names = {Faces(ASSETS)._font(family, face).name for family in families for face in FACES}
    assert len(names) == len(paths)


def test_a_weight_a_family_lacks_falls_to_its_heaviest() -> None:
    assert SCRIPTS["ur"].path(Path(), "extrabold") == SCRIPTS["ur"].path(Path(), "bold")
    assert SCRIPTS["ur"].path(Path(), "regular") != SCRIPTS["ur"].path(Path(), "bold")


@pytest.mark.parametrize(
    ("language", "words", "named"),
    [
        pytest.param("en", "Допомога", r"“Д” \(U\+0414\) is not in our typeface for English \(en\)", id="Cyrillic"),
        pytest.param("uk", "ক", r"“ক” \(U\+0995\) is not in our typeface for Українська \(uk\)", id="Bengali"),
        pytest.param("ar", "Help ☎", r"“☎” \(U\+260E\) is not in our typeface for العربية", id="a sign"),
        pytest.param("bn", "সাহায্য 帮", r"“帮” \(U\+5E2E\) is not in", id="Chinese"),
    ],
)
def test_a_letter_we_lack_is_named(faces: Faces, language: str, words: str, named: str) -> None:
    with pytest.raises(CannotPrint, match=named):
        faces["regular", language].width_mm(words, 12)


@pytest.mark.parametrize(("language", "command"), [("en", "make setup"), ("zh", "make fonts-chinese")])
def test_what_is_not_installed_names_the_command_that_installs_it(tmp_path: Path, language: str, command: str) -> None:
    with pytest.raises(NotSetUp, match="not installed") as caught:
        Faces(tmp_path / "node_modules")["bold", language]
    assert caught.value.about == command


@pytest.mark.skipif(not has_chinese, reason="make fonts-chinese installs it")
def test_chinese_is_set_once_it_is_installed(faces: Faces) -> None:
    assert faces["bold", "zh"].width_mm("生活费用让您为难吗？", 12) == pytest.approx(10 * 12 * 25.4 / 72, rel=0.01)


def test_latin_words_in_any_script_are_in_the_face_that_is_easiest_to_read(faces: Faces) -> None:
    line = faces["bold", "bn"].shape("বিজ্ঞপ্তি 7K3-M9Q")
    assert [run.font.name for run in line.runs] == ["NotoSansBengali-Bold", "AtkinsonHyperlegibleNext-Bold"]


def test_a_script_that_reaches_far_says_so(faces: Faces) -> None:
    assert faces["regular", "en"].overreach_mm("Ýgj", 20) == (0, 0)
    above, below = faces["regular", "ur"].overreach_mm("گئی ہیں", 20)
    assert above > 2
    assert below > 0.5


def test_families_say_what_installs_them() -> None:
    assert {family.command for family in (LATIN, *SCRIPTS.values())} == {"make setup", "make fonts-chinese"}
    assert isinstance(SCRIPTS["zh"], Family)
