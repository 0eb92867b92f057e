"""The steps of making a notice: what each takes from its form, and what its page shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from qrbridge import listing, times
from qrbridge.council import council, services
from qrbridge.notices import drafts, notices, photographs, previews
from qrbridge.notices.drafts import Draft
from qrbridge.places import advice, locations, wards
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Printable
from qrbridge.store import Store

Form = MultiDict[str, str]


@dataclass(frozen=True)
class Step:
    """One step: its question, what it takes from its form, and what its page shows beside it."""

    title: str
    taken: Callable[[Store, Draft, Form], Mapping[str, Any]]
    shown: Callable[[Store, Draft], Mapping[str, Any]]


def _about_taken(store: Store, draft: Draft, form: Form) -> Mapping[str, Any]:
    taken = {name: form.get(name, "").strip() for name in ("service", "key", "starts", "ends")}
    if not taken["key"] and taken["service"]:
        taken["key"] = notices.free_key(store, f"{taken['service']}-{times.day_of(times.now()).year}")
    return taken


def _about_shown(store: Store, draft: Draft) -> Mapping[str, Any]:
    return {"services": services.list_all(store), "today": times.as_typed(times.day_of(times.now()))}


def _words_taken(store: Store, draft: Draft, form: Form) -> Mapping[str, Any]:
    found = {}
    for language in council.show(store).languages:
        blocks = {block: form.get(f"{block}-{language}", "").strip() for block in notices.BLOCKS}
        if any(blocks.values()):
            found[language] = blocks
    return {"words": found}


def _words_shown(store: Store, draft: Draft) -> Mapping[str, Any]:
    return {"languages": council.show(store).languages, "room": previews.room(store, draft)}


def _design_taken(store: Store, draft: Draft, form: Form) -> Mapping[str, Any]:
    """The design and its size, and a photograph where one was sent; that is kept by its digest."""
    taken = {name: form.get(name, "").strip() for name in ("printable", "size", "picture_alt", "reading_distance")}
    if taken["printable"] != draft.entered.get("printable"):
        # The sizes that were offered are another design's.
        taken["size"] = ""
    sent = request.files.get("picture")
    if sent and sent.filename:
        # One byte more than is taken, so that what is too large is told apart.
        taken["picture"] = photographs.keep(store, sent.stream.read(photographs.MOST_BYTES + 1))
    return taken


def _design_shown(store: Store, draft: Draft) -> Mapping[str, Any]:
    offered = previews.offered()
    return {
        "designs": offered,
        "sizes": _sizes(store, next((one for one in offered if one.name == draft.entered.get("printable")), None)),
        "shows_picture": any(drafts.shows_picture(one) for one in offered),
        "refusal": previews.refusal(store, draft),
    }


def _sizes(store: Store, design: Printable | None) -> list[tuple[str, str]]:
    """The sizes of a design, each with what it is called there: small labels have no room for a long host."""
    if design is None:
        return []
    host = council.show(store).short_host
    fitting = {size: advice.fits(designs.read(design.name, size), host) for size in design.sizes}
    return [(size, size if fits else f"{size}: no room for {host}") for size, fits in fitting.items()]


def _locations_taken(store: Store, draft: Draft, form: Form) -> Mapping[str, Any]:
    """What was ticked of those shown, all that are found, or none; those not shown stay as they were."""
    does = form.get("does", "")
    wanted = replace(locations.LISTING, per_page=listing.EVERY).read(form)
    found = [row["reference"] for row in locations.find(store, wanted).rows] if does in ("all", "none") else []
    shown, ticked = set(found or form.getlist("shown")), form.getlist("location")
    kept = [reference for reference in draft.locations if reference not in shown]
    chosen = {"all": found, "none": []}.get(does, ticked)
    return {"locations": list(dict.fromkeys([*kept, *chosen]))}


def _locations_shown(store: Store, draft: Draft) -> Mapping[str, Any]:
    wanted = locations.LISTING.read(request.values)
    return {
        "found": locations.find(store, wanted),
        "wards": wards.list_all(store),
        "kinds": locations.kinds_used(store),
        "chosen": set(draft.locations),
    }


STEPS: Mapping[str, Step] = {
    "about": Step("What is it about?", _about_taken, _about_shown),
    "words": Step("What does it say?", _words_taken, _words_shown),
    "design": Step("What does it look like?", _design_taken, _design_shown),
    "locations": Step("Where does it hang?", _locations_taken, _locations_shown),
}
