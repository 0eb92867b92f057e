"""What all processes of one installation share: turns to change what is kept, and the version of what codes lead to."""

import secrets

from qrbridge.errors import NotSetUp
from qrbridge.store import Store

# No two versions of one number ever have the same mark by chance.
_MARK_BYTES = 8


def take_turn(store: Store) -> None:
    """Wait until nobody else is changing what they looked at; call it first in the transaction of such a verb."""
    store.run("installation.lock")


def next_version(store: Store) -> int:
    """The version to write into each row that changes where a code leads; call it inside `store.atomic()`.

    The one row it changes stays locked until the transaction ends, so versions become visible in their order and a
    reader who has seen a version has seen all before it.
    """
    rows = store.rows("installation.next_version")
    if not rows:
        raise NotSetUp("No council is set up here. Run `qrbridge init` first.")
    version = int(rows[0]["route_version"])
    store.run("installation.mark_version", version=version, mark=secrets.token_hex(_MARK_BYTES))
    return version
