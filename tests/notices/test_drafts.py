from datetime import timedelta

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.notices import approvals, drafts, notices
from qrbridge.store import Store
from qrbridge.work import jobs
from tests.given import NOTICE, TODAY, set_up

ENTERED = {**NOTICE, "key": "spring", "locations": ["L1", "B1"]}


@pytest.fixture
def draft(store: Store, by: By) -> drafts.Draft:
    """A draft that is ready to become a notice."""
    set_up(store, by)
    return drafts.keep(store, drafts.begin(store, by).id, ENTERED, by)


def fields(store: Store, draft: drafts.Draft, step: str = "") -> list[str]:
    return [problem.field for problem in drafts.problems(store, draft, step)]


def test_an_empty_draft_says_what_each_step_wants(store: Store, by: By):
    set_up(store, by)
    draft = drafts.begin(store, by)
    assert set(fields(store, draft, "about")) == {"service", "starts"}
    assert fields(store, draft, "words") == ["headline (en)", "body (en)"]
    assert fields(store, draft, "design") == []
    assert fields(store, draft, "locations") == ["locations"]


def test_what_is_wrong_is_kept_as_it_was_typed(store: Store, by: By):
    set_up(store, by)
    draft = drafts.keep(store, drafts.begin(store, by).id, {"starts": "soon", "service": "cost-of-living"}, by)
    assert drafts.show(store, draft.id).entered["starts"] == "soon"
    assert set(fields(store, draft, "about")) == {"starts", "key"}


def test_words_too_long_for_the_design_are_said_at_their_step(store: Store, by: By, draft: drafts.Draft):
    words = {"en": {"headline": "Help with the cost of living for everyone " * 12, "body": "Ask us."}}
    long = drafts.keep(store, draft.id, {"words": words}, by)
    assert fields(store, long, "words") == ["words"]


def test_a_draft_becomes_its_notice_and_stays(store: Store, by: By, draft: drafts.Draft):
    assert drafts.problems(store, draft) == []
    drafts.submit(store, draft.id, by)
    assert notices.show(store, "spring").words == NOTICE["words"]
    assert drafts.show(store, draft.id).notice == "spring"
    assert approvals.show(store, notices.show(store, "spring")).state == "submitted"
    assert drafts.approval(store, drafts.show(store, draft.id)).state == "submitted"
    drafts.keep(store, draft.id, {"ends": times.as_typed(TODAY + timedelta(days=30))}, by)
    assert drafts.approval(store, drafts.show(store, draft.id)).state == "none"
    drafts.drop(store, draft.id)
    with pytest.raises(NotFound):
        drafts.show(store, draft.id)


def test_another_notices_name_is_refused_at_its_step(store: Store, by: By, draft: drafts.Draft):
    taken = drafts.keep(store, draft.id, {"key": "winter"}, by)
    assert fields(store, taken, "about") == ["key"]


def test_a_draft_that_changes_a_notice_begins_with_it_and_keeps_its_name(store: Store, by: By):
    set_up(store, by)
    links.make(store, "winter", ["L2", "L1"], by)
    draft = drafts.begin(store, by, "winter")
    assert draft.locations == ("L1", "L2") and drafts.problems(store, draft) == []
    drafts.keep(store, draft.id, {"key": "summer", "ends": times.as_typed(TODAY + timedelta(days=30))}, by)
    assert drafts.become(store, draft.id, by).key == "winter"
    assert notices.show(store, "winter").ends == TODAY + timedelta(days=30)


def test_without_locations_it_becomes_nothing(store: Store, by: By, draft: drafts.Draft):
    drafts.keep(store, draft.id, {"locations": []}, by)
    with pytest.raises(InvalidInput, match="Choose at least one"):
        drafts.become(store, draft.id, by)
    assert [row["key"] for row in notices.list_all(store)] == ["winter"]


def test_drafts_are_listed_by_author(store: Store, by: By, draft: drafts.Draft):
    drafts.begin(store, By("sam@example.gov.uk"))
    assert [found.id for found in drafts.list_all(store, by.who)] == [draft.id]
    assert len(drafts.list_all(store)) == 2


def test_a_service_that_is_gone_is_said(store: Store, by: By, draft: drafts.Draft):
    stray = drafts.keep(store, draft.id, {"service": "parks"}, by)
    assert fields(store, stray, "about") == ["service"]


def test_printing_a_draft_makes_its_notice_and_a_job(store: Store, by: By, draft: drafts.Draft):
    job = jobs.show(store, drafts.to_print(store, draft.id, by))
    assert (job.kind, job.who, job.total, job.given["locations"]) == (jobs.PRINT, by.who, 2, ["L1", "B1"])
    assert approvals.show(store, notices.show(store, "spring")).state == "approved"
    assert drafts.to_print(store, draft.id, by) == job.id, "a button pressed twice prints once"


def test_where_another_approves_nothing_is_printed_before(store: Store, by: By, draft: drafts.Draft):
    council.change(store, council.merged(council.show(store), {"another_approves": "yes"}), by)
    with pytest.raises(InvalidInput, match="not approved"):
        drafts.to_print(store, draft.id, by)
    assert jobs.not_over(store) == [] and [row["key"] for row in notices.list_all(store)] == ["winter"]
    drafts.submit(store, draft.id, by)
    approvals.approve(store, "spring", By("sam@example.gov.uk"))
    assert jobs.show(store, drafts.to_print(store, draft.id, by)).state == "waiting"
