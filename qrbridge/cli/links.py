"""`qrbridge link`: short links and what has become of their sheets."""

from datetime import date

import click

from qrbridge import audit, codes
from qrbridge.cli.context import Here, Refusing, pass_here
from qrbridge.cli.output import counted, details, say, table
from qrbridge.council import council as councils
from qrbridge.errors import InvalidInput, Problem
from qrbridge.links import links, moves, sightings
from qrbridge.reading import read_day


class Day(click.ParamType[date]):
    """A day given as an option."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how to write it."""
        try:
            return read_day(value)
        except ValueError:
            self.fail(f"“{value}” is not a day; write it as 2026-10-05 or 5/10/2026.", param, ctx)


given_codes = click.argument("given_codes", metavar="CODE...", nargs=-1)
whole_notice = click.option("--notice", help="Every link of this notice, in place of CODEs.")
on_day = click.option("--day", type=Day(), help="The day it happened; today where not given.")


@click.group(cls=Refusing)
def link() -> None:
    """Short links: one for each notice at each location."""


@link.command("list", epilog='\b\nExample:\n  qrbridge link list --notice cost-of-living --ward "Old Trafford"')
@click.option("--notice", help="Only links of this notice.")
@click.option("--ward", help="Only links in this ward (name or code).")
@click.option("--state", type=click.Choice(["made", "up", "down", "withdrawn"]), help="Only links in this state.")
@pass_here
def list_(here: Here, /, **only: str | None) -> None:
    """List links with their locations, by ward."""
    rows = links.list_all(here.store, **only)
    if not rows:
        say("There are no such links. `qrbridge notice print` makes one for each location it prints for.")
        return
    headings = ("Code", "State", "Notice", "Reference", "Location", "Ward")
    names = ("state", "notice", "location", "name", "ward")
    table([[codes.spoken(row["code"]), *(row[name] or "–" for name in names)] for row in rows], headings)


@link.command(epilog="\b\nExample:\n  qrbridge link show 7K3-M9B")
@click.argument("code")
@pass_here
def show(here: Here, /, code: str) -> None:
    """Show one link: where it hangs, what it is for, and its history."""
    row = links.show(here.store, code)
    council = councils.show(here.store)
    details(
        [
            ("code", codes.spoken(row["code"])),
            ("printed as", council.typed_address(row["code"])),
            ("state", f"{row['state']} ({row['reason']})" if row["reason"] else row["state"]),
            ("notice", row["notice"]),
            ("location", f"{row['name']} ({row['location']})"),
            ("address", ", ".join(part for part in (row["address"], row["postcode"]) if part)),
            ("ward", row["ward"]),
            ("days up", row["days_up"]),
            *_former(here, row["code"]),
        ]
    )
    say()
    for change in audit.list_for(here.store, "link", row["code"]):
        say(f"{change['at']}  {change['verb']}  by {change['who']}")


def _former(here: Here, code: str) -> list[tuple[str, object]]:
    """Where a link was before, as details."""
    stays = moves.history(here.store, code)
    return [(f"until {stay['until']}", f"{stay['name']} ({stay['location']})") for stay in stays]


@link.command(
    epilog="\b\nExamples:\n  qrbridge link up 7K3-M9B\n  qrbridge link up --notice cost-of-living --day 5/10/2026"
)
@given_codes
@whole_notice
@on_day
@pass_here
def up(here: Here, /, given_codes: tuple[str, ...], notice: str | None, day: date | None) -> None:
    """Say that sheets hang on their walls."""
    chosen = _chosen(here, given_codes, notice, {"made", "down"})
    _say(links.up(here.store, chosen, here.by, day), "up")


@link.command(epilog="\b\nExample:\n  qrbridge link down 7K3-M9B --day 2026-11-02")
@given_codes
@whole_notice
@on_day
@pass_here
def down(here: Here, /, given_codes: tuple[str, ...], notice: str | None, day: date | None) -> None:
    """Say that sheets have been taken down. Their codes go on leading to the service."""
    chosen = _chosen(here, given_codes, notice, {"up"})
    _say(links.down(here.store, chosen, here.by, day), "down")


@link.command(epilog='\b\nExample:\n  qrbridge link withdraw 7K3-M9B --reason "A fake code was stuck over it"')
@given_codes
@whole_notice
@click.option("--reason", required=True, help="Why; kept in the record.")
@pass_here
def withdraw(here: Here, /, given_codes: tuple[str, ...], notice: str | None, reason: str) -> None:
    """Take links out of use for good. Their codes answer with an explanation and the council's phone number."""
    chosen = _chosen(here, given_codes, notice, {"made", "up", "down"})
    _say(links.withdraw(here.store, chosen, here.by, reason), "withdrawn")


@link.command(epilog="\b\nExample:\n  qrbridge link move 7K3-M9B --to COL26-0031 --day 2026-11-02")
@given_codes
@click.option("--to", "location", required=True, help="The reference of the location it hangs at now.")
@on_day
@pass_here
def move(here: Here, /, given_codes: tuple[str, ...], location: str, day: date | None) -> None:
    """Say that sheets were moved to another location. Codes stay alive; past days and scans stay where they were."""
    moved = moves.move(here.store, _chosen(here, given_codes, None, set()), location, here.by, day)
    say(f"{counted(moved, 'link')} moved to {location}." if moved else "No link was moved: all were there already.")


@link.command(epilog='\b\nExample:\n  qrbridge link check 7K3-M9B elsewhere --note "In the children\'s room"')
@click.argument("code")
@click.argument("saw", type=click.Choice(list(sightings.SAW)))
@click.option("--note", default="", help="What else there is to say.")
@pass_here
def check(here: Here, /, code: str, saw: str, note: str) -> None:
    """Say what was seen where a sheet should hang: it is up, it is damaged or gone, or it hangs elsewhere."""
    link = sightings.report(here.store, code, saw, here.by, note)
    say(f"Noted for {codes.spoken(link['code'])}, {link['name']}.")


def _chosen(here: Here, given_codes: tuple[str, ...], notice: str | None, states: set[str]) -> list[str]:
    if bool(given_codes) == bool(notice):
        raise click.UsageError("Give one or more CODEs, or --notice where the command has it.")
    if not notice:
        return list(given_codes)
    found = [row["code"] for row in links.list_all(here.store, notice=notice) if row["state"] in states]
    if not found:
        raise InvalidInput([Problem("notice", f"“{notice}” has no link that this would change")])
    return found


def _say(changed: int, state: str) -> None:
    say(f"{counted(changed, 'link')} now {state}." if changed else "No link was changed: all were so already.")
