"""Where paper goes up: the list, the map, and one location with its links."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from qrbridge.counting import scans
from qrbridge.errors import Conflict, InvalidInput, QrbridgeError
from qrbridge.links import links, sightings
from qrbridge.places import locations, wards
from qrbridge.places.locations import Location
from qrbridge.web import forms, lists
from qrbridge.web.access import by
from qrbridge.web.site import site
from qrbridge.web.staff.dot_map import drawn

pages = Blueprint("locations", __name__)

# The fields of a location as they are called on its form.
LABELS = {
    "reference": "Reference",
    "name": "Name",
    "kind": "Kind of place",
    "address": "Address",
    "postcode": "Postcode",
    "ward": "Ward",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "setting": "Indoors or in the open",
}


@pages.get("/staff/locations")
def list_() -> Response:
    """Locations, searched, narrowed and sorted."""
    found = locations.find(site().store, lists.wanted(locations.LISTING))
    return forms.show("staff/locations/list.html", found=found, choices=_choices())


@pages.get("/staff/locations/map")
def map_() -> Response:
    """The same locations as dots where they lie, with the list of them beside."""
    wanted = lists.wanted(locations.LISTING)
    found = locations.find(site().store, wanted)
    map_ = drawn(locations.points(site().store, wanted))
    return forms.show("staff/locations/map.html", found=found, choices=_choices(), map=map_)


@pages.get("/staff/locations/show/<path:reference>")
def show(reference: str) -> Response:
    """One location: its details, and the links there with their scans."""
    place = locations.show(site().store, reference)
    store = site().store
    said: dict[str, Any] = {"place": place, "days": links.LATELY_DAYS, "wards": wards.names(store)}
    here = links.at_location(store, place.reference)
    said |= {"links": here, "checks": sightings.at_location(store, place.reference)}
    counted = {name: sum(link[name] for link in here) for name in ("simulated", "scans")}
    said["simulated"] = scans.said_of_simulated(counted["simulated"], counted["scans"])
    return forms.show("staff/locations/show.html", **said)


@pages.get("/staff/locations/new")
def new() -> Response:
    """An empty form."""
    return _form("staff/locations/new.html")


@pages.post("/staff/locations/new")
def add() -> Response:
    """Keep a new location."""
    try:
        place = Location.read(request.form)
        locations.add(site().store, place, by())
    except (InvalidInput, Conflict) as error:
        return _form("staff/locations/new.html", error)
    return forms.done(f"{place.name} is kept.", "locations.show", reference=place.reference)


@pages.get("/staff/locations/change/<path:reference>")
def edit(reference: str) -> Response:
    """A form with a location's details."""
    return _form("staff/locations/change.html", place=locations.show(site().store, reference))


@pages.post("/staff/locations/change/<path:reference>")
def change(reference: str) -> Response:
    """Put what was entered in place of a location's details."""
    place = locations.show(site().store, reference)
    try:
        changed = locations.merged(place, request.form.to_dict())
        locations.change(site().store, changed, by())
    except InvalidInput as error:
        return _form("staff/locations/change.html", error, place=place)
    return forms.done(f"{changed.name} is changed.", "locations.show", reference=place.reference)


def _form(template: str, error: QrbridgeError | None = None, place: Location | None = None) -> Response:
    usual: dict[str, Any] = asdict(place) if place else {}
    entered = request.form.to_dict() or {name: value for name, value in usual.items() if value is not None}
    said = {
        "place": place,
        "wards": wards.names(site().store),
        "kinds": locations.kinds_offered(site().store),
        "labels": LABELS,
    }
    return forms.show(template, entered, error, **said)


def _choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the list can be narrowed to."""
    store = site().store
    kinds = [(kind, kind) for kind in locations.kinds_used(store)]
    return [("ward", "Ward", list(wards.names(store).items())), ("kind", "Kind", kinds)]
