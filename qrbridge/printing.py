"""Print a notice: a sheet with a link of its own for each location, one proved PDF, and a list of its pages."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from qrbridge import advice, approvals, audit, codes, editions, links, notices, print_runs, times
from qrbridge.audit import By, Change
from qrbridge.council import address_at, typed_at
from qrbridge.editions import AS_THE_NOTICE_SAYS, Choices, Edition
from qrbridge.errors import CannotPrint, InvalidInput, Problem
from qrbridge.locations import walking_order
from qrbridge.notices import Notice
from qrbridge.press import designs, phrases, press
from qrbridge.press.press import Job, ProofRecord
from qrbridge.press.words import Notice as Said
from qrbridge.press.words import Sheet
from qrbridge.print_runs import Outcome
from qrbridge.sheets import cells
from qrbridge.spool import Spool
from qrbridge.store import Row, Store

Progress = Callable[[int], None]

HANGING_SHEET = "hanging-sheet"
PREVIEW_DPI = 96
# Of as many notices it is kept how much room their words have.
ROOMS_KEPT = 64
# What a sheet that is only looked at says of its place; no link has this code, whose check character is wrong.
MADE_UP: Row = {
    "code": "999999",
    "words": {"location": "Name of the location", "ward": "Name of the ward", "street": "Its address, AB1 2CD"},
}


@dataclass(frozen=True)
class Order:
    """What to print: a notice, the references of its locations, the file to print into, and how.

    With `check_address` a hanging sheet comes too: a list of the sheets, each with the code of its hang check, whose
    address this gives for a link's code.
    """

    notice: str
    locations: Sequence[str]
    into: Path
    choices: Choices = AS_THE_NOTICE_SAYS
    check_address: Callable[[str], str] | None = None

    @property
    def pages(self) -> Path:
        """The file for the list of pages, beside the PDF and never under a name that a spreadsheet of yours has."""
        return self.into.with_suffix(".pages.csv")

    @property
    def hanging(self) -> Path:
        """The file for the hanging sheet."""
        return self.into.with_suffix(".hanging.pdf")

    @property
    def files(self) -> list[Path]:
        """Every file it makes."""
        return [self.into, self.pages, *([self.hanging] if self.check_address else [])]


@dataclass(frozen=True)
class Printed:
    """What was printed: the number of the run, its files, how many sheets and new links, and what was proved."""

    number: int
    files: Sequence[Path]
    sheets: int
    new_links: int
    proof: ProofRecord
    warnings: Sequence[str]

    @property
    def pdf(self) -> Path:
        """The sheets."""
        return self.files[0]

    @property
    def pages(self) -> Path:
        """The list of which page hangs where."""
        return self.files[1]


def print_notice(store: Store, order: Order, by: By, progress: Progress = lambda done: None) -> Printed:
    """Make the links that are missing, draw and prove every sheet, put the run on record, and only then put the files
    under their names.

    Sheets are in ward then location order. Raises `CannotPrint` and releases nothing where a sheet does not fit or its
    code does not read; links made by then stay, to be used by the next run.
    """
    _check(order)
    notice = notices.show(store, order.notice)
    _check_days(notice, times.day_of(by.at))
    approvals.check(store, notice)
    edition = editions.present(store, notice, order.choices)
    press.check(edition.design, edition.said)
    before = _count_links(store)
    links.make(store, notice.key, order.locations, by)
    with Spool(_rows(store, order), _walking_order) as rows, _releasing(order.files) as drafts:
        proof = _print(edition, rows, drafts, progress)
        if order.check_address:
            _print_hanging_sheet(edition, rows, order.check_address, drafts[2])
        outcome = Outcome(proof, warnings(edition, rows, proof), len(rows))
        number = print_runs.keep(store, edition, outcome, rows, by)
    new = _count_links(store) - before
    return Printed(number, order.files, len(rows), new, proof, outcome.warnings)


def reprint(store: Store, number: int, into: Path, by: By, progress: Progress = lambda done: None) -> Printed:
    """Print a run again from its record: the same sheets, words and design, whatever has changed since.

    The bytes are the same too, as `proof.sha256` shows, unless the press itself has become another.
    """
    run, edition = print_runs.show(store, number), print_runs.edition(store, number)
    order = Order(run.notice, [], into)
    _check_files(order)
    with (
        Spool(_as_rows(print_runs.sheets(store, number)), itemgetter("position")) as rows,
        _releasing(order.files) as drafts,
    ):
        proof = _print(edition, rows, drafts, progress)
        after = {"sha256": proof.sha256, "same": proof.sha256 == run.proof["sha256"]}
        audit.write(store, by, Change("print run", str(number), "reprint", {}, after))
    return Printed(number, order.files, len(rows), 0, proof, run.warnings)


def out_of_date(store: Store, order: Order) -> list[str]:
    """Those of an order's locations whose sheets, printed before as the order would have them, are out of date."""
    notice = notices.show(store, order.notice)
    chosen = set(order.locations)

    @cache
    def paper(choices: Choices) -> tuple[str, str]:
        design = designs.read(*choices.of(notice))
        return design.name, design.size

    return [
        row["location"]
        for row in print_runs.out_of_date(store, order.notice)
        if row["location"] in chosen and paper(print_runs.last_choices(row)) == paper(order.choices)
    ]


