"""An identity provider of this machine, as a council has one: a real server that real tokens come from."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import run_server_in_thread
from werkzeug.serving import make_server

from tests.servers import PATIENCE

CLIENT, SECRET = "qrbridge", "a secret of ours"
# It says nothing of addresses by itself.
UNCHECKED = {"OIDC_UNCHECKED_ADDRESSES": "yes"}


@dataclass
class Provider:
    """Where the provider is, and who has an account there."""

    issuer: str
    accounts: list[str] = field(default_factory=list)

    def knows(self, account: str, **claims: Any) -> None:
        """Give somebody an account with these claims."""
        address = f"{self.issuer}/users/{account}"
        requests.put(address, json={"sub": account, **claims}, timeout=PATIENCE).raise_for_status()

    def sign_in(self, address: str, account: str) -> dict[str, str]:
        """Sign in at the provider as a person would; what it then sends the browser back with."""
        answer = requests.post(address, data={"sub": account}, allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code in (302, 303), answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def settings(self, address: str, **more: str) -> dict[str, str]:
        """The environment of an installation that trusts this provider."""
        values = {
            "ADDRESS": address,
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT": CLIENT,
            "OIDC_SECRET": SECRET,
            **UNCHECKED,
            **more,
        }
        return {f"QRBRIDGE_{name}": value for name, value in values.items()}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a port of its own."""
    with run_server_in_thread() as server:
        yield Provider(f"http://localhost:{server.server_port}")


@dataclass
class Forger:
    """A provider that says whatever a test has it say: its address, its key, and the token it gives next."""

    issuer: str
    key: RSAKey
    token: str = ""

    def claims(self, nonce: str, **more: Any) -> dict[str, Any]:
        """What a provider says truly of somebody who has just signed in."""
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": "jo", "nonce": nonce, "iat": now, "exp": now + 300}
        return {**usual, "email": "jo@example.gov.uk", "name": "Jo", **more}

    def signed(self, claims: dict[str, Any], key: Any = None, algorithm: str = "RS256") -> str:
        """Claims as a token, signed with the provider's key or another."""
        return str(jwt.encode({"alg": algorithm}, claims, key or self.key, algorithms=[algorithm]))


@contextmanager
def forging() -> Iterator[Forger]:
    """A forger on a port of its own."""
    app = Flask("forger")
    server = make_server("127.0.0.1", 0, app)
    forger = Forger(f"http://127.0.0.1:{server.port}", RSAKey.generate_key(2048))
    addresses = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
    says = {"issuer": forger.issuer, **{name: f"{forger.issuer}/{path}" for name, path in addresses.items()}}
    app.add_url_rule("/.well-known/openid-configuration", "says", lambda: says)
    app.add_url_rule("/jwks", "jwks", lambda: {"keys": [forger.key.as_dict(private=False)]})
    given = {"access_token": "x", "token_type": "Bearer"}
    app.add_url_rule("/token", "token", lambda: {**given, "id_token": forger.token}, methods=["POST"])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield forger
    server.shutdown()
    server.server_close()
    thread.join()
