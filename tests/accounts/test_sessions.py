from datetime import timedelta

import pytest

from qrbridge import times
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.store import Store
from tests.given import set_up

JO = Person("jo@example.gov.uk", "Jo Smith", "editor")


@pytest.fixture
def jo(store: Store, by: By) -> Store:
    """A council with an editor, Jo."""
    set_up(store, by)
    people.add(store, JO, by)
    return store


def test_a_session_is_known_by_its_token_alone(jo: Store):
    token = sessions.begin(jo, JO.email)
    found = sessions.find(jo, token)
    assert found and (found.email, found.role, found.stage) == (JO.email, "editor", "whole")
    assert sessions.find(jo, sessions.hashed(token)) is None
    assert sessions.find(jo, "") is None
    assert sessions.begin(jo, JO.email) != token


@pytest.mark.parametrize(
    "pages_after, is_over",
    [
        pytest.param([timedelta(minutes=59)], False, id="an hour less a minute"),
        pytest.param([timedelta(minutes=61)], True, id="an hour and a minute with nothing done"),
        pytest.param([timedelta(minutes=50 * number) for number in range(1, 14)], False, id="busy for eleven hours"),
        pytest.param([timedelta(minutes=50 * number) for number in range(1, 16)], True, id="busy for over twelve"),
    ],
)
def test_a_session_ends_when_idle_and_after_a_day(jo: Store, pages_after: list[timedelta], is_over: bool):
    began = times.now()
    token = sessions.begin(jo, JO.email)
    found = [sessions.find(jo, token, began + after) for after in pages_after]
    assert (found[-1] is None) == is_over


def test_sessions_end_one_by_one_and_everywhere(jo: Store):
    first, second, third = (sessions.begin(jo, JO.email) for _ in range(3))
    assert [row["this_one"] for row in sessions.list_for(jo, JO.email, second)].count(1) == 1
    sessions.end(jo, first)
    assert sessions.find(jo, first) is None and sessions.find(jo, second)
    assert sessions.end_all(jo, JO.email, but=second) == 1
    assert sessions.find(jo, second) and sessions.find(jo, third) is None
    jo.run("sessions.seen", hash=sessions.hashed(second), now=times.stamp(times.now() - timedelta(hours=2)))
    sessions.begin(jo, JO.email)
    assert sessions.end_all(jo, JO.email) == 1, "the one that was over by itself is not counted"
    assert sessions.former(jo, second) == ""


def test_whoever_may_no_longer_sign_in_is_out_at_once(jo: Store, by: By):
    token = sessions.begin(jo, JO.email)
    people.change(jo, people.merged(JO, {"active": False}), by)
    assert sessions.find(jo, token) is None


def test_what_is_told_is_told_to_that_session(jo: Store):
    token, other = sessions.begin(jo, JO.email), sessions.begin(jo, JO.email)
    sessions.tell(jo, token, "Done.")
    assert [found.told for one in (token, other) if (found := sessions.find(jo, one))] == ["Done.", ""]


def test_sessions_that_are_over_are_removed(jo: Store):
    token = sessions.begin(jo, JO.email)
    sessions.end_old(jo)
    assert sessions.find(jo, token)
    jo.run("sessions.seen", hash=sessions.hashed(token), now=times.stamp(times.now() - timedelta(hours=2)))
    sessions.end_old(jo)
    assert sessions.find(jo, token) is None and sessions.former(jo, token) == JO.email
    assert sessions.end_all(jo, "nobody@example.gov.uk") == 0
    jo.run("sessions.seen", hash=sessions.hashed(token), now=times.stamp(times.now() - timedelta(days=4)))
    sessions.end_old(jo)
    assert jo.rows("sessions.list_for", email=JO.email, hash="", began_after="", seen_after="") == []
