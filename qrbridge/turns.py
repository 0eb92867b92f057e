"""Taking turns: one at a time, of all who look at what is kept before they change it."""

from qrbridge.store import Store


def take_turn(store: Store) -> None:
    """Wait until nobody else is changing what they looked at; call it first in the transaction of such a verb."""
    store.run("installation.lock")
