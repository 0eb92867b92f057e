"""What has become of a print run's sheets since it was printed: what to know before the same is printed again."""

import json
from collections.abc import Iterator
from datetime import date

from qrbridge import times
from qrbridge.council import council
from qrbridge.notices import notices
from qrbridge.printing.print_runs import PrintRun
from qrbridge.store import Store


def sentences(store: Store, run: PrintRun, today: date) -> list[str]:
    """Why some or all of a run's sheets would serve badly, or lead nowhere, if they were hung again; none if all serve.

    Codes may be withdrawn since, the notice over, sheets at other locations, and the council may have
    another short host.
    """
    return [*_withdrawn(store, run), *_ended(store, run, today), *_moved(store, run), *_host(store, run)]


def _withdrawn(store: Store, run: PrintRun) -> Iterator[str]:
    sheets = store.rows("print_runs.withdrawn", number=run.number)[0]["sheets"]
    if sheets:
        yield (
            f"{_of(sheets, run)} withdrawn: who scans or types {_its(sheets)} code is told so, and led to no page. "
            f"Print “{run.notice}” for {'that place' if sheets == 1 else 'those places'} instead, with new codes."
        )


def _ended(store: Store, run: PrintRun, today: date) -> Iterator[str]:
    ends = notices.show(store, run.notice).ends
    if ends and ends < today:
        yield (
            f"“{run.notice}” ended on {times.in_words(ends)}, and its codes say so and lead to no page. "
            "Give it a later last day first if these are to hang."
        )


def _moved(store: Store, run: PrintRun) -> Iterator[str]:
    printed_at: dict[str, str] = {}
    hangs_at: dict[str, str] = {}
    for row in store.rows("print_runs.moves", number=run.number, printed_at=run.at):
        printed_at.setdefault(row["code"], json.loads(row["before"])["location"])
        hangs_at[row["code"]] = row["location"]
    if sheets := sum(location != hangs_at[code] for code, location in printed_at.items()):
        yield (
            f"{_of(sheets, run)} at another location now, where {_its(sheets)} scans are counted, and "
            f"{'names' if sheets == 1 else 'name'} the one before. "
            f"Print what is out of date of “{run.notice}” instead for {'its new name' if sheets == 1 else 'new names'}."
        )


def _host(store: Store, run: PrintRun) -> Iterator[str]:
    printed, now = run.edition["short_host"], council.show(store).short_host
    if printed != now:
        yield f"Its codes are printed with {printed}, which must go on answering; the council’s host is {now} now."


def _of(sheets: int, run: PrintRun) -> str:
    if sheets == run.sheets:
        return "Its sheet is" if sheets == 1 else "All its sheets are"
    return f"{sheets:,} of its {run.sheets:,} sheets {'is' if sheets == 1 else 'are'}"


def _its(sheets: int) -> str:
    return "its" if sheets == 1 else "their"
