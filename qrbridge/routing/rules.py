"""Which target a request gets: one class for each kind of rule, asked in order until one gives a destination."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol

# The request as WSGI gives it, so that a new kind of rule can look at whatever it needs.
Environ = Mapping[str, Any]

# Browsers send under 100 characters and ten languages; what is longer is cut, so that no header costs more to read.
LONGEST = 300
_MOST_LANGUAGES = 20
# A council's residents send some hundreds of different headers; 4,096 of them are about 2 MB.
_REMEMBERED = 4_096

_ITEM = re.compile(
    r"\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.I
)
_ANY = "*"
_SCRIPT_LETTERS = 4


class Rule(Protocol):
    """One rule of a target; made from its stored form by `read`."""

    kind: ClassVar[str]

    def matches(self, environ: Environ) -> str | None:
        """The destination this request gets by this rule, or None to ask the next."""

    def describe(self) -> str:
        """The rule as a sentence for staff."""


@dataclass(frozen=True)
class ByLanguage:
    """The page in the language that the person's browser asks for first among those there are."""

    kind: ClassVar[str] = "language"
    pages: Mapping[str, str]
    tags: tuple[str, ...]

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "ByLanguage":
        """The rule from its stored form, `{"pages": {language: destination}}`."""
        return cls(stored["pages"], tuple(stored["pages"]))

    def matches(self, environ: Environ) -> str | None:
        """The destination in the first language asked for that has one."""
        tag = best(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self.tags)
        return self.pages[tag] if tag else None

    def describe(self) -> str:
        """The rule as a sentence for staff."""
        pages = ", ".join(f"{tag} to {destination}" for tag, destination in self.pages.items())
        return f"By the language the browser asks for: {pages}."


@dataclass(frozen=True)
class Always:
    """One page for every request that comes this far."""

    kind: ClassVar[str] = "always"
    destination: str

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Always":
        """The rule from its stored form, `{"destination": address}`."""
        return cls(stored["destination"])

    def matches(self, environ: Environ) -> str | None:
        """The destination, whatever the request."""
        return self.destination

    def describe(self) -> str:
        """The rule as a sentence for staff."""
        return f"Everyone else to {self.destination}."


READERS: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {kind.kind: kind.read for kind in (ByLanguage, Always)}


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules of a target from their stored form, each a mapping with its `kind`."""
    return tuple(READERS[rule["kind"]](rule) for rule in stored)


def for_pages(pages: Mapping[str, str], languages: Sequence[str]) -> list[dict[str, Any]]:
    """The stored rules of a service's pages: by language where there are several, else the council's first language.

    Where the council's first language has no page, the next that has one; where none has, any page there is.
    """
    if not pages:
        return []
    first = next(tag for tag in (*languages, *sorted(pages)) if tag in pages)
    last = {"kind": Always.kind, "destination": pages[first]}
    if len(set(pages.values())) == 1:
        return [last]
    return [{"kind": ByLanguage.kind, "pages": dict(pages)}, last]


def choose(rules: Sequence[Rule], environ: Environ) -> str | None:
    """The destination of a request: that of the first rule that gives one."""
    for rule in rules:
        destination = rule.matches(environ)
        if destination:
            return destination
    return None


def always(rules: Sequence[Rule]) -> str:
    """The destination that every request gets by these rules, empty where one of them looks at the request."""
    first = rules[0] if rules else None
    return first.destination if isinstance(first, Always) else ""


def asked_for(header: str) -> tuple[str, ...]:
    """The languages of an `Accept-Language` header in small letters, the most wanted first; garbage is passed over.

    A language that is refused (`q=0`) is left out.
    """
    found = []
    for item in header[:LONGEST].split(",")[:_MOST_LANGUAGES]:
        read_item = _ITEM.fullmatch(item)
        quality = float(read_item[2] or 1) if read_item else 0.0
        if read_item and quality:
            found.append((-quality, read_item[1].lower()))
    # Sorted by quality alone: the browser's own order decides between equals.
    return tuple(dict.fromkeys(tag for _, tag in sorted(found, key=lambda pair: pair[0])))


def best(header: str, tags: tuple[str, ...]) -> str | None:
    """Which of our language tags an `Accept-Language` header asks for first; None where it asks for none of them.

    `en-GB` finds `en` and `zh-CN` finds `zh-Hans`; `pa-Guru` does not find `pa-Arab`, another script.
    """
    return _best(header[:LONGEST], tags)


def recorded(header: str, tags: tuple[str, ...]) -> str:
    """The language to count an opening under: the one most wanted if it is ours, else `other`; empty if none is said.

    So the set of languages ever kept is the council's own and one more, however rare a person's own language is.
    """
    return _recorded(header[:LONGEST], tags)


# Cut before it is remembered: a header of 100 kB, sent in 4,096 variants, would else stay for good.
@lru_cache(maxsize=_REMEMBERED)
def _best(header: str, tags: tuple[str, ...]) -> str | None:
    for asked in asked_for(header):
        if asked == _ANY:
            return None
        found = _match(asked, tags)
        if found:
            return found
    return None


@lru_cache(maxsize=_REMEMBERED)
def _recorded(header: str, tags: tuple[str, ...]) -> str:
    asked = asked_for(header)
    if not asked or asked[0] == _ANY:
        return ""
    return _match(asked[0], tags) or "other"


def _match(asked: str, tags: tuple[str, ...]) -> str | None:
    by_small = {tag.lower(): tag for tag in tags}
    parts = asked.split("-")
    for length in range(len(parts), 0, -1):
        found = by_small.get("-".join(parts[:length]))
        if found:
            return found
    if any(len(part) == _SCRIPT_LETTERS and part.isalpha() for part in parts[1:]):
        return None
    return next((tag for small, tag in by_small.items() if small.startswith(f"{parts[0]}-")), None)
