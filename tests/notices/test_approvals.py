from typing import Any

import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import council, repointing, services
from qrbridge.errors import Conflict, InvalidInput
from qrbridge.notices import approvals, drafts, notices
from qrbridge.notices.notices import Notice
from qrbridge.printing import printing
from qrbridge.printing.printing import Again, Order
from qrbridge.store import Store
from tests.given import in_days, set_up, while_another_does

JO, SAM = By("jo@example.gov.uk"), By("sam@example.gov.uk")


def winter(store: Store) -> Notice:
    return notices.show(store, "winter")


def state(store: Store) -> str:
    return approvals.show(store, winter(store)).state


def reword(store: Store, by: By) -> None:
    here = council.show(store)
    notices.change(store, notices.merged(winter(store), {"words": {"en": {"headline": "Need help?"}}}, here), by)


@pytest.fixture
def strict(store: Store) -> Store:
    """An installation where someone other than the author approves; jo wrote its notice."""
    set_up(store, JO)
    council.change(store, council.merged(council.show(store), {"another_approves": "yes"}), JO)
    return store


def test_a_council_that_wants_no_second_person_lets_the_author_approve(store: Store):
    set_up(store, JO)
    approvals.check(store, winter(store))
    assert state(store) == "none"
    approvals.approve(store, "winter", JO)
    assert approvals.show(store, winter(store)).in_words == "Approved by jo@example.gov.uk"


def test_the_author_cannot_approve_where_another_must(strict: Store):
    approvals.submit(strict, "winter", JO)
    with pytest.raises(Conflict, match="someone else to approve"):
        approvals.approve(strict, "winter", JO)
    approvals.approve(strict, "winter", SAM)
    assert state(strict) == "approved"


def test_words_changed_while_they_were_read_are_not_approved(strict: Store):
    approvals.submit(strict, "winter", JO)
    seen = approvals.as_seen(strict, winter(strict))
    reword(strict, JO)
    approvals.submit(strict, "winter", JO)
    with pytest.raises(Conflict, match="changed after you opened"):
        approvals.approve(strict, "winter", SAM, seen)
    assert state(strict) == "submitted"
    approvals.approve(strict, "winter", SAM, approvals.as_seen(strict, winter(strict)))
    assert state(strict) == "approved"


def test_who_submitted_cannot_approve_either(strict: Store):
    approvals.submit(strict, "winter", SAM)
    with pytest.raises(Conflict):
        approvals.approve(strict, "winter", SAM)


def test_changed_words_are_no_longer_approved(strict: Store):
    approvals.submit(strict, "winter", JO)
    approvals.approve(strict, "winter", SAM)
    reword(strict, SAM)
    assert state(strict) == "changed"
    with pytest.raises(Conflict):
        approvals.approve(strict, "winter", SAM)
    approvals.approve(strict, "winter", JO)
    assert state(strict) == "approved", "jo wrote what was approved before, and nothing of this"


def test_what_is_not_approved_is_not_printed_where_it_must_be(strict: Store, tmp_path):
    order = Order("winter", ["L1"], tmp_path / "a.pdf")
    with pytest.raises(InvalidInput, match="not approved as it is now"):
        printing.print_notice(strict, order, JO)
    approvals.approve(strict, "winter", SAM)
    assert printing.print_notice(strict, order, JO).sheets == 1


def test_sent_back_with_a_reason_and_all_of_it_on_record(strict: Store):
    approvals.submit(strict, "winter", JO)
    assert [row["notice"] for row in approvals.waiting(strict)] == ["winter"]
    approvals.reject(strict, "winter", SAM, "The phone number is last year's")
    assert approvals.show(strict, winter(strict)).in_words == (
        "Sent back by sam@example.gov.uk: The phone number is last year's"
    )
    assert approvals.waiting(strict) == []
    record = [(row["verb"], row["who"]) for row in audit.list_for(strict, "notice", "winter")]
    assert record == [("reject", SAM.who), ("submit", JO.who), ("add", JO.who)]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_sending_back_needs_a_reason(strict: Store, reason: str):
    approvals.submit(strict, "winter", JO)
    with pytest.raises(InvalidInput, match="reason"):
        approvals.reject(strict, "winter", SAM, reason)


def test_what_nobody_submitted_is_not_sent_back(strict: Store):
    with pytest.raises(Conflict, match="not waiting"):
        approvals.reject(strict, "winter", SAM, "No")


def test_two_who_approve_at_once_are_recorded_once(strict: Store):
    assert while_another_does(strict, lambda: approvals.approve(strict, "winter", SAM)) is None
    verbs = [row["verb"] for row in audit.list_for(strict, "notice", "winter")]
    assert verbs == ["approve", "add"]


KIM = By("kim@example.gov.uk")


def redraft(store: Store, by: By, headline: str) -> str:
    """The one draft of the notice, with its headline changed by somebody."""
    found = drafts.list_all(store) or [drafts.begin(store, JO, "winter")]
    draft = drafts.keep(store, found[0].id, {"words": {"en": {**BODY, "headline": headline}}, "locations": ["L1"]}, by)
    return draft.id


BODY = {"body": "Get help with food, energy and rent."}


