import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.links import links, sightings
from qrbridge.store import Store
from tests.given import set_up

VOLUNTEER = By(sightings.HANGING_SHEET)


@pytest.fixture
def code(store: Store, by: By) -> str:
    """The code of a link that was never up."""
    set_up(store, by)
    return links.make(store, "winter", ["L1"], by)[0].code


def state(store: Store, code: str) -> str:
    return str(links.show(store, code)["state"])


def test_seen_up_it_is_up(store: Store, by: By, code: str):
    sightings.report(store, code, "up", by)
    assert state(store, code) == "up"
    sightings.report(store, code.lower(), "up", by, "  Still  there ")
    assert [(row["saw"], row["note"], row["who"]) for row in sightings.list_for(store, code)] == [
        ("up", "Still there", by.who),
        ("up", "", by.who),
    ]
    assert [row["verb"] for row in audit.list_for(store, "link", code)] == ["check", "check", "up", "make"]


def test_a_volunteer_is_not_named(store: Store, code: str):
    sightings.report(store, code, "up", VOLUNTEER)
    assert sightings.list_for(store, code)[0]["who"] == ""
    assert state(store, code) == "up"


def test_damaged_or_gone_it_counts_no_more_days(store: Store, by: By, code: str):
    sightings.report(store, code, "damaged", by)
    assert state(store, code) == "made", "what was never up cannot come down"
    sightings.report(store, code, "up", by)
    sightings.report(store, code, "damaged", by)
    assert state(store, code) == "down"


def test_in_the_wrong_place_it_stays_as_it_is(store: Store, by: By, code: str):
    sightings.report(store, code, "up", by)
    sightings.report(store, code, "elsewhere", by, "It hangs in the children's room")
    assert state(store, code) == "up"


@pytest.mark.parametrize("saw, note", [("", ""), ("gone", ""), ("up", "x" * 401)])
def test_what_cannot_be_used_is_said_and_nothing_is_kept(store: Store, by: By, code: str, saw: str, note: str):
    with pytest.raises(InvalidInput):
        sightings.report(store, code, saw, by, note)
    assert sightings.list_for(store, code) == [] and state(store, code) == "made"


def test_a_withdrawn_sheet_is_not_put_up(store: Store, by: By, code: str):
    links.withdraw(store, [code], by, "A fake was stuck over it")
    with pytest.raises(InvalidInput, match="take the old one down"):
        sightings.report(store, code, "up", by)


def test_no_link_of_ours_is_said(store: Store, by: By, code: str):
    with pytest.raises(NotFound):
        sightings.report(store, "7K3M9B", "up", by)
