"""Which of a web process's threads takes the next request; what comes of it is in `test_server`."""

import threading
from collections.abc import Callable, Iterator

import pytest
from granian.server import mp as workers

from qrbridge import lanes, server
from qrbridge.errors import NotSetUp
from qrbridge.lanes import Relay
from qrbridge.settings import Settings
from tests.serving import wait_until

SECONDS = 5.0


class Member(threading.Thread):
    """A thread of granian's, as far as a relay sees it: it has answered, and asks whether to take another request."""

    def __init__(self, relay: Relay) -> None:
        super().__init__(daemon=True)
        self._relay = relay
        self._works: list[Callable[[], object]] = []
        self._told = threading.Condition()
        self.takes_requests = False
        self.start()

    def run(self) -> None:
        while True:
            self._relay.lead_or_stand_by()
            with self._told:
                self.takes_requests = True
                self._told.wait_for(lambda: self._works)
                self.takes_requests = False
                work = self._works.pop()
            if work() is None:
                return

    def tell(self, work: Callable[[], object]) -> None:
        """Give it a request; it ends when that gives None."""
        with self._told:
            self._works.append(work)
            self._told.notify()

    def is_busy_until(self, done: threading.Event) -> Callable[[], object]:
        """A request that takes until then; what is found is whether there was a thread for it."""

        def work() -> bool:
            with self._relay.busy() as is_free:
                if is_free:
                    done.wait(SECONDS)
            return is_free

        return work


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stands by is told, and does not find out by looking."""
    monkeypatch.setattr(lanes, "STAND_BY_SECONDS", 60.0)


@pytest.fixture
def done() -> Iterator[threading.Event]:
    """Set at the end, so that nobody is busy any more."""
    made = threading.Event()
    yield made
    made.set()


def those_who_take(members: list[Member]) -> list[Member]:
    return [member for member in members if member.takes_requests]


def leader_of(members: list[Member], before: Member | None = None) -> Member:
    """Who takes requests, once somebody does who is not the one from before."""
    wait_until(lambda: those_who_take(members) not in ([], [before]), SECONDS)
    (leader,) = those_who_take(members)
    return leader


def answers_and_leads_on(leader: Member, members: list[Member]) -> bool:
    leader.tell(lambda: True)
    wait_until(lambda: leader.takes_requests, SECONDS)
    return those_who_take(members) == [leader]


def test_one_takes_requests_and_the_others_stand_by():
    relay = Relay(2)
    members = [Member(relay) for _ in range(3)]
    assert answers_and_leads_on(leader_of(members), members)


def test_whoever_is_busy_lets_another_take_requests(done: threading.Event):
    relay = Relay(2)
    members = [Member(relay) for _ in range(3)]
    first = leader_of(members)
    first.tell(first.is_busy_until(done))
    second = leader_of(members, before=first)
    done.set()
    assert answers_and_leads_on(second, members)


def test_the_last_is_never_busy(done: threading.Event):
    relay = Relay(1)
    members = [Member(relay) for _ in range(2)]
    first = leader_of(members)
    first.tell(first.is_busy_until(done))
    (last,) = {*members} - {first}
    wait_until(lambda: last.takes_requests, SECONDS)
    found: list[bool] = []
    last.tell(lambda: found.append(last.is_busy_until(done)()) or True)
    wait_until(lambda: found and last.takes_requests, SECONDS)
    assert found == [False]
    done.set()
    wait_until(lambda: last.takes_requests and ask(last, done), SECONDS, "a place that is free again")


def ask(member: Member, done: threading.Event) -> bool:
    """Whether there is a place for one more who is busy."""
    found: list[bool] = []
    member.tell(lambda: found.append(member.is_busy_until(done)()) or True)
    wait_until(lambda: found, SECONDS)
    return found[0]


def test_one_that_has_ended_is_followed_by_the_next_who_asks():
    relay = Relay(1)
    first = Member(relay)
    wait_until(lambda: first.takes_requests, SECONDS)
    first.tell(lambda: None)
    first.join(SECONDS)
    second = Member(relay)
    wait_until(lambda: second.takes_requests, SECONDS)


def test_who_stands_by_looks_for_itself_in_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "STAND_BY_SECONDS", 0.05)
    relay = Relay(1)
    members = [Member(relay) for _ in range(2)]
    wait_until(lambda: len(those_who_take(members)) == 2, SECONDS)


def test_another_granian_is_refused_with_a_sentence_before_anything_is_served(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    lanes.check()
    monkeypatch.delattr(workers, "_wsgi_call_wrap")
    with pytest.raises(NotSetUp, match="granian .*make setup"):
        server.serve(sqlite_settings)
    assert not sqlite_settings.instance.exists()
