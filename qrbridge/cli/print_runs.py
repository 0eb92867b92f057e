"""`qrbridge print-run`: what was printed, what was proved of it, and the same again."""

from pathlib import Path

import click

from qrbridge import print_runs, qr, times
from qrbridge.cli.here import Here, Refusing, counted, details, pass_here, progress, say, table


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
@click.argument("number", type=int)
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
    for warning in run.warnings:
        say(f"Note: {warning}")


@print_run.command(epilog="\b\nExample:\n  qrbridge print-run reprint 12 --into again.pdf")
@click.argument("number", type=int)
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to make.  [default: run-N.pdf]")
@pass_here
def reprint(here: Here, number: int, into: Path | None) -> None:
    """Print a run again, just as it was, whatever has changed since.

    For new words or places use `qrbridge notice print --changed`.
    """
    from qrbridge import printing

    kept = print_runs.show(here.store, number)
    with progress(kept.sheets, "Printing and proving") as bar:
        run = printing.reprint(here.store, number, into or Path(f"run-{number}.pdf"), here.by, bar.update)
    same = run.proof.sha256 == kept.proof["sha256"]
    said = "the same bytes as then" if same else "as then, but drawn by another version of the press: look at a page"
    say(f"{counted(run.sheets, 'sheet')} in {run.pdf}, {said}; every code proved.")
    say(f"Which page hangs where: {run.pages}")
