import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrbridge import codes
from qrbridge.routing.code_index import CodeIndex

ANY_CODE = st.sampled_from(codes.LENGTHS).flatmap(
    lambda length: st.text(codes.ALPHABET, min_size=length, max_size=length)
)
Links = dict[str, tuple[str, bool]]
LINKS = st.dictionaries(ANY_CODE, st.tuples(st.sampled_from(["winter", "summer", "bins"]), st.booleans()))


def rows(links: Links) -> list[tuple[str, str, int]]:
    return [(code, target, int(withdrawn)) for code, (target, withdrawn) in sorted(links.items())]


@given(LINKS, LINKS, ANY_CODE)
def test_it_answers_as_a_dictionary_does(first: Links, later: Links, other: str):
    index = CodeIndex(rows(first))
    index.put(rows(later))
    expected = {**first, **later}
    assert {code: index.get(code) for code in expected} == expected
    assert index.get(other) == expected.get(other)


@pytest.mark.parametrize("length", codes.LENGTHS)
def test_the_first_and_the_last_code_there_can_be_are_found(length: int):
    ends = [codes.ALPHABET[0] * length, codes.ALPHABET[-1] * length]
    index = CodeIndex((code, "winter", 0) for code in ends)
    assert [index.get(code) for code in ends] == [("winter", False)] * 2
