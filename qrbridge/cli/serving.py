"""`qrbridge serve`, `work` and `doctor`: running an installation and asking how it is."""

import json
import logging
import os
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import click

from qrbridge import settings as boot
from qrbridge.cli.context import Here, pass_here
from qrbridge.cli.output import say
from qrbridge.serving.giving_way import give_way
from qrbridge.settings import MAX_PORT, MAX_WORKERS, Settings
from qrbridge.upkeep import disks


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

    good, sentence = _look()
    if not good:
        say(f"Residents are served; staff cannot sign in. {sentence}.", err=True)
    server.serve(settings, lambda: say(f"Serving on http://{settings.host}:{settings.port}/ (Ctrl-C stops)"))


@click.command(epilog="\b\nExample:\n  qrbridge work")
@pass_here
def work(here: Here) -> None:
    """Do the chores that go by the clock. `qrbridge serve` runs this beside itself."""
    from qrbridge.serving import chores, ticker

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    give_way()
    chores.work(here.settings, here.store, ticker.parent_is_there)


@click.command(epilog="\b\nExamples:\n  qrbridge doctor\n  qrbridge doctor --port 8080")
@click.option("--port", type=click.IntRange(1, MAX_PORT), help="Where the server listens, if not as set.")
@pass_here
def doctor(here: Here, /, port: int | None) -> None:
    """Say how this installation is: folders, keys, database, council, and the server if it is running."""
    settings = with_values(here.settings, port=port)
    checks = [
        _folder(settings),
        _disk(settings),
        _keys(settings),
        _look(),
        _database(here),
        _email(here),
        _server(settings),
    ]
    for good, sentence in checks:
        say(f"{'ok ' if good else 'NO '} {sentence}")
    if not all(good for good, _ in checks):
        raise click.ClickException("Something needs attention; see the lines that begin with NO.")


def _folder(settings: Settings) -> tuple[bool, str]:
    there = settings.instance.is_dir() and os.access(settings.instance, os.W_OK)
    return there, f"instance folder {settings.instance}" + ("" if there else " is missing or cannot be written to")


def _disk(settings: Settings) -> tuple[bool, str]:
    kind = disks.kind(settings.instance)
    if kind in disks.COPYING:
        return (
            True,
            f"disk: {kind}; keep some of it free, since a full one can end web processes (decisions/journal.md)",
        )
    return True, f"disk: {kind or 'of a kind not known'}"


def _keys(settings: Settings) -> tuple[bool, str]:
    kept = [settings.keys / name for name in boot.KEYS]
    missing = [path.name for path in kept if not path.exists()]
    if missing:
        return False, f"keys: {', '.join(missing)} missing in {settings.keys}; `qrbridge init` makes them"
    if settings.smtp_password or settings.oidc_secret:
        kept.append(settings.instance / "settings.toml")
    loose = [str(path) for path in kept if path.exists() and path.stat().st_mode & 0o077]
    if loose:
        return False, f"keys: {', '.join(loose)} can be read by others; chmod 600 them"
    return True, f"keys in {settings.keys}; the report key is {settings.keys / 'reports'}"


def _look() -> tuple[bool, str]:
    from qrbridge.web import assets

    missing = assets.missing()
    if missing:
        return False, f"look of the staff pages: {missing[0]} is missing; `make setup` makes it"
    return True, "look of the staff pages is made"


def _email(here: Here) -> tuple[bool, str]:
    from qrbridge.errors import QrbridgeError
    from qrbridge.work import outbox

    settings = here.settings
    if not outbox.is_on(settings):
        half = settings.smtp_host or settings.email_from
        return not half, "e-mail: " + ("smtp_host and email_from must both be set" if half else "none is sent")
    try:
        waiting = outbox.waiting(here.store)
    except QrbridgeError as error:
        return False, f"e-mail: {error}"
    said = f"e-mail through {settings.smtp_host}: {waiting['messages']} waiting"
    return not waiting["problem"], f"{said}; {waiting['problem']}" if waiting["problem"] else said


def _database(here: Here) -> tuple[bool, str]:
    from qrbridge.council import council
    from qrbridge.errors import QrbridgeError

    try:
        name = council.show(here.store).name
        links = here.store.rows("links.count")[0]["links"]
    except QrbridgeError as error:
        return False, f"database: {error}"
    where = "PostgreSQL" if here.settings.database else str(here.settings.database_file)
    return True, f"database {where}: {name}, {links:,} links"


def _server(settings: Settings) -> tuple[bool, str]:
    address = f"http://{settings.host}:{settings.port}/health"
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        said = _read(error)
    except (OSError, ValueError):
        return True, f"server: none of ours answers at {address}; `qrbridge serve` starts it"
    if "qrbridge" not in said:
        return True, f"server: what answers at {address} is not qrbridge"
    problems = [said[part]["problem"] for part in ("store", "route_map", "journal") if said[part].get("problem")]
    waiting = (
        f"{said['journal']['waiting_bytes']:,} bytes of scans wait to be added up, {said['uncounted']:,} went uncounted"
    )
    return said[
        "status"
    ] == "ok" and not problems, f"server at {address}: {' '.join([said['status'], *problems])}; {waiting}"


def _read(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        said = json.load(error)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
