"""Turns: who changes one kind of thing waits for others that do, and for nobody else."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import get_args

import pytest

from qrbridge.accounts import late_forms, people, sign_in
from qrbridge.accounts.people import Person
from qrbridge.accounts.sign_in import Attempt
from qrbridge.audit import By
from qrbridge.installation import Turn, next_version, take_turn
from qrbridge.notices import drafts
from qrbridge.settings import Settings
from qrbridge.store import Store, create_store
from qrbridge.upkeep import installing
from tests.given import set_up, while_another_does
from tests.servers import PATIENCE

JO = Person("jo@example.gov.uk", "Jo", "admin")


@pytest.fixture
def installed(postgres_settings: Settings, by: By) -> Iterator[tuple[Settings, Store]]:
    """A council on PostgreSQL, where more than one can write at a time."""
    installing.make_folder(postgres_settings)
    store = create_store(postgres_settings)
    set_up(store, by)
    people.add(store, JO, by)
    yield postgres_settings, store
    store.close()


WHILE_PLACES_ARE_IMPORTED: dict[str, Callable[[Settings, Store], object]] = {
    "signing in": lambda settings, store: sign_in.count(store, settings, Attempt(JO.email, "192.0.2.1")),
    "changing a person": lambda _, store: people.change(store, Person(JO.email, "Jo Smith", "admin"), By("sam")),
    "keeping a form sent too late": lambda _, store: late_forms.keep(store, JO.email, "/staff", [("a", "b")]),
    "writing a notice": lambda _, store: drafts.keep(store, drafts.begin(store, By(JO.email)).id, {}, By(JO.email)),
    "what moves codes": lambda _, store: next_version(store),
}


@pytest.mark.parametrize("other", WHILE_PLACES_ARE_IMPORTED)
def test_an_import_of_places_holds_up_nothing_else(installed: tuple[Settings, Store], other: str):
    settings, store = installed
    imports, done = Event(), Event()

    def import_places() -> None:
        with store.atomic():
            take_turn(store, "places")
            imports.set()
            assert done.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        importing = pool.submit(import_places)
        assert imports.wait(PATIENCE)
        try:
            WHILE_PLACES_ARE_IMPORTED[other](settings, store)
        finally:
            done.set()
        importing.result()


@pytest.mark.parametrize("of", get_args(Turn))
def test_who_changes_the_same_kind_of_thing_waits(store: Store, by: By, of: Turn):
    set_up(store, by)
    looked: list[int] = []

    def change() -> None:
        with store.atomic():
            take_turn(store, of)
            looked.append(len(drafts.list_all(store)))
            drafts.begin(store, by)

    assert while_another_does(store, change) is None
    assert looked == [0, 1]


def test_whoever_looks_at_the_paper_waits_for_what_moves_codes(store: Store, by: By):
    set_up(store, by)
    looked: list[int] = []

    def change() -> None:
        with store.atomic():
            next_version(store) if not looked else take_turn(store, "paper")
            looked.append(len(drafts.list_all(store)))
            drafts.begin(store, by)

    assert while_another_does(store, change) is None
    assert looked == [0, 1]
