from datetime import date, timedelta

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.links import links
from qrbridge.notices import drafts, notices, remarks
from qrbridge.store import Store
from qrbridge.work import jobs
from tests.given import NOTICE, PAGES, SERVICE, TODAY, WORDS, set_up

SOON = TODAY + timedelta(days=3)
REVIEW = date.fromisoformat(str(SERVICE["review_day"]))


def said(store: Store, by: By, today: date = TODAY, **entered: object) -> list[str]:
    draft = drafts.keep(store, drafts.begin(store, by).id, {**NOTICE, "key": "spring", **entered}, by)
    return [remark.sentence for remark in remarks.remarks(store, draft, today)]


@pytest.fixture(autouse=True)
def ready(store: Store, by: By) -> None:
    """An installation with a service, a notice and three places."""
    set_up(store, by)


def test_nothing_is_said_where_there_is_nothing_to_know(store: Store, by: By):
    assert said(store, by, locations=["L1"]) == []
    assert said(store, by, service="parks") == []


@pytest.mark.parametrize(
    "entered, today, sentence",
    [
        pytest.param(
            {}, REVIEW + timedelta(days=1), f"were to be checked by {times.in_words(REVIEW)}", id="service not reviewed"
        ),
        pytest.param({"ends": SOON.isoformat()}, TODAY, f"It ends on {times.in_words(SOON)}", id="ends soon"),
        pytest.param({"locations": ["B1"]}, TODAY, "1 of these locations is a bus stop", id="too small for its place"),
        pytest.param({"reading_distance": "2.5"}, TODAY, "It is to be read from 2.5 m", id="too small to read"),
    ],
)
def test_what_to_know_is_said(store: Store, by: By, entered: dict[str, object], today: date, sentence: str):
    (only,) = said(store, by, today, **entered)
    assert sentence in only


def test_words_without_a_page_or_a_native_reader(store: Store, by: By):
    council.change(store, council.merged(council.show(store), {"languages": ["en", "pl", "cy"]}), by)
    words = {**WORDS, "cy": {"headline": "Angen help?", "body": "Gofynnwch i ni."}}
    unchecked, pageless = said(store, by, words=words)
    assert "No native reader" in unchecked and "Cymraeg (cy)" in unchecked
    assert "There are words in cy but no page" in pageless


def test_sheets_that_will_be_out_of_date_are_counted_only_if_anything_differs(store: Store, by: By):
    made = [link.code for link in links.make(store, "winter", ["L1", "L2"], by)]
    links.up(store, made, by)
    draft = drafts.begin(store, by, "winter")
    assert remarks.remarks(store, draft, TODAY) == []
    changed = drafts.keep(store, draft.id, {"words": {"en": {"headline": "Need help?", "body": "Ask us."}}}, by)
    (remark,) = remarks.remarks(store, changed, TODAY)
    assert "2 sheets on walls say what the notice said before" in remark.sentence
    assert notices.show(store, "winter").words == WORDS


def test_pages_come_with_their_last_test(store: Store, by: By):
    address = PAGES["en"]
    jobs.add(store, jobs.TEST, {"address": address}, By(by.who, by.at - timedelta(days=1)))
    latest = jobs.add(store, jobs.TEST, {"address": address}, by)
    found = {page.language: page.test for page in remarks.pages(store, "cost-of-living")}
    assert found["en"] is not None and found["en"].id == latest and found["pl"] is None
