from datetime import timedelta

import pytest

from qrbridge import audit, times
from qrbridge import settings as boot
from qrbridge.accounts import password_links, people, sign_in
from qrbridge.accounts.people import Person
from qrbridge.accounts.sign_in import Attempt
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.errors import Conflict, InvalidInput, NotFound, Over
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep.installing import make_folder
from tests.counting.test_scans import ask
from tests.given import set_up

JO = Person("jo@example.gov.uk", "Jo Smith", "editor")
PASSWORD = "three long words"


@pytest.fixture
def jo(store: Store, settings: Settings, by: By) -> Store:
    """A council with an editor, Jo, who has no password yet."""
    make_folder(settings)
    set_up(store, by)
    people.add(store, JO, by)
    return store


def test_a_link_lets_a_person_choose_a_password_once(jo: Store, settings: Settings, by: By):
    token = password_links.make(jo, JO.email, by).token
    assert password_links.find(jo, token) == password_links.Opened(JO.email, JO.name, "invite")
    password_links.use(jo, token, PASSWORD, PASSWORD)
    assert sign_in.with_password(jo, settings, Attempt(JO.email, ""), PASSWORD)["email"] == JO.email
    with pytest.raises(Over, match="Ask an admin"):
        password_links.use(jo, token, PASSWORD, PASSWORD)
    assert password_links.make(jo, JO.email, by).purpose == "reset"


def test_a_newer_link_ends_the_one_before(jo: Store, by: By):
    first, second = (password_links.make(jo, JO.email, by).token for _ in range(2))
    with pytest.raises(Over):
        password_links.find(jo, first)
    assert password_links.find(jo, second)


def test_a_link_ends_by_itself(jo: Store, by: By, monkeypatch: pytest.MonkeyPatch):
    token = password_links.make(jo, JO.email, by).token
    later = times.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(times, "now", lambda: later)
    with pytest.raises(Over):
        password_links.find(jo, token)


def test_a_link_is_nothing_to_whoever_may_not_sign_in(jo: Store, by: By):
    token = password_links.make(jo, JO.email, by).token
    people.change(jo, people.merged(JO, {"active": False}), by)
    with pytest.raises(Over):
        password_links.use(jo, token, PASSWORD, PASSWORD)
    with pytest.raises(Conflict, match="Jo Smith may not sign in, so a link would be of no use"):
        password_links.make(jo, JO.email, by)


@pytest.mark.parametrize(
    "password, again, said",
    [
        pytest.param("short", "short", "12 to 200 characters", id="short"),
        pytest.param("x" * 201, "x" * 201, "12 to 200 characters", id="long"),
        pytest.param("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "easily guessed", id="one letter"),
        pytest.param("jo-jo-jo-jo-1234", "jo-jo-jo-jo-1234", "easily guessed", id="the address"),
        pytest.param(PASSWORD, PASSWORD + "!", "not the same", id="typed differently"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_stays(jo: Store, by: By, password: str, again: str, said: str):
    token = password_links.make(jo, JO.email, by).token
    with pytest.raises(InvalidInput, match=said):
        password_links.use(jo, token, password, again)
    assert password_links.find(jo, token)


def test_the_store_holds_no_token(jo: Store, by: By):
    token = password_links.make(jo, JO.email, by).token
    assert token not in str(ask(jo, "select * from one_time_link"))
    assert token not in str(audit.list_for(jo, "person", JO.email))
    with pytest.raises(NotFound):
        password_links.make(jo, "nobody@example.gov.uk", by)


def test_a_link_goes_out_with_the_council_s_own_address(jo: Store, settings: Settings, by: By):
    here = council.show(jo)
    password_links.send(jo, settings, here, JO, by)
    (row,) = ask(jo, "select * from outgoing_email")
    assert row["recipient"] == JO.email and "https://qr.trafford.gov.uk/staff/start/" in row["body"]
    assert "Hello Jo Smith" in row["body"] and "within 7 days" in row["body"]
    other = boot.load(settings.instance, {"QRBRIDGE_ADDRESS": "https://staff.example.gov.uk/"})
    password_links.send(jo, other, here, JO, by)
    assert "https://staff.example.gov.uk/staff/start/" in str(ask(jo, "select * from outgoing_email"))
