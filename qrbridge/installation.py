"""What all processes of one installation share: turns to change what is kept, and the version of what codes lead to."""

import secrets
from typing import Literal

from qrbridge.errors import NotSetUp
from qrbridge.settings import Settings
from qrbridge.store import Store

# No two versions of one number ever have the same mark by chance.
_MARK_BYTES = 8


class Installation:
    """One council's installation, as a page, a command and a job all work with it: its settings and its open store."""

    settings: Settings
    store: Store


Turn = Literal["drafts", "places", "people", "sign-in", "jobs", "paper"]
"""What takes turns apart from one another: an import of places holds up nobody who signs in. `paper` is all that codes
lead to and that is printed: links, notices, services, the council and print runs."""


def take_turn(store: Store, of: Turn) -> None:
    """Wait until nobody else is changing things of a kind that they looked at.

    Call it first in the transaction of such a verb. One that takes several turns takes them in the order of `Turn`, so
    that no two wait for one another.
    """
    if of == "paper":
        # The row of which `next_version` makes a new version, so that all who change what codes lead to wait too.
        store.run("installation.lock")
    else:
        store.run("installation.take_turn", name=of)


def next_version(store: Store) -> int:
    """The version to write into each row that changes where a code leads; call it inside `store.atomic()`.

    The one row it changes stays locked until the transaction ends, so versions become visible in their order and a
    reader who has seen a version has seen all before it.
    """
    rows = store.rows("installation.next_version")
    if not rows:
        raise NotSetUp("No council is set up here.", "no-council")
    version = int(rows[0]["route_version"])
    store.run("installation.mark_version", version=version, mark=secrets.token_hex(_MARK_BYTES))
    return version
