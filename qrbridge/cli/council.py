"""`qrbridge council`: the council an installation serves."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from qrbridge import council as councils
from qrbridge.cli.here import Here, Refusing, details, given, pass_here, say
from qrbridge.council import FIELDS


def field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each of a council's fields."""
    for name, text in reversed(FIELDS.items()):
        command = click.option(f"--{name.replace('_', '-')}", help=text)(command)
    return command


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
@field_options
@click.option("--confirm", is_flag=True, help="Print links with another host from now on; the former must answer too.")
@pass_here
def change(here: Here, /, confirm: bool, **options: str | None) -> None:
    """Change some of the council's details; those not named stay as they are."""
    changes = given(**options)
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    councils.change(here.store, councils.merged(councils.show(here.store), changes), here.by, confirm)
    say("Changed: " + ", ".join(name.replace("_", " ") for name in changes) + ".")