def test_who_edits_a_colleagues_draft_is_one_of_its_authors(strict: Store):
    approvals.approve(strict, "winter", SAM)
    draft = redraft(strict, SAM, "Cold at home?")
    drafts.submit(strict, draft, JO)
    assert approvals.authors(strict, "winter") == {JO.who, SAM.who}
    with pytest.raises(Conflict, match="edited or submitted"):
        approvals.approve(strict, "winter", SAM)
    approvals.approve(strict, "winter", KIM)
    record = [(row["verb"], row["who"]) for row in audit.list_for(strict, "notice", "winter")[:4]]
    assert record == [("approve", KIM.who), ("submit", JO.who), ("edit", SAM.who), ("change", JO.who)]


def test_who_edited_what_was_approved_since_may_approve_what_others_change(strict: Store):
    drafts.submit(strict, redraft(strict, SAM, "Cold at home?"), JO)
    approvals.approve(strict, "winter", KIM)
    drafts.submit(strict, redraft(strict, JO, "Cold and damp?"), JO)
    assert approvals.authors(strict, "winter") == {JO.who}
    approvals.approve(strict, "winter", SAM)


def test_who_saves_a_draft_as_it_is_or_chooses_its_locations_is_no_author(strict: Store):
    draft = redraft(strict, JO, "Cold at home?")
    typed = {"words": {"en": {"headline": "Cold at home? ", "body": f"{BODY['body']}\r\n"}}, "locations": ["L1", "L2"]}
    drafts.keep(strict, draft, typed, SAM)
    drafts.submit(strict, draft, JO)
    approvals.approve(strict, "winter", SAM)


def test_a_draft_that_was_edited_can_be_thrown_away(strict: Store):
    drafts.drop(strict, redraft(strict, SAM, "Cold at home?"))
    assert drafts.list_all(strict) == []


def change_service(store: Store, by: By, **changes: Any) -> None:
    service = services.show(store, "cost-of-living")
    services.change(store, services.merged(service, changes, council.show(store)), by)


@pytest.mark.parametrize(
    "changes, said",
    [
        pytest.param({"phone": "0161 912 3000"}, "the phone number", id="phone"),
        pytest.param({"hours": "At any hour"}, "the hours", id="hours"),
        pytest.param(
            {"place": "Sale Library", "phone": "0161 912 3000"}, "the phone number and the place to go", id="two"
        ),
    ],
)
def test_an_approval_holds_only_while_all_that_is_printed_is_the_same(
    strict: Store, tmp_path, changes: dict[str, str], said: str
):
    approvals.approve(strict, "winter", SAM)
    change_service(strict, KIM, **changes)
    assert approvals.show(strict, winter(strict)).in_words == f"Changed since it was approved: {said}"
    with pytest.raises(InvalidInput, match=f"not approved as it is now, since this was changed: {said}; submit it"):
        printing.print_notice(strict, Order("winter", ["L1"], tmp_path / "a.pdf"), JO)
    with pytest.raises(Conflict, match="what it prints of its service"):
        approvals.approve(strict, "winter", KIM)
    approvals.approve(strict, "winter", SAM)
    assert state(strict) == "approved"


def test_a_page_that_moves_un_approves_nothing(strict: Store, tmp_path):
    approvals.approve(strict, "winter", SAM)
    repointing.repoint(strict, "cost-of-living", {"en": "https://www.trafford.gov.uk/moved/here"}, KIM)
    change_service(strict, KIM, owner="Benefits team", summary="Help with what things cost.", review_day=in_days(400))
    assert state(strict) == "approved"
    assert printing.print_notice(strict, Order("winter", ["L1"], tmp_path / "a.pdf"), JO).sheets == 1


def test_a_page_on_another_site_is_approved_before_its_name_is_printed_and_led_to_at_once(strict: Store, tmp_path):
    approvals.approve(strict, "winter", SAM)
    order = Order("winter", ["L1"], tmp_path / "a.pdf")
    run = printing.print_notice(strict, order, JO).number
    repointing.repoint(strict, "cost-of-living", {"en": "https://new.trafford.gov.uk/help"}, KIM)
    assert services.show(strict, "cost-of-living").pages == {"en": "https://new.trafford.gov.uk/help"}
    assert approvals.show(strict, winter(strict)).reason == "the website"
    with pytest.raises(InvalidInput, match="since this was changed: the website"):
        printing.print_notice(strict, order, JO)
    assert printing.reprint(strict, Again(run, tmp_path / "b.pdf"), JO).sheets == 1, "what was approved then"


def test_a_page_that_moved_while_it_was_read_is_not_approved_unseen(strict: Store):
    approvals.submit(strict, "winter", JO)
    seen = approvals.as_seen(strict, winter(strict))
    repointing.repoint(strict, "cost-of-living", {"en": "https://www.trafford.gov.uk/other"}, KIM)
    with pytest.raises(Conflict, match="changed after you opened"):
        approvals.approve(strict, "winter", SAM, seen)
    assert state(strict) == "submitted", "the reviewer reads it as it is now, and nobody submits it again"
    approvals.approve(strict, "winter", SAM, approvals.as_seen(strict, winter(strict)))


def test_a_council_that_takes_another_name_has_its_notices_approved_again(strict: Store):
    approvals.approve(strict, "winter", SAM)
    council.change(strict, council.merged(council.show(strict), {"name": "Trafford Borough Council"}), JO)
    assert approvals.show(strict, winter(strict)).reason == "the council’s name"


def test_an_approval_of_before_says_nothing_of_the_service(strict: Store):
    approvals.approve(strict, "winter", SAM)
    strict.script("update approval set printed = ''")
    change_service(strict, KIM, phone="0161 912 3000")
    assert state(strict) == "approved"
