"""What happened to something, as sentences for staff."""

from collections.abc import Callable, Mapping

from qrbridge import hanging, times
from qrbridge.reading import read_day
from qrbridge.store import Row

_OF_LINK: Mapping[str, Callable[[Row], str]] = {
    "make": lambda change: "Made",
    "up": lambda change: f"Up{_since(change)}",
    "down": lambda change: f"Taken down{_since(change)}",
    "withdrawn": lambda change: f"Withdrawn: {change['after'].get('reason', '')}",
    "redate": lambda change: f"Put right: up since {_day(change['after'].get('up_day'))}",
    "move": lambda change: (
        f"Moved from {change['before'].get('location')} to {change['after'].get('location')}{_since(change)}"
    ),
    "check": lambda change: f"Seen: {hanging.SAW.get(change['after'].get('saw'), '').lower()}{_note(change)}",
}


def of_link(change: Row) -> Row:
    """A change to a link: what happened, when and by whom."""
    told = _OF_LINK.get(change["verb"])
    said = told(change) if told else str(change["verb"]).capitalize()
    return {"said": said, "who": change["who"], "at": change["at"]}


_OF_NOTICE: Mapping[str, str] = {
    "add": "Made",
    "change": "Changed",
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
