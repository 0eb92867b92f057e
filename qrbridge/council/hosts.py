"""Is this web address safe to send residents to."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import unquote, unquote_plus

from qrbridge.council.shared_hosts import SHORTENER, is_shared
from qrbridge.errors import InvalidInput, Problem

ADDRESS_FIELD, HOST_FIELD = "address", "host"

# Of 7,405 addresses that councils gave for their services the longest was 573 characters.
LONGEST = 600
_WEB = ("http", "https")
_HTTPS_PORTS = ("", "443")
# Encoded inside an encoding inside ...; what is still encoded after this many is no honest address.
_LAYERS = 5
# Council-tax references, customer numbers, UPRNs and cards begin here; page numbers end before.
_ACCOUNT_DIGITS = 8
_NAMED_ACCOUNT_DIGITS = 5

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{4,253}}\Z){_LABEL}(?:\.{_LABEL})+")
# The last part decides: browsers read `0x7f.1` and `2130706433` as 127.0.0.1.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)|\[.*|[0-9a-f.]*:[0-9a-f:.]*")
_SHAPE = re.compile(r"([a-z][a-z0-9+.-]*):(//)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I)
_AUTHORITY = re.compile(r"(\[.*\]|[^:]*)(?::(.*))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|%[01][0-9a-f]|%7f", re.I)
_NEVER_WRITTEN = re.compile(r'[<>"^`{|}]')
# Not any `x://`: a form service that many councils use has `form_uri=sandbox-publish://...` in all its addresses.
_ANOTHER_ADDRESS = re.compile(
    r"\s*(?:[/\\]{2}|(?:https?|ftp|file|javascript|data|vbscript):)|.*https?:[/\\]", re.I | re.S
)
# Where one value ends and another may begin: what follows is looked at by itself.
_BETWEEN = re.compile("[;=&?,@]")
_DOT_SEGMENT = re.compile(r"(?:\A|[/\\])\.{1,2}(?:[/\\;]|\Z)")
_NATIONAL_INSURANCE = re.compile(r"[a-z]{2}\d{6}[a-d]?", re.I)
_PERSONAL_NAME = re.compile(r"acc|ref|cust|ctax|tax|bill|claim|invoice|pcn|uprn|nino|card|member|tenan|resident", re.I)
_DECORATION = re.compile(r"utm_.*|(?:gcl|fbcl|msclk|dcl|twcl|ttcl|igsh|yccl)id|gbraid|wbraid|mc_[ce]id|_ga|_gl", re.I)

_PRIVATE = re.compile(
    r"(?:.*\.)?(?:arpa|corp|home|internal|intranet|invalid|lan|local|localdomain|localhost|onion|private|test)|[^.]*"
)


@dataclass(frozen=True)
class Verdict:
    """A safe address as it will be sent (printable ASCII), its host, and a sentence for each thing we changed."""

    address: str
    host: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class _Parts:
    """An address taken apart; `host` in small letters, the rest as written."""

    scheme: str
    slashes: str
    authority: str
    host: str
    port: str
    path: str
    query: str
    fragment: str


def check(address: str, allowed: Sequence[str], own_host: str) -> Verdict:
    """Accept an address that residents may be sent to, or raise InvalidInput with every reason why not.

    `allowed` are the council's hosts; each stands for itself and all below it. `own_host` is where our short links are.
    Costs 40 us after the first, which loads the public suffix list (40 ms).
    """
    text = address.strip()
    _refuse(ADDRESS_FIELD, _wrong_with_text(text))
    parts = _take_apart(text)
    wrong = [sentence for is_wrong, sentence in _PART_RULES if is_wrong(parts)]
    if parts.slashes and parts.authority:
        wrong += _wrong_with_host(parts.host, allowed, own_host)
    _refuse(ADDRESS_FIELD, wrong)
    return _verdict(address, parts)


def check_allowed(host: str) -> str:
    """Accept a host for the council's list, in small letters, or raise InvalidInput with the reason why not."""
    tidy = host.strip().lower()
    _refuse(HOST_FIELD, [sentence] if (sentence := _unfit(tidy) or _too_wide(tidy)) else [])
    return tidy


def _refuse(field: str, sentences: Sequence[str]) -> None:
    if sentences:
        raise InvalidInput([Problem(field, sentence) for sentence in sentences])


