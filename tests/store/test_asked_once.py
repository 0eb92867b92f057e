from collections.abc import Callable

import pytest

from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.places import wards
from qrbridge.store import Store
from qrbridge.store.asked_once import AskedOnce
from tests.given import set_up


class Counting:
    """Counts the questions that reach a store."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        ask = store.rows

        def rows(question: str, /, **values: object) -> list[dict[str, object]]:
            self.asked.append(question)
            return ask(question, **values)

        monkeypatch.setattr(store, "rows", rows)


@pytest.fixture
def counting(store: Store, by: By, monkeypatch: pytest.MonkeyPatch) -> Counting:
    set_up(store, by)
    return Counting(store, monkeypatch)


def test_a_question_is_asked_once_and_another_for_itself(store: Store, counting: Counting):
    once = AskedOnce(store)
    assert council.show(once) == council.show(once)
    assert once.rows("wards.show", code="E1") == once.rows("wards.show", code="E2") == []
    assert counting.asked == ["council.show", "wards.show", "wards.show"]


def test_what_the_asker_does_with_an_answer_is_its_own(store: Store, counting: Counting):
    once = AskedOnce(store)
    once.rows("council.show")[0].clear()
    once.rows("council.show").clear()
    assert once.rows("council.show")[0]["name"] and counting.asked == ["council.show"]


CHANGES: dict[str, Callable[[AskedOnce], object]] = {
    "run": lambda once: once.run("wards.add", **wards.as_kept("E05000001", "North")),
    "run_many": lambda once: once.run_many("wards.add", [wards.as_kept("E05000001", "North")]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_it_is_asked_again(store: Store, counting: Counting, change: str):
    once = AskedOnce(store)
    assert once.rows("wards.show", code="E05000001") == []
    CHANGES[change](once)
    assert once.rows("wards.show", code="E05000001")[0]["name"] == "North"


def test_in_a_transaction_every_question_is_asked_and_nothing_is_remembered_of_it(store: Store, counting: Counting):
    once = AskedOnce(store)
    once.rows("council.show")
    with pytest.raises(KeyError), once.atomic():
        once.rows("council.show")
        once.run("wards.add", **wards.as_kept("E05000001", "North"))
        assert once.rows("wards.show", code="E05000001") and once.rows("wards.show", code="E05000001")
        raise KeyError
    assert once.rows("wards.show", code="E05000001") == [], "it was taken back"
    assert counting.asked.count("council.show") == 2
