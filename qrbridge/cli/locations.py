"""`qrbridge location`: where paper goes up."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click

from qrbridge import location_import, locations
from qrbridge.cli.here import Here, Refusing, counted, details, pass_here, per_field, say, table
from qrbridge.errors import InvalidInput, Problem
from qrbridge.location_plan import How, Plan

# Of each list: enough to see what is wrong; `--rows` and `--format json` give every one.
SHOWN = 25

HOW_TO_ANSWER = Problem("to answer", 'add --column FIELD="HEADER", such as --column reference="Site ID"')


@click.group(cls=Refusing)
def location() -> None:
    """Locations where paper goes up."""


@location.command(
    "import",
    epilog="""\b
Examples:
  qrbridge location import noticeboards.csv --dry-run
  qrbridge location import noticeboards.xlsx --column reference="Site ID"
""",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what each row would do, and change nothing.")
@click.option("--rows", is_flag=True, help="With --dry-run: list every row, not only those to look at.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="Which column a field is in.")
@click.option("--delimiter", type=click.Choice([",", ";", "tab", "|"]), help="What stands between columns.")
@click.option("--confirm", is_flag=True, help="Go on where the file as a whole looks doubtful.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_here
def import_(here: Here, /, file: Path, columns: tuple[str, ...], delimiter: str | None, **flags: bool | str) -> None:
    """Import locations from a CSV, TSV or XLSX file of up to 10 MB.

    Columns: reference and name are needed; address, postcode, ward, latitude, longitude, kind and setting (indoors or
    open) are read where they are. Names are matched loosely (Venue, Post code, Lat); --column says which where they
    are not. One of address, postcode and coordinates is needed for each row.

    All rows that can be kept are kept together or not at all. A location is known by its reference: importing a file
    again changes nothing, and importing a changed one changes what differs.
    """
    how = How(per_field(columns, "--column"), "\t" if delimiter == "tab" else delimiter)
    planned = location_import.plan(here.store, file, how)
    if flags["form"] == "json":
        say(json.dumps(planned.describe(), indent=2, ensure_ascii=False))
    else:
        _say(planned)
    if flags["rows"]:
        _say_rows(here, planned)
    if flags["dry_run"]:
        if planned.questions:
            raise InvalidInput([*planned.questions, HOW_TO_ANSWER])
        say("Dry run: nothing was changed.", err=flags["form"] == "json")
        return
    counts = location_import.apply(here.store, planned, here.by, bool(flags["confirm"]))
    say(f"Imported: {counts}.", err=flags["form"] == "json")


@location.command("list", epilog='\b\nExample:\n  qrbridge location list --ward "Old Trafford" --kind library')
@click.option("--ward", help="Only in this ward (name or code).")
@click.option("--kind", help="Only of this kind.")
@pass_here
def list_(here: Here, /, ward: str | None, kind: str | None) -> None:
    """List locations by ward."""
    found = locations.list_all(here.store, ward, kind)
    if not found:
        say("There are no such locations. `qrbridge location import` brings them from a spreadsheet.")
        return
    shown = [[place.reference, place.name, place.postcode, place.ward or "–", place.kind] for place in found]
    table(shown, ("Reference", "Name", "Postcode", "Ward", "Kind"))


@location.command(epilog="\b\nExample:\n  qrbridge location show COL26-0001")
@click.argument("reference")
@pass_here
def show(here: Here, /, reference: str) -> None:
    """Show one location."""
    details(asdict(locations.show(here.store, reference)).items())


def _say(planned: Plan) -> None:
    say(f"Read as {planned.read_as}.")
    _lines("Columns:", planned.columns)
    if planned.unused:
        say(f"Not used: {', '.join(planned.unused)}.")
    _lines("Notes:", planned.notes)
    _lines("To be confirmed (--confirm):", planned.confirm)
    repairs = [(r.line, r.column, r.old, f"kept as “{r.new}”") for r in planned.repairs]
    warnings = [(w.line, w.column, w.value, w.sentence) for w in planned.warnings]
    refusals = [(b.line, b.column, b.value, b.remedy) for b in planned.refusals]
    _rows(f"Repaired, {counted(planned.counts.repaired, 'row')}:", repairs)
    _rows(f"To be looked at, kept as they are, {counted(planned.counts.warned, 'row')}:", warnings)
    _rows(f"Refused, {counted(planned.counts.refused, 'row')}:", refusals)
    if not planned.questions:
        say(f"\n{planned.counts.accepted:,} accepted: {planned.counts}.")


def _lines(heading: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        if heading and not number:
            say(heading)
        say(f"  {line}")


def _rows(heading: str, rows: Sequence[tuple[int, str, str, str]]) -> None:
    if not rows:
        return
    say(f"\n{heading}")
    table([list(row) for row in islice(rows, SHOWN)], ("Line", "Column", "Value", "What"), [0])
    if len(rows) > SHOWN:
        say(f"… and more; --format json lists {len(rows):,} of them.")


def _say_rows(here: Here, planned: Plan) -> None:
    if planned.questions:
        return
    say()
    for line in _row_lines(here, planned):
        say(line)


def _row_lines(here: Here, planned: Plan) -> Iterator[str]:
    for row in location_import.outcomes(here.store, planned):
        place = row["location"]
        name = f"{place['reference']}, {place['name']}" if place else ""
        marks = [word for word in ("repairs", "warnings") if row[word] and place]
        yield f"line {row['line']}: {', '.join([row['becomes'], *marks])}  {name}".rstrip()
