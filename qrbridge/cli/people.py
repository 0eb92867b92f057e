"""`qrbridge person`: who may sign in to the staff pages."""

import click

from qrbridge.accounts import password_links, people, second_factor, sessions
from qrbridge.accounts.people import ROLES, Person
from qrbridge.cli.context import Here, Refusing, given, pass_here
from qrbridge.cli.output import details, say, table
from qrbridge.council import council as councils
from qrbridge.times import moment_in_words
from qrbridge.work import outbox

ROLE = click.Choice(list(ROLES))


@click.group(cls=Refusing)
def person() -> None:
    """People who may sign in to the staff pages."""


@person.command(epilog='\b\nExample:\n  qrbridge person add jo.smith@trafford.gov.uk --name "Jo Smith" --role editor')
@click.argument("email")
@click.option("--name", required=True, help="Their name as shown.")
@click.option("--role", type=ROLE, default="editor", show_default=True, help="What they may do.")
@pass_here
def add(here: Here, /, email: str, name: str, role: str) -> None:
    """Add a person by E-MAIL address, with a link to choose their password."""
    added = Person.read({"email": email, "name": name, "role": role})
    people.add(here.store, added, here.by)
    say(f"Added {added.name} as {added.role}.")
    give_link(here, added)


@person.command("list", epilog="\b\nExample:\n  qrbridge person list")
@pass_here
def list_(here: Here) -> None:
    """List everyone."""
    rows = people.list_all(here.store)
    if not rows:
        say("Nobody may sign in yet. `qrbridge person add` lets somebody.")
        return
    lines = [[row["email"], row["name"], row["role"], *_yes_or_no(row)] for row in rows]
    table(lines, ("E-mail", "Name", "Role", "May sign in", "Second factor"))


@person.command(epilog="\b\nExample:\n  qrbridge person show jo.smith@trafford.gov.uk")
@click.argument("email")
@pass_here
def show(here: Here, /, email: str) -> None:
    """Show one person."""
    found = people.show(here.store, email)
    row = people.row_of(here.store, email) or {}
    details(
        [
            ("e-mail", found.email),
            ("name", found.name),
            ("role", found.role),
            ("may sign in", "yes" if found.active else "no"),
            ("password", "chosen" if row["password"] else "none yet"),
            ("second factor", "on" if row["totp_secret"] else "off"),
            ("last signed in", moment_in_words(row["signed_in_at"]) if row["signed_in_at"] else None),
        ]
    )


@person.command("set", epilog="\b\nExample:\n  qrbridge person set jo.smith@trafford.gov.uk --role admin")
@click.argument("email")
@click.option("--name", help="Their name as shown.")
@click.option("--role", type=ROLE, help="What they may do.")
@click.option("--active/--inactive", default=None, help="Whether they may sign in.")
@pass_here
def change(here: Here, /, email: str, **options: str | bool | None) -> None:
    """Change a person's name, role or whether they may sign in; another role ends their sessions."""
    changes = given(**options)
    if not changes:
        raise click.UsageError("Name at least one thing to change; see --help.")
    people.change(here.store, people.merged(people.show(here.store, email), changes), here.by)
    say("Changed: " + ", ".join(changes) + ".")


@person.command(epilog="\b\nExample:\n  qrbridge person link jo.smith@trafford.gov.uk")
@click.argument("email")
@pass_here
def link(here: Here, /, email: str) -> None:
    """Give a person a new link to choose their password; links made before stop working."""
    give_link(here, people.show(here.store, email))


@person.command("sign-out", epilog="\b\nExample:\n  qrbridge person sign-out jo.smith@trafford.gov.uk")
@click.argument("email")
@click.option("--second-factor-off", is_flag=True, help="Ask for no second factor any more, where it was lost.")
@pass_here
def sign_out(here: Here, /, email: str, second_factor_off: bool) -> None:
    """End every session of a person."""
    found = people.show(here.store, email)
    say(f"{found.name} is signed out ({sessions.end_all(here.store, found.email)}).")
    if second_factor_off:
        second_factor.turn_off(here.store, found.email, here.by)
        say("No second factor is asked for any more.")


def give_link(here: Here, to: Person) -> None:
    """E-mail a link, or print it where no mail server is set."""
    settings = here.settings
    if outbox.is_on(settings):
        password_links.send(here.store, settings, councils.show(here.store), to, here.by)
        say(f"A link is on its way to {to.email}.")
        return
    address = settings.address or f"http://{settings.host}:{settings.port}"
    made = password_links.make(here.store, to.email, here.by)
    say(f"Whoever opens this link chooses the password of {to.email}. It can be used once:")
    say(f"  {address}{made.path}")


def first_admin(here: Here, email: str) -> None:
    """Let the first admin in, under the name before the @ until they change it."""
    name = email.partition("@")[0].replace(".", " ").title()
    one = Person.read({"email": email, "name": name, "role": "admin"})
    people.add(here.store, one, here.by)
    give_link(here, one)


def _yes_or_no(row: dict[str, object]) -> list[str]:
    return ["yes" if row[name] else "no" for name in ("active", "has_second_factor")]
