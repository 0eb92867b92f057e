"""Print a notice: a sheet with a link of its own for each location, one proved PDF, and a list of its pages."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from qrbridge import approvals, codes, council, links, notices, services, times
from qrbridge.audit import By, Change, write
from qrbridge.council import Council
from qrbridge.errors import CannotPrint, InvalidInput, Problem
from qrbridge.notices import Notice
from qrbridge.press import designs, press
from qrbridge.press.words import Sheet
from qrbridge.sheets import cells
from qrbridge.store import Row, Store

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Order:
    """What to print: a notice, the references of its locations, and the file to print into."""

    notice: str
    locations: Sequence[str]
    into: Path

    @property
    def pages(self) -> Path:
        """The file for the list of pages, beside the PDF and never under a name that a spreadsheet of yours has."""
        return self.into.with_suffix(".pages.csv")


@dataclass(frozen=True)
class PrintRun:
    """What was printed: the PDF, the list of its pages, how many sheets and new links, and how far it reads from."""

    pdf: Path
    pages: Path
    sheets: int
    new_links: int
    bytes: int
    reads_from: str


def print_notice(store: Store, order: Order, by: By, progress: Progress = lambda done: None) -> PrintRun:
    """Make the links that are missing, draw and prove every sheet, and only then put the files under their names.

    Sheets are in ward then location order. Raises `CannotPrint` and releases nothing where a sheet does not fit or its
    code does not read; links made by then stay, to be used by the next run.
    """
    _check(order)
    notice, here = notices.show(store, order.notice), council.show(store)
    _check_days(notice, times.day_of(by.at))
    notices.check_words(store, notice)
    approvals.check(store, notice)
    design, said = designs.read(notice.printable), notices.said(here, services.show(store, notice.service), notice)
    before = _count_links(store)
    links.make(store, notice.key, order.locations, by)
    rows = _rows(store, order)
    with _replacing(order.pages) as stream:
        cells.write_csv(_page_list(here, rows), stream)
        proof = press.print_sheets(design, said, (_sheet(here, row) for row in rows), order.into, progress)
    with store.atomic():
        write(store, by, Change("notice", notice.key, "print", {}, {"sheets": len(rows), "file": order.into.name}))
    new = _count_links(store) - before
    return PrintRun(order.into, order.pages, len(rows), new, proof.bytes, proof.reads_from)


def _check(order: Order) -> None:
    problems = []
    if not order.locations:
        problems.append(
            Problem("locations", "there are none; bring some with `qrbridge location import` or choose others")
        )
    if order.into.suffix.lower() != ".pdf":
        problems.append(Problem("into", f"{order.into} must end in .pdf"))
    elif not order.into.parent.is_dir():
        problems.append(Problem("into", f"there is no folder {order.into.parent}; make it or name another"))
    problems += [
        Problem("into", f"{path} is there already and is no file; name another")
        for path in (order.into, order.pages)
        if path.exists() and not path.is_file()
    ]
    if problems:
        raise InvalidInput(problems)


def _check_days(notice: Notice, today: date) -> None:
    if notice.ends and notice.ends < today:
        ended = f"this notice ended on {times.in_words(notice.ends)}, and its codes would say so"
        raise InvalidInput(
            [Problem("ends", f"{ended}; give it a later last day with `qrbridge notice set {notice.key}`")]
        )


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """Write a text file beside its final name and put it there only when it is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8-sig", newline="") as stream:
            yield stream
        beside.replace(path)
    except OSError as error:
        raise CannotPrint(f"{path} cannot be written: {error.strerror or error}. Nothing was printed.") from error
    finally:
        beside.unlink(missing_ok=True)


def _count_links(store: Store) -> int:
    count: int = store.rows("links.count")[0]["links"]
    return count


def _rows(store: Store, order: Order) -> list[Row]:
    chosen = set(order.locations)
    living = (row for row in links.list_all(store, notice=order.notice) if row["state"] != "withdrawn")
    return [row for row in living if row["location"] in chosen]


def _sheet(here: Council, row: Row) -> Sheet:
    return Sheet(
        address=here.address(row["code"]),
        number=codes.spoken(row["code"]),
        location=row["name"],
        ward=row["ward"] or "",
        bookmark=f"{row['name']} ({row['ward']})" if row["ward"] else row["name"],
    )


def _page_list(here: Council, rows: Iterable[Row]) -> Iterator[Sequence[Any]]:
    yield ("Page", "Notice number", "Typed address", "Reference", "Location", "Address", "Postcode", "Ward", "Kind")
    for page, row in enumerate(rows, start=1):
        names = (row[name] or "" for name in ("location", "name", "address", "postcode", "ward", "kind"))
        yield (page, codes.spoken(row["code"]), here.typed_address(row["code"]), *names)
