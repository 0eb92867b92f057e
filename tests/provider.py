"""An identity provider of this machine, as a council has one: a real server that real tokens come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from oidc_provider_mock import User, run_server_in_thread

CLIENT, SECRET = "qrbridge", "a secret of ours"


@dataclass
class Provider:
    """Where the provider is, and who has an account there."""

    issuer: str
    accounts: list[str] = field(default_factory=list)

    def knows(self, account: str, **claims: Any) -> None:
        """Give somebody an account with these claims."""
        requests.put(f"{self.issuer}/users/{account}", json={"sub": account, **claims}, timeout=5).raise_for_status()

    def sign_in(self, address: str, account: str) -> dict[str, str]:
        """Sign in at the provider as a person would; what it then sends the browser back with."""
        answer = requests.post(address, data={"sub": account}, allow_redirects=False, timeout=5)
        assert answer.status_code in (302, 303), answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def settings(self, address: str, **more: str) -> dict[str, str]:
        """The environment of an installation that trusts this provider."""
        values = {"ADDRESS": address, "OIDC_ISSUER": self.issuer, "OIDC_CLIENT": CLIENT, "OIDC_SECRET": SECRET, **more}
        return {f"QRBRIDGE_{name}": value for name, value in values.items()}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a port of its own."""
    assert User
    with run_server_in_thread() as server:
        yield Provider(f"http://localhost:{server.server_port}")
