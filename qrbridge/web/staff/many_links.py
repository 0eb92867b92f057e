"""Many links at once: those ticked, or all found, are moved or withdrawn, once somebody has seen what that does."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from qrbridge.errors import InvalidInput, NotFound, Problem, QrbridgeError
from qrbridge.links import links, moves
from qrbridge.places import locations
from qrbridge.reading import Reading
from qrbridge.store import Row
from qrbridge.web import access, forms
from qrbridge.web.site import site
from qrbridge.web.staff import links as pages_of_links

pages = Blueprint("many_links", __name__)

# As many are listed where somebody is asked; the list has them all.
MOST_SHOWN = 100

# What an address says besides how the list was narrowed: which links, and where they might go.
ASKED = ("codes", "all", "to")

TOO_MANY = Problem("codes", "Several of these are of one notice, and a location has one sheet of it: tick one of each.")
GONE = Problem("codes", "None of these can be changed any more.")
CHANGED = Problem("", "These are no longer the links that were shown: somebody changed some. Look once more.")


@dataclass(frozen=True)
class Chosen:
    """The links that somebody chose: those a verb can still be done to, and how many are withdrawn already."""

    rows: list[Row]
    passed_over: int

    @property
    def codes(self) -> list[str]:
        """Their codes."""
        return [row["code"] for row in self.rows]

    @property
    def seal(self) -> str:
        """What tells these links from any others."""
        return hashlib.sha256(" ".join(sorted(self.codes)).encode()).hexdigest()[:16]


@pages.post("/staff/links/many/<any(move,withdraw):verb>")
def choose(verb: str) -> Response:
    """Lead on from the list to a page that says what would be done to the links ticked, or to all that are found."""
    kept = _kept(request.form)
    if "all" in request.form:
        return access.lead_to(url_for("many_links.page", verb=verb, all="yes", **kept))
    if not request.form.getlist("code"):
        return pages_of_links.listed(InvalidInput([Problem("codes", "Tick at least one link.")]))
    codes = " ".join(request.form.getlist("code"))
    return access.lead_to(url_for("many_links.page", verb=verb, codes=codes, **kept))


@pages.get("/staff/links/many/<any(move,withdraw):verb>")
def page(verb: str) -> Response:
    """Say how many links are chosen and what would happen to them, and ask for the rest."""
    return _page(verb, _chosen())


@pages.post("/staff/links/many/<any(move,withdraw):verb>/all")
def do(verb: str) -> Response:
    """Do it to all of the links that were shown, or to none."""
    chosen = _chosen()
    try:
        if request.form.get("shown") != chosen.seal:
            raise InvalidInput([CHANGED])
        said = _VERBS[verb](chosen.codes)
    except (InvalidInput, NotFound) as error:
        return _page(verb, chosen, error)
    return forms.done(said, "links.list_", **_kept(request.args))


def _withdraw(codes: list[str]) -> str:
    count = links.withdraw(site().store, codes, access.by(), request.form.get("reason", ""))
    return f"{_links(count)} withdrawn. Their codes now answer with an explanation and a phone number."


def _move(codes: list[str]) -> str:
    store, reference = site().store, request.form.get("location", "")
    if not reference:
        raise InvalidInput([Problem("location", "is missing; choose one")])
    count = moves.move(store, codes, reference, access.by(), pages_of_links.day())
    name = locations.show(store, reference).name
    return f"{_links(count)} moved to {name}. Their codes are the same." if count else f"All of them were at {name}."


_VERBS = {"withdraw": _withdraw, "move": _move}


def _page(verb: str, chosen: Chosen, error: QrbridgeError | None = None) -> Response:
    notices = Counter(row["notice"] for row in chosen.rows).most_common()
    if not notices:
        return pages_of_links.listed(InvalidInput([GONE]))
    if verb == "move" and notices[0][1] > 1:
        return pages_of_links.listed(InvalidInput([TOO_MANY]))
    values: dict[str, Any] = {
        "verb": verb,
        "rows": chosen.rows,
        "passed_over": chosen.passed_over,
        "shown": chosen.seal,
        "notices": notices,
        "up": Counter(row["notice"] for row in chosen.rows if row["state"] == "up"),
        "most_shown": MOST_SHOWN,
        "kept": _kept(request.args),
        "asked": {**_kept(request.args), **{name: request.args[name] for name in ASKED if name in request.args}},
        "labels": pages_of_links.LABELS,
    }
    if verb == "move":
        values |= _places({row["location"] for row in chosen.rows})
    return forms.show(f"staff/links/many/{verb}.html", request.form, error, **values)


def _places(now: set[str]) -> dict[str, Any]:
    """The locations to choose from; where all of the links are now is none of them."""
    found = locations.find(site().store, locations.LISTING.read({"q": request.args.get("to", "")}))
    offered = [row for row in found.rows if {row["reference"]} != now]
    return {"found": found, "offered": offered[: pages_of_links.OFFERED]}


def _chosen() -> Chosen:
    """The links that the address names, or all that it finds."""
    store = site().store
    if "all" in request.args:
        rows = links.find(store, links.LISTING.read(request.args).whole).rows
    else:
        given = Reading(request.args).list("codes")
        rows = list({row["code"]: row for row in (links.show(store, code) for code in given)}.values())
    able = [row for row in rows if row["state"] != "withdrawn"]
    return Chosen(able, len(rows) - len(able))


def _kept(given: Mapping[str, str]) -> dict[str, Any]:
    """How the list was narrowed and sorted, and which page of it was shown."""
    wanted = links.LISTING.read(given)
    return wanted.address(page=wanted.page)


def _links(count: int) -> str:
    return "1 link is" if count == 1 else f"{count:,} links are"
