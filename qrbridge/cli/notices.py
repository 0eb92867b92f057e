"""`qrbridge notice`: what the paper says, and printing it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from qrbridge import council as councils
from qrbridge import locations, notices, reading
from qrbridge.cli.here import Here, Refusing, counted, details, given, pass_here, per_language, progress, say, table

# Of a print run, as of other work that nobody waits for on a street.
NICENESS = 19


def field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each of a notice's fields but its printable."""
    texts = {
        "ends": "Last day; its codes then answer that it has ended. None: no end.",
        "starts": "First day, as 2026-10-05 or 5/10/2026.",
        "service": "The key of the service it leads to.",
    }
    for name, text in texts.items():
        command = click.option(f"--{name}", help=text)(command)
    for block in reversed(notices.BLOCKS):
        command = click.option(f"--{block}", multiple=True, help="[LANGUAGE=]words. Once for each language.")(command)
    return command


@click.group(cls=Refusing)
def notice() -> None:
    """Notices: words, a service and a printable."""


@notice.command(
    epilog="""\b
Example:
  qrbridge notice add cost-of-living-2026 --service cost-of-living \\
    --headline "Struggling with the cost of living?" \\
    --body "Get help with food, energy bills, rent and debt." \\
    --starts 5/10/2026 --ends 31/12/2026
"""
)
@click.argument("key")
@click.option("--printable", default="poster", show_default=True, help="The design: a folder in printables/.")
@field_options
@pass_here
def add(here: Here, /, key: str, **options: Any) -> None:
    """Add a notice under a short KEY. All but --ends are needed."""
    council = councils.show(here.store)
    added = notices.Notice.read({**_entered(council, options), "key": key}, council)
    notices.add(here.store, added, here.by)
    say(f"Added the notice “{added.key}”. `qrbridge notice print {added.key}` prints it.")


@notice.command("set", epilog='\b\nExample:\n  qrbridge notice set cost-of-living-2026 --headline "Need help?"')
@click.argument("key")
@click.option("--printable", help="The design: a folder in printables/.")
@field_options
@pass_here
def change(here: Here, /, key: str, **options: Any) -> None:
    """Change some of a notice's words, days or service. Its codes stay; print it again for new words."""
    council = councils.show(here.store)
    changes = _entered(council, options)
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    changed = notices.merged(notices.show(here.store, key), changes, council)
    notices.change(here.store, changed, here.by)
    say("Changed: " + ", ".join(changes) + ".")


def _entered(council: councils.Council, options: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, dict[str, str]] = {}
    for block in notices.BLOCKS:
        for tag, text in per_language(options.pop(block), f"--{block}", council.languages[0]).items():
            words.setdefault(tag, {})[block] = text
    return {**given(**options), **({"words": words} if words else {})}


@notice.command("list", epilog="\b\nExample:\n  qrbridge notice list")
@pass_here
def list_(here: Here) -> None:
    """List notices."""
    rows = notices.list_all(here.store)
    if not rows:
        say("There are no notices yet. `qrbridge notice add` makes one.")
        return
    names = ("key", "service", "printable", "starts", "ends", "links", "up")
    shown = [[row[name] if row[name] != "" else "no end" for name in names] for row in rows]
    table(shown, ("Key", "Service", "Printable", "Starts", "Ends", "Links", "Up"), [5, 6])


@notice.command(epilog="\b\nExample:\n  qrbridge notice show cost-of-living-2026")
@click.argument("key")
@pass_here
def show(here: Here, /, key: str) -> None:
    """Show one notice and its words."""
    found = notices.show(here.store, key)
    fields: list[tuple[str, object]] = [
        ("key", found.key),
        ("service", found.service),
        ("printable", found.printable),
        ("starts", reading.said_of(found.starts)),
        ("ends", reading.said_of(found.ends)),
    ]
    fields += [(f"{block} ({tag})", text) for tag, blocks in found.words.items() for block, text in blocks.items()]
    details(fields)


@notice.command(
    "print",
    epilog="""\b
Examples:
  qrbridge notice print cost-of-living-2026 --into posters.pdf
  qrbridge notice print cost-of-living-2026 --ward "Old Trafford" --kind library --into libraries.pdf
""",
)
@click.argument("key")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to make.  [default: KEY.pdf]")
@click.option("--ward", help="Only locations in this ward (name or code).")
@click.option("--kind", help="Only locations of this kind.")
@click.option("--location", "references", multiple=True, help="Only this location; more than once for more.")
@pass_here
def print_(here: Here, /, key: str, into: Path | None, references: tuple[str, ...], **only: str | None) -> None:
    """Print a sheet for each location, each with a code of its own, proved before it is handed over.

    Beside the PDF comes a CSV that says which page hangs where. Locations that have a link keep it.
    """
    # Imported here: the press takes longer to load than any other command takes to run.
    from qrbridge import printing

    # Redirects come first where both run on one machine; with nothing else to do there it prints as fast as ever.
    os.nice(max(0, NICENESS - os.nice(0)))

    chosen = [place.reference for place in locations.chosen(here.store, references, **only)]
    order = printing.Order(key, chosen, into or Path(f"{key}.pdf"))
    with progress(len(chosen), "Printing and proving") as bar:
        run = printing.print_notice(here.store, order, here.by, bar.update)
    size = f"{run.bytes / 1000:,.0f} kB"
    say(f"{counted(run.sheets, 'sheet')} in {run.pdf} ({size}), every code proved; {run.reads_from}.")
    say(f"Which page hangs where: {run.pages}")
    say(f"{counted(run.new_links, 'new link')}. When they hang, say so: qrbridge link up --notice {key}")
