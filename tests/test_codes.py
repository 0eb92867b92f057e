import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_2

from qrbridge import codes

WITH_SPARE = codes.ALPHABET + "*"
LENGTHS = pytest.mark.parametrize("length", codes.LENGTHS)
SOME_CODE = st.builds(
    lambda length, seed: codes.make(length, random.Random(seed).choice), st.sampled_from(codes.LENGTHS), st.integers()
)


def some(length: int, many: int) -> list[str]:
    chance = random.Random(29)
    return [codes.make(length, chance.choice) for _ in range(many)]


@LENGTHS
def test_a_made_code_has_the_printed_length_and_only_printed_characters(length):
    for code in some(length, 2000):
        assert len(code) == length
        assert set(code) <= set(codes.ALPHABET)
        assert codes.check(code)


@LENGTHS
def test_makes_no_code_twice_by_habit(length):
    assert len({codes.make(length) for _ in range(1000)}) >= 999


def test_draws_again_when_the_check_would_be_the_spare():
    needs_spare = next(
        body
        for body in (f"2222{a}" for a in codes.ALPHABET)
        if mod_37_2.calc_check_digit(body, alphabet=WITH_SPARE) == "*"
    )
    drawn = iter(needs_spare + "22222")
    assert codes.make(choose=lambda _: next(drawn)).startswith("22222")


@pytest.mark.parametrize("length", [0, 5, 7, 13])
def test_refuses_to_make_a_length_we_do_not_print(length):
    with pytest.raises(ValueError, match=f"not {length}"):
        codes.make(length)


@LENGTHS
def test_catches_every_single_slip(length):
    for code in some(length, 200):
        for i, was in enumerate(code):
            for other in codes.ALPHABET.replace(was, ""):
                assert codes.tidy(code[:i] + other + code[i + 1 :]) is None


@LENGTHS
def test_catches_every_swap_of_any_two_characters(length):
    for code in some(length, 500):
        for i, j in combinations(range(length), 2):
            swapped = list(code)
            swapped[i], swapped[j] = code[j], code[i]
            if code[i] != code[j]:
                assert codes.tidy("".join(swapped)) is None


@LENGTHS
def test_agrees_with_stdnum(length):
    chance = random.Random(7)
    for _ in range(20_000):
        text = "".join(chance.choices(codes.ALPHABET, k=length))
        right = mod_37_2.is_valid(text, alphabet=WITH_SPARE)
        assert codes.check(text) is right
        assert (codes.tidy(text) == text) is right
        assert (codes.tidy(text.lower()) == text) is right


@given(
    SOME_CODE,
    st.lists(st.sampled_from(["", "-", " ", "\u2013", "\u00a0", " - "]), min_size=12, max_size=12),
    st.lists(st.booleans(), min_size=12, max_size=12),
    st.sampled_from(["", " ", "(", "“", " '"]),
    st.text(alphabet=".,;:!?)]}>\"'’”»… \n/", max_size=6),
)
def test_case_separators_and_punctuation_never_matter(code, gaps, small, before, after):
    typed = "".join(
        (letter.lower() if low else letter) + gap for letter, gap, low in zip(code, gaps, small, strict=False)
    )
    assert codes.tidy(before + typed + after) == code


@given(st.text() | st.text(alphabet=codes.ALPHABET + codes.ALPHABET.lower() + "-. ſßı", max_size=16))
def test_any_text_gives_a_whole_code_or_nothing(text):
    code = codes.tidy(text)
    assert code is None or (codes.check(code) and codes.tidy(code) == code)


CODE = "7K3M9B"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="empty"),
        pytest.param("\ud800" * 6, id="lone surrogates"),
        pytest.param("７Ｋ３Ｍ９Ｂ", id="full-width"),
        pytest.param("7K3M9", id="too short"),
        pytest.param("7K3M9B2", id="too long"),
        pytest.param("7K3M9B+", id="the page about a link is another address"),
        pytest.param("7" * 100_000, id="very long"),
        pytest.param("7K3\x00M9B", id="a NUL inside"),
    ],
)
def test_what_is_not_a_code(typed):
    assert codes.check(CODE)
    assert codes.tidy(typed) is None


def test_letters_that_unicode_turns_into_ours_are_not_ours():
    code = next(code for code in some(6, 500) if "S" in code)
    assert codes.tidy(code.replace("S", "ſ")) is None
    assert codes.tidy(code.replace("S", "ſ") + ".") is None


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(CODE.lower(), id="small letters"),
        pytest.param("7K3-M9B", id="a hyphen"),
        pytest.param("7K3M9", id="short"),
        pytest.param("7K3M9B.", id="a full stop"),
    ],
)
def test_check_wants_a_code_just_as_we_keep_it(written):
    assert codes.check(written) is False


def test_all_digit_codes_are_codes():
    code = next(code for code in some(6, 5000) if code.isdigit())
    assert codes.check(code)
    assert codes.tidy(code) == code


@pytest.mark.parametrize(("code", "said"), [("7K3M9B", "7K3-M9B"), ("7K3M9Q2B4CDF", "7K3-M9Q-2B4-CDF")])
def test_spoken_in_threes(code, said):
    assert codes.spoken(code) == said


SLIPS = {
    "another character": lambda code, i: code[:i] + ("2" if code[i] != "2" else "3") + code[i + 1 :],
    "neighbours swapped": lambda code, i: code[:i] + code[i : i + 2][::-1] + code[i + 2 :],
    "one left out": lambda code, i: code[:i] + code[i + 1 :],
    "one twice": lambda code, i: code[:i] + code[i] + code[i:],
    "a vowel for a consonant": lambda code, i: code.replace("V", "U").replace("D", "O"),
}


@pytest.mark.parametrize("slip", [pytest.param(slip, id=name) for name, slip in SLIPS.items()])
def test_suggests_the_code_that_was_meant(slip):
    for code in some(6, 60):
        for i in range(6):
            typed = slip(code, i)
            suggested = codes.suggest(typed.lower() + ".")
            assert code in suggested or typed == code
            assert len(suggested) <= 40
            assert all(map(codes.check, suggested))


def test_a_swap_is_suggested_before_another_character():
    code = next(code for code in some(6, 100) if len(set(code)) == 6)
    assert codes.suggest(code[1] + code[0] + code[2:])[0] == code


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(CODE, id="nothing is wrong with it"),
        pytest.param("7K3M9Q2B4CDF", id="a letter's code"),
        pytest.param("", id="empty"),
        pytest.param("££££££", id="nothing like a code"),
    ],
)
def test_suggests_nothing(typed):
    assert codes.suggest(typed) == []


@given(st.text())
def test_suggesting_never_fails(text):
    assert all(map(codes.check, codes.suggest(text)))
