"""`qrbridge print-run`: what was printed, what was proved of it, and the same again."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from qrbridge import qr, times
from qrbridge.cli.context import Here, Refusing, pass_here
from qrbridge.cli.output import counted, details, progress, say, table
from qrbridge.council import council as councils
from qrbridge.errors import InvalidInput, Problem
from qrbridge.printing import aged, print_runs

# Of numbers, as the pages have it: what is longer is no run's, and no engine's integer either.
MOST_RUNS = 999_999_999

HOW_TO_GO_ON = Problem("to go on", "say --confirm, and the same sheets are printed all the same")


@click.group("print-run", cls=Refusing)
def print_run() -> None:
    """Print runs: every printing of a notice, on record."""


@print_run.command("list", epilog="\b\nExample:\n  qrbridge print-run list --notice cost-of-living-2026")
@click.option("--notice", help="Only printings of this notice.")
@pass_here
def list_(here: Here, notice: str | None) -> None:
    """List print runs, the newest first."""
    rows = print_runs.list_all(here.store, notice)
    if not rows:
        say("Nothing has been printed yet. `qrbridge notice print` does it.")
        return
    headings = ("Run", "When", "Who", "Notice", "Printable", "Sheets", "Reads from")
    names = ("number", "at", "who", "notice", "printable", "sheets")
    table(
        [[*(row[name] for name in names), qr.distance_in_words(row["proof"]["distance_mm"])] for row in rows],
        headings,
        [0, 5, 6],
    )


@print_run.command(epilog="\b\nExample:\n  qrbridge print-run show 12")
@click.argument("number", type=click.IntRange(1, MOST_RUNS))
@pass_here
def show(here: Here, number: int) -> None:
    """Show a print run's proof sheet: what was printed, what was proved, and what staff were told."""
    run = print_runs.show(here.store, number)
    said = run.edition["said"]
    details(
        [
            ("run", run.number),
            ("notice", run.notice),
            ("printed", f"{times.in_words(times.day_of(times.moment(run.at)))} by {run.who}"),
            ("printable", f"{run.printable} {run.edition['size']}"),
            ("languages", tuple(text["language"] for text in said["texts"])),
            ("headline", said["texts"][0]["headline"]),
            *print_runs.proof_sheet(run.proof),
        ]
    )
    for warning in [*run.warnings, *aged.sentences(here.store, run, times.day_of(times.now()))]:
        say(f"Note: {warning}")


@print_run.command(epilog="\b\nExample:\n  qrbridge print-run reprint 12 --into again.pdf")
@click.argument("number", type=click.IntRange(1, MOST_RUNS))
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to make.  [default: run-N.pdf]")
@click.option("--confirm", is_flag=True, help="Go on where some of its sheets are withdrawn, ended or moved.")
@pass_here
def reprint(here: Here, number: int, into: Path | None, confirm: bool) -> None:
    """Print a run again, just as it was, whatever has changed since; with its hanging sheet where it had one.

    Where some of its sheets would lead nowhere now, or name a place they no longer hang at, that is said, and they are
    printed only with --confirm. For new words or places use `qrbridge notice print --changed`.
    """
    from qrbridge.links import hang_check
    from qrbridge.printing import printing

    kept = print_runs.show(here.store, number)
    if not confirm:
        _refuse_aged(aged.sentences(here.store, kept, times.day_of(times.now())))
    check_address = partial(hang_check.address, councils.show(here.store), here.settings)
    again = printing.Again(number, into or Path(f"run-{number}.pdf"), check_address, confirm)
    with progress(kept.sheets, "Printing and proving") as bar:
        run = printing.reprint(here.store, again, here.by, bar.update)
    same = run.proof.sha256 == kept.proof["sha256"]
    said = "the same bytes as then" if same else "as then, but drawn by another version of the press: look at a page"
    say(f"{counted(run.sheets, 'sheet')} in {run.pdf}, {said}; every code proved.")
    say(f"Which page hangs where: {run.pages}")
    for hanging in run.files[2:]:
        say(f"What to hang, and where: {hanging}")
    for warning in run.warnings:
        say(f"Note: {warning}")


def _refuse_aged(sentences: Sequence[str]) -> None:
    if sentences:
        raise InvalidInput([*(Problem("confirm", sentence) for sentence in sentences), HOW_TO_GO_ON])