def _wrong_with_text(text: str) -> list[str]:
    """What must be right before an address can be taken apart without two programs reading it differently."""
    if len(text) > LONGEST:
        return [f"It is {len(text)} characters long; {LONGEST} is the most. Ask the page's owner for a shorter one."]
    return [sentence for wrong, sentence in _TEXT_RULES if wrong(text)] + _foreign(text)


_TEXT_RULES: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda text: not text, "It is empty. Copy the page's address from the top of your browser."),
    (
        _CONTROL.search,
        "It has a line break or another character that cannot be seen. Type it again, or copy it without what follows.",
    ),
    (lambda text: " " in text, "It has a space inside. Take it out, or write %20 if the page really has one."),
    (lambda text: "\\" in text, "It has a backslash. Web addresses use forward slashes: write / in its place."),
    (
        _NEVER_WRITTEN.search,
        'It has one of < > " ^ ` { | }, which addresses do not. Copy it again from the top of your browser.',
    ),
    (
        lambda text: text and not _SHAPE.fullmatch(text),
        "It does not begin with https://. Copy the whole address from the top of your browser.",
    ),
)


def _foreign(text: str) -> list[str]:
    found = next((character for character in text if not character.isascii() and character.isprintable()), None)
    if found is None:
        # What is neither ASCII nor printable: zero-width characters, odd spaces, halves of pairs.
        return [] if text.isascii() or _CONTROL.search(text) else [_TEXT_RULES[1][1]]
    name = unicodedata.name(found, "no name").lower()
    return [
        f"It has “{found}” ({name}), which can pass for another letter or be lost on the way. "
        "Copy the address again from the top of your browser, where such characters are written with % signs."
    ]


def _take_apart(text: str) -> _Parts:
    shape = _SHAPE.fullmatch(text)
    assert shape is not None, "_wrong_with_text has seen to it"
    scheme, slashes, authority, path, query, fragment = (part or "" for part in shape.groups())
    ending = _AUTHORITY.fullmatch(authority.rpartition("@")[2])
    host, port = (ending[1], ending[2] or "") if ending else (authority, "")
    return _Parts(scheme.lower(), slashes, authority, host.lower(), port, path, query, fragment)


_PART_RULES: tuple[tuple[Callable[[_Parts], object], str], ...] = (
    (
        lambda parts: parts.scheme == "http",
        "It begins with http:, which others can read and change on the way. Try it with https:// and use that.",
    ),
    (lambda parts: parts.scheme not in _WEB, "It is not the address of a web page. Use one that begins with https://."),
    (
        lambda parts: parts.scheme in _WEB and not (parts.slashes and parts.authority),
        "It needs two slashes and then a host after the colon. Write it as in “https://www.trafford.gov.uk/”.",
    ),
    (
        lambda parts: "@" in parts.authority,
        "It has an @ before the path, so it opens another host than it seems to. Take out the @ and what is before it.",
    ),
    (lambda parts: parts.port not in _HTTPS_PORTS, "It names a port. Use the page's public address, which has none."),
    (
        lambda parts: any(_DOT_SEGMENT.search(layer) for layer in _layers(parts.path)),
        "It has “.” or “..” between slashes, which browsers take out. Open it, and use the address you end up at.",
    ),
    (
        lambda parts: _leads_elsewhere(parts),
        "It has another address in it, so it could send residents anywhere. Open it, and use the one you end up at.",
    ),
    (
        lambda parts: _names_somebody(parts),
        "It has what looks like an account number or an e-mail address in it. Use the page's address without it.",
    ),
)


def _leads_elsewhere(parts: _Parts) -> bool:
    values = [parts.path, parts.fragment, parts.query, *(text for pair in _pairs(parts) for text in pair)]
    return any(_hides_an_address(value) for value in values)


def _hides_an_address(value: str) -> bool:
    layers = _layers(value)
    pieces = (piece for layer in layers for piece in (layer, *_BETWEEN.split(layer)))
    return len(layers) > _LAYERS or any(map(_ANOTHER_ADDRESS.match, pieces))


def _layers(value: str) -> list[str]:
    """A value as it stands, then decoded once, twice and so on until nothing changes or it is past honesty."""
    layers = [value]
    while len(layers) <= _LAYERS and (inner := unquote(layers[-1])) != layers[-1]:
        layers.append(inner)
    return layers


