"""Open a destination as a resident's browser would and say what comes of it. The only code that asks the network."""

import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from qrbridge.council import hosts
from qrbridge.council.council import Council
from qrbridge.errors import InvalidInput

MOST_HOPS = 5
ANSWER_SECONDS = 6.0
WHOLE_SECONDS = 20.0
# The title and the first form of a page are in its first part.
READ_BYTES = 128 * 1024
HTTPS = 443

_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; qrbridge destination test)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_PERMANENT = (301, 308)
_MOVED = (*_PERMANENT, 302, 303, 307)
_GONE = (404, 410)
_CLOSED = (401, 403, 407)
_GOOD = range(200, 300)

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.I | re.S)
_NOT_FOUND = re.compile(r"\b404\b|not found|no longer (?:here|available|exists)|can.?t be found|cannot be found", re.I)
_PASSWORD = re.compile(r"<input[^>]*type\s*=\s*[\"']?password", re.I)
_SIGN_IN = re.compile(r"(?:^|[./_-])(?:log-?in|sign-?in|sso|auth|oauth2?|saml2?|adfs)(?:[./_-]|$)", re.I)

# What came of it, as a heading for staff.
OUTCOMES: Mapping[str, str] = {
    "fine": "It opens",
    "moved": "It has moved",
    "not-found": "The page is not there",
    "sign-in": "It asks people to sign in",
    "certificate": "Its certificate is not good",
    "refused": "It leads where residents must not be sent",
    "loop": "It leads on and on",
    "no-page": "It is no web page",
    "down": "It does not answer",
}


@dataclass(frozen=True)
class Finding:
    """What came of opening a destination: a key of `OUTCOMES`, a sentence with what to do, and where it ended."""

    outcome: str
    sentence: str
    final: str

    @property
    def heading(self) -> str:
        """The outcome in a few words."""
        return OUTCOMES[self.outcome]


@dataclass(frozen=True)
class Way:
    """How hosts are reached: their numeric address and port, and which certificates are trusted."""

    reach: Callable[[str], tuple[str, int]]
    context: ssl.SSLContext


@dataclass(frozen=True)
class _Answer:
    status: int
    location: str
    kind: str
    text: str


@dataclass
class _Trip:
    """What happened on the way: the addresses opened, and whether each said to go on for good."""

    opened: list[str] = field(default_factory=list)
    for_good: list[bool] = field(default_factory=list)


def test(address: str, here: Council, way: Way | None = None) -> Finding:
    """Open an address and follow it for at most five hops, each of which `hosts` must accept; never raises."""
    trip, end = _Trip(), time.monotonic() + WHOLE_SECONDS
    way = way or Way(_public, ssl.create_default_context())
    while len(trip.opened) <= MOST_HOPS and time.monotonic() < end:
        try:
            address = hosts.check(address, here.allowed_hosts, here.short_host).address
        except InvalidInput as error:
            return Finding("refused", " ".join(problem.sentence for problem in error.problems), address)
        if address in trip.opened:
            break
        trip.opened.append(address)
        answer = _ask(address, way)
        if isinstance(answer, Finding):
            return answer
        if answer.status not in _MOVED or not answer.location:
            return _judged(trip, answer)
        trip.for_good.append(answer.status in _PERMANENT)
        address = _onward(address, answer.location)
    hops = len(trip.opened)
    return Finding(
        "loop", f"It led on {hops} times without a page. Ask the page's owner for its final address.", address
    )


def _onward(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        # Not even the shape of an address; `hosts` says so.
        return location


def _ask(address: str, way: Way) -> _Answer | Finding:
    """The answer of one address, or what kept it from answering."""
    try:
        return _get(address, way)
    except ssl.SSLCertVerificationError as error:
        remedy = "browsers would warn residents away. Tell whoever runs that site."
        return Finding(
            "certificate", f"Its certificate does not prove it is that site ({error.verify_message}): {remedy}", address
        )
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Finding(
            "down", f"It did not answer ({reason}). Try again later; if it stays away, tell its owner.", address
        )


def _get(address: str, way: Way) -> _Answer:
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection = http.client.HTTPSConnection(host, timeout=ANSWER_SECONDS, context=way.context)
    with socket.create_connection(way.reach(host), ANSWER_SECONDS) as plain:
        # The name is what the certificate must be for; the number is what was looked at before connecting to it.
        connection.sock = way.context.wrap_socket(plain, server_hostname=host)
        with connection.sock:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers=_HEADERS)
            answer = connection.getresponse()
            text = _beginning(answer).decode("utf-8", "replace")
            kind = answer.headers.get_content_type()
            return _Answer(answer.status, answer.headers.get("Location") or "", kind, text)


def _beginning(answer: http.client.HTTPResponse) -> bytes:
    """The first part of a page, or as much of it as comes before our patience ends."""
    end, text = time.monotonic() + ANSWER_SECONDS, b""
    while len(text) < READ_BYTES and time.monotonic() < end:
        part = answer.read1(READ_BYTES - len(text))
        if not part:
            break
        text += part
    return text


def _public(host: str) -> tuple[str, int]:
    """Where a host is on the public internet; a name that stands for a machine of our own network is not gone to."""
    number = str(socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)[0][4][0])
    if not ipaddress.ip_address(number).is_global:
        raise OSError(f"{host} is {number}, which the public cannot reach")
    return number, HTTPS


def _judged(trip: _Trip, answer: _Answer) -> Finding:
    final, first = trip.opened[-1], trip.opened[0]
    outcome, sentence = next(
        (outcome, sentence) for applies, outcome, sentence in _JUDGEMENTS if applies(final, answer, trip)
    )
    title = _title(answer.text)
    said = sentence.format(status=answer.status, title=title, kind=answer.kind, final=final, first=first)
    return Finding(outcome, said, final)


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return " ".join(unescape(found[1]).split())[:120] if found else ""


def _asks_to_sign_in(final: str, answer: _Answer, trip: _Trip) -> bool:
    parts = urlsplit(final)
    led_there = len(trip.opened) > 1 and bool(_SIGN_IN.search(f"{parts.hostname}{parts.path}"))
    return answer.status in _CLOSED or led_there or bool(_PASSWORD.search(answer.text))


_JUDGEMENTS: tuple[tuple[Callable[[str, _Answer, _Trip], bool], str, str], ...] = (
    (
        lambda final, answer, trip: answer.status in _GONE,
        "not-found",
        "The site answers that there is no such page ({status}). Find the page's present address and use that.",
    ),
    (
        _asks_to_sign_in,
        "sign-in",
        "It wants people to sign in first, or keeps them out ({status}): {final}. Use a page that everyone can read.",
    ),
    (
        lambda final, answer, trip: answer.status not in _GOOD,
        "down",
        "The site answers that something is wrong there ({status}). Try again later; if it stays so, tell its owner.",
    ),
    (
        lambda final, answer, trip: bool(_NOT_FOUND.search(_title(answer.text))),
        "not-found",
        "It opens, but its title is “{title}”. Find the page's present address and use that.",
    ),
    (
        lambda final, answer, trip: "html" not in answer.kind,
        "no-page",
        "It is a file ({kind}), which is hard to read on a phone. Use a web page that says the same.",
    ),
    (
        lambda final, answer, trip: any(trip.for_good) and final != trip.opened[0],
        "moved",
        "It has moved for good to {final}, “{title}”. Residents get there; use that address from now on.",
    ),
    (
        lambda final, answer, trip: final != trip.opened[0],
        "fine",
        "It opens, by way of another address, at {final}: “{title}”.",
    ),
    (lambda final, answer, trip: True, "fine", "It opens: “{title}”."),
)
