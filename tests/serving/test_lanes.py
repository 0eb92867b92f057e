"""Which of a web process's threads takes the next request; what comes of it is in `test_server`."""

import threading
from collections.abc import Callable

import pytest
from granian.server import mp as workers

from qrbridge.errors import NotSetUp
from qrbridge.serving import lanes, server
from qrbridge.serving.lanes import Relay
from qrbridge.settings import Settings
from tests.servers import PATIENCE, wait_until


class Member(threading.Thread):
    """A thread of granian's as far as a relay sees it: it takes requests, answers one, and stands by or takes more."""

    def __init__(self, relay: Relay) -> None:
        super().__init__(daemon=True)
        self._relay = relay
        self._requests: list[Callable[[], object]] = []
        self._told = threading.Condition()
        self.takes_requests = False
        self.start()

    def run(self) -> None:
        while True:
            with self._told:
                self.takes_requests = True
                self._told.wait_for(lambda: self._requests)
                self.takes_requests = False
                answer = self._requests.pop()
            self._relay.begin()
            try:
                answer()
                self._relay.lead_or_stand_by()
            finally:
                self._relay.end()

    def asked(self, answer: Callable[[], object] = lambda: None) -> "Member":
        """Give it a request, once it takes one."""
        wait_until(lambda: self.takes_requests, "a thread that takes requests")
        with self._told:
            self._requests.append(answer)
            self._told.notify()
        wait_until(lambda: not self._requests)
        return self


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stands by is told, and does not find out by looking."""
    monkeypatch.setattr(lanes, "STAND_BY_SECONDS", 2 * PATIENCE)


class Asked:
    """A request that takes until somebody lets it end: a redirect, or a page, for which there may be no place."""

    def __init__(self, relay: Relay, *, is_page: bool = False) -> None:
        self._relay, self._is_page = relay, is_page
        self.is_answered = threading.Event()
        self.had_a_place: bool | None = None

    def __call__(self) -> None:
        if not self._is_page:
            assert self.is_answered.wait(PATIENCE)
            return
        with self._relay.busy() as self.had_a_place:
            if self.had_a_place:
                assert self.is_answered.wait(PATIENCE)


def test_while_one_leads_whoever_else_has_answered_stands_by_until_it_is_busy():
    relay = Relay(2)
    leader, other = Member(relay), Member(relay)
    leader.asked()
    redirect, page = Asked(relay), Asked(relay, is_page=True)
    leader.asked(redirect)
    other.asked()
    wait_until(lambda: vars(relay._changed)["_waiters"], "the other standing by")
    redirect.is_answered.set()
    # It leads on, without the other, until it gets a page to work out.
    for _ in range(3):
        leader.asked()
        assert not other.takes_requests
    leader.asked(page)
    other.asked()
    page.is_answered.set()
    wait_until(lambda: page.had_a_place)


def test_the_last_is_never_busy():
    relay = Relay(1)
    first, last = Member(relay), Member(relay)
    pages = [Asked(relay, is_page=True) for _ in range(3)]
    first.asked(pages[0])
    wait_until(lambda: pages[0].had_a_place)
    last.asked(pages[1])
    last.asked()
    assert pages[1].had_a_place is False
    pages[0].is_answered.set()
    wait_until(lambda: relay._places == 1, "a place that is free again")
    last.asked(pages[2])
    wait_until(lambda: pages[2].had_a_place)
    pages[2].is_answered.set()


def test_one_that_waits_for_a_request_or_has_ended_keeps_nobody_from_leading():
    relay = Relay(1)
    Member(relay).asked()
    other = Member(relay)
    for _ in range(2):
        other.asked()


def test_who_stands_by_looks_for_itself_in_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "STAND_BY_SECONDS", 0.05)
    relay = Relay(1)
    leader, other = Member(relay), Member(relay)
    leader.asked()
    redirect = Asked(relay)
    leader.asked(redirect)
    other.asked()
    wait_until(lambda: other.takes_requests)
    redirect.is_answered.set()


def test_another_granian_is_refused_with_a_sentence_before_anything_is_served(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    lanes.check()
    monkeypatch.delattr(workers, "_wsgi_call_wrap")
    with pytest.raises(NotSetUp, match="granian .*make setup"):
        server.serve(sqlite_settings)
    assert not sqlite_settings.instance.exists()
