import threading

import pytest

from qrbridge import routes
from qrbridge.errors import NotSetUp
from qrbridge.store import Store


def test_a_store_without_a_council_has_no_versions(store: Store):
    with pytest.raises(NotSetUp, match="qrbridge init"):
        routes.next_version(store)


def test_versions_made_at_once_are_all_different(store: Store):
    store.run("installation.begin", name="one")
    seen: list[int] = []

    def change() -> None:
        for _ in range(20):
            with store.atomic():
                seen.append(routes.next_version(store))

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 81))
