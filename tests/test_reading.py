from datetime import date

import pytest

from qrbridge.errors import InvalidInput
from qrbridge.reading import Reading, read_day, said_of


@pytest.mark.parametrize(
    "text, day",
    [
        pytest.param("2026-10-05", date(2026, 10, 5), id="ISO"),
        pytest.param("5/10/2026", date(2026, 10, 5), id="UK order"),
        pytest.param("05.10.2026", date(2026, 10, 5), id="full stops"),
        pytest.param("05-10-2026", date(2026, 10, 5), id="hyphens"),
        pytest.param("10/05/2026", date(2026, 5, 10), id="never American"),
    ],
)
def test_days_are_read_in_uk_order(text: str, day: date):
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["31/11/2026", "5/10/26", "5-10.2026", "soon", "46300", "5-Oct", "", "13/13/2026"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(ValueError):
        read_day(text)


def test_an_end_may_be_missing():
    assert (said_of(None), said_of(date(2026, 10, 5))) == ("no end", "5 October 2026")


@pytest.mark.parametrize(
    "method, value, said",
    [
        pytest.param("phone", "0161 912 2000", None, id="phone"),
        pytest.param("phone", "+44 (0)161 912 2000", None, id="phone from abroad"),
        pytest.param("phone", "phone us", "not a phone number", id="no phone"),
        pytest.param("key", "cost-of-living", None, id="key"),
        pytest.param("key", "a--b", "small letters", id="no key"),
        pytest.param("text", "x" * 1001, "at most 1,000 fit", id="long"),
        pytest.param("text", "a\x00b", "cannot be printed", id="NUL"),
        pytest.param("list", " , ", "missing", id="empty list"),
    ],
)
def test_fields_are_read_or_refused(method: str, value: str, said: str | None):
    reading = Reading({"field": value})
    getattr(reading, method)("field")
    if said is None:
        reading.done()
    else:
        with pytest.raises(InvalidInput, match=said):
            reading.done()


def test_whole_numbers_have_limits():
    reading = Reading({"a": "12", "b": "0", "c": ""})
    assert (reading.whole_number("a", 1, 20), reading.whole_number("c", 1, 20)) == (12, None)
    reading.whole_number("b", 1, 20)
    assert [problem.field for problem in reading.problems] == ["b"]
