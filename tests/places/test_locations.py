import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.places import locations, wards
from qrbridge.places.locations import Location
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.store import Store
from tests.given import WARDS, set_up, while_another_does

GIVEN = {
    "reference": "L1",
    "name": "Sale Library",
    "address": "Tatton Road, Sale",
    "postcode": "m331yf",
    "kind": "library",
}


def refused(**changes: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        Location.read({**GIVEN, **changes})
    return {problem.field: problem.sentence for problem in caught.value.problems}


def test_a_location_is_read_and_put_right():
    read = Location.read({**GIVEN, "latitude": "53,42", "longitude": "-2.32", "kind": "Bus_Stop", "ward": "e05015239"})
    assert read == Location(
        "L1", "Sale Library", "Tatton Road, Sale", "M33 1YF", "E05015239", 53.42, -2.32, "bus stop", "open"
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        pytest.param("reference", "", "is missing", id="no reference"),
        pytest.param("reference", "x" * 61, "at most 60", id="long reference"),
        pytest.param("reference", "01-Mar", "date", id="reference a day"),
        pytest.param("reference", "2026-03-01", "date", id="reference an ISO day"),
        pytest.param("reference", "1.00013E+11", "digits are gone", id="reference a power"),
        pytest.param("reference", "#N/A", "formula", id="reference an error"),
        pytest.param("name", " ", "is missing", id="no name"),
        pytest.param("postcode", "WA14", "only part", id="half a postcode"),
        pytest.param("latitude", "53.4", "both or neither", id="one coordinate"),
        pytest.param("setting", "roof", "indoors or open", id="no such setting"),
    ],
)
def test_what_is_wrong_is_said(field, value, says):
    assert says in refused(**{field: value})[field]


def test_every_problem_is_said_at_once():
    assert set(refused(reference="", name="", postcode="x", setting="roof")) == {
        *("reference", "name", "postcode", "setting"),
    }


def test_a_place_nobody_could_find_is_refused():
    assert "cannot be found" not in refused(address="", postcode="")["address"]
    assert "so that it can be found" in refused(address="", postcode="")["address"]


def test_a_location_is_kept_found_changed_and_recorded(store: Store, by: By):
    location = Location.read(GIVEN)
    locations.add(store, location, by)
    assert locations.show(store, "l1") == location
    changed = locations.merged(location, {"name": "Sale Waterside Library"})
    locations.change(store, changed, by)
    locations.change(store, changed, by)
    assert locations.show(store, "L1").name == "Sale Waterside Library"
    assert [row["verb"] for row in audit.list_for(store, "location", "L1")] == ["change", "add"]


def test_a_reference_is_given_once_in_any_capitals(store: Store, by: By):
    locations.add(store, Location.read(GIVEN), by)
    with pytest.raises(Conflict, match="a location “L1” already"):
        locations.add(store, Location.read({**GIVEN, "reference": "l1"}), by)


@pytest.mark.parametrize("other", [pytest.param("café-1", id="accent"), pytest.param("ＣＡＦÉ－１", id="full width")])
def test_a_reference_is_given_once_in_any_alphabet(store: Store, by: By, other: str):
    locations.add(store, Location("CAFÉ-1", "Café", "x"), by)
    assert locations.show(store, other).reference == "CAFÉ-1"
    with pytest.raises(Conflict, match="a location “CAFÉ-1” already. Change that one"):
        locations.add(store, Location(other, "Café", "x"), by)
    with pytest.raises(Conflict):
        store.run("locations.add", **locations.as_kept(Location(other, "Café", "x")))


def test_of_two_who_add_one_reference_the_second_is_told(store: Store, by: By):
    set_up(store, by)
    refused = while_another_does(store, lambda: locations.add(store, Location("L9", "Hub", "x"), by))
    assert "There is a location “L9” already" in str(refused)


def test_an_unknown_reference_is_not_found(store: Store):
    with pytest.raises(NotFound, match="no location “nope”"):
        locations.show(store, "nope")


def test_a_ward_must_be_known_or_comes_from_the_postcode(store: Store, by: By):
    with pytest.raises(InvalidInput, match="not a ward that is loaded"):
        locations.add(store, Location.read({**GIVEN, "ward": "E05015239"}), by)
    store.run_many("wards.add", WARDS)
    store.run("wards.place", postcode="M33 1YF", ward="E05015253", latitude=53.4, longitude=None)
    locations.add(store, Location.read(GIVEN), by)
    assert locations.show(store, "L1").ward == "E05015253"


def test_locations_are_listed_by_ward_then_name_and_chosen(store: Store, by: By):
    store.run_many("wards.add", WARDS)
    for reference, name, ward, kind in (
        ("1", "b", None, "library"),
        ("2", "B", "E05015253", "library"),
        ("3", "a", "E05015253", "bus stop"),
        ("4", "z", "E05015239", "library"),
    ):
        locations.add(store, Location(reference, name, "x", ward=ward, kind=kind), by)
    assert [place.reference for place in locations.list_all(store)] == ["4", "3", "2", "1"]
    assert [place.reference for place in locations.list_all(store, ward="old trafford")] == ["3", "2"]
    assert [place.reference for place in locations.list_all(store, kind="Library")] == ["4", "2", "1"]
    assert [place.reference for place in locations.chosen(store, ["3", "1"])] == ["3", "1"]
    assert [place.reference for place in locations.chosen(store, ["3", "1"], kind="library")] == ["1"]
    with pytest.raises(NotFound):
        locations.chosen(store, ["3", "none"])


@pytest.mark.parametrize("ward", ["Ynys Môn", "YNYS MÔN", "W05000999", "w05000999"])
def test_a_ward_is_named_in_any_capitals(store: Store, by: By, ward: str):
    set_up(store, by)
    store.run("wards.add", **wards.as_kept("W05000999", "Ynys Môn"))
    locations.add(store, Location("L9", "Llyfrgell", "x", ward="W05000999"), by)
    made = links.make(store, "winter", ["L1", "L9"], by)
    assert [place.reference for place in locations.list_all(store, ward=ward)] == ["L9"]
    assert [row["code"] for row in links.list_all(store, ward=ward)] == [made[1].code]
    table = reports.read(store, reports.find("scans-by-location"), Filters.read({"ward": ward}))
    assert [row["reference"] for row in table.rows] == ["L9"]
