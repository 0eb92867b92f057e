"""People: who may sign in and what each may do. For admins."""

from flask import Blueprint, Response, request

from qrbridge.accounts import password_links, people, second_factor, sessions
from qrbridge.accounts.people import ROLES, Person
from qrbridge.council import council
from qrbridge.errors import Conflict, QrbridgeError
from qrbridge.web import access, forms, lists
from qrbridge.web.site import site
from qrbridge.work import outbox

pages = Blueprint("people", __name__)

LABELS = {"name": "The name", "email": "The e-mail address", "role": "The role"}
CHOICES = {role: (role.title(), about) for role, about in ROLES.items()}


@pages.get("/staff/people")
def list_() -> Response:
    """Everyone who may sign in, and who no longer may."""
    return forms.show("staff/people/list.html", found=people.find(site().store, lists.wanted(people.LISTING)))


@pages.route("/staff/people/add", methods=["GET", "POST"])
def add() -> Response:
    """Add a person and give them a link to choose their password with."""
    if request.method != "POST":
        return forms.show("staff/people/add.html", roles=CHOICES)
    try:
        person = Person.read(request.form)
        people.add(site().store, person, access.by())
    except QrbridgeError as error:
        return forms.show("staff/people/add.html", request.form, error, roles=CHOICES, labels=LABELS)
    return _give_link(person)


@pages.get("/staff/people/<email>")
def show(email: str) -> Response:
    """One person, and what can be done about their account."""
    return _page(people.show(site().store, email))


@pages.post("/staff/people/<email>")
def change(email: str) -> Response:
    """Change a person's name, role and whether they may sign in."""
    person = people.show(site().store, email)
    try:
        changed = people.merged(person, {**request.form, "active": request.form.get("active") == "yes"})
        people.change(site().store, changed, access.by())
    except QrbridgeError as error:
        return _page(person, error)
    return forms.done(f"{changed.name} is changed.", "people.show", email=email)


@pages.post("/staff/people/<email>/link")
def make_link(email: str) -> Response:
    """Give a person a link to choose a password with."""
    person = people.show(site().store, email)
    try:
        return _give_link(person)
    except Conflict as error:
        return _page(person, error)


@pages.post("/staff/people/<email>/second-factor/off")
def second_factor_off(email: str) -> Response:
    """Turn off the second factor of somebody who lost theirs."""
    person = people.show(site().store, email)
    second_factor.turn_off(site().store, person.email, access.by())
    return forms.done(f"{person.name} is asked for no second factor now.", "people.show", email=email)


@pages.post("/staff/people/<email>/sign-out")
def leave_everywhere(email: str) -> Response:
    """End every session of a person."""
    person = people.show(site().store, email)
    sessions.end_all(site().store, person.email)
    return forms.done(f"{person.name} is signed out everywhere.", "people.show", email=email)


def _page(person: Person, error: QrbridgeError | None = None) -> Response:
    row = people.row_of(site().store, person.email) or {}
    return forms.show("staff/people/show.html", request.form, error, one=person, kept=row, roles=CHOICES, labels=LABELS)


def _give_link(person: Person) -> Response:
    """E-mail a link where e-mail can be sent, and show one to hand over where it cannot."""
    store, settings = site().store, site().settings
    here = council.show(store)
    if outbox.is_on(settings):
        password_links.send(store, settings, here, person, access.by())
        return forms.done(f"A link is on its way to {person.email}.", "people.show", email=person.email)
    link = password_links.make(store, person.email, access.by())
    base = settings.address or request.host_url.rstrip("/")
    return forms.show("staff/people/link.html", one=person, address=base + link.path, lasts=link.lasts)
