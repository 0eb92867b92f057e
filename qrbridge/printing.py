"""Print a notice: a sheet with a link of its own for each location, one proved PDF, and a list of its pages."""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, TextIO

from qrbridge import audit, codes, editions, links, notices, print_runs, times
from qrbridge.audit import By, Change
from qrbridge.council import address_at, typed_at
from qrbridge.editions import Edition
from qrbridge.errors import CannotPrint, InvalidInput, Problem
from qrbridge.notices import Notice
from qrbridge.press import press
from qrbridge.press.press import ProofRecord
from qrbridge.press.words import Sheet
from qrbridge.print_runs import Outcome
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
class Printed:
    """What was printed: the number of the run, its files, how many sheets and new links, and what was proved."""

    number: int
    pdf: Path
    pages: Path
    sheets: int
    new_links: int
    proof: ProofRecord
    warnings: Sequence[str] = ()

    @property
    def bytes(self) -> int:
        """The size of the PDF."""
        return self.proof.bytes

    @property
    def reads_from(self) -> str:
        """From how far a phone reads the sheets, as `reads from about 1.1 m`."""
        return self.proof.reads_from


def print_notice(store: Store, order: Order, by: By, progress: Progress = lambda done: None) -> Printed:
    """Make the links that are missing, draw and prove every sheet, put the run on record, and only then put the files
    under their names.

    Sheets are in ward then location order. Raises `CannotPrint` and releases nothing where a sheet does not fit or its
    code does not read; links made by then stay, to be used by the next run.
    """
    _check(order)
    notice = notices.show(store, order.notice)
    _check_days(notice, times.day_of(by.at))
    edition = editions.present(store, notice)
    press.check(edition.design, edition.said)
    before = _count_links(store)
    links.make(store, notice.key, order.locations, by)
    with _Spool(_rows(store, order)) as rows, _releasing(order) as draft:
        proof = _print(edition, rows, draft, progress)
        outcome = Outcome({}, proof, [], len(rows))
        number = print_runs.keep(store, edition, outcome, rows, by)
    return Printed(number, order.into, order.pages, len(rows), _count_links(store) - before, proof)


def reprint(store: Store, number: int, into: Path, by: By, progress: Progress = lambda done: None) -> Printed:
    """Print a run again from its record: the same sheets, words and design, whatever has changed since.

    The bytes are the same too, which `proof.sha256` shows, unless the press itself is another version.
    """
    run, edition = print_runs.show(store, number), print_runs.edition(store, number)
    order = Order(run.notice, [""], into)
    _check(order)
    with _Spool(_as_rows(print_runs.sheets(store, number))) as rows, _releasing(order) as draft:
        proof = _print(edition, rows, draft, progress)
        after = {"sha256": proof.sha256, "same": proof.sha256 == run.proof["sha256"]}
        audit.write(store, by, Change("print run", str(number), "reprint", {}, after))
    return Printed(number, order.into, order.pages, len(rows), 0, proof, run.warnings)


@dataclass(frozen=True)
class _Draft:
    """The files of a run until they are released."""

    pdf: Path
    pages: TextIO


def _print(edition: Edition, rows: "_Spool", draft: _Draft, progress: Progress) -> ProofRecord:
    cells.write_csv(_page_list(edition, rows), draft.pages)
    return press.print_sheets(edition.job(), (_sheet(edition, row) for row in rows), draft.pdf, progress)


class _Spool:
    """The rows of a run in a temporary file: read as often as they are needed, and never all in memory."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self._count = 0
        for row in rows:
            self._file.write(json.dumps(row) + "\n")
            self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        return map(json.loads, self._file)

    def __enter__(self) -> "_Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


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
def _releasing(order: Order) -> Iterator[_Draft]:
    """Files beside their final names, put there together when all is done, and gone where it was not."""
    pdf, pages = (path.with_name(f".{path.name}.{os.getpid()}.part") for path in (order.into, order.pages))
    try:
        with pages.open("w", encoding="utf-8-sig", newline="") as stream:
            yield _Draft(pdf, stream)
        pdf.replace(order.into)
        pages.replace(order.pages)
    except OSError as error:
        raise CannotPrint(f"{order.into} cannot be written: {error.strerror or error}. Nothing was printed.") from error
    finally:
        for path in (pdf, pages):
            path.unlink(missing_ok=True)


def _count_links(store: Store) -> int:
    count: int = store.rows("links.count")[0]["links"]
    return count


def _rows(store: Store, order: Order) -> list[Row]:
    chosen = set(order.locations)
    living = (row for row in links.list_all(store, notice=order.notice) if row["state"] != "withdrawn")
    return [{**row, "words": print_runs.own_words(row)} for row in living if row["location"] in chosen]


def _as_rows(sheets: Iterable[Row]) -> Iterator[Row]:
    """The sheets of a run on record as rows of links, with the names that were printed."""
    for row in sheets:
        words = row["words"]
        yield {**row, "name": words["location"], "ward": words["ward"]}


def _sheet(edition: Edition, row: Row) -> Sheet:
    words = row["words"]
    return Sheet(
        address=address_at(edition.short_host, row["code"]),
        number=codes.spoken(row["code"]),
        **words,
        bookmark=f"{words['location']} ({words['ward']})" if words["ward"] else words["location"],
    )


def _page_list(edition: Edition, rows: Iterable[Row]) -> Iterator[Sequence[Any]]:
    yield ("Page", "Notice number", "Typed address", "Reference", "Location", "Address", "Postcode", "Ward", "Kind")
    for page, row in enumerate(rows, start=1):
        names = (row[name] or "" for name in ("location", "name", "address", "postcode", "ward", "kind"))
        yield (page, codes.spoken(row["code"]), typed_at(edition.short_host, row["code"]), *names)
