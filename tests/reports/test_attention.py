"""What needs somebody, on both engines: each finding, and when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from qrbridge import times
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.council import council as councils
from qrbridge.council import services
from qrbridge.links import links, sightings
from qrbridge.notices import drafts, notices
from qrbridge.notices.notices import Notice
from qrbridge.reports import attention
from qrbridge.reports.attention import Item
from qrbridge.store import Store
from qrbridge.uploads import uploads
from qrbridge.uploads.rows import Summary
from qrbridge.uploads.uploads import Upload
from qrbridge.work import jobs
from tests.given import NOTICE, TODAY, noon, set_up

NOW = noon()
REVIEW, END = TODAY + timedelta(days=14), TODAY + timedelta(days=25)
JO, SAM = Person("jo@example.gov.uk", "Jo", "editor"), Person("sam@example.gov.uk", "Sam", "editor")
BY = By(JO.email, NOW)


@pytest.fixture
def council(store: Store, by: By) -> Store:
    """A council with nothing that needs anybody."""
    set_up(store, by)
    return store


def found(store: Store, person: Person = JO, days: int = 0) -> list[Item]:
    return attention.find(store, person, NOW + timedelta(days=days))


def kinds(store: Store, person: Person = JO, days: int = 0) -> list[tuple[str, str]]:
    return [(item.kind, item.key) for item in found(store, person, days)]


def notice(store: Store, key: str, ends: str) -> None:
    notices.add(store, Notice.read({**NOTICE, "key": key, "ends": ends}, councils.show(store)), BY)


def test_a_calm_council_needs_nobody(council: Store):
    assert found(council) == []


def test_a_service_is_to_be_reviewed_two_weeks_ahead_and_late_from_its_day(council: Store):
    service = replace(services.show(council, "cost-of-living"), review_day=REVIEW)
    services.change(council, service, BY)
    (item,) = found(council)
    assert (item.kind, item.key, item.is_late) == ("service", "cost-of-living", False)
    assert f"is to be reviewed by {times.in_words(REVIEW)}" in item.sentence
    assert found(council, days=-1) == []
    assert found(council, days=14)[0].is_late


def test_a_notice_that_ends_while_sheets_hang_is_said(council: Store):
    notice(council, "spring", END.isoformat())
    (link,) = links.make(council, "spring", ["L1"], BY)
    assert ("notice", "spring") not in kinds(council)
    links.up(council, [link.code], BY, TODAY)
    (item,) = found(council)
    assert item.sentence == f"“spring” ends on {times.in_words(END)}, and 1 sheet of it hangs"
    late = found(council, days=26)[0]
    assert late.is_late and f"ended on {times.in_words(END)}" in late.sentence
    links.down(council, [link.code], BY)
    assert found(council) == []


def test_sheets_that_nobody_hung_are_said_after_ten_days(council: Store):
    made = links.make(council, "winter", ["L1", "L2"], BY)
    assert found(council, days=10) == []
    (item,) = found(council, days=11)
    assert (item.kind, item.key) == ("made", "winter") and item.sentence.startswith("2 sheets")
    links.up(council, [link.code for link in made], BY)
    assert found(council, days=11) == []


def test_what_people_saw_is_said_until_it_is_right_again(council: Store):
    (link,) = links.make(council, "winter", ["L1"], BY)
    links.up(council, [link.code], BY)
    sightings.report(council, link.code, "damaged", BY, "torn")
    (item,) = found(council)
    assert (item.kind, item.key) == ("link", link.code) and "Altrincham Library" in item.sentence
    sightings.report(council, link.code, "up", By(JO.email, NOW + timedelta(minutes=1)))
    assert found(council) == []


def test_a_draft_is_its_authors(council: Store):
    draft = drafts.begin(council, BY, "winter")
    assert kinds(council) == [("draft", draft.id)]
    assert kinds(council, SAM) == []


def test_an_upload_is_its_owners(council: Store):
    upload = Upload("x" * 24, "locations", JO.email, "a.csv", "read", {}, Summary(), times.stamp(NOW), times.stamp(NOW))
    council.run("uploads.add", **uploads.as_kept(upload))
    assert kinds(council) == [("upload", upload.id)]
    assert kinds(council, SAM) == []


def test_work_that_failed_is_told_for_a_week_or_until_it_is_asked_for_again(council: Store):
    job_id = jobs.add(council, jobs.PRINT, {"notice": "winter", "locations": []}, BY)
    council.run("jobs.claim", id=job_id, at=times.stamp(NOW), lost_before=times.stamp(NOW))
    said = {"state": "failed", "at": times.stamp(NOW), "done": 0, "message": "The words do not fit.", "outcome": "{}"}
    council.run("jobs.end", id=job_id, try_number=1, **said)
    (item,) = found(council)
    assert item == Item("job", job_id, "Printing “winter” failed: The words do not fit.", is_late=True)
    assert kinds(council, SAM) == [] and kinds(council, days=8) == []
    later = By(JO.email, NOW + timedelta(minutes=1))
    jobs.add(council, jobs.PRINT, {"notice": "winter", "locations": []}, later)
    assert kinds(council) == []


def test_sheets_out_of_date_are_as_last_found(council: Store):
    attention.keep_out_of_date(council, {"winter": 3})
    (item,) = found(council)
    assert item.key == "winter" and item.sentence.startswith("3 sheets of “winter” that hang are out of date")
    attention.keep_out_of_date(council, {})
    assert found(council) == []


def test_what_is_late_comes_first(council: Store):
    drafts.begin(council, BY)
    services.change(
        council, replace(services.show(council, "cost-of-living"), review_day=TODAY - timedelta(days=24)), BY
    )
    assert [item.is_late for item in found(council)] == [True, False]


def test_figures_count_what_there_is(council: Store):
    assert attention.figures(council) == {"services": 1, "locations": 3, "postcodes": 0, "notices": 1, "up": 0}
