"""Change where a service's sheets lead, knowing which sheets that touches, and take it back if it was wrong."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.services import Service
from qrbridge.errors import Conflict
from qrbridge.installation import take_turn
from qrbridge.store import Store


@dataclass(frozen=True)
class Touched:
    """One notice whose sheets lead where a service leads: how many of its links are in each state."""

    notice: str
    links: Mapping[str, int]

    @property
    def up(self) -> int:
        """How many hang now."""
        return self.links.get("up", 0)

    @property
    def all(self) -> int:
        """How many there are."""
        return sum(self.links.values())


@dataclass(frozen=True)
class Former:
    """The pages a service had before they were last changed, by whom and when."""

    pages: Mapping[str, str]
    who: str
    at: str


def sheets(store: Store, key: str) -> list[Touched]:
    """The notices whose sheets a change of a service's pages touches, by key."""
    services.show(store, key)
    found: dict[str, dict[str, int]] = {}
    for row in store.rows("services.sheets", key=key):
        found.setdefault(row["notice"], {})[row["state"]] = row["links"]
    return [Touched(notice, links) for notice, links in found.items()]


def repoint(store: Store, key: str, pages: Mapping[str, str], by: By) -> Service:
    """Put other pages in place of a service's; each code that leads to it follows within seconds."""
    with store.atomic():
        before = services.show(store, key)
        after = Service.read({**asdict(before), "pages": pages}, council.show(store))
        services.change(store, after, by)
    return after


def former(store: Store, key: str) -> Former | None:
    """The pages a service had before its present ones, or None where they were always these."""
    for change in audit.list_for(store, "service", key):
        before, after = change["before"].get("pages"), change["after"].get("pages")
        if before and before != after:
            return Former(before, change["who"], change["at"])
    return None


def undo(store: Store, key: str, by: By) -> Service:
    """Put a service's former pages back; doing so again takes that back. `Conflict` where there were no others.

    The former pages are checked as if they were entered now: a host may have left the council's list since.
    """
    with store.atomic():
        take_turn(store, "paper")
        was = former(store, key)
        if was is None:
            raise Conflict(f"The pages of “{key}” were never changed, so there is nothing to put back.")
        present = services.show(store, key)
        checked = Service.read({**asdict(present), "pages": was.pages}, council.show(store))
        services.change(store, replace(present, pages=checked.pages), by)
    return checked
