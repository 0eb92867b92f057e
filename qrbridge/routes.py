"""The route map: this machine's own copy of where each code leads, which the redirector answers from."""

from qrbridge.errors import NotSetUp
from qrbridge.store import Store


def next_version(store: Store) -> int:
    """The version to write into each row that changes where a code leads; call it inside `store.atomic()`.

    The one row it changes stays locked until the transaction ends, so versions become visible in their order and a
    reader who has seen a version has seen all before it.
    """
    rows = store.rows("installation.next_version")
    if not rows:
        raise NotSetUp("No council is set up here. Run `qrbridge init` first.")
    return int(rows[0]["route_version"])
