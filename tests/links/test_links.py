from datetime import date, timedelta

import pytest

from qrbridge import audit, codes, times
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.store import Store
from tests.given import TODAY, noon, set_up

REFERENCES = ["L1", "L2", "B1"]


@pytest.fixture
def made(store: Store, by: By) -> list[str]:
    """The codes of three links made some weeks ago."""
    set_up(store, by)
    before = By("jo", by.at - timedelta(days=30))
    return [link.code for link in links.make(store, "winter", REFERENCES, before)]


def test_each_location_gets_its_own_code(store: Store, made: list[str]):
    assert len(set(made)) == 3 and all(codes.check(code) for code in made)
    assert [row["location"] for row in links.list_all(store, notice="winter")] == REFERENCES


def test_making_again_makes_none(store: Store, by: By, made: list[str]):
    assert [link.code for link in links.make(store, "winter", reversed(REFERENCES), by)] == made[::-1]


def test_a_withdrawn_link_has_a_successor_and_its_code_stays_taken(store: Store, by: By, made: list[str]):
    links.withdraw(store, made[:1], by, "A fake was stuck over it")
    (new,) = links.make(store, "winter", ["L1"], by)
    assert new.code != made[0]
    assert links.show(store, made[0])["reason"] == "A fake was stuck over it"


def test_a_code_drawn_twice_is_drawn_again(store: Store, by: By, made: list[str]):
    body = iter(made[0][:-1] + "8" * 5)
    links.withdraw(store, made[1:2], by, "Torn")
    (new,) = links.make(store, "winter", ["L2"], by, choose=lambda alphabet: next(body))
    assert new.code.startswith("88888")


def test_what_is_planned_is_kept_once(store: Store, by: By, made: list[str]):
    links.withdraw(store, made[:1], by, "Torn")
    planned = links.plan(store, "winter", REFERENCES, by)
    assert [link.code for link in planned[1:]] == made[1:] and len(links.list_all(store)) == 3
    links.up(store, made[1:2], by)
    assert links.keep(store, planned, by) == 1 and links.keep(store, planned, by) == 0
    assert links.show(store, planned[0].code)["state"] == "made"


@pytest.mark.parametrize("meanwhile", ["made", "withdrawn"])
def test_what_was_planned_and_fits_no_more_is_not_kept(store: Store, by: By, made: list[str], meanwhile: str):
    if meanwhile == "made":
        links.withdraw(store, made[:1], by, "Torn")
    planned = links.plan(store, "winter", REFERENCES, by)
    if meanwhile == "made":
        links.make(store, "winter", ["L1"], by)
    else:
        links.withdraw(store, made[:1], by, "Torn")
    before = links.list_all(store)
    with pytest.raises(Conflict, match="print it again"):
        links.keep(store, planned, by)
    assert links.list_all(store) == before


def test_without_chance_nothing_is_made(store: Store, by: By):
    set_up(store, by)
    with pytest.raises(Conflict, match="thousand draws"):
        links.make(store, "winter", REFERENCES, by, choose=lambda alphabet: "8")
    assert links.list_all(store) == []


def test_days_up_are_counted_from_up_to_down(store: Store, made: list[str]):
    by = By("jo")
    assert links.up(store, made, by, TODAY - timedelta(days=9)) == 3
    assert links.down(store, made[:1], by, TODAY - timedelta(days=4)) == 1
    assert [links.show(store, code)["days_up"] for code in made] == [5, 10, 10]
    links.up(store, made[:1], by, TODAY - timedelta(days=1))
    assert links.show(store, made[0])["days_up"] == 7
    assert [row["verb"] for row in audit.list_for(store, "link", made[0])] == ["up", "down", "up", "make"]


def test_up_twice_changes_nothing(store: Store, by: By, made: list[str]):
    links.up(store, made, by)
    assert links.up(store, made, by) == 0


def test_up_and_down_and_up_on_one_day(store: Store, by: By, made: list[str]):
    for verb in (links.up, links.down, links.up):
        assert verb(store, made[:1], by) == 1
    assert links.show(store, made[0])["days_up"] == 1


def test_a_code_is_found_however_it_is_written(store: Store, made: list[str]):
    assert links.show(store, f" {codes.spoken(made[0]).lower()}. ")["code"] == made[0]


@pytest.mark.parametrize(
    "move, said",
    [
        pytest.param(
            lambda store, by, code: links.up(store, [code], by, TODAY + timedelta(days=2)), "not come yet", id="future"
        ),
        pytest.param(lambda store, by, code: links.down(store, [code], by), "was never up", id="never up"),
        pytest.param(lambda store, by, code: links.withdraw(store, [code], by, " "), "reason", id="no reason"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(store: Store, by: By, made: list[str], move, said: str):
    with pytest.raises(InvalidInput, match=said):
        move(store, by, made[0])
    assert links.show(store, made[0])["state"] == "made"


def test_withdrawn_is_for_good(store: Store, by: By, made: list[str]):
    links.withdraw(store, made[:1], by, "Wrong notice")
    with pytest.raises(InvalidInput, match="withdrawn for good"):
        links.up(store, made[:1], by)


def test_a_day_before_the_last_change_is_refused(store: Store, made: list[str]):
    by, day = By("jo", noon(-5)), TODAY - timedelta(days=15)
    links.up(store, made[:1], by, day)
    with pytest.raises(InvalidInput, match=times.in_words(day)):
        links.down(store, made[:1], by, day - timedelta(days=1))


def test_a_link_cannot_have_hung_before_it_was_made(store: Store, by: By, made: list[str]):
    with pytest.raises(InvalidInput, match="was made or last changed on"):
        links.up(store, made[:1], by, date(1, 1, 1))


def test_one_bad_code_stops_them_all(store: Store, by: By, made: list[str]):
    with pytest.raises(NotFound):
        links.up(store, [*made, "222222"], by)
    assert {row["state"] for row in links.list_all(store)} == {"made"}


def test_links_are_listed_by_ward_and_state(store: Store, by: By, made: list[str]):
    links.up(store, made[:2], by)
    assert [row["location"] for row in links.list_all(store, ward="old trafford")] == ["L2"]
    assert [row["location"] for row in links.list_all(store, state="made")] == ["B1"]


def test_a_wrong_day_is_put_right(store: Store, by: By, made: list[str]):
    today = times.day_of(by.at)
    links.up(store, made[:1], by)
    assert links.up(store, made[:1], by, today - timedelta(days=6)) == 1
    assert links.show(store, made[0])["days_up"] == 7
    record = audit.list_for(store, "link", made[0])[0]
    assert (record["verb"], record["before"]["up_day"]) == ("redate", today.isoformat())
    with pytest.raises(InvalidInput, match="was made"):
        links.up(store, made[:1], by, today - timedelta(days=60))


def test_a_day_is_put_right_to_one_it_was_up_and_down_on(store: Store, by: By, made: list[str]):
    days = [times.day_of(by.at) - timedelta(days=ago) for ago in (5, 3)]
    links.up(store, made[:1], by, days[0])
    links.down(store, made[:1], by, days[0])
    links.up(store, made[:1], by, days[1])
    assert links.up(store, made[:1], by, days[0]) == 1
    assert links.show(store, made[0])["days_up"] == 6
    assert audit.list_for(store, "link", made[0])[0]["before"]["up_day"] == days[1].isoformat()
