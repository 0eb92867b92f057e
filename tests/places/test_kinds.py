import pytest

from qrbridge.places import kinds


def test_no_two_kinds_have_a_name_alike():
    names = [name for kind in kinds.KINDS for name in (kind.name, *kind.also)]
    assert {kinds.of(name).name for name in names} == {kind.name for kind in kinds.KINDS}
    assert all(kinds.of(kind.name) is kind for kind in kinds.KINDS)


@pytest.mark.parametrize(
    "written, name",
    [
        pytest.param("Bus_Stop", "bus stop", id="in another mix"),
        pytest.param("G.P. Surgery", "GP surgery", id="with dots"),
        pytest.param("GP", "GP surgery", id="another name"),
        pytest.param("Jobcentre Plus", "jobcentre", id="a longer name"),
        pytest.param("Band_stand", "band stand", id="one we do not know"),
        pytest.param("", "", id="none"),
    ],
)
def test_a_kind_is_kept_under_one_name(written: str, name: str):
    assert kinds.of(written).name == name


@pytest.mark.parametrize(
    "written, distance",
    [
        pytest.param("bus stop", 1_500, id="as kept"),
        pytest.param("Bus_Shelters", 1_500, id="a plural in another mix"),
        pytest.param("GP surgery", 1_000, id="with capitals"),
        pytest.param("lift lobby", 1_000, id="two words"),
        pytest.param("bandstand", 1_000, id="not known: people come up to it"),
    ],
)
def test_a_kind_is_advised_on_however_it_is_written(written: str, distance: int):
    assert kinds.advised(written).distance_mm == distance
