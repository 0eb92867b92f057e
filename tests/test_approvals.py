import pytest

from qrbridge import approvals, audit, council, notices, printing
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput
from qrbridge.notices import Notice
from qrbridge.printing import Order
from qrbridge.store import Store
from tests.given import set_up, while_another_does

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
    seen = approvals.seal(winter(strict))
    reword(strict, JO)
    approvals.submit(strict, "winter", JO)
    with pytest.raises(Conflict, match="changed after you opened"):
        approvals.approve(strict, "winter", SAM, seen)
    assert state(strict) == "submitted"
    approvals.approve(strict, "winter", SAM, approvals.seal(winter(strict)))
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
