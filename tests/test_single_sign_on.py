"""Sign-in with the council's own accounts, against a provider of this machine."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from qrbridge import audit, people, single_sign_on, times
from qrbridge import settings as boot
from qrbridge.audit import By
from qrbridge.errors import NotAllowed, Over, ProviderFailed, QrbridgeError
from qrbridge.people import Person
from qrbridge.settings import Settings
from qrbridge.store import Store
from tests.given import set_up
from tests.provider import Provider, running

ADDRESS = "https://qr.trafford.gov.uk"
JO = "jo@example.gov.uk"
ROLES = "notices-admins=admin, notices-editors=editor, all-staff=viewer"
BROWSER = "the token of Jo's browser"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The council's identity provider."""
    with running() as opened:
        yield opened


@pytest.fixture
def here(store: Store, by: By) -> Store:
    """A council with nobody who may sign in."""
    set_up(store, by)
    return store


def trusting(settings: Settings, provider: Provider, roles: str = ROLES) -> Settings:
    return boot.load(settings.instance, provider.settings(ADDRESS, OIDC_ROLES=roles))


def signed_in(store: Store, settings: Settings, provider: Provider, account: str = "jo") -> Person:
    address = single_sign_on.begin(store, settings, BROWSER, "/staff/links", ADDRESS)
    back = provider.sign_in(address, account)
    person, wanted = single_sign_on.finish(store, settings, BROWSER, back, ADDRESS)
    assert wanted == "/staff/links"
    return person


def test_somebody_new_is_added_with_the_role_their_groups_stand_for(
    here: Store, settings: Settings, provider: Provider
):
    provider.knows("jo", email=JO.upper(), name="Jo Smith", groups=["all-staff", "notices-editors", "cyclists"])
    assert signed_in(here, trusting(settings, provider), provider) == Person(JO, "Jo Smith", "editor")
    assert people.show(here, JO).role == "editor"
    assert [row["who"] for row in audit.list_for(here, "person", JO)] == ["council sign-in"]


def test_a_role_follows_the_groups(here: Store, settings: Settings, provider: Provider):
    on = trusting(settings, provider)
    for groups, role in ((["notices-editors"], "editor"), (["notices-admins"], "admin")):
        provider.knows("jo", email=JO, name="Jo", groups=groups)
        assert signed_in(here, on, provider).role == role
    people.add(here, Person("sam@example.gov.uk", "Sam", "admin"), By("x"))
    provider.knows("jo", email=JO, name="Jo", groups="all-staff")
    assert signed_in(here, on, provider).role == "viewer"


@pytest.mark.parametrize("groups", [[], ["cyclists"], ["=admin"], "admin", ["all-staff=admin"]])
def test_somebody_without_a_role_stays_out(here: Store, settings: Settings, provider: Provider, groups: Any):
    provider.knows("jo", email=JO, name="Jo", groups=groups)
    with pytest.raises(NotAllowed, match="has no role here"):
        signed_in(here, trusting(settings, provider), provider)
    assert people.list_all(here) == []


def test_where_no_roles_are_mapped_an_admin_adds_people(here: Store, settings: Settings, provider: Provider, by: By):
    on = trusting(settings, provider, roles="")
    provider.knows("jo", email=JO, name="Jo", groups=["notices-admins"])
    with pytest.raises(NotAllowed, match="Ask an admin to add you"):
        signed_in(here, on, provider)
    people.add(here, Person(JO, "Jo", "viewer"), by)
    assert signed_in(here, on, provider).role == "viewer"
    people.add(here, Person("sam@example.gov.uk", "Sam", "admin"), by)
    people.change(here, people.merged(people.show(here, JO), {"active": False}), by)
    with pytest.raises(NotAllowed, match="may not sign in"):
        signed_in(here, on, provider)


@pytest.mark.parametrize(
    "claims",
    [{}, {"email": ""}, {"email": "jo"}, {"email": JO, "email_verified": False}, {"email": [JO]}],
)
def test_an_account_without_a_checked_address_is_nobody(
    here: Store, settings: Settings, provider: Provider, claims: dict[str, Any]
):
    provider.knows("jo", name="Jo", groups=["notices-admins"], **claims)
    with pytest.raises(NotAllowed, match="no e-mail address"):
        signed_in(here, trusting(settings, provider), provider)


def test_what_comes_back_is_taken_once_and_from_the_browser_that_went(
    here: Store, settings: Settings, provider: Provider, monkeypatch: pytest.MonkeyPatch
):
    on = trusting(settings, provider)
    provider.knows("jo", email=JO, name="Jo", groups=["all-staff"])
    back = provider.sign_in(single_sign_on.begin(here, on, BROWSER, "/staff", ADDRESS), "jo")

    def refused(browser: str, came_back: dict[str, str]) -> str:
        with pytest.raises(QrbridgeError) as caught:
            single_sign_on.finish(here, on, browser, came_back, ADDRESS)
        return caught.value.name

    assert refused("another browser", back) == Over.name
    assert refused(BROWSER, {**back, "state": "guessed"}) == Over.name
    assert refused(BROWSER, {"code": back["code"]}) == Over.name
    assert single_sign_on.finish(here, on, BROWSER, back, ADDRESS)
    assert refused(BROWSER, back) == Over.name
    late = provider.sign_in(single_sign_on.begin(here, on, BROWSER, "/staff", ADDRESS), "jo")
    later = times.now() + timedelta(minutes=11)
    monkeypatch.setattr(times, "now", lambda: later)
    assert refused(BROWSER, late) == Over.name


