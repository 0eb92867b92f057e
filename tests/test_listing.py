from dataclasses import asdict

import pytest

from qrbridge import listing
from qrbridge.audit import By
from qrbridge.listing import Found, Listing
from qrbridge.places import locations
from qrbridge.places.locations import Location
from qrbridge.store import Store
from tests.given import set_up

LISTING = Listing({"name": "Name", "day": "Day"}, filters=("ward",), per_page=2)


def found(store: Store, **given: str) -> list[str]:
    return [row["reference"] for row in locations.find(store, locations.LISTING.read(given)).rows]


@pytest.fixture
def places(store: Store, by: By) -> Store:
    """The three given places and two with letters that engines fold in their own ways."""
    set_up(store, by)
    for reference, name in (("C1", "CAFÉ Éclair"), ("P1", "100% Park_Hub!")):
        locations.add(store, Location(reference, name, "1 High Street", "M33 4ND", kind="café"), by)
    return store


def test_a_list_is_read_from_an_address():
    wanted = LISTING.read({"page": "3", "sort": "day-down", "q": " two  words ", "ward": "E05", "other": "x"})
    assert (wanted.page, wanted.order, wanted.search, wanted.filters) == (3, "day-down", "two words", {"ward": "E05"})
    assert wanted.values | {"most": 2, "offset": 4, "search": "%two%words%", "ward": "E05"} == wanted.values
    assert wanted.address() == {"q": "two words", "ward": "E05", "sort": "day-down"}
    assert wanted.address(page=2)["page"] == 2
    assert (wanted.turned("day"), wanted.turned("name")) == ("day", "name")
    assert (wanted.sorted_as("day"), wanted.sorted_as("name")) == ("descending", "none")


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e9", "٣", "9" * 400])
@pytest.mark.parametrize("sort", ["", "name; drop table location", "NAME", "-down"])
def test_what_cannot_be_understood_is_passed_over(page: str, sort: str):
    wanted = LISTING.read({"page": page, "sort": sort})
    assert (wanted.page, wanted.order, wanted.address()) == (1, "name", {})


def test_a_list_may_begin_backwards():
    newest = Listing({"number": "Run", "who": "By"}, first="number-down")
    assert (newest.read({}).order, newest.read({"sort": "x"}).order) == ("number-down", "number-down")
    wanted = newest.read({"sort": "number"})
    assert (wanted.address(), newest.read({}).address()) == ({"sort": "number"}, {})
    assert newest.read({}).turned("number") == "number"


@pytest.mark.parametrize(
    ("page", "count", "near"),
    [
        pytest.param(1, 0, [1], id="empty"),
        pytest.param(1, 4, [1, 2], id="two pages"),
        pytest.param(5, 20, [1, 0, 4, 5, 6, 0, 10], id="gaps on both sides"),
        pytest.param(2, 6, [1, 2, 3], id="no gap"),
        pytest.param(10, 20, [1, 0, 9, 10], id="at the end"),
    ],
)
def test_pages_offered(page: int, count: int, near: list[int]):
    assert Found(LISTING.read({"page": str(page)}), [], count).near == near


def test_locations_in_each_order(places: Store):
    assert found(places) == ["P1", "L1", "C1", "L2", "B1"]
    assert found(places, sort="name-down") == ["B1", "L2", "C1", "L1", "P1"]
    assert found(places, sort="reference") == ["B1", "C1", "L1", "L2", "P1"]
    assert found(places, sort="ward")[-2:] == ["L1", "L2"]
    for order in locations.LISTING.orders:
        assert sorted(found(places, sort=order)) == sorted(found(places, sort=f"{order}-down"))


@pytest.mark.parametrize(
    ("search", "references"),
    [
        pytest.param("altrincham", ["L1"], id="name"),
        pytest.param("TRAFFORD l2", ["L2"], id="name and reference"),
        pytest.param("café", ["C1"], id="small letter with accent"),
        pytest.param("ÉCLAIR", ["C1"], id="capital with accent"),
        pytest.param("0%", ["P1"], id="per cent is itself"),
        pytest.param("park_hub!", ["P1"], id="underline and exclamation mark are themselves"),
        pytest.param("par_", [], id="underline is no joker"),
        pytest.param("M33 4ND", ["P1", "C1"], id="postcode"),
        pytest.param("'; drop table location --", [], id="injection"),
    ],
)
def test_a_search_means_the_same_on_both_engines(places: Store, search: str, references: list[str]):
    assert found(places, q=search) == references


def test_a_search_finds_what_was_changed_since(places: Store, by: By):
    locations.change(places, Location(**{**asdict(locations.show(places, "L1")), "name": "Timperley Hub"}), by)
    assert (found(places, q="timperley"), found(places, q="altrincham")) == (["L1"], [])


def test_filters_narrow_together(places: Store):
    assert found(places, ward="E05015239") == ["L1"]
    assert found(places, ward="E05015239", kind="bus stop") == []
    assert found(places, kind="library", q="library") == ["L1", "L2"]
    assert locations.kinds_used(places) == ["bus stop", "café", "library"]


def test_a_page_that_is_not_there_is_the_first(places: Store):
    asked = Listing(locations.LISTING.orders, locations.LISTING.filters, per_page=2)
    third, beyond = (locations.find(places, asked.read({"page": page})) for page in ("3", "9"))
    assert (third.first, third.last, third.count, third.pages, len(third.rows)) == (5, 5, 5, 3, 1)
    assert (beyond.wanted.page, [row["reference"] for row in beyond.rows]) == (1, ["P1", "L1"])


def test_a_search_has_no_end_of_jokers():
    assert listing.pattern("a " * 100) == "%a%a%a%a%a%a%"
    assert listing.pattern("  ") is None
