"""`qrbridge notice`: what the paper says, and printing it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qrbridge import codes, qr, reading
from qrbridge.cli.context import Here, Refusing, given, options_for, pass_here, per_language
from qrbridge.cli.output import counted, details, progress, say, table
from qrbridge.council import council as councils
from qrbridge.notices import approvals, notices, photographs, previews
from qrbridge.notices.editions import Choices
from qrbridge.places import locations
from qrbridge.printing import print_runs
from qrbridge.store import Row

if TYPE_CHECKING:
    from qrbridge.printing.printing import Order, Printed

# Of a photograph's digest: enough to tell it from any other.
DIGEST_SHOWN = 12
# Sheets out of date that are named; a notice may have thousands.
STALE_SHOWN = 20
# What stands for nothing in a list.
NONE = {"ends": "no end", "size": "its first"}


FIELDS = {
    "service": "The key of the service it leads to.",
    "starts": "First day, as 2026-10-05 or 5/10/2026.",
    "ends": "Last day; its codes then answer that it has ended. None: no end.",
    "size": "The paper: one of its printable's sizes.  [default: its first]",
    "picture_alt": "What the photograph shows, for those who do not see it.",
    "picture": "A photograph, JPEG or PNG, for a printable that shows one; '' takes it away.",
    "reading_distance": "How far away its sheets must read, in metres, such as 1.5.  [default: its printable's]",
}


def field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each of a notice's fields but its printable."""
    command = options_for(FIELDS)(command)
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
    added = notices.Notice.read({**_entered(here, council, options), "key": key}, council)
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
    changes = _entered(here, council, options)
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    changed = notices.merged(notices.show(here.store, key), changes, council)
    notices.change(here.store, changed, here.by)
    say("Changed: " + ", ".join(changes) + ".")


def _entered(here: Here, council: councils.Council, options: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, dict[str, str]] = {}
    for block in notices.BLOCKS:
        for tag, text in per_language(options.pop(block), f"--{block}", council.languages[0]).items():
            words.setdefault(tag, {})[block] = text
    entered = given(**options)
    if entered.get("picture"):
        entered["picture"] = photographs.keep(here.store, Path(entered["picture"]).read_bytes())
    return {**entered, **({"words": words} if words else {})}


@notice.command("list", epilog="\b\nExample:\n  qrbridge notice list")
@pass_here
def list_(here: Here) -> None:
    """List notices."""
    rows = notices.list_all(here.store)
    if not rows:
        say("There are no notices yet. `qrbridge notice add` makes one.")
        return
    stale = print_runs.out_of_date_on_walls(here.store)
    names = ("key", "service", "printable", "size", "starts", "ends", "links", "up")
    shown = [[row[name] or NONE.get(name, "–") if row[name] != 0 else 0 for name in names] for row in rows]
    headings = ("Key", "Service", "Printable", "Size", "Starts", "Ends", "Links", "Up", "Out of date")
    table([[*cells, stale.get(row["key"], 0)] for cells, row in zip(shown, rows, strict=True)], headings, [6, 7, 8])


@notice.command(epilog="\b\nExample:\n  qrbridge notice show cost-of-living-2026")
@click.argument("key")
@pass_here
def show(here: Here, /, key: str) -> None:
    """Show one notice and its words."""
    found = notices.show(here.store, key)
    fields: list[tuple[str, object]] = [
        ("key", found.key),
        ("service", found.service),
        ("printable", f"{found.printable} {found.size}".strip()),
        ("picture", found.picture[:DIGEST_SHOWN] or "none"),
        ("to be read from", _said_distance(found)),
        ("starts", reading.said_of(found.starts)),
        ("ends", reading.said_of(found.ends)),
    ]
    fields += [(f"{block} ({tag})", text) for tag, blocks in found.words.items() for block, text in blocks.items()]
    details(fields)
    stale = print_runs.out_of_date(here.store, key)
    if stale:
        say()
        _say_stale(key, stale)


def _said_distance(found: notices.Notice) -> str:
    return (
        qr.distance_in_words(found.reading_distance_mm) if found.reading_distance_mm else "its printable’s own distance"
    )


def _say_stale(key: str, stale: Sequence[Row]) -> None:
    """Say which sheets no longer say what they would say now, and how to print them."""
    hanging = [row for row in stale if row["state"] == "up"]
    if hanging:
        say(f"{counted(len(hanging), 'sheet')} on the wall {_are(len(hanging))} out of date:")
    for row in hanging[:STALE_SHOWN]:
        say(f"  {codes.spoken(row['code'])}  {row['name']}{', ' + row['ward'] if row['ward'] else ''}")
    if len(hanging) > STALE_SHOWN:
        say(f"  and {len(hanging) - STALE_SHOWN:,} more")
    waiting = len(stale) - len(hanging)
    if waiting:
        say(f"{counted(waiting, 'sheet')} printed and not yet up {_are(waiting)} out of date.")
    if reasons := print_runs.reasons(stale):
        say("It cannot be printed now:")
        for reason in reasons:
            say(f"  {reason}")
        return
    say(f"`qrbridge notice print {key} --changed` prints {'it' if len(stale) == 1 else 'them'} again.")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


