"""Something residents need: the list of services, and one with its pages and notices."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from qrbridge import languages, times
from qrbridge.council import council, services
from qrbridge.council.services import Service
from qrbridge.errors import Conflict, InvalidInput, QrbridgeError
from qrbridge.web import forms, lists
from qrbridge.web.access import by
from qrbridge.web.site import site

pages = Blueprint("services", __name__)

# The fields of a service as they are called on its form, each with what is said of it there, in the order of the form.
FIELDS = {
    "key": (
        "Short name",
        "For addresses: small letters, digits and hyphens, such as cost-of-living. It never changes.",
    ),
    "name": ("Name", "As residents call it, such as Help with the cost of living."),
    "summary": ("What it does", "One or two plain sentences. Shown where a code no longer leads on."),
    "service_level": ("What people can count on", "Such as: a person answers within two working days."),
    "phone": ("Phone number", "Printed on every notice, for those who cannot scan."),
    "hours": ("When it is answered", "Such as Monday to Friday, 8:30am to 5:30pm."),
    "place": ("A place to go", "Where someone can ask in person."),
    "owner": ("Owner", "The team or person who answers for it: an e-mail address or a team’s name."),
    "review_day": ("Review by", "The day by which somebody checks that all of this is still right, such as 31/3/2027."),
    "lgsl": ("LGSL code", "Its number in the Local Government Services List, if you know it."),
}
LABELS = {**{name: label for name, (label, _) in FIELDS.items()}, "pages": "The address of its page"}
LONG = ("summary", "service_level")
SHORT = ("key", "phone", "review_day", "lgsl")


@pages.get("/staff/services")
def list_() -> Response:
    """Services, searched and sorted."""
    found = services.find(site().store, lists.wanted(services.LISTING))
    return forms.show("staff/services/list.html", found=found, today=_today())


@pages.get("/staff/services/show/<key>")
def show(key: str) -> Response:
    """One service: its details, its pages, and the notices about it."""
    service = services.show(site().store, key)
    notices = services.notices_of(site().store, key)
    overdue = service.review_day.isoformat() <= _today()
    return forms.show(
        "staff/services/show.html", service=service, notices=notices, overdue=overdue, fields=FIELDS, language=languages
    )


@pages.get("/staff/services/new")
def new() -> Response:
    """An empty form."""
    return _form("staff/services/new.html")


@pages.post("/staff/services/new")
def add() -> Response:
    """Keep a new service."""
    try:
        service = Service.read(_given(), council.show(site().store))
        services.add(site().store, service, by())
    except (InvalidInput, Conflict) as error:
        return _form("staff/services/new.html", error)
    return forms.done(f"{service.name} is kept.", "services.show", key=service.key)


@pages.get("/staff/services/change/<key>")
def edit(key: str) -> Response:
    """A form with a service's details."""
    return _form("staff/services/change.html", service=services.show(site().store, key))


@pages.post("/staff/services/change/<key>")
def change(key: str) -> Response:
    """Put what was entered in place of a service's details; its pages stay as they are."""
    store = site().store
    service = services.show(store, key)
    details = {name: request.form.get(name, "") for name in FIELDS if name != "key"}
    try:
        changed = services.merged(service, details, council.show(store))
        services.change(store, changed, by())
    except InvalidInput as error:
        return _form("staff/services/change.html", error, service=service)
    return forms.done(f"{changed.name} is changed.", "services.show", key=key)


def _form(template: str, error: QrbridgeError | None = None, service: Service | None = None) -> Response:
    entered = request.form.to_dict() or (_entered(service) if service else {})
    tags = council.show(site().store).languages
    named = {f"pages ({tag})": f"The page in {languages.name(tag)}" for tag in tags}
    said: dict[str, Any] = {"service": service, "languages": tags, "language": languages, "fields": FIELDS}
    return forms.show(template, entered, error, **said, labels={**LABELS, **named}, long=LONG, short=SHORT)


def _entered(service: Service) -> dict[str, Any]:
    """A service as its form would have it."""
    details = {**asdict(service), "review_day": times.as_typed(service.review_day)}
    return {name: value for name, value in details.items() if name in FIELDS and value is not None}


def _given() -> dict[str, Any]:
    """What was entered of a new service, with its pages by language."""
    found = {tag: request.form.get(f"pages-{tag}", "").strip() for tag in council.show(site().store).languages}
    return {**request.form.to_dict(), "pages": {tag: address for tag, address in found.items() if address}}


def _today() -> str:
    return times.day_of(times.now()).isoformat()
