"""Links at work: where each sheet hangs, what has become of it, and what can be said of many at once."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Response, request, url_for

from qrbridge import audit, codes, times
from qrbridge.council import council
from qrbridge.counting import scans
from qrbridge.errors import InvalidInput, NotFound, Problem, QrbridgeError
from qrbridge.links import links, moves, sightings
from qrbridge.notices import notices
from qrbridge.places import locations, wards
from qrbridge.reading import Reading
from qrbridge.store import Row
from qrbridge.web import access, forms, lists
from qrbridge.web.site import site
from qrbridge.web.staff import history

pages = Blueprint("links", __name__)

# So many locations are offered to choose from; a search narrows them.
OFFERED = 20

VERBS: dict[str, Callable[..., int]] = {"up": links.up, "down": links.down}
LABELS = {"day": "The day", "reason": "The reason", "location": "The location", "codes": "The links"}


@pages.get("/staff/links")
def list_() -> Response:
    """Links, narrowed and in the order asked for; a whole code that is searched for is led to at once."""
    wanted = links.LISTING.read(request.args)
    code = codes.tidy(wanted.search)
    if code and _is_link(code):
        return access.lead_to(url_for("links.show", code=code))
    return listed()


def listed(error: QrbridgeError | None = None) -> Response:
    """The page of the list, also where a form below it is refused: what was ticked stays ticked."""
    store = site().store
    lists.stand_at("links.list_")
    return forms.show(
        "staff/links/list.html",
        request.form,
        error,
        found=links.find(store, links.LISTING.read(request.values)),
        choices=_choices(),
        ticked={*request.form.getlist("code"), *request.args.get("codes", "").split()},
        all_ticked="ticked" in request.args,
        may_change=access.person().may("editor"),
        labels=LABELS,
    )


def _choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the list can be narrowed to."""
    store = site().store
    return [
        ("notice", "Notice", [(key, key) for key in notices.keys(store)]),
        ("ward", "Ward", list(wards.names(store).items())),
        ("state", "State", [(state, state.capitalize()) for state in links.STATES]),
    ]


@pages.post("/staff/links/<any(up,down):state>")
def mark(state: str) -> Response:
    """Say of the links that were ticked, or of all that are found, that they are up or down."""
    store = site().store
    try:
        chosen = _all_found(state) if "all" in request.form else request.form.getlist("code")
        if not chosen:
            raise InvalidInput([Problem("codes", "Tick at least one link.")])
        changed = VERBS[state](store, chosen, access.by(), day())
    except (InvalidInput, NotFound) as error:
        return listed(error)
    said = f"{changed:,} link{'' if changed == 1 else 's'} now {state}."
    kept = links.LISTING.read(request.form).address()
    return forms.done(said if changed else f"All of them were {state} already.", "links.list_", **kept)


def _all_found(state: str) -> list[str]:
    """All links that the list is narrowed to and that can become up or down."""
    able = {"up": ("made", "down"), "down": ("up",)}[state]
    found = links.find(site().store, links.LISTING.read(request.form).whole)
    return [row["code"] for row in found.rows if row["state"] in able]


@pages.get("/staff/links/<code>")
def show(code: str) -> Response:
    """One link: where it belongs, how it fares, and all that happened to it."""
    return _show(code)


def _show(code: str, error: QrbridgeError | None = None) -> Response:
    store, link = site().store, links.show(site().store, code)
    since = times.day_of(times.now()) - timedelta(days=links.LATELY_DAYS)
    counted = links.scans(store, link["code"], since)
    return forms.show(
        "staff/links/show.html",
        request.form,
        error,
        link=link,
        spoken=codes.spoken(link["code"]),
        typed=council.show(store).typed_address(link["code"]),
        counted=counted,
        simulated=scans.said_of_simulated(counted["simulated"], counted["scans"]),
        lately=links.LATELY_DAYS,
        history=[history.of_link(change) for change in audit.list_for(store, "link", link["code"])],
        stays=moves.history(store, link["code"]),
        checks=sightings.list_for(store, link["code"]),
        may_change=access.person().may("editor"),
        labels=LABELS,
    )


@pages.post("/staff/links/<code>/<any(up,down):state>")
def mark_one(code: str, state: str) -> Response:
    """Say that one link is up or down, from a day on."""
    try:
        VERBS[state](site().store, [code], access.by(), day())
    except InvalidInput as error:
        return _show(code, error)
    return forms.done(f"It is {state}.", "links.show", code=code)


@pages.post("/staff/links/<code>/withdraw")
def withdraw(code: str) -> Response:
    """Take one link out of use for good."""
    try:
        links.withdraw(site().store, [code], access.by(), request.form.get("reason", ""))
    except InvalidInput as error:
        return _show(code, error)
    said = "It is withdrawn. Its code now answers with an explanation and a phone number."
    return forms.done(said, "links.show", code=code)


@pages.get("/staff/links/<code>/move")
def choose(code: str) -> Response:
    """Choose the location a sheet was moved to."""
    return _choose(code)


@pages.post("/staff/links/<code>/move")
def move(code: str) -> Response:
    """Move a link to another location: its code stays alive, its past days and scans stay where they were."""
    location = request.form.get("location", "")
    try:
        if not location:
            raise InvalidInput([Problem("location", "is missing; choose one")])
        moves.move(site().store, [code], location, access.by(), day())
    except (InvalidInput, NotFound) as error:
        return _choose(code, error)
    name = locations.show(site().store, location).name
    return forms.done(f"It belongs to {name} now. Its code is the same.", "links.show", code=code)


def _choose(code: str, error: QrbridgeError | None = None) -> Response:
    store = site().store
    found = locations.find(store, locations.LISTING.read({"q": request.values.get("q", "")}))
    link = links.show(store, code)
    offered = [row for row in found.rows if row["reference"] != link["location"]][:OFFERED]
    values = {"link": link, "found": found, "offered": offered, "labels": LABELS}
    return forms.show("staff/links/move.html", request.form, error, **values)


def day() -> date | None:
    """The day that was entered, if any."""
    reading = Reading(request.form)
    found = reading.day("day", needed=False)
    reading.done()
    return found


def _is_link(code: str) -> Row | None:
    try:
        return links.show(site().store, code)
    except NotFound:
        return None
