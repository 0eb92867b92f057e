"""`qrbridge serve`, `work` and `doctor`: running an installation and asking how it is."""

from dataclasses import replace

import click

from qrbridge.cli import remedies
from qrbridge.cli.context import Here, pass_here
from qrbridge.cli.output import say
from qrbridge.serving import logs
from qrbridge.serving.giving_way import give_way
from qrbridge.settings import MAX_PORT, MAX_WORKERS, Settings
from qrbridge.upkeep import doctor as doctor_


@click.command(epilog="\b\nExamples:\n  qrbridge serve\n  qrbridge serve --port 8080 --workers 2")
@click.option("--port", type=click.IntRange(1, MAX_PORT), help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1, MAX_WORKERS), help="Web processes.")
@pass_here
def serve(here: Here, /, port: int | None, workers: int | None) -> None:
    """Redirect scans, count them and show pages, until stopped.

    Answers on this machine alone; put a proxy that speaks TLS in front.
    """
    run(with_values(here.settings, port=port, workers=workers))


def with_values(settings: Settings, port: int | None = None, workers: int | None = None) -> Settings:
    """The settings with some values in place of their own; None changes nothing."""
    return replace(settings, port=port or settings.port, workers=workers or settings.workers)


def run(settings: Settings) -> None:
    """Serve an installation, saying where it is."""
    # Imported here: no other command needs the server.
    from qrbridge.serving import server

    logs.begin()
    if missing := _missing_look():
        say(f"Residents are served; staff cannot sign in. {doctor_.look(missing).sentence}.", err=True)
    server.serve(settings, lambda: say(f"Serving on http://{settings.host}:{settings.port}/ (Ctrl-C stops)"))


@click.command(epilog="\b\nExample:\n  qrbridge work")
@pass_here
def work(here: Here) -> None:
    """Do the chores that go by the clock. `qrbridge serve` runs this beside itself."""
    from qrbridge.serving import chores, ticker

    logs.begin()
    give_way()
    chores.work(here.settings, here.store, ticker.parent_is_there)


@click.command(epilog="\b\nExamples:\n  qrbridge doctor\n  qrbridge doctor --port 8080")
@click.option("--port", type=click.IntRange(1, MAX_PORT), help="Where the server listens, if not as set.")
@pass_here
def doctor(here: Here, /, port: int | None) -> None:
    """Say how this installation is: folders, keys, database, council, and the server if it is running."""
    found = list(
        doctor_.checks(with_values(here.settings, port=port), lambda: here.store, _missing_look(), remedies.told)
    )
    for check in found:
        say(f"{'ok ' if check.good else 'NO '} {check.sentence}")
    if not all(check.good for check in found):
        raise click.ClickException("Something needs attention; see the lines that begin with NO.")


def _missing_look() -> str:
    # Imported here: what makes pages is not needed to look at an installation.
    from qrbridge.web import assets

    return str(next(iter(assets.missing()), ""))
