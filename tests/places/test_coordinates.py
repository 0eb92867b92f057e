"""Coordinates as people write them, and why some cannot be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrbridge.places import coordinates


@pytest.mark.parametrize(
    ("latitude", "longitude", "says"),
    [
        pytest.param("-2.35", "53.38", "swapped", id="swapped"),
        pytest.param("0", "0", "off Africa", id="zero"),
        pytest.param("48.85", "2.35", "outside the United Kingdom", id="Paris"),
        pytest.param("387654", "393210", "degrees", id="metres"),
        pytest.param("north", "west", "degrees", id="words"),
        pytest.param("nan", "1", "degrees", id="nan"),
    ],
)
def test_coordinates_that_cannot_be_right_are_refused(latitude, longitude, says):
    assert says in coordinates.point(latitude, longitude)[1]


@given(st.text(), st.text())
def test_any_coordinates_are_answered(latitude, longitude):
    point, fault = coordinates.point(latitude, longitude)
    assert (point == (None, None)) or not fault


def test_a_very_small_number_is_read_as_it_is_written_by_ourselves():
    assert coordinates.point("51.4779", str(-0.00001)) == ((51.4779, -0.00001), "")
