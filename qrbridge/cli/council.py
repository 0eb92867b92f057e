"""`qrbridge council`: the council an installation serves."""

from dataclasses import asdict
from pathlib import Path

import click

from qrbridge.cli.context import Here, Refusing, given, options_for, pass_here
from qrbridge.cli.output import details, say
from qrbridge.council import council as councils
from qrbridge.council import logos
from qrbridge.council.council import FIELDS


@click.group(cls=Refusing)
def council() -> None:
    """The council this installation serves."""


@council.command(epilog="\b\nExample:\n  qrbridge council show")
@pass_here
def show(here: Here) -> None:
    """Show the council's details."""
    shown = asdict(councils.show(here.store))
    details((name.replace("_", " "), value) for name, value in shown.items())


@council.command("set", epilog='\b\nExample:\n  qrbridge council set --phone "0161 912 2000" --colour "#00578a"')
@options_for(FIELDS)
@click.option("--confirm", is_flag=True, help="Print links with another host from now on; the former must answer too.")
@pass_here
def change(here: Here, /, confirm: bool, **options: str | None) -> None:
    """Change some of the council's details; those not named stay as they are."""
    changes = given(**options)
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    councils.change(here.store, councils.merged(councils.show(here.store), changes), here.by, confirm)
    say("Changed: " + ", ".join(name.replace("_", " ") for name in changes) + ".")


@council.command(epilog="\b\nExamples:\n  qrbridge council logo logo.png\n  qrbridge council logo --remove")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Show the council's name alone.")
@pass_here
def logo(here: Here, /, file: Path | None, remove: bool) -> None:
    """Put a logo, a PNG or JPEG FILE, above every page of staff."""
    if (file is None) != remove:
        raise click.UsageError("Give a FILE, or --remove.")
    if file is None:
        logos.drop(here.store, here.by)
    else:
        logos.keep(here.store, file.read_bytes(), here.by)
    say("The logo is removed." if remove else "The logo is changed.")
