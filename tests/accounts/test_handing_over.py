import pytest

from qrbridge import audit
from qrbridge.accounts import handing_over, people
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.services import Service
from qrbridge.errors import InvalidInput
from qrbridge.notices import drafts
from qrbridge.store import Store
from tests.given import COUNCIL, SERVICE, set_up

LEAVER, HEIR = "jo@example.gov.uk", "sam@example.gov.uk"
HERE = council.Council.read(COUNCIL)


def test_all_of_it_goes_in_one_step(store: Store, by: By):
    set_up(store, by)
    for key, owner in (("parks", LEAVER.upper()), ("bins", LEAVER), ("roads", "Highways team")):
        services.add(store, Service.read({**SERVICE, "key": key, "owner": owner}, HERE), by)
    draft = drafts.begin(store, By(LEAVER))
    moved = handing_over.hand_over(store, LEAVER, HEIR, by)
    assert moved.in_words == "2 services, 1 draft and 0 uploads" and moved.services == ("bins", "parks")
    assert {row["key"]: row["owner"] for row in services.list_all(store)} == {
        "bins": HEIR,
        "parks": HEIR,
        "roads": "Highways team",
        "cost-of-living": SERVICE["owner"],
    }
    assert drafts.show(store, draft.id).author == HEIR
    assert audit.list_for(store, "person", LEAVER)[0]["after"]["to"] == HEIR
    assert audit.list_for(store, "service", "bins")[0]["verb"] == "hand over"


def test_a_team_is_known_in_any_capitals_of_any_language(store: Store, by: By):
    set_up(store, by)
    services.add(store, Service.read({**SERVICE, "key": "care", "owner": "Tîm Ôl-ofal"}, HERE), by)
    assert handing_over.hand_over(store, "TÎM ÔL-OFAL", HEIR, by).services == ("care",)
    with pytest.raises(InvalidInput, match="is tîm ôl-ofal already"):
        handing_over.hand_over(store, "tîm ôl-ofal", "TÎM ÔL-OFAL", by)


@pytest.mark.parametrize("heir", ["", LEAVER.upper(), "x" * 121])
def test_to_nobody_or_to_oneself_is_refused(store: Store, by: By, heir: str):
    set_up(store, by)
    with pytest.raises(InvalidInput, match="heir"):
        handing_over.hand_over(store, LEAVER, heir, by)


def test_to_somebody_who_left_too_is_refused(store: Store, by: By):
    set_up(store, by)
    people.add(store, Person(HEIR, "Sam Jones", "editor", active=False), by)
    draft = drafts.begin(store, By(LEAVER))
    with pytest.raises(InvalidInput, match="Sam Jones .* may not sign in any more; name somebody else"):
        handing_over.hand_over(store, LEAVER, HEIR.upper(), by)
    assert drafts.show(store, draft.id).author == LEAVER
