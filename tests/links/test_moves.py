from datetime import date, timedelta

import pytest

from qrbridge import audit, times
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.links import links, moves
from qrbridge.places import locations
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.store import Store
from tests.given import TODAY, count, in_days, noon, place, set_up

THEN, NOW = By("jo", noon(-50)), By("jo", noon())
# Scans just before the midnight with which the day of the move begins, and just after.
MOVED = TODAY - timedelta(days=9)
MIDNIGHT = times.beginning_of(MOVED)
BEFORE, AFTER = times.hour_of(MIDNIGHT - timedelta(hours=1)), times.hour_of(MIDNIGHT)


@pytest.fixture
def code(store: Store) -> str:
    """A link at L1, up for 20 days, with scans on the day before the move and around the midnight that begins it."""
    set_up(store, NOW)
    store.run("locations.add", **locations.as_kept(place("S1", "Sale Library", kind="library")))
    (link,) = links.make(store, "winter", ["L1"], THEN)
    links.up(store, [link.code], NOW, TODAY - timedelta(days=19))
    for hour, scans in ((f"{in_days(-10)}T09", 3), (BEFORE, 2), (AFTER, 7), (f"{in_days(-5)}T12", 1)):
        count(store, link.code, hour, scans)
    return link.code


def figures(store: Store, **given: str) -> dict[str, tuple[int, int, int]]:
    table = reports.read(store, reports.find("scans-by-location"), Filters.read(given, today=TODAY))
    return {row["reference"]: (row["links"], row["days_up"], row["scans"]) for row in table.rows}


def test_days_and_scans_before_the_move_stay_where_they_were(store: Store, code: str):
    assert figures(store) == {"L1": (1, 20, 13)}
    assert moves.move(store, [code], "S1", NOW, MOVED) == 1
    assert figures(store) == {"L1": (1, 10, 5), "S1": (1, 10, 8)}
    assert figures(store, to=in_days(-10)) == {"L1": (1, 10, 5)}
    assert figures(store, **{"from": in_days(-9)}) == {"S1": (1, 10, 8)}
    assert figures(store, **{"from": in_days(-10), "to": in_days(-9)}) == {"L1": (1, 1, 5), "S1": (1, 1, 7)}


def test_a_link_keeps_its_code_state_and_history(store: Store, code: str):
    moves.move(store, [code], "S1", NOW, MOVED)
    link = links.show(store, code)
    assert (link["location"], link["state"]) == ("S1", "up")
    assert [(row["location"], row["since"], row["until"]) for row in moves.history(store, code)] == [
        ("L1", None, MOVED)
    ]
    change = audit.list_for(store, "link", code)[0]
    assert (change["verb"], change["before"]["location"], change["after"]["location"]) == ("move", "L1", "S1")


def test_a_location_is_named_in_any_capitals(store: Store, code: str):
    assert moves.move(store, [code], "s1", NOW, MOVED) == 1
    assert links.show(store, code)["location"] == "S1"
    assert moves.move(store, [code], "s1", NOW) == 0, "it is there already"


def test_a_link_moves_on_and_back(store: Store, code: str):
    moves.move(store, [code], "S1", NOW, MOVED)
    moves.move(store, [code], "B1", NOW, MOVED + timedelta(days=4))
    moves.move(store, [code], "L1", NOW, MOVED + timedelta(days=5))
    assert figures(store) == {"L1": (1, 15, 5), "S1": (1, 4, 7), "B1": (1, 1, 1)}
    assert sum(days for _, days, _ in figures(store).values()) == 20


def test_a_move_taken_back_on_the_same_day_leaves_no_trace_in_figures(store: Store, code: str):
    moves.move(store, [code], "S1", NOW, MOVED)
    moves.move(store, [code], "L1", NOW, MOVED)
    assert figures(store) == {"L1": (1, 20, 13)}


def test_the_old_location_can_have_a_sheet_again(store: Store, code: str):
    moves.move(store, [code], "S1", NOW, MOVED)
    (new,) = links.make(store, "winter", ["L1"], NOW)
    assert new.code != code
    with pytest.raises(InvalidInput, match="cannot move to L1: .* of the same notice is there"):
        moves.move(store, [code], "L1", NOW)


@pytest.mark.parametrize(
    "day, said",
    [
        pytest.param(
            TODAY - timedelta(days=51),
            f"was made or last moved on {times.in_words(THEN.at.date())}",
            id="before it was made",
        ),
        pytest.param(TODAY + timedelta(days=1), "has not come yet", id="tomorrow"),
    ],
)
def test_an_impossible_day_is_said(store: Store, code: str, day: date, said: str):
    with pytest.raises(InvalidInput, match=said):
        moves.move(store, [code], "S1", NOW, day)
    assert figures(store) == {"L1": (1, 20, 13)}


def test_a_withdrawn_link_does_not_move(store: Store, code: str):
    links.withdraw(store, [code], NOW, "Torn")
    with pytest.raises(InvalidInput, match="withdrawn for good"):
        moves.move(store, [code], "S1", NOW)


def test_two_sheets_of_one_notice_do_not_fit_one_location(store: Store, code: str):
    (other,) = links.make(store, "winter", ["L2"], THEN)
    with pytest.raises(InvalidInput, match="only one of them can hang at S1"):
        moves.move(store, [code, other.code], "S1", NOW)


@pytest.mark.parametrize("given, location", [(["7K3M9B"], "S1"), ([], "nowhere")])
def test_what_is_not_there_is_said(store: Store, code: str, given: list[str], location: str):
    with pytest.raises(NotFound):
        moves.move(store, given, location, NOW)