def test_a_refusal_of_the_provider_is_said(here: Store, settings: Settings, provider: Provider):
    on = trusting(settings, provider)
    address = single_sign_on.begin(here, on, BROWSER, "/staff", ADDRESS)
    state = address.partition("state=")[2].partition("&")[0]
    with pytest.raises(ProviderFailed, match="access_denied"):
        single_sign_on.finish(here, on, BROWSER, {"state": state, "error": "access_denied"}, ADDRESS)


def test_a_code_that_the_provider_does_not_know_is_refused(here: Store, settings: Settings, provider: Provider):
    on = trusting(settings, provider)
    provider.knows("jo", email=JO, name="Jo", groups=["all-staff"])
    back = provider.sign_in(single_sign_on.begin(here, on, BROWSER, "/staff", ADDRESS), "jo")
    with pytest.raises(ProviderFailed, match="cannot be believed"):
        single_sign_on.finish(here, on, BROWSER, {**back, "code": "invented"}, ADDRESS)


def test_a_token_is_believed_only_as_the_provider_signed_it(
    here: Store, settings: Settings, provider: Provider, monkeypatch: pytest.MonkeyPatch
):
    """Each time one thing about a true token is made wrong, as somebody between us and the provider might."""
    on = trusting(settings, provider)
    provider.knows("jo", email=JO, name="Jo", groups=["notices-admins"])
    true_session = single_sign_on.Provider.session
    mine = RSAKey.generate_key(2048)

    def altered(token: str, change: dict[str, Any], key: Any, header: dict[str, Any]) -> str:
        claims = _unchecked(token)
        return str(jwt.encode(header, {**claims, **change}, key, algorithms=[header["alg"]]))

    def with_token(make: Any) -> Any:
        def session(self: single_sign_on.Provider) -> Any:
            opened = true_session(self)
            fetch = opened.fetch_token
            opened.fetch_token = lambda *args, **options: _with(fetch(*args, **options), make)
            return opened

        return session

    def _with(token: dict[str, Any], make: Any) -> dict[str, Any]:
        return {**token, "id_token": make(token["id_token"])}

    signed = {"alg": "RS256"}
    wrong: dict[str, Any] = {
        "signed by another": lambda token: altered(token, {}, mine, signed),
        "signed by nobody": lambda token: token.rpartition(".")[0] + ".",
        "signed with our secret": lambda token: altered(token, {}, _oct(), {"alg": "HS256"}),
        "cut": lambda token: token[:-20],
        "none at all": lambda token: "",
    }
    for name, make in wrong.items():
        monkeypatch.setattr(single_sign_on.Provider, "session", with_token(make))
        with pytest.raises(ProviderFailed):
            signed_in(here, on, provider)
        assert people.list_all(here) == [], name


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"iss": "https://elsewhere.example"}, id="another issuer"),
        pytest.param({"aud": "another client"}, id="for another"),
        pytest.param({"nonce": "another visit"}, id="of another visit"),
        pytest.param({"exp": 1}, id="too old"),
    ],
)
def test_claims_are_checked_one_by_one(
    here: Store, settings: Settings, provider: Provider, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
):
    provider.knows("jo", email=JO, name="Jo", groups=["notices-admins"])
    true_decode = jwt.decode

    def decode(*args: Any, **options: Any) -> Any:
        found = true_decode(*args, **options)
        found.claims.update(change)
        return found

    monkeypatch.setattr(single_sign_on.jwt, "decode", decode)
    with pytest.raises(ProviderFailed, match="cannot be believed"):
        signed_in(here, trusting(settings, provider), provider)


def test_a_provider_that_is_away_or_another_is_said(here: Store, settings: Settings, provider: Provider):
    away = boot.load(settings.instance, Provider("http://localhost:1").settings(ADDRESS))
    with pytest.raises(ProviderFailed, match="cannot be asked just now"):
        single_sign_on.begin(here, away, BROWSER, "/staff", ADDRESS)
    renamed = Provider(provider.issuer.replace("localhost", "127.0.0.1"))
    other = boot.load(settings.instance, renamed.settings(ADDRESS))
    try:
        address = single_sign_on.begin(here, other, BROWSER, "/staff", ADDRESS)
    except ProviderFailed as error:
        assert "calls itself" in str(error)
    else:
        assert "127.0.0.1" in address
    with pytest.raises(Over, match="no sign-in with a council account"):
        single_sign_on.begin(here, settings, BROWSER, "/staff", ADDRESS)


def _unchecked(token: str) -> dict[str, Any]:
    import base64
    import json

    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def _oct() -> Any:
    from joserfc.jwk import OctKey

    return OctKey.import_key("a secret of ours that is long enough for it")
