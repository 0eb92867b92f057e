import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrbridge import postcodes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("WA14 1AH", "WA14 1AH", id="already right"),
        pytest.param("WA141AH", "WA14 1AH", id="no space"),
        pytest.param("CH1 1 RL", "CH1 1RL", id="inner extra space"),
        pytest.param("NE26 1EJ.", "NE26 1EJ", id="trailing stop"),
        pytest.param("GL10 2Ng", "GL10 2NG", id="mixed case"),
        pytest.param("nw12db", "NW1 2DB", id="lower case"),
        pytest.param("SW1A 1AA", "SW1A 1AA", id="letter in the district"),
        pytest.param("N1C 4AG", "N1C 4AG", id="newest district"),
        pytest.param("BF1 1AA", "BF1 1AA", id="forces"),
        pytest.param("M33\u00a04ND", "M33 4ND", id="no-break space"),
        pytest.param("\u200bM33 4ND\t", "M33 4ND", id="zero width and tab"),
    ],
)
def test_a_postcode_is_put_in_its_usual_form(text, expected):
    read = postcodes.tidy(text)
    assert (read.value, read.is_changed, read.remedy) == (expected, text != expected, "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "there is no postcode", id="blank"),
        pytest.param(" \u00a0", "there is no postcode", id="only spaces"),
        pytest.param("WA14", "only part", id="outward half"),
        pytest.param("M33 7", "only part", id="sector"),
        pytest.param("M33 7D", "only part", id="a letter short"),
        pytest.param("M3E 7DZ", "not a UK postcode", id="letter for a digit, shaped like one"),
        pytest.param("0161 912 2000", "phone number", id="phone"),
        pytest.param("[No registered public address]", "not a UK postcode", id="remark"),
        pytest.param("ZZ1 1AA", "not a UK postcode", id="no such area"),
        pytest.param("NW1 2CB", "not a UK postcode", id="C in the inward half"),
        pytest.param("London NW1 2DB", "not a UK postcode", id="with a town"),
    ],
)
def test_anything_else_is_given_a_sentence(text, says):
    read = postcodes.tidy(text)
    assert not read.is_postcode
    assert says in read.remedy


@given(st.text())
def test_any_text_is_answered_and_tidying_twice_changes_nothing(text):
    read = postcodes.tidy(text)
    assert bool(read.value) != bool(read.remedy)
    if read.value:
        assert postcodes.tidy(read.value).value == read.value
