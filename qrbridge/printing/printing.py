"""Print a notice: a sheet with a link of its own for each location, one proved PDF, and a list of its pages."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from qrbridge import audit, times
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, NotFound, Problem
from qrbridge.installation import take_turn
from qrbridge.links import links
from qrbridge.notices import approvals, editions, notices
from qrbridge.notices.editions import AS_THE_NOTICE_SAYS, Choices, Edition
from qrbridge.notices.notices import Notice
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.press import Job, ProofRecord
from qrbridge.printing import aged, print_runs
from qrbridge.printing import sheets as print_sheets
from qrbridge.printing.print_runs import Outcome
from qrbridge.printing.releasing import released
from qrbridge.printing.sheets import CheckAddress, Sheets, page_list
from qrbridge.printing.spool import Spool
from qrbridge.spreadsheets import cells
from qrbridge.store import Store

Progress = Callable[[int], None]


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
    check_address: CheckAddress | None = None


@dataclass(frozen=True)
class Again:
    """A run on record to print again: its number, the file to print into, and `check_address` as an order has it.

    A hanging sheet comes too where the run had one. `confirmed` says that what `aged` has to say of it is known.
    """

    number: int
    into: Path
    check_address: CheckAddress | None = None
    confirmed: bool = False


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
    """Draw and prove every sheet, and then, all together or not at all, make the links that are missing, put the run
    on record and put the files under their names.

    Sheets are in ward then location order. Raises `CannotPrint` where a sheet does not fit, its code does not read or a
    file cannot be written; `Conflict` where others made or withdrew links of the notice meanwhile.
    """
    _check_locations(order)
    files = _files(order.into, order.check_address)
    _check_files(files)
    notice = notices.show(store, order.notice)
    _check_days(notice, times.day_of(by.at))
    edition = _approved(store, notice, replace(order.choices, hanging_sheet=bool(order.check_address)))
    press.check(edition.design, edition.said, edition.short_host)
    # Only planned, so that what is refused leaves nothing; codes for ever, once paper with them may exist.
    planned = links.plan(store, notice.key, order.locations, by)
    with print_sheets.of_links(store, planned) as rows, released(files) as release:
        proof = _print(edition, rows, release.drafts, progress)
        if order.check_address:
            _print_hanging_sheet(edition, Sheets(edition, rows, order.check_address), release.drafts[2])
        outcome = Outcome(proof, editions.warnings(edition, rows, proof), len(rows))
        with store.atomic():
            new = links.keep(store, planned, by)
            number = print_runs.keep(store, edition, outcome, rows, by)
            release.place()
    return Printed(number, files, len(rows), new, proof, outcome.warnings)


def reprint(store: Store, again: Again, by: By, progress: Progress = lambda done: None) -> Printed:
    """Print a run again from its record: the same sheets, words and design, whatever has changed since.

    The bytes are the same too, as `proof.sha256` shows, unless the press itself has become another. The hanging sheet
    lists the same sheets, in the design it has now. `InvalidInput` where some of the sheets would lead nowhere, or name
    a place they no longer hang at, and nobody has confirmed it.
    """
    run, edition = print_runs.show(store, again.number), print_runs.edition(store, again.number)
    aged_since = aged.sentences(store, run, times.day_of(by.at))
    if aged_since and not again.confirmed:
        raise InvalidInput([Problem("confirm", sentence) for sentence in aged_since])
    check_address = again.check_address if edition.choices.hanging_sheet else None
    files = _files(again.into, check_address)
    _check_files(files)
    with print_sheets.of_run(store, again.number) as rows, released(files) as release:
        proof = _print(edition, rows, release.drafts, progress)
        if check_address:
            _print_hanging_sheet(edition, Sheets(edition, rows, check_address), release.drafts[2])
        after = {"sha256": proof.sha256, "same": proof.sha256 == run.proof["sha256"]}
        with store.atomic():
            audit.write(store, by, Change("print run", str(again.number), "reprint", {}, after))
            release.place()
    return Printed(again.number, files, len(rows), 0, proof, [*aged_since, *run.warnings])


def out_of_date(store: Store, order: Order) -> list[str]:
    """Those of an order's locations whose sheets, printed before as the order would have them, are out of date."""
    notice = notices.show(store, order.notice)
    chosen = set(order.locations)

    @cache
    def paper(choices: Choices) -> tuple[str, str]:
        try:
            design = designs.read(*choices.of(notice))
        except (NotFound, InvalidInput):
            return choices.of(notice)  # printing it says why it cannot be used
        return design.name, design.size

    wanted = paper(order.choices)
    return [
        row["location"]
        for row in print_runs.out_of_date(store, order.notice)
        if row["location"] in chosen and paper(print_runs.last_choices(row)) == wanted
    ]


def _print(edition: Edition, rows: Spool, drafts: Sequence[Path], progress: Progress) -> ProofRecord:
    with drafts[1].open("w", encoding="utf-8-sig", newline="") as stream:
        cells.write_csv(page_list(edition, rows), stream)
    return press.print_sheets(edition.job(), Sheets(edition, rows), drafts[0], progress)


def _print_hanging_sheet(edition: Edition, sheets: Sheets, into: Path) -> None:
    """List the sheets with a small picture of the first, each with the code that opens its hang check."""
    with tempfile.NamedTemporaryFile(suffix=".png") as thumbnail:
        thumbnail.write(press.thumbnail(edition.job(), next(iter(sheets))))
        thumbnail.flush()
        # It is for whoever hangs them, so one language is enough.
        said = replace(edition.said, texts=edition.said.texts[:1], picture=Path(thumbnail.name), picture_alt="")
        press.print_sheets(Job(designs.read(editions.HANGING_SHEET), said), sheets, into)


def _files(into: Path, check_address: CheckAddress | None) -> list[Path]:
    """Every file of a printing; those beside the PDF are never under a name that a spreadsheet of yours has."""
    beside = [".pages.csv", *([".hanging.pdf"] if check_address else [])]
    return [into, *(into.parent / f"{into.stem}{suffix}" for suffix in beside)]


def _check_files(files: Sequence[Path]) -> None:
    into, problems = files[0], []
    if into.suffix.lower() != ".pdf":
        problems.append(Problem("into", f"{into} must end in .pdf"))
    elif not into.parent.is_dir():
        problems.append(Problem("into", f"there is no folder {into.parent}; make it or name another"))
    problems += [
        Problem("into", f"{path} is there already and is no file; name another")
        for path in files
        if path.exists() and not path.is_file()
    ]
    if problems:
        raise InvalidInput(problems)


def _check_locations(order: Order) -> None:
    if not order.locations:
        raise InvalidInput(
            [Problem("locations", "there are none; choose others, or bring some in first", "no-locations")]
        )


def _check_days(notice: Notice, today: date) -> None:
    if notice.ends and notice.ends < today:
        ended = f"this notice ended on {times.in_words(notice.ends)}, and its codes would say so"
        raise InvalidInput([Problem("ends", f"{ended}; give it a later last day", "notice-ended", notice.key)])


def _approved(store: Store, notice: Notice, choices: Choices) -> Edition:
    """A notice as it would be printed now, its approval checked of those very words: nobody changes them between."""
    with store.atomic():
        take_turn(store, "paper")
        approvals.check(store, notice)
        return editions.present(store, notice, choices)
