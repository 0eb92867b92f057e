from datetime import date

import pytest

from qrbridge import audit, times
from qrbridge.audit import By, Change, Filters
from qrbridge.council import council, services
from qrbridge.errors import InvalidInput
from qrbridge.store import Store
from tests.given import set_up


@pytest.fixture
def written(store: Store) -> Store:
    """A council set up by Jo, and 60 changes by Sam, one on each of 60 days from 1 January."""
    set_up(store, By("jo@example.gov.uk"))
    for number in range(60):
        by = By("sam@example.gov.uk", times.beginning_of(times.day_from_number(20_454 + number)))
        audit.write(store, by, Change("link", f"L{number}", "withdraw", {"state": "up"}, {"state": "withdrawn"}))
    return store


def keys(store: Store, **given: str) -> list[str]:
    return [row["key"] for row in audit.every(store, Filters.read(given))]


def test_pages_follow_one_another_and_hold_everything_once(written: Store):
    rows, before = audit.page(written, Filters(noun="link"))
    more, end = audit.page(written, Filters(noun="link"), before)
    assert (len(rows), len(more), end) == (50, 10, "")
    assert [row["key"] for row in rows + more] == [f"L{number}" for number in reversed(range(60))]


def test_a_change_made_meanwhile_moves_nothing_to_another_page(written: Store, by: By):
    _, before = audit.page(written, Filters(noun="link"))
    audit.write(written, by, Change("link", "L60", "withdraw", {}, {}))
    more, _ = audit.page(written, Filters(noun="link"), before)
    assert [row["key"] for row in more] == [f"L{number}" for number in reversed(range(10))]


@pytest.mark.parametrize(
    "given, found",
    [
        pytest.param({"who": "sam@example.gov.uk", "key": "L7"}, ["L7"], id="who and which"),
        pytest.param({"noun": "council"}, ["1"], id="what"),
        pytest.param({"noun": "link", "from": "2026-01-03", "to": "5/1/2026"}, ["L4", "L3", "L2"], id="days"),
        pytest.param({"who": "nobody"}, [], id="nobody"),
        pytest.param({"noun": "link", "to": "2026-01-01"}, ["L0"], id="until a day, that day too"),
    ],
)
def test_changes_are_filtered(written: Store, given: dict[str, str], found: list[str]):
    assert keys(written, **given) == found


def test_the_last_day_there_is_has_an_end_too(written: Store):
    assert keys(written, to="9999-12-31") == keys(written)


def test_wrong_days_are_said_together():
    with pytest.raises(InvalidInput) as caught:
        Filters.read({"from": "x", "to": "y"})
    assert [problem.field for problem in caught.value.problems] == ["from", "to"]


def test_filters_are_given_as_they_are_entered():
    filters = Filters.read({"who": "jo", "from": "5/1/2026", "noun": ""})
    assert filters.given == {"who": "jo", "from": "2026-01-05"} and filters.since == date(2026, 1, 5)


def test_what_a_change_altered(written: Store, by: By):
    here = council.show(written)
    service = services.show(written, "cost-of-living")
    changed = services.merged(
        service, {"phone": "0161 912 3000", "pages": {"pl": "https://www.trafford.gov.uk/x"}}, here
    )
    services.change(written, changed, by)
    (row,) = audit.page(written, Filters(noun="service"), most=1)[0]
    assert audit.differences(row) == [
        ("phone", "0161 912 2000", "0161 912 3000"),
        (
            "pages",
            "en: https://www.trafford.gov.uk/cost-of-living; pl: https://www.trafford.gov.uk/pl/cost-of-living",
            "en: https://www.trafford.gov.uk/cost-of-living; pl: https://www.trafford.gov.uk/x",
        ),
    ]
    assert audit.nouns(written) == ["council", "link", "notice", "service"]


@pytest.mark.parametrize("key", ["100%", "a_b", "!", "Ä", "a\\b"])
def test_a_key_is_found_among_many_whatever_it_is(store: Store, by: By, key: str):
    with store.atomic():
        many = audit.Many(store, by)
        many.add(Change("location", name, "add", {}, {"name": name}) for name in (key, f"{key}x", "1000", "axb"))
        many.done(Change("location", "places.csv", "import", {}, {}), in_one_line=True)
    assert [row["after"]["name"] for row in audit.list_for(store, "location", key)] == [key]
    assert keys(store, key=key) == [key]
