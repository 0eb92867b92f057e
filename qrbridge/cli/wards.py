"""`qrbridge ward`: the wards, and which postcode is in which."""

from pathlib import Path

import click

from qrbridge.cli.context import Here, Refusing, pass_here, per_field
from qrbridge.cli.output import say, table
from qrbridge.places import wards
from qrbridge.uploads import ward_import


@click.group(cls=Refusing)
def ward() -> None:
    """Wards and their postcodes."""


@ward.command(epilog="\b\nExample:\n  qrbridge ward load postcodes.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="Which column a field is in.")
@pass_here
def load(here: Here, /, file: Path, columns: tuple[str, ...]) -> None:
    """Load a table of postcodes with their wards, and fill in locations that lack theirs.

    Columns: postcode, ward code, ward name; latitude and longitude where there are any. Safe to repeat.
    """
    done = ward_import.load(here.store, file, here.by, per_field(columns, "--column"))
    say(f"Read as {done.read_as}.")
    say(f"{done.postcodes:,} postcodes ({done.new:,} new) in {done.wards:,} wards; {done.refused_count:,} refused.")
    say(f"Filled in: {done.filled_wards:,} locations' wards, {done.filled_coordinates:,} locations' coordinates.")
    for note in done.notes:
        say(note)
    if done.refused:
        rows = [[row.line, row.column, row.value, row.remedy] for row in done.refused]
        table(rows, ("Line", "Column", "Value", "What to do"), [0])


@ward.command("list", epilog="\b\nExample:\n  qrbridge ward list")
@pass_here
def list_(here: Here) -> None:
    """List wards."""
    rows = wards.list_all(here.store)
    if not rows:
        say("There are no wards yet. `qrbridge ward load` loads them from a table of postcodes.")
        return
    names = list(rows[0])
    table([[row[name] for name in names] for row in rows], [name.replace("_", " ").capitalize() for name in names])
