"""`qrbridge location`: where paper goes up."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import click

from qrbridge.cli import remedies
from qrbridge.cli.context import Here, Refusing, given, options_for, pass_here, per_field
from qrbridge.cli.output import counted, details, say, table
from qrbridge.errors import InvalidInput, Problem
from qrbridge.places import locations, wards
from qrbridge.places.locations import Location
from qrbridge.spreadsheets import export
from qrbridge.uploads import location_import
from qrbridge.uploads import locations as location_uploads
from qrbridge.uploads.location_import import NO_POSTCODES
from qrbridge.uploads.location_plan import How, Plan

# Of each list: enough to see what is wrong; `--rows` and `--format json` give every row.
SHOWN = 25

# What comes of a row, as it is said of each. What the page asks about, the command keeps as it is.
COMES = {
    "accepted": "accepted",
    "repaired": "repaired",
    "asked": "to be asked about, kept as it is",
    "refused": "refused",
}

HOW_TO_ANSWER = Problem("to answer", 'add --column FIELD="HEADER", such as --column reference="Site ID"')

FIELDS = {
    "name": "What staff and residents know it as.",
    "address": "Street and number, or where to find it.",
    "postcode": "Its postcode, which fills in ward and coordinates where a table of postcodes is loaded.",
    "ward": "Its ward (name or code), where the postcode does not say it.",
    "latitude": "In degrees, such as 53.4241.",
    "longitude": "In degrees, such as -2.3187.",
    "kind": "What kind of place it is, such as library, bus stop or noticeboard.",
    "setting": "Whether it is indoors or open; what is usual for its kind where not given.",
}


@click.group(cls=Refusing)
def location() -> None:
    """Locations where paper goes up."""


@location.command(
    "import",
    epilog="""\b
Examples:
  qrbridge location import noticeboards.csv --dry-run
  qrbridge location import noticeboards.xlsx --column reference="Site ID"
  qrbridge location import noticeboards.csv --refused to-mend.csv
""",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what each row would do, and change nothing.")
@click.option("--rows", is_flag=True, help="Say of every row what comes of it, not only of the first to look at.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="Which column a field is in.")
@click.option("--delimiter", type=click.Choice([",", ";", "tab", "|"]), help="What stands between columns.")
@click.option("--confirm", is_flag=True, help="Go on where the file as a whole looks doubtful.")
@click.option(
    "--refused",
    "to_mend",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows that are refused, or to be looked at, to this file (CSV, or a workbook by .xlsx).",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_here
def import_(
    here: Here, /, file: Path, columns: tuple[str, ...], delimiter: str | None, **flags: bool | str | Path | None
) -> None:
    """Import locations from a CSV, TSV or XLSX file of up to 10 MB.

    Columns: reference and name are needed; address, postcode, ward, latitude, longitude, kind and setting (indoors or
    open) are read where they are. Names are matched loosely (Venue, Post code, Lat); --column says which where they
    are not. One of address, postcode and coordinates is needed for each row.

    All rows that can be kept are kept together or not at all. A location is known by its reference: importing a file
    again changes nothing, and importing a changed one changes what differs.

    The file that --refused writes has the rows as they came, and before each what is wrong and what to do. Put them
    right and import that file: what it says need not be taken out.
    """
    how = How(per_field(columns, "--column"), "\t" if delimiter == "tab" else delimiter)
    planned = location_import.plan(here.store, file, how)
    if flags["form"] == "json":
        _say_json(here, planned)
    else:
        _say(here, planned, bool(flags["rows"]))
    if isinstance(to_mend := flags["to_mend"], Path) and not planned.questions:
        _write_to_mend(here, planned, to_mend)
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


@location.command(
    epilog="""\b
Example:
  qrbridge location add SALE-LIB --name "Sale Library" --address "Tatton Road" --postcode "M33 7SD" --kind library
