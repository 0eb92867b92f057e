"""`qrbridge init`: make an installation."""

import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import click

from qrbridge.accounts import people
from qrbridge.cli.context import Here, given, options_for, pass_here
from qrbridge.cli.output import counted, say
from qrbridge.cli.people import first_admin
from qrbridge.council import council as councils
from qrbridge.council.council import FIELDS, LATER, Council
from qrbridge.errors import Conflict, InvalidInput, NotSetUp
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import create_store, open_store
from qrbridge.upkeep import installing


@click.command(
    epilog="""\b
Example (whatever is not given is asked for):
  qrbridge init --name "Trafford Council" --short-host qr.trafford.gov.uk \\
    --website www.trafford.gov.uk --phone "0161 912 2000" \\
    --hours "Monday to Friday, 8:30am to 5:30pm" --colour "#00578a" \\
    --languages en,pl,ur --allowed-hosts trafford.gov.uk \\
    --admin jo.smith@trafford.gov.uk
"""
)
@options_for(FIELDS)
@click.option("--admin", help="E-mail address of the first person who may sign in to the staff pages.")
@click.option("--forget-printed-codes", "forget", is_flag=True, help="Let codes that were printed before die for ever.")
@pass_here
def init(here: Here, /, admin: str | None, forget: bool, **options: str | None) -> None:
    """Set up an installation: its folder, keys, database and council. Safe to repeat."""
    settings = here.settings
    if not forget:
        _refuse_to_forget(settings)
    installing.make_folder(settings)
    store = create_store(settings)
    click.get_current_context().call_on_close(store.close)
    try:
        name = councils.show(store).name
    except NotSetUp:
        councils.set_up(store, Council.read(_asked(options)), here.by)
        if settings.route_map.exists():
            # Kept under another name: it is all that is left of what was printed.
            settings.route_map.replace(settings.route_map.with_name(f"{settings.route_map.name}.forgotten"))
        _let_in(here, admin)
        say(f"Set up in {settings.instance}. The report key is in {settings.keys / 'reports'}.")
        say("Next: qrbridge ward load, qrbridge location import, qrbridge service add, qrbridge notice add.")
        return
    if admin and not people.list_all(store):
        _let_in(here, admin)
        return
    if given(**options, admin=admin):
        raise Conflict(f"{name} is set up here already. `qrbridge council set` changes its details.")
    say(f"{name} is set up here already; nothing was changed.")


def _refuse_to_forget(settings: Settings) -> None:
    """Refuse to begin anew where codes were printed from here, and only their database is lost."""
    with closing(RouteMap(settings.route_map)) as routes:
        printed = routes.count()
    if printed and not _has_council(settings):
        raise Conflict(
            f"{settings.route_map} knows {counted(printed, 'printed code')}, and there is no council in the database. "
            "Put the database back from a backup, or name the right one: until then `qrbridge serve` redirects from "
            "what is known. To begin anew and let those codes die, say --forget-printed-codes."
        )


def _has_council(settings: Settings) -> bool:
    try:
        with closing(open_store(settings)) as store:
            councils.show(store)
    except NotSetUp:
        return False
    return True


def _let_in(here: Here, admin: str | None) -> None:
    """Give the first admin a link; a person at a terminal is asked who that is."""
    if not admin and sys.stdin.isatty():
        question = "Your e-mail address, to sign in to the staff pages with (empty: later, with `qrbridge person add`)"
        admin = click.prompt(question, default="", show_default=False)
    if admin:
        first_admin(here, admin)


def _asked(options: dict[str, str | None]) -> dict[str, Any]:
    """The options, and where a person is there to answer, what was not given."""
    if not sys.stdin.isatty():
        return given(**options)
    answers = {}
    for name, text in FIELDS.items():
        if name in LATER and not options[name]:
            continue
        question = f"{text}\n{name.replace('_', ' ')}"
        answers[name] = options[name] or click.prompt(question, prompt_suffix=": ", value_proc=_checked(name))
    return answers


def _checked(name: str) -> Callable[[str], str]:
    """Check an answer as it is given, so that one mistake does not cost the others."""

    def check(answer: str) -> str:
        try:
            Council.read({name: answer})
        except InvalidInput as error:
            said = [problem.sentence for problem in error.problems if problem.field == name]
            if said:
                raise click.UsageError(" ".join(said)) from None
        return answer

    return check
