"""Sign-in with the council's own accounts, by OpenID Connect: the code flow with PKCE, state and nonce."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from qrbridge import times
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import RANK, Person
from qrbridge.audit import By
from qrbridge.errors import NotAllowed, NotFound, Over, ProviderFailed
from qrbridge.reading import Reading, in_a_line
from qrbridge.settings import Settings
from qrbridge.store import Store

SCOPE = "openid email profile"
RETURN_PATH = "/staff/sign-in/council/back"
PATIENCE_SECONDS = 5
# How long somebody may take at the provider.
LASTS = timedelta(minutes=10)
CLOCKS_APART_SECONDS = 60
# Signed with the provider's own key; a token that says "none", or is signed with a secret of ours, is not.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# What changes that nobody here made are recorded under.
BY = "council sign-in"


@dataclass(frozen=True)
class Provider:
    """The council's identity provider as it describes itself."""

    settings: Settings
    address: str
    says: Mapping[str, Any]

    def session(self) -> OAuth2Session:
        """A client that has signed in as this installation."""
        return OAuth2Session(
            self.settings.oidc_client,
            self.settings.oidc_secret,
            scope=SCOPE,
            redirect_uri=self.address + RETURN_PATH,
            code_challenge_method="S256",
        )


def is_on(settings: Settings) -> bool:
    """Whether people can sign in with the council's own accounts."""
    return bool(settings.oidc_issuer and settings.oidc_client)


def begin(store: Store, settings: Settings, browser: str, next_page: str, address: str) -> str:
    """Where to send a browser to sign in; what comes back is taken from that same browser alone."""
    provider = _provider(settings, address)
    state, nonce, verifier = (sessions.new_token() for _ in range(3))
    with store.atomic():
        now = times.now()
        store.run("visits.drop_old", now=times.stamp(now))
        store.run(
            "visits.begin",
            state_hash=sessions.hashed(state),
            browser_hash=sessions.hashed(browser),
            nonce=nonce,
            verifier=verifier,
            next_page=next_page,
            until=times.stamp(now + LASTS),
        )
    with provider.session() as session:
        url, _ = session.create_authorization_url(
            provider.says["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return str(url)


def finish(
    store: Store, settings: Settings, browser: str, came_back: Mapping[str, str], address: str
) -> tuple[Person, str]:
    """The person who signed in at the provider and the page they wanted; added or changed here as their claims say.

    `came_back` is what the provider's answer held: `state`, and `code` or `error`. Raises `Over` for a visit that is
    not this browser's or too old, `ProviderFailed`, and `NotAllowed` for somebody who has no role here.
    """
    visit = _take_visit(store, browser, came_back.get("state", ""))
    if "code" not in came_back:
        raise ProviderFailed(f"You were not signed in ({came_back.get('error', 'no reason given')[:80]}). Try again.")
    claims = _claims(_provider(settings, address), came_back["code"], visit)
    return _admit(store, settings, claims), visit["next_page"]


def _take_visit(store: Store, browser: str, state: str) -> dict[str, Any]:
    with store.atomic():
        values = {"state_hash": sessions.hashed(state), "browser_hash": sessions.hashed(browser)}
        rows = store.rows("visits.find", **values, now=times.stamp(times.now()))
        if not rows or not store.run("visits.drop", state_hash=values["state_hash"]):
            raise Over("This sign-in was begun in another window, used, or took too long. Sign in again.")
    return rows[0]


def _provider(settings: Settings, address: str) -> Provider:
    if not is_on(settings):
        raise Over("There is no sign-in with a council account here. Sign in with a password.")
    issuer = settings.oidc_issuer.rstrip("/")
    says = _fetch(f"{issuer}/.well-known/openid-configuration")
    if str(says.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderFailed(f"The identity provider at {issuer} calls itself {says.get('issuer')}. See oidc_issuer.")
    return Provider(settings, address, says)


def _claims(provider: Provider, code: str, visit: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the provider says of the person, once everything about the saying of it was checked."""
    try:
        with provider.session() as session:
            token = session.fetch_token(
                provider.says["token_endpoint"], code=code, code_verifier=visit["verifier"], timeout=PATIENCE_SECONDS
            )
        keys = KeySet.import_key_set(cast(KeySetSerialization, _fetch(provider.says["jwks_uri"])))
        found = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            found.claims,
            found.header,
            options={
                "iss": {"essential": True, "values": [provider.says["issuer"]]},
                "aud": {"essential": True, "value": provider.settings.oidc_client},
            },
            params={"nonce": visit["nonce"], "client_id": provider.settings.oidc_client},
        )
        claims.validate(leeway=CLOCKS_APART_SECONDS)
    except (OAuthError, JoseError, KeyError, ValueError, requests.RequestException) as error:
        raise ProviderFailed(f"What the identity provider said cannot be believed ({error}). Sign in again.") from error
    return dict(claims)


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        said = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderFailed(f"The identity provider cannot be asked just now ({error}). Try again.") from error
    if not isinstance(said, dict):
        raise ProviderFailed(f"The identity provider's answer at {address} is not what it should be.")
    return said


def _admit(store: Store, settings: Settings, claims: Mapping[str, Any]) -> Person:
    """The person these claims are of, added or given another role where roles come from the provider."""
    email = _email(settings, claims)
    role = _role(settings, claims)
    if settings.oidc_roles and not role:
        _shut_out(store, email)
    with store.atomic():
        try:
            person = people.show(store, email)
        except NotFound:
            if not role:
                raise NotAllowed(f"{email} has no role here. Ask an admin to add you.") from None
            name = in_a_line(claims.get("name") or email)[: people.LONGEST_NAME]
            person = Person.read({"email": email, "name": name, "role": role})
            people.add(store, person, By(BY))
        if not person.active:
            raise NotAllowed(f"{email} may not sign in any more. Ask an admin.")
        if role and role != person.role:
            person = Person(person.email, person.name, role)
            people.change(store, person, By(BY))
    return person


def _shut_out(store: Store, email: str) -> None:
    """Refuse somebody whose role the provider has taken away, also where they are signed in already."""
    if people.row_of(store, email) is None:
        return
    people.shut_out(store, email, By(BY))
    raise NotAllowed(f"{email} has no role here any more. Ask whoever keeps the council's accounts.")


def _email(settings: Settings, claims: Mapping[str, Any]) -> str:
    """The address the account goes by; some providers write that it was checked as text, and some say nothing of it."""
    reading = Reading({"email": claims.get("email")})
    email = people.read_email(reading, "email")
    checked = claims.get("email_verified")
    if "email_verified" not in claims and not reading.problems and not settings.oidc_unchecked_addresses:
        raise NotAllowed(
            "The council's provider does not say whether it has checked this account's e-mail address. Whoever runs "
            "this installation can take such addresses: the setting is oidc_unchecked_addresses."
        )
    if reading.problems or "email_verified" in claims and checked is not True and str(checked).lower() != "true":
        raise NotAllowed("The council's account has no e-mail address that was checked, which people here go by.")
    return email


def _role(settings: Settings, claims: Mapping[str, Any]) -> str:
    """The highest role that the claim's values stand for, empty for none."""
    given = claims.get(settings.oidc_claim) or ()
    values = {given} if isinstance(given, str) else {str(value) for value in given}
    pairs = (pair.rpartition("=") for pair in settings.oidc_roles.split(",") if pair.strip())
    roles = [role.strip() for value, _, role in pairs if value.strip() in values]
    return max(roles, key=lambda role: RANK[role], default="")