"""
)
@click.argument("reference")
@options_for(FIELDS)
@pass_here
def add(here: Here, /, reference: str, **options: str | None) -> None:
    """Add a location under the council's own REFERENCE for it.

    --name is needed, and one of --address, --postcode and both coordinates.
    """
    added = Location.read({**_entered(here, options), "reference": reference})
    locations.add(here.store, added, here.by)
    say(f"Added the location “{added.reference}”, {added.name}.")


@location.command("set", epilog='\b\nExample:\n  qrbridge location set SALE-LIB --postcode "M33 4ND" --kind library')
@click.argument("reference")
@options_for(FIELDS)
@pass_here
def change(here: Here, /, reference: str, **options: str | None) -> None:
    """Change some of a location's details; an empty value takes one away. Another postcode brings its own ward."""
    changes = _entered(here, options)
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    locations.change(here.store, locations.merged(locations.show(here.store, reference), changes), here.by)
    say("Changed: " + ", ".join(changes) + ".")


def _entered(here: Here, options: dict[str, str | None]) -> dict[str, Any]:
    """The options that were given, a ward's name as its code."""
    entered = given(**options)
    return {**entered, "ward": wards.code_of(here.store, entered["ward"])} if "ward" in entered else entered


def _say_json(here: Here, planned: Plan) -> None:
    """Print the plan with every row of the file, a row at a time and never all of them in memory."""
    whole = json.dumps(planned.describe(), indent=2, ensure_ascii=False)
    say(whole.removesuffix("\n}") + ',\n  "rows": [', nl=False)
    rows = () if planned.questions else location_import.outcomes(here.store, planned)
    for number, row in enumerate(rows):
        say(f"{',' if number else ''}\n    {json.dumps(row, ensure_ascii=False)}", nl=False)
    say("\n  ]\n}")


def _say(here: Here, planned: Plan, every_row: bool) -> None:
    say(f"Read as {planned.read_as}.")
    _lines("Columns:", planned.columns)
    if planned.unused:
        say(f"Not used: {', '.join(planned.unused)}.")
    noted = [remedies.with_command(note, "no-postcodes" if note == NO_POSTCODES else "") for note in planned.notes]
    _lines("Notes:", noted)
    _lines("To be confirmed (--confirm):", planned.confirm)
    if every_row and not planned.questions:
        _say_rows(here, planned)
    else:
        _say_first(planned)
    if not planned.questions:
        say(f"\n{planned.counts.accepted:,} accepted: {planned.counts}.")


def _say_first(planned: Plan) -> None:
    """Print the first rows of those to look at."""
    repairs = [(r.line, r.column, r.old, f"kept as “{r.new}”") for r in planned.repairs]
    warnings = [(w.line, w.column, w.value, w.sentence) for w in planned.warnings]
    refusals = [(b.line, b.column, b.value, b.remedy) for b in planned.refusals]
    _rows(f"Repaired, {counted(planned.counts.repaired, 'row')}:", repairs)
    _rows(f"To be looked at, kept as they are, {counted(planned.counts.warned, 'row')}:", warnings)
    _rows(f"Refused, {counted(planned.counts.refused, 'row')}:", refusals)


def _write_to_mend(here: Here, planned: Plan, into: Path) -> None:
    if into.exists() and into.samefile(planned.path):
        raise InvalidInput([Problem("--refused", "is the file that is imported; name another one")])
    export.write_file(location_uploads.to_mend(here.store, planned), into, "rows to put right")
    say(f"Rows to put right, with what to do: {into}", err=True)


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
        say("… and more; --rows says every one.")


def _say_rows(here: Here, planned: Plan) -> None:
    """Print every row: its line and what comes of it; below, each value that is repaired, asked about or refused."""
    say()
    for row in location_import.outcomes(here.store, planned):
        place, comes = row["location"], COMES[row["outcome"]]
        say(
            f"line {row['line']}: {comes}"
            + (f", {row['becomes']}  {place['reference']}, {place['name']}" if place else "")
        )
        for remark in _remarks(row):
            say(f"    {remark}")


def _remarks(row: dict[str, Any]) -> Iterator[str]:
    for refused in row["refusals"]:
        yield f"{_valued(refused['column'], refused['value'])}: {refused['remedy']}"
    for warned in row["warnings"]:
        yield f"{_valued(warned['column'], warned['value'])}: {warned['sentence']}"
    for repair in row["repairs"]:
        yield f"{_valued(repair['column'], repair['old'])} kept as “{repair['new']}”"


def _valued(column: str, value: str) -> str:
    return f"{column} “{value}”" if column and value else column or f"“{value}”"
