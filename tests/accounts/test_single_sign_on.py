"""Sign-in with the council's own accounts, against a provider of this machine."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from qrbridge import audit, times
from qrbridge import settings as boot
from qrbridge.accounts import people, sessions, sign_in, single_sign_on
from qrbridge.accounts.people import Person
from qrbridge.accounts.sign_in import Attempt
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, NotAllowed, Over, ProviderFailed, QrbridgeError
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep import installing
from tests.given import set_up
from tests.provider import Forger, Provider, forging, running

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
    [
        *({}, {"email": ""}, {"email": "jo"}, {"email": [JO]}),
        *({"email": JO, "email_verified": said} for said in (False, "false", 0, None, "no", "", 1, "1", [True], "yes")),
    ],
)
def test_an_account_without_a_checked_address_is_nobody(
    here: Store, settings: Settings, provider: Provider, claims: dict[str, Any]
):
    provider.knows("jo", name="Jo", groups=["notices-admins"], **claims)
    with pytest.raises(NotAllowed, match="no e-mail address"):
        signed_in(here, trusting(settings, provider), provider)


@pytest.mark.parametrize("said", [True, "true", "True"])
def test_an_address_that_was_checked_is_taken(here: Store, settings: Settings, provider: Provider, said: Any):
    on = boot.load(settings.instance, provider.settings(ADDRESS, OIDC_ROLES=ROLES, OIDC_UNCHECKED_ADDRESSES="no"))
    provider.knows("jo", email=JO, email_verified=said, name="Jo", groups=["notices-editors"])
    assert signed_in(here, on, provider).email == JO


def test_an_address_of_which_nothing_is_said_is_taken_only_where_that_is_set(
    here: Store, settings: Settings, provider: Provider
):
    on = boot.load(settings.instance, provider.settings(ADDRESS, OIDC_ROLES=ROLES, OIDC_UNCHECKED_ADDRESSES="no"))
    provider.knows("jo", email=JO, name="Jo", groups=["notices-editors"])
    with pytest.raises(NotAllowed, match="oidc_unchecked_addresses"):
        signed_in(here, on, provider)
    assert signed_in(here, trusting(settings, provider), provider).email == JO


@pytest.mark.parametrize("others", [True, False], ids=["another admin", "the only admin"])
def test_whoever_lost_their_groups_is_out_at_once(
    here: Store, settings: Settings, provider: Provider, by: By, others: bool
):
    on = trusting(settings, provider)
    installing.make_folder(on)
    provider.knows("jo", email=JO, name="Jo", groups=["notices-admins"])
    signed_in(here, on, provider)
    people.set_password(here, JO, "three long words", by)
    if others:
        people.add(here, Person("sam@example.gov.uk", "Sam", "admin"), by)
    token = sessions.begin(here, JO)
    provider.knows("jo", email=JO, name="Jo", groups=[])
    with pytest.raises(NotAllowed, match="no role here any more"):
        signed_in(here, on, provider)
    assert sessions.find(here, token) is None
    with pytest.raises(InvalidInput):
        sign_in.with_password(here, on, Attempt(JO, ""), "three long words")
    assert people.show(here, JO).role == ("viewer" if others else "admin")
    assert "shut out" in [row["verb"] for row in audit.list_for(here, "person", JO)]
    provider.knows("jo", email=JO, name="Jo", groups=["notices-editors"])
    if others:
        assert signed_in(here, on, provider).role == "editor", "their groups let them in again"


def test_a_long_name_is_cut(here: Store, settings: Settings, provider: Provider):
    provider.knows("jo", email=JO, name=f"Jo {'Smith ' * 30}", groups=["all-staff"])
    assert len(signed_in(here, trusting(settings, provider), provider).name) <= people.LONGEST_NAME


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


@pytest.fixture(scope="module")
def forger() -> Iterator[Forger]:
    """A provider that says whatever a test has it say."""
    with forging() as opened:
        yield opened


def come_back(store: Store, settings: Settings, forger: Forger, token: Callable[[str], str]) -> Person:
    """Sign in where the provider answers with a token made for this visit's nonce."""
    on = boot.load(settings.instance, Provider(forger.issuer).settings(ADDRESS))
    asked = parse_qs(urlsplit(single_sign_on.begin(store, on, BROWSER, "/staff", ADDRESS)).query)
    forger.token = token(asked["nonce"][0])
    came_back = {"state": asked["state"][0], "code": "x"}
    return single_sign_on.finish(store, on, BROWSER, came_back, ADDRESS)[0]


MINE = RSAKey.generate_key(2048)
SHARED = OctKey.import_key("a secret of ours, long enough to sign with it")


def with_public_key(forger: Forger, claims: dict[str, Any]) -> str:
    """A token signed with the provider's public key as if it were a shared secret; libraries refuse to make one."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.new(forger.key.as_pem(private=False), signed, "sha256").digest()
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda forger, claims: forger.signed(claims, MINE), id="signed by another"),
        pytest.param(lambda forger, claims: forger.signed(claims).rpartition(".")[0] + ".", id="signed by nobody"),
        pytest.param(lambda forger, claims: forger.signed(claims, SHARED, "HS256"), id="signed with our secret"),
        pytest.param(with_public_key, id="signed with the public key"),
        pytest.param(lambda forger, claims: forger.signed(claims)[:-20], id="cut"),
        pytest.param(lambda forger, claims: "", id="none at all"),
        pytest.param(lambda forger, claims: forger.signed({**claims, "iss": "https://x.example"}), id="another issuer"),
        pytest.param(lambda forger, claims: forger.signed({**claims, "aud": "another"}), id="for another"),
        pytest.param(lambda forger, claims: forger.signed({**claims, "nonce": "another"}), id="of another visit"),
        pytest.param(lambda forger, claims: forger.signed(without(claims, "nonce")), id="of no visit"),
        pytest.param(lambda forger, claims: forger.signed({**claims, "exp": claims["iat"] - 120}), id="too old"),
        pytest.param(lambda forger, claims: forger.signed(without(claims, "exp")), id="good for ever"),
    ],
)
def test_a_token_is_believed_only_as_the_provider_signs_it(
    here: Store, settings: Settings, by: By, forger: Forger, token: Callable[[Forger, dict[str, Any]], str]
):
    people.add(here, Person(JO, "Jo", "admin"), by)
    with pytest.raises(ProviderFailed, match="cannot be believed"):
        come_back(here, settings, forger, lambda nonce: token(forger, forger.claims(nonce)))
    true = come_back(here, settings, forger, lambda nonce: forger.signed(forger.claims(nonce)))
    assert true == Person(JO, "Jo", "admin")


def without(claims: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


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
