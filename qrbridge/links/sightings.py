"""What people saw where a sheet should hang: it is up, it is damaged or gone, or it is not where it belongs."""

import secrets
from collections.abc import Mapping

from qrbridge import audit, codes, times
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, NotFound, Problem
from qrbridge.installation import take_turn
from qrbridge.links import links
from qrbridge.reading import Reading
from qrbridge.store import Row, Store

ID_BYTES = 8
LONGEST_NOTE = 400

# What can be seen, in the words of the buttons.
SAW: Mapping[str, str] = {
    "up": "It is up",
    "damaged": "It is damaged or gone",
    "elsewhere": "This is not where it belongs",
}
# Who is named in the audit where the hanging sheet was used: anyone who held it.
HANGING_SHEET = "hanging sheet"


def report(store: Store, code: str, saw: str, by: By, note: str = "") -> Row:
    """Keep what somebody saw, and let the link follow: what is up is up from today, what is gone is down from today.

    Returns the link as it was before. A sheet in the wrong place stays up: somebody can still scan it.
    """
    read = Reading({"note": note})
    said = read.text("note", needed=False, longest=LONGEST_NOTE)
    if saw not in SAW:
        read.refuse("saw", "is missing; say what you saw")
    read.done()
    with store.atomic():
        take_turn(store, "paper")
        link = living(store, code)
        _follow(store, link, saw, by)
        _keep(store, link["code"], saw, by, said)
    return link


def living(store: Store, code: str) -> Row:
    """One link that can hang; `InvalidInput` for one that is withdrawn."""
    link = links.show(store, code)
    if link["state"] == "withdrawn":
        raise InvalidInput(
            [Problem(codes.spoken(link["code"]), f"{links.IMPOSSIBLE['withdrawn']}; take the old one down")]
        )
    return link


def list_for(store: Store, code: str) -> list[Row]:
    """What people saw of one link, the newest first."""
    found = codes.tidy(code)
    if not found:
        raise NotFound("link", code)
    return [{**row, "said": SAW[row["saw"]]} for row in store.rows("hanging.list", code=found)]


def at_location(store: Store, location: str, most: int = 20) -> list[Row]:
    """What people last saw of the links that belong to a location, the newest first."""
    rows = store.rows("hanging.at_location", location=location, most=most)
    return [{**row, "said": SAW[row["saw"]]} for row in rows]


def _follow(store: Store, link: Row, saw: str, by: By) -> None:
    if saw == "up" and link["state"] != "up":
        links.up(store, [link["code"]], by)
    if saw == "damaged" and link["state"] == "up":
        links.down(store, [link["code"]], by)


def _keep(store: Store, code: str, saw: str, by: By, note: str) -> None:
    who = "" if by.who == HANGING_SHEET else by.who
    key = f"{times.now():%Y%m%d%H%M%S%f}-{secrets.token_hex(ID_BYTES)}"
    store.run("hanging.add", id=key, code=code, at=times.stamp(by.at), who=who, saw=saw, note=note)
    audit.write(store, by, Change("link", code, "check", {}, {"saw": saw, "note": note} if note else {"saw": saw}))
