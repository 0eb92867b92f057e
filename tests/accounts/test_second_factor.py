from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from qrbridge import times
from qrbridge.accounts import people, second_factor
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput
from qrbridge.store import Store
from tests.counting.test_scans import ask
from tests.given import set_up

JO = Person("jo@example.gov.uk", "Jo Smith", "editor")
NOON = datetime(2026, 11, 25, 12, 0, 10, tzinfo=UTC)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Ten seconds past twelve, until a test moves the clock."""
    monkeypatch.setattr(times, "now", lambda: NOON)
    return monkeypatch


@pytest.fixture
def jo(store: Store, by: By, noon: pytest.MonkeyPatch) -> Store:
    """A council with an editor, Jo."""
    set_up(store, by)
    people.add(store, JO, by)
    return store


def shown(secret: str, off: int = 0) -> str:
    """What an authenticator shows, some seconds off."""
    return pyotp.TOTP(secret).at(times.now() + timedelta(seconds=off))


def turned_on(store: Store, by: By) -> tuple[str, list[str]]:
    secret = second_factor.new_secret()
    return secret, second_factor.turn_on(store, JO.email, secret, shown(secret), by)


def taken(store: Store, code: str) -> bool:
    try:
        second_factor.use(store, JO.email, code)
    except InvalidInput:
        return False
    return True


def test_it_is_turned_on_only_by_an_authenticator_that_has_it(jo: Store, by: By):
    secret = second_factor.new_secret()
    for wrong in ("000000", "", "abc"):
        with pytest.raises(InvalidInput, match="six figures"):
            second_factor.turn_on(jo, JO.email, secret, wrong, by)
    for wrong in ("", "A" * 8):
        with pytest.raises(InvalidInput):
            second_factor.turn_on(jo, JO.email, wrong, "000000", by)
    assert not second_factor.is_on(jo, JO.email)
    turned_on(jo, by)
    assert second_factor.is_on(jo, JO.email)
    with pytest.raises(Conflict, match="on already"):
        turned_on(jo, by)


def test_what_an_authenticator_is_shown(jo: Store):
    address = second_factor.address("A" * 32, JO.email, "Trafford Council")
    assert address == (
        "otpauth://totp/Trafford%20Council:jo%40example.gov.uk?secret=" + "A" * 32 + "&issuer=Trafford%20Council"
    )


def test_the_code_that_turned_it_on_is_used_up(jo: Store, by: By):
    secret, _ = turned_on(jo, by)
    assert not taken(jo, shown(secret)) and taken(jo, shown(secret, 30))


def test_a_code_is_taken_once_and_a_clock_may_be_half_a_minute_off(jo: Store, by: By, noon: pytest.MonkeyPatch):
    secret, _ = turned_on(jo, by)
    code = shown(secret, 30)
    assert taken(jo, f"{code[:3]} {code[3:]}")
    assert not taken(jo, code) and not taken(jo, shown(secret, -30))
    noon.setattr(times, "now", lambda: NOON + timedelta(minutes=5))
    assert not taken(jo, shown(secret, -60)) and not taken(jo, shown(secret, 60))
    assert taken(jo, shown(secret, -30)) and taken(jo, shown(secret))


def test_a_recovery_code_is_taken_once(jo: Store, by: By):
    _, codes = turned_on(jo, by)
    assert len(set(codes)) == 10 and second_factor.codes_left(jo, JO.email) == 10
    assert taken(jo, codes[0].lower().replace("-", " "))
    assert not taken(jo, codes[0])
    assert second_factor.codes_left(jo, JO.email) == 9
    assert not any(code.replace("-", "") in str(ask(jo, "select * from recovery_code")) for code in codes)


def test_turned_off_nothing_of_it_is_left(jo: Store, by: By):
    secret, codes = turned_on(jo, by)
    second_factor.turn_off(jo, JO.email, by)
    assert not second_factor.is_on(jo, JO.email)
    assert not taken(jo, shown(secret)) and not taken(jo, codes[0]) and not taken(jo, "")
