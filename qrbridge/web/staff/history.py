"""What happened to something, as sentences for staff."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Flask, g

from qrbridge import times
from qrbridge.accounts import people
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.links import sightings
from qrbridge.notices.approvals import Approval
from qrbridge.places import locations
from qrbridge.press.design import designs
from qrbridge.reading import read_day
from qrbridge.store import Row
from qrbridge.web.site import site


def add_words(app: Flask) -> None:
    """Give templates the names of people and designs."""
    app.jinja_env.filters.update(name_of=name_of, title_of=title_of)


def name_of(who: str) -> str:
    """What colleagues call whoever did something; as it is on record for somebody who is not among our people."""
    if "names" not in g:
        g.names = people.names(site().store)
    names: dict[str, str] = g.names
    return names.get(who, who)


def of_approval(found: Approval) -> Approval:
    """Where a notice stands, with whoever brought it there called as colleagues do."""
    return replace(found, who=name_of(found.who))


def title_of(printable: str) -> str:
    """What a design is called; its folder's name where it cannot be used any more."""
    try:
        return designs.read(printable).title
    except (InvalidInput, NotFound):
        return printable


def _moved(change: Row) -> str:
    was, now = (_place(str(change[side].get("location"))) for side in ("before", "after"))
    return f"Moved from {was} to {now}{_since(change)}"


def _place(reference: str) -> str:
    try:
        return locations.show(site().store, reference).name
    except NotFound:
        return reference


_OF_LINK: Mapping[str, Callable[[Row], str]] = {
    "make": lambda change: "Made",
    "up": lambda change: f"Up{_since(change)}",
    "down": lambda change: f"Taken down{_since(change)}",
    "withdrawn": lambda change: f"Withdrawn: {change['after'].get('reason', '')}",
    "redate": lambda change: f"Put right: up since {_day(change['after'].get('up_day'))}",
    "move": _moved,
    "check": lambda change: f"Seen: {sightings.SAW.get(change['after'].get('saw'), '').lower()}{_note(change)}",
}


def of_link(change: Row) -> Row:
    """A change to a link: what happened, when and by whom."""
    told = _OF_LINK.get(change["verb"])
    said = told(change) if told else str(change["verb"]).capitalize()
    return {"said": said, "who": change["who"], "at": change["at"]}


_OF_NOTICE: Mapping[str, str] = {
    "add": "Made",
    "change": "Changed",
    "edit": "Edited in a draft",
    "submit": "Submitted for approval",
    "approve": "Approved",
    "reject": "Sent back",
    "print": "Printed",
}


def of_notice(change: Row) -> Row:
    """A change to a notice: what happened, when and by whom."""
    said = _OF_NOTICE.get(change["verb"], str(change["verb"]).capitalize())
    reason = change["after"].get("reason") if change["verb"] == "reject" else ""
    sheets = change["after"].get("sheets")
    said += f": {reason}" if reason else ""
    said += f", {sheets:,} sheet{'' if sheets == 1 else 's'}" if sheets else ""
    return {"said": said, "who": change["who"], "at": change["at"], "run": change["after"].get("run")}


def _since(change: Row) -> str:
    day = change["after"].get("day")
    return f", from {_day(day)}" if day else ""


def _day(text: object) -> str:
    try:
        return times.in_words(read_day(str(text)))
    except ValueError:
        return str(text)


def _note(change: Row) -> str:
    note = change["after"].get("note")
    return f" (“{note}”)" if note else ""
