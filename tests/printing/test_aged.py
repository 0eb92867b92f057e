"""What has become of a run's sheets since is said before they are printed again, and after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.errors import InvalidInput
from qrbridge.links import links, moves
from qrbridge.notices import notices
from qrbridge.printing import aged, print_runs, printing
from qrbridge.printing.printing import Again, Order
from qrbridge.store import Store
from tests.given import set_up

TODAY = times.day_of(times.now())


@pytest.fixture
def printed(store: Store, by: By, tmp_path: Path) -> dict[str, str]:
    """The small council's notice, printed once for two of its three places; the codes by their places."""
    set_up(store, by)
    printing.print_notice(store, Order("winter", ["L1", "L2"], tmp_path / "first.pdf"), by)
    return {row["location"]: row["code"] for row in links.list_all(store)}


def said(store: Store) -> list[str]:
    return aged.sentences(store, print_runs.show(store, 1), TODAY)


def withdraw(store: Store, by: By, printed: dict[str, str]) -> None:
    links.withdraw(store, [printed["L1"]], by, "torn")


def end(store: Store, by: By, printed: dict[str, str]) -> None:
    ended = replace(notices.show(store, "winter"), ends=TODAY - timedelta(days=1), starts=TODAY - timedelta(days=9))
    notices.change(store, ended, by)


def move(store: Store, by: By, printed: dict[str, str]) -> None:
    moves.move(store, [printed["L2"]], "B1", by)


def rehost(store: Store, by: By, printed: dict[str, str]) -> None:
    council.change(store, council.merged(council.show(store), {"short_host": "qr.other.gov.uk"}), by, confirmed=True)


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (withdraw, "1 of its 2 sheets is withdrawn: who scans or types its code is told so, and led to no page."),
        (end, "“winter” ended on "),
        (move, "1 of its 2 sheets is at another location now"),
        (rehost, "Its codes are printed with qr.trafford.gov.uk, which must go on answering"),
    ],
)
def test_a_run_whose_sheets_fell_out_of_use_is_printed_again_only_when_confirmed(
    store: Store, by: By, printed: dict[str, str], tmp_path: Path, happens: Callable[..., None], sentence: str
):
    assert said(store) == []
    happens(store, by, printed)
    (found,) = said(store)
    assert found.startswith(sentence)
    again = Again(1, tmp_path / "again.pdf")
    with pytest.raises(InvalidInput, match=sentence.split(",")[0]):
        printing.reprint(store, again, by)
    assert not again.into.exists()
    run = printing.reprint(store, replace(again, confirmed=True), by)
    assert again.into.exists() and run.warnings[0] == found


def test_a_sheet_that_was_moved_back_is_where_it_says(store: Store, by: By, printed: dict[str, str]):
    move(store, by, printed)
    moves.move(store, [printed["L2"]], "L2", by)
    assert said(store) == []


def test_all_of_several_are_said_together(store: Store, by: By, printed: dict[str, str]):
    links.withdraw(store, printed.values(), by, "torn")
    end(store, by, printed)
    assert [sentence.split(" ")[0] for sentence in said(store)] == ["All", "“winter”"]