def _pairs(parts: _Parts) -> Iterator[tuple[str, str]]:
    for piece in re.split("[&;]", parts.query):
        name, _, value = piece.partition("=")
        yield unquote_plus(name), unquote_plus(value)


def _names_somebody(parts: _Parts) -> bool:
    layers = ((name, layer) for name, value in _pairs(parts) for layer in _layers(value))
    return any(_is_account(name, layer) or re.search(r"[^@\s]@[^@\s]", layer) for name, layer in layers)


def _is_account(name: str, value: str) -> bool:
    digits = re.sub(r"[\s./-]", "", value)
    if not digits.isdecimal():
        return bool(_NATIONAL_INSURANCE.fullmatch(digits))
    named = bool(_PERSONAL_NAME.search(name)) and len(digits) >= _NAMED_ACCOUNT_DIGITS
    return named or (len(digits) >= _ACCOUNT_DIGITS and not _is_date(digits))


def _is_date(digits: str) -> bool:
    try:
        return 1990 <= date.fromisoformat(digits).year < 2100
    except ValueError:
        return False


def _wrong_with_host(host: str, allowed: Sequence[str], own_host: str) -> list[str]:
    if sentence := _unfit(host):
        return [sentence]
    if _is_at_or_below(host, own_host.strip().lower().partition(":")[0]):
        return [f"“{host}” is where our own links are, so it would go round in a circle. Use the page's own address."]
    if any(_is_at_or_below(host, _listed(entry)) for entry in allowed):
        return []
    return [
        f"“{host}” is not on the council's list of hosts. Use a page on one that is, or ask whoever keeps the list "
        "to add it: the council’s details have the list."
    ]


def _is_at_or_below(host: str, parent: str) -> bool:
    return bool(parent) and (host == parent or host.endswith(f".{parent}"))


@lru_cache(maxsize=1000)
def _listed(entry: str) -> str:
    """An entry of the council's list, or nothing when it should never have been on it."""
    try:
        return check_allowed(entry)
    except InvalidInput:
        return ""


def _unfit(host: str) -> str | None:
    return next((sentence.format(host=host[:80]) for wrong, sentence in _HOST_RULES if wrong(host)), None)


_HOST_RULES: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda host: host.endswith("."), "The host ends in a full stop. Take it out: “www.trafford.gov.uk”."),
    (
        _NUMBER.fullmatch,
        "“{host}” is a machine's number, not a name that residents can trust. Use the page's address by name.",
    ),
    (
        _PRIVATE.fullmatch,
        "“{host}” can be reached only from inside a network or from nowhere. Use the address that the public uses.",
    ),
    (
        lambda host: re.search(r"(?:\A|\.)xn--", host),
        "“{host}” stands for letters that are not a to z, which can look like another name. Use one in plain letters.",
    ),
    (lambda host: not _HOST.fullmatch(host), "“{host}” is not a host's name. Write it as in “www.trafford.gov.uk”."),
    (
        SHORTENER.fullmatch,
        "“{host}” is a link shortener: someone else can change where it leads. Open it and use the address you reach.",
    ),
)


def _too_wide(host: str) -> str | None:
    if not is_shared(host):
        return None
    return f"“{host}” is shared by many organisations. Name the council's own, as in “trafford.gov.uk”."


def _verdict(typed: str, parts: _Parts) -> Verdict:
    kept, dropped = _without_decoration(parts.query)
    address = f"https://{parts.host}{parts.path or '/'}"
    address += f"?{kept}" if kept else ""
    address += f"#{parts.fragment}" if parts.fragment else ""
    changes = {
        "Spaces before or after it were taken out.": typed != typed.strip(),
        "The beginning was written in small letters.": not typed.strip().startswith(f"https://{parts.host}"),
        "The port was taken out: https is always 443.": parts.authority != parts.authority.partition(":")[0],
        f"Taken out, because it lets others follow who came from where: {', '.join(dropped)}.": dropped,
    }
    return Verdict(address, parts.host, tuple(sentence for sentence, made in changes.items() if made))


def _without_decoration(query: str) -> tuple[str, list[str]]:
    """Leave out what only marks where a reader came from; the rest stays just as written."""
    pieces = [(piece, piece.partition("=")[0]) for piece in query.split("&")]
    dropped = [name for _, name in pieces if _DECORATION.fullmatch(unquote(name))]
    return "&".join(piece for piece, name in pieces if name not in dropped), dropped
