"""`qrbridge service`: what residents need, and the page it is reached at."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from qrbridge.accounts import handing_over
from qrbridge.cli.context import Here, Refusing, given, options_for, pass_here, per_language
from qrbridge.cli.output import details, say, table
from qrbridge.council import council as councils
from qrbridge.council import destinations, repointing, services

FIELDS = {
    "name": "What residents call it.",
    "phone": "Number to call about it.",
    "hours": "When that number is answered.",
    "place": "A real place to go, with its address.",
    "summary": "What the service does, in a sentence.",
    "service_level": "What happens when, and to what level.",
    "owner": "The team that answers for it.",
    "review_day": "The day its details are next checked, as 2027-03-31.",
    "lgsl": "Its number in the Local Government Services List.",
}


def field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each of a service's fields and its pages."""
    text = "Its page's address: [LANGUAGE=]https://… Once for each language."
    command = click.option("--page", "pages", multiple=True, help=text)(command)
    return options_for(FIELDS)(command)


@click.group(cls=Refusing)
def service() -> None:
    """Services residents are led to."""


@service.command(
    epilog="""\b
Example:
  qrbridge service add cost-of-living --name "Help with the cost of living" \\
    --phone "0161 912 2000" --hours "Monday to Friday, 8:30am to 5:30pm" \\
    --place "Any Trafford library" --summary "Help with food, energy, rent and debt." \\
    --service-level "A person answers within two working days." \\
    --owner "Welfare rights team" --review-day 2027-03-31 \\
    --page https://www.trafford.gov.uk/cost-of-living
"""
)
@click.argument("key")
@field_options
@pass_here
def add(here: Here, /, key: str, pages: tuple[str, ...], **options: str | None) -> None:
    """Add a service under a short KEY. All but --lgsl are needed."""
    council = councils.show(here.store)
    entered = {**given(**options), "key": key, "pages": per_language(pages, "--page", council.languages[0])}
    added = services.Service.read(entered, council)
    services.add(here.store, added, here.by)
    say(f"Added the service “{added.key}”.")


@service.command("list", epilog="\b\nExample:\n  qrbridge service list")
@pass_here
def list_(here: Here) -> None:
    """List services."""
    rows = services.list_all(here.store)
    if not rows:
        say("There are no services yet. `qrbridge service add` makes one.")
        return
    headings = ("Key", "Name", "Owner", "Review day", "Notices")
    table([[row["key"], row["name"], row["owner"], row["review_day"], row["notices"]] for row in rows], headings, [4])


@service.command(epilog="\b\nExample:\n  qrbridge service show cost-of-living")
@click.argument("key")
@pass_here
def show(here: Here, /, key: str) -> None:
    """Show one service and its pages."""
    shown = asdict(services.show(here.store, key))
    pages = shown.pop("pages")
    details(
        [(name.replace("_", " "), value) for name, value in shown.items()]
        + [(f"page ({tag})", address) for tag, address in pages.items()]
    )


@service.command(
    "set", epilog="\b\nExample:\n  qrbridge service set cost-of-living --page https://www.trafford.gov.uk/new"
)
@click.argument("key")
@field_options
@pass_here
def change(here: Here, /, key: str, pages: tuple[str, ...], **options: str | None) -> None:
    """Change some of a service's details; every code that leads to it follows at once."""
    changes = given(**options)
    council = councils.show(here.store)
    if pages:
        changes["pages"] = per_language(pages, "--page", council.languages[0])
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    changed = services.merged(services.show(here.store, key), changes, council)
    services.change(here.store, changed, here.by)
    say("Changed: " + ", ".join(name.replace("_", " ") for name in changes) + ".")


@service.command(epilog="\b\nExample:\n  qrbridge service sheets cost-of-living")
@click.argument("key")
@pass_here
def sheets(here: Here, /, key: str) -> None:
    """List the notices whose sheets lead where a service leads: those a change of its pages touches."""
    rows = repointing.sheets(here.store, key)
    if not rows:
        say("No sheet leads there yet.")
        return
    table([[touched.notice, touched.all, touched.up] for touched in rows], ("Notice", "Links", "Up"), [1, 2])


@service.command(epilog="\b\nExample:\n  qrbridge service test cost-of-living")
@click.argument("key")
@pass_here
def test(here: Here, /, key: str) -> None:
    """Open a service's pages as a resident's browser would, and say what came of it."""
    for tag, address in services.show(here.store, key).pages.items():
        finding = destinations.test(address, councils.show(here.store))
        say(f"{tag}: {address}\n    {finding.heading}. {finding.sentence}")


@service.command(epilog="\b\nExample:\n  qrbridge service undo cost-of-living")
@click.argument("key")
@pass_here
def undo(here: Here, /, key: str) -> None:
    """Put a service's former pages back; every code that leads to it follows. Again, and that is taken back."""
    restored = repointing.undo(here.store, key, here.by)
    for tag, address in restored.pages.items():
        say(f"{tag}: {address}")


@service.command("hand-over", epilog="\b\nExample:\n  qrbridge service hand-over jo@example.gov.uk sam@example.gov.uk")
@click.argument("leaver")
@click.argument("heir")
@pass_here
def hand_over(here: Here, /, leaver: str, heir: str) -> None:
    """Give all that LEAVER owns (services, drafts, uploads) to HEIR in one step."""
    moved = handing_over.hand_over(here.store, leaver, heir, here.by)
    say(f"{moved.in_words} went to {heir}.")
