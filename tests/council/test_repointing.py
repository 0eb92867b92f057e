import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import council, repointing, services
from qrbridge.errors import Conflict, InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.store import Store
from tests.given import SERVICE, set_up

NEW = {"en": "https://www.trafford.gov.uk/new"}
KEY = "cost-of-living"


@pytest.fixture
def hung(store: Store, by: By) -> Store:
    """Three links of one notice: one up, one made, one withdrawn."""
    set_up(store, by)
    made = [link.code for link in links.make(store, "winter", ["L1", "L2", "B1"], by)]
    links.up(store, made[:1], by)
    links.withdraw(store, made[2:], by, "Torn")
    return store


def test_the_sheets_that_a_change_touches_are_known(hung: Store):
    (touched,) = repointing.sheets(hung, KEY)
    assert (touched.notice, touched.up, touched.all) == ("winter", 1, 2)
    with pytest.raises(NotFound):
        repointing.sheets(hung, "parks")


def test_pages_are_replaced_whole_and_put_back_whole(hung: Store, by: By):
    repointing.repoint(hung, KEY, NEW, by)
    assert services.show(hung, KEY).pages == NEW
    former = repointing.former(hung, KEY)
    assert former and (former.pages, former.who) == (SERVICE["pages"], by.who)
    repointing.undo(hung, KEY, by)
    assert services.show(hung, KEY).pages == SERVICE["pages"]
    repointing.undo(hung, KEY, by)
    assert services.show(hung, KEY).pages == NEW, "an undo can be undone"
    assert [row["verb"] for row in audit.list_for(hung, "service", KEY)] == ["change", "change", "change", "add"]


def test_what_never_changed_is_not_put_back(hung: Store, by: By):
    assert repointing.former(hung, KEY) is None
    with pytest.raises(Conflict, match="never changed"):
        repointing.undo(hung, KEY, by)


def test_other_details_changed_since_stay(hung: Store, by: By):
    repointing.repoint(hung, KEY, NEW, by)
    changed = services.merged(services.show(hung, KEY), {"phone": "0161 912 3000"}, council.show(hung))
    services.change(hung, changed, by)
    repointing.undo(hung, KEY, by)
    after = services.show(hung, KEY)
    assert (after.phone, after.pages) == ("0161 912 3000", SERVICE["pages"])


def test_a_page_whose_host_left_the_list_is_not_put_back(hung: Store, by: By):
    wider = council.merged(council.show(hung), {"allowed_hosts": ["trafford.gov.uk", "salford.gov.uk"]})
    council.change(hung, wider, by)
    repointing.repoint(hung, KEY, {"en": "https://www.salford.gov.uk/help"}, by)
    repointing.repoint(hung, KEY, NEW, by)
    council.change(hung, council.merged(wider, {"allowed_hosts": ["trafford.gov.uk"]}), by)
    with pytest.raises(InvalidInput, match="not on the council's list"):
        repointing.undo(hung, KEY, by)
    assert services.show(hung, KEY).pages == NEW
