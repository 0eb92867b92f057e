from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from qrbridge import times
from qrbridge.accounts import people, sign_in
from qrbridge.accounts.people import Person
from qrbridge.accounts.sign_in import MOST_OF_ACCOUNT, MOST_OF_NETWORK, Attempt
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, TooManyTries
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep.installing import make_folder
from tests.counting.test_scans import ask
from tests.given import set_up

JO = Person("jo@example.gov.uk", "Jo Smith", "editor")
PASSWORD = "three long words"
HERE = "192.0.2.1"


@pytest.fixture
def jo(store: Store, settings: Settings, by: By) -> Store:
    """A council with an editor, Jo, whose password is known."""
    make_folder(settings)
    set_up(store, by)
    people.add(store, JO, by)
    people.set_password(store, JO.email, PASSWORD, by)
    return store


def outcome(store: Store, settings: Settings, password: str, email: str = JO.email, network: str = HERE) -> str:
    try:
        return str(sign_in.with_password(store, settings, Attempt(email, network), password)["name"])
    except (InvalidInput, TooManyTries) as error:
        return error.name


def test_the_right_password_of_the_right_person(jo: Store, settings: Settings, by: By):
    assert outcome(jo, settings, PASSWORD) == "Jo Smith"
    assert outcome(jo, settings, "other words here") == "invalid-input"
    assert outcome(jo, settings, PASSWORD, "nobody@example.gov.uk") == "invalid-input"
    assert outcome(jo, settings, "") == "invalid-input"
    people.change(jo, people.merged(JO, {"active": False}), by)
    assert outcome(jo, settings, PASSWORD) == "invalid-input"


def test_a_person_without_a_password_has_none_to_guess(jo: Store, settings: Settings, by: By):
    people.add(jo, Person("new@example.gov.uk", "New", "viewer"), by)
    for guess in ("", "nobody's password"):
        assert outcome(jo, settings, guess, "new@example.gov.uk") == "invalid-input"


def test_guessing_at_one_account_ends_soon_wherever_it_comes_from(jo: Store, settings: Settings):
    for number in range(MOST_OF_ACCOUNT):
        assert outcome(jo, settings, "guess", network=f"192.0.2.{number}") == "invalid-input"
    assert outcome(jo, settings, PASSWORD, network="192.0.2.200") == "too-many-tries"


def tried(store: Store, settings: Settings, times_over: int, network: str) -> None:
    for number in range(times_over):
        sign_in.count(store, settings, Attempt(f"person{number}@example.gov.uk", network))


def test_guessing_at_many_accounts_from_one_network_ends_too(jo: Store, settings: Settings):
    tried(jo, settings, MOST_OF_NETWORK, HERE)
    assert outcome(jo, settings, PASSWORD) == "too-many-tries"
    assert outcome(jo, settings, PASSWORD, network="198.51.100.7") == "Jo Smith"


def test_where_the_network_is_unknown_only_accounts_are_counted(jo: Store, settings: Settings):
    tried(jo, settings, MOST_OF_NETWORK + 1, "")
    assert outcome(jo, settings, PASSWORD, network="") == "Jo Smith"


@pytest.mark.parametrize(
    "address, network",
    [
        ("192.0.2.9", "192.0.2.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_who_changes_their_address_within_one_network_is_counted_as_one(address: str, network: str):
    assert sign_in.network_of(address) == network


def test_signing_in_forgets_mistakes(jo: Store, settings: Settings):
    for _ in range(2):
        for _ in range(MOST_OF_ACCOUNT - 1):
            outcome(jo, settings, "guess")
        assert outcome(jo, settings, PASSWORD) == "Jo Smith"


def test_guesses_made_at_once_are_no_more_than_the_limit(jo: Store, settings: Settings):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: outcome(jo, settings, "guess"), range(MOST_OF_ACCOUNT + 6)))
    assert answers.count("invalid-input") == MOST_OF_ACCOUNT


def test_the_limit_passes(jo: Store, settings: Settings, monkeypatch):
    for _ in range(MOST_OF_ACCOUNT):
        outcome(jo, settings, "guess")
    later = times.now() + timedelta(minutes=16)
    monkeypatch.setattr("qrbridge.accounts.sign_in.times.now", lambda: later)
    assert outcome(jo, settings, PASSWORD) == "Jo Smith"


def test_nothing_is_kept_of_who_tried_but_a_keyed_hash_for_an_hour(jo: Store, settings: Settings, monkeypatch):
    outcome(jo, settings, "guess")
    kept = ask(jo, "select * from sign_in_failure")
    assert len(kept) == 2 and not any(word in str(kept) for word in (JO.email, HERE))
    (settings.keys / "sign-in").write_text("another key\n")
    outcome(jo, settings, "guess")
    assert len({row["hash"] for row in ask(jo, "select hash from sign_in_failure")}) == 4
    later = times.now() + timedelta(minutes=61)
    monkeypatch.setattr("qrbridge.accounts.sign_in.times.now", lambda: later)
    sign_in.forget_old(jo)
    assert ask(jo, "select * from sign_in_failure") == []
