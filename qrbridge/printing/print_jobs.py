"""Printing by the worker: what a job asks for, printed into the job's folder."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from qrbridge.council import council
from qrbridge.errors import InvalidInput, Problem
from qrbridge.links import hang_check
from qrbridge.notices import drafts, editions
from qrbridge.notices.editions import Choices
from qrbridge.press.design import designs
from qrbridge.printing import printing
from qrbridge.printing.printing import Again, Order, Printed
from qrbridge.work.jobs import Doing


def do(doing: Doing) -> Mapping[str, Any]:
    """Print a notice at the job's locations, or a run from its record; the outcome names the files.

    The draft that the job came from is done with then.
    """
    given = doing.job.given
    into = doing.folder / f"{given['notice']}.pdf"
    if given.get("reprint"):
        again = Again(given["reprint"], into, _check_address(doing), bool(given.get("confirmed")))
        return _told(printing.reprint(doing.store, again, doing.by, doing.progress))
    printed = printing.print_notice(doing.store, _order(doing), doing.by, doing.progress)
    if given.get("draft"):
        drafts.drop(doing.store, given["draft"])
    return _told(printed)


def _order(doing: Doing) -> Order:
    given = doing.job.given
    shop = bool(given.get("print_shop"))
    order = Order(
        notice=given["notice"],
        locations=given["locations"],
        into=doing.folder / f"{given['notice']}.pdf",
        choices=Choices(bleed=shop, cmyk=shop, start_at=given.get("start_at", 1)),
        check_address=_check_address(doing) if given.get("hanging") else None,
    )
    return _changed(doing, order) if given.get("changed") else order


def _changed(doing: Doing, order: Order) -> Order:
    """The same order for those sheets alone that would say something else than when they were last printed."""
    old = printing.out_of_date(doing.store, order)
    if not old:
        raise InvalidInput([Problem("locations", "have no sheet that is out of date; print all of them, or none")])
    return Order(order.notice, old, order.into, order.choices, order.check_address)


def _check_address(doing: Doing) -> Any:
    if editions.HANGING_SHEET not in designs.names():
        return None
    return partial(hang_check.address, council.show(doing.store), doing.settings)


def _told(printed: Printed) -> Mapping[str, Any]:
    names = dict(zip(("pdf", "pages", "hanging"), (path.name for path in printed.files), strict=False))
    return {
        **names,
        "run": printed.number,
        "sheets": printed.sheets,
        "new_links": printed.new_links,
        "bytes": printed.proof.bytes,
        "reads_from": printed.proof.reads_from,
        "warnings": list(printed.warnings),
    }