def prove(store: Store, key: str, choices: Choices = AS_THE_NOTICE_SAYS) -> tuple[ProofRecord, Sequence[str]]:
    """Prove a notice as it would be printed now, on a made-up sheet; returns what was found and what to know first."""
    edition = editions.present(store, notices.show(store, key), choices)
    proof = press.prove_sheets(edition.job(), [_sheet(edition, MADE_UP)])
    return proof, warnings(edition, [], proof)


def preview(store: Store, notice: Notice, choices: Choices = AS_THE_NOTICE_SAYS, dpi: float = PREVIEW_DPI) -> bytes:
    """A notice as it would be printed now, on a made-up sheet, as a PNG picture; it need not be kept yet."""
    edition = editions.present(store, notice, choices)
    return press.preview(edition.job(), _sheet(edition, MADE_UP), dpi)


def room(store: Store, notice: Notice) -> Mapping[str, Mapping[str, int]]:
    """About how many characters of each language's words fit, the others being as they are; it need not be kept yet."""
    edition = editions.present(store, notice)
    return _room(notice.printable, notice.size, edition.said, _sheet(edition, MADE_UP))


@lru_cache(maxsize=ROOMS_KEPT)
def _room(printable: str, size: str, said: Said, sheet: Sheet) -> Mapping[str, Mapping[str, int]]:
    """Found once for the same words: it takes 10 ms a language, and a page may be shown often between two changes."""
    return press.room(designs.read(printable, size), said, sheet)


def warnings(edition: Edition, rows: Iterable[Row], proof: ProofRecord) -> list[str]:
    """What staff should know before these sheets hang: words nobody has checked, and places where they serve badly."""
    kinds = (row["kind"] for row in rows)
    return [*_unchecked(edition), *advice.warnings(kinds, proof.distance_mm, edition.design, edition.short_host)]


def _unchecked(edition: Edition) -> list[str]:
    """That our own words on the sheet are in a language they were not checked in by anybody who reads it."""
    tags = [said.language for said in edition.said.texts if said.language in phrases.UNCHECKED]
    names = " and ".join(f"{phrases.NAMES[tag]} ({tag})" for tag in tags)
    if not tags:
        return []
    return [
        f"Our own words on the sheet in {names} have been checked by no native reader: have one read a sheet first."
    ]


def _print(edition: Edition, rows: Spool, drafts: Sequence[Path], progress: Progress) -> ProofRecord:
    with drafts[1].open("w", encoding="utf-8-sig", newline="") as stream:
        cells.write_csv(_page_list(edition, rows), stream)
    return press.print_sheets(edition.job(), (_sheet(edition, row) for row in rows), drafts[0], progress)


def _print_hanging_sheet(edition: Edition, rows: Spool, check_address: Callable[[str], str], into: Path) -> None:
    """List the sheets with a small picture of the first, each with the code that opens its hang check."""
    checked = (replace(_sheet(edition, row), check=check_address(row["code"])) for row in rows)
    first = _sheet(edition, next(iter(rows)))
    with tempfile.NamedTemporaryFile(suffix=".png") as thumbnail:
        thumbnail.write(press.thumbnail(edition.job(), first))
        thumbnail.flush()
        # It is for whoever hangs them, so one language is enough.
        said = replace(edition.said, texts=edition.said.texts[:1], picture=Path(thumbnail.name), picture_alt="")
        press.print_sheets(Job(designs.read(HANGING_SHEET), said), checked, into)


def _check(order: Order) -> None:
    if not order.locations:
        raise InvalidInput(
            [Problem("locations", "there are none; bring some with `qrbridge location import` or choose others")]
        )
    _check_files(order)


def _check_files(order: Order) -> None:
    problems = []
    if order.into.suffix.lower() != ".pdf":
        problems.append(Problem("into", f"{order.into} must end in .pdf"))
    elif not order.into.parent.is_dir():
        problems.append(Problem("into", f"there is no folder {order.into.parent}; make it or name another"))
    problems += [
        Problem("into", f"{path} is there already and is no file; name another")
        for path in order.files
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
def _releasing(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Files beside their final names, put there together when all is done, and gone where it was not."""
    drafts = [path.with_name(f".{path.name}.{os.getpid()}.part") for path in files]
    try:
        yield drafts
        for draft, path in zip(drafts, files, strict=True):
            draft.replace(path)
    except OSError as error:
        raise CannotPrint(f"{files[0]} cannot be written: {error.strerror or error}. Nothing was printed.") from error
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _count_links(store: Store) -> int:
    count: int = store.rows("links.count")[0]["links"]
    return count


def _rows(store: Store, order: Order) -> Iterator[Row]:
    chosen = set(order.locations)
    for row in links.living(store, order.notice):
        if row["location"] in chosen:
            yield {**row, "words": print_runs.own_words(row)}


def _walking_order(row: Row) -> tuple[bool, str, str, str]:
    return walking_order(row["ward"], row["name"], row["location"])


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
