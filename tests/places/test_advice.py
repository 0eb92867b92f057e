import pytest

from qrbridge import qr
from qrbridge.places import advice, kinds
from qrbridge.places.advice import Reach
from qrbridge.press.design import designs

HOST = "qr.trafford.gov.uk"
POSTER = designs.read("poster")
SIZES = [Reach("A4", 3.5, 100, 1_050), Reach("A3", 5.0, 145, 1_500), Reach("A2", 7.0, 203, 2_100)]


@pytest.mark.parametrize(
    "kind, said",
    [
        pytest.param("vehicle", "a driver must never try", id="moving"),
        pytest.param("escalator", "cannot stop safely", id="escalator"),
        pytest.param("underground", "Without a signal", id="no signal"),
        pytest.param("roadside", "must not scan", id="drivers"),
        pytest.param("window", "matt paper", id="glare"),
        pytest.param("car park", "Fake codes", id="fakes"),
    ],
)
def test_places_where_scanning_is_unsafe_or_pointless_are_said(kind: str, said: str):
    assert said in kinds.advised(kind).caution
    assert said in " ".join(advice.warnings([kind], 9_000, POSTER, HOST))


def test_paper_too_small_for_a_place_is_said_with_what_serves():
    named = ["bus stop", "library", "bus stop", "bus stop", "", "library"]
    (said,) = advice.warnings(named, 975, POSTER, HOST)
    assert said.startswith("3 of these locations are bus stops: A4 reads from about 1.0 m, and people stand about 1.5")
    assert said.endswith("A3 is advised.")
    assert advice.warnings(named, 1_400, designs.read("poster", "A3"), HOST) == []


def test_all_that_need_the_same_are_said_together():
    named = ["library", "GP surgery", "library", "pharmacy"]
    (said,) = advice.warnings(named, 700, designs.read("poster", "A5"), HOST)
    assert said.startswith("4 of these locations are GP surgeries, libraries and pharmacies: A5 reads from about 70 cm")


def test_where_no_paper_is_large_enough_another_design_is_advised():
    (said,) = advice.warnings(["platform"], 2_400, designs.read("large-print", "A2"), HOST)
    assert said.startswith("1 of these locations is a platform:") and said.endswith("a larger printable is advised.")


def test_what_is_held_in_the_hand_serves_anywhere():
    assert advice.warnings(["library", "bus stop"], 400, designs.read("flyer"), HOST) == []


def test_the_size_that_serves_is_the_smallest_that_does():
    assert [advice.size_for(SIZES, distance) for distance in (1_000, 1_400, 9_000)] == [SIZES[0], SIZES[1], None]


def test_reach_is_that_of_the_code_as_it_is_drawn():
    reached = advice.reaches("poster", HOST)
    assert {one.size for one in reached} == set(designs.read("poster").sizes)
    assert [one.distance_mm for one in reached] == sorted(one.distance_mm for one in reached)
    for one in reached:
        assert one.distance_mm == qr.reading_distance_mm(one.module_mm)
        assert one.width_mm == pytest.approx(one.module_mm * 29)


def test_a_longer_host_reads_from_nearer():
    longer = advice.reaches("poster", "qr.the-longest-council-of-them-all.gov.uk")
    assert longer[0].distance_mm < advice.reaches("poster", HOST)[0].distance_mm


def test_the_width_a_distance_needs_is_the_facts_table():
    bare, whole = advice.code_width_mm(2_000, HOST)
    assert (round(bare), round(whole)) == (193, 247)
