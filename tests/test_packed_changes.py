from hypothesis import given
from hypothesis import strategies as st

from qrbridge.packed_changes import Packed, pack, unpack

FIELDS = st.dictionaries(st.sampled_from("abc"), st.none() | st.text() | st.floats(allow_nan=False) | st.integers())


@given(st.lists(st.tuples(st.text("L1é\\%_", min_size=1), st.sampled_from(["add", "change"]), FIELDS, FIELDS)))
def test_what_is_packed_comes_out_with_all_that_differs(changes):
    keys, content = pack(changes)
    assert keys.strip("\n").split("\n") == ([key for key, *_ in changes] or [""])
    for was, (key, verb, before, after) in zip(changes, unpack(content), strict=True):
        assert (key, verb) == was[:2]
        for name in "abc":
            same = (was[2].get(name) or None) == (was[3].get(name) or None)
            assert same or (before.get(name), after.get(name)) == (was[2].get(name), was[3].get(name))


def test_a_thousand_new_locations_take_a_tenth_of_their_lines():
    place = {"name": "Library", "ward": "E05015239", "kind": "library"}
    changes: list[Packed] = [(f"L{n}", "add", {}, {**place, "address": f"{n} High Street"}) for n in range(1_000)]
    keys, content = pack(changes)
    assert len(keys) + len(content) < 40 * len(changes)
