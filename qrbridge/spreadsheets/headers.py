"""Which column of a file holds which field: column names matched loosely, and what was matched said back."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qrbridge.errors import Problem


@dataclass(frozen=True)
class Match:
    """The column each field was found in, in words, with the columns left over and what must be asked."""

    columns: Mapping[str, int]
    headers: tuple[str, ...]
    unused: tuple[str, ...]
    problems: tuple[Problem, ...] = field(default=())

    def named(self) -> dict[str, str]:
        """Each field with the name of its column."""
        return {name: self.headers[place] for name, place in self.columns.items()}

    def in_words(self) -> list[str]:
        """What was matched, one sentence a field: `postcode is read from “ Post Code ”`."""
        return [f"{name} is read from “{header}”" for name, header in self.named().items()]


def folded(name: str) -> str:
    """A column name without its case, spaces, punctuation and accents: `Name of venue` is `nameofvenue`."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def match_headers(
    headers: Sequence[str], wanted: Mapping[str, Sequence[str]], forced: Mapping[str, str] | None = None
) -> Match:
    """Find the column of each wanted field, by its own name first and then by its other names, best first.

    `wanted` gives each field its other names, those as good as its own first; `forced` names the column of a field
    outright. Two columns that fit equally are a problem that asks which; so is a forced column that is not there.
    """
    names = [folded(header) for header in headers]
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    for name, header in (forced or {}).items():
        _force(name, header, (headers, names, wanted), (columns, problems))
    for name, synonyms in wanted.items():
        if name not in (forced or {}):
            _find(name, synonyms, (headers, names), (columns, problems))
    used = set(columns.values())
    unused = tuple(header for place, header in enumerate(headers) if place not in used and header)
    return Match(columns, tuple(headers), unused, tuple(problems))


def _find(
    name: str,
    synonyms: Sequence[str],
    given: tuple[Sequence[str], list[str]],
    found: tuple[dict[str, int], list[Problem]],
) -> None:
    headers, names = given
    columns, problems = found
    for synonym in (name, *synonyms):
        places = [p for p, other in enumerate(names) if other == folded(synonym) and p not in columns.values()]
        exact = [place for place in places if headers[place] == synonym]
        places = exact if len(exact) == 1 else places
        if len(places) > 1:
            which = " and ".join(f"“{headers[place]}” (column {place + 1})" for place in places)
            problems.append(Problem(name, f"could be either of {which}; say which, or rename the other"))
        if places:
            columns.update({name: places[0]} if len(places) == 1 else {})
            return


def _force(
    name: str,
    header: str,
    given: tuple[Sequence[str], list[str], Mapping[str, Sequence[str]]],
    found: tuple[dict[str, int], list[Problem]],
) -> None:
    headers, names, wanted = given
    columns, problems = found
    if name not in wanted:
        problems.append(Problem(name, f"is not a field that is read; there are {', '.join(wanted)}"))
        return
    places = [place for place, other in enumerate(headers) if other == header]
    places = places or [place for place, other in enumerate(names) if other == folded(header)]
    if len(places) == 1:
        columns[name] = places[0]
    elif places:
        problems.append(Problem(name, f"“{header}” is the name of {len(places)} columns; rename all but one"))
    else:
        known = ", ".join(f"“{other}”" for other in headers)
        problems.append(Problem(name, f"there is no column “{header}”; the columns are {known}"))