CHOICE_OPTIONS = (
    click.option("--printable", default="", help="Another design than the notice's own, this time."),
    click.option("--size", default="", help="Another paper than the notice's own, this time: A3 for bus stops."),
    click.option("--bleed", is_flag=True, help="For a print shop: 3 mm of bleed and crop marks."),
    click.option("--cmyk", is_flag=True, help="For a print shop: four inks throughout, type and code in black."),
    click.option("--start-at-label", "start_at", type=click.IntRange(min=1), default=1, help="The first label left."),
)


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a notice is printed this time."""
    for option in reversed(CHOICE_OPTIONS):
        command = option(command)
    return command


@notice.command(epilog="\b\nExample:\n  qrbridge notice submit cost-of-living-2026")
@click.argument("key")
@pass_here
def submit(here: Here, /, key: str) -> None:
    """Ask for a notice to be approved as it is now."""
    approvals.submit(here.store, key, here.by)
    say(f"“{key}” waits for approval: `qrbridge notice approve {key}`, by someone else where the council wants that.")


@notice.command(epilog="\b\nExample:\n  QRBRIDGE_WHO=sam@example.gov.uk qrbridge notice approve cost-of-living-2026")
@click.argument("key")
@pass_here
def approve(here: Here, /, key: str) -> None:
    """Approve a notice as it is now, so that it can be printed."""
    approvals.approve(here.store, key, here.by)
    say(f"“{key}” is approved.")


@notice.command(epilog='\b\nExample:\n  qrbridge notice reject cost-of-living-2026 --reason "The phone number is old"')
@click.argument("key")
@click.option("--reason", required=True, help="What must change; its author is shown it.")
@pass_here
def reject(here: Here, /, key: str, reason: str) -> None:
    """Send a notice back to its author."""
    approvals.reject(here.store, key, here.by, reason)
    say(f"“{key}” is sent back.")


@notice.command(
    "print",
    epilog="""\b
Examples:
  qrbridge notice print cost-of-living-2026 --into posters.pdf --hanging-sheet
  qrbridge notice print cost-of-living-2026 --kind "bus stop" --size A3 --into shelters.pdf
  qrbridge notice print cost-of-living-2026 --changed --into again.pdf
""",
)
@click.argument("key")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to make.  [default: KEY.pdf]")
@click.option("--ward", help="Only locations in this ward (name or code).")
@click.option("--kind", help="Only locations of this kind.")
@click.option("--location", "references", multiple=True, help="Only this location; more than once for more.")
@click.option("--changed", is_flag=True, help="Only sheets that would say something else than when last printed.")
@click.option(
    "--hanging-sheet", is_flag=True, help="Also list the sheets to hang, each with a code that says it is up."
)
@choice_options
@pass_here
def print_(here: Here, /, key: str, into: Path | None, **options: Any) -> None:
    """Print a sheet for each location, each with a code of its own, proved before it is handed over.

    Beside the PDF comes a CSV that says which page hangs where. Locations that have a link keep it. The run is put on
    record: `qrbridge print-run` shows it and prints it again.
    """
    # Imported here: the press takes longer to load than any other command takes to run.
    from qrbridge.printing import printing

    changed = options.pop("changed")
    order = _order(here, key, into or Path(f"{key}.pdf"), options)
    if changed:
        order = replace(order, locations=printing.out_of_date(here.store, order))
        if not order.locations:
            say("Nothing to print: every sheet that was printed so says what it would say now.")
            return
    with progress(len(order.locations), "Printing and proving") as bar:
        run = printing.print_notice(here.store, order, here.by, bar.update)
    _say_printed(run, key)


def _order(here: Here, key: str, into: Path, options: dict[str, Any]) -> "Order":
    from qrbridge.links import hang_check
    from qrbridge.printing import printing

    only = {name: options.pop(name) for name in ("ward", "kind")}
    chosen = [place.reference for place in locations.chosen(here.store, options.pop("references"), **only)]
    council, settings = councils.show(here.store), here.settings
    check = partial(hang_check.address, council, settings) if options.pop("hanging_sheet") else None
    return printing.Order(key, chosen, into, Choices(**options), check)


def _say_printed(run: "Printed", key: str) -> None:
    size = f"{run.proof.bytes / 1000:,.0f} kB"
    say(f"{counted(run.sheets, 'sheet')} in {run.pdf} ({size}), every code proved; {run.proof.reads_from}.")
    say(f"Which page hangs where: {run.pages}")
    for hanging in run.files[2:]:
        say(f"What to hang, and where: {hanging}")
    say(f"{counted(run.new_links, 'new link')}. When they hang, say so: qrbridge link up --notice {key}")
    say(f"On record as print run {run.number}.")
    for warning in run.warnings:
        say(f"Note: {warning}")


@notice.command(
    epilog="\b\nExamples:\n  qrbridge notice proof winter\n  qrbridge notice proof winter --size A3",
)
@click.argument("key")
@choice_options
@pass_here
def proof(here: Here, /, key: str, **options: Any) -> None:
    """Prove a notice as it would be printed now: from how far it reads, and with how much to spare."""
    found, warnings = previews.prove(here.store, key, Choices(**options))
    details(print_runs.proof_sheet(asdict(found)))
    for warning in warnings:
        say(f"Note: {warning}")
