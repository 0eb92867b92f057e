"""How an installation is, a sentence for each thing that can be amiss, with what to do about it."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from qrbridge import settings as boot
from qrbridge import times
from qrbridge.council import council
from qrbridge.errors import QrbridgeError
from qrbridge.settings import Settings
from qrbridge.store import Store, check
from qrbridge.upkeep import disks, last_done
from qrbridge.upkeep.last_done import Done
from qrbridge.work import outbox

# A worker does something each minute; one that has not for so long has ended, or hangs.
SILENT = timedelta(minutes=10)
ANSWER_SECONDS = 2


Tell = Callable[[QrbridgeError], str]


class Check(NamedTuple):
    """Whether something is well, and the sentence that says it."""

    good: bool
    sentence: str


def checks(settings: Settings, open_store: Callable[[], Store], missing_look: str, tell: Tell = str) -> Iterator[Check]:
    """Everything there is to look at; `missing_look` is a file that staff pages are made with and that is not there.

    `tell` puts an error into words.
    """
    yield _folder(settings)
    yield _disk(settings)
    yield _keys(settings)
    yield look(missing_look)
    yield _database(settings, open_store, tell)
    yield _email(settings, open_store, tell)
    server = _server(settings)
    yield server.check
    yield from _by_itself(settings, server.answers)


def look(missing: str) -> Check:
    """Whether staff pages have what they are made with."""
    if missing:
        return Check(False, f"look of the staff pages: {missing} is missing; `make setup` makes it")
    return Check(True, "look of the staff pages is made")


def _folder(settings: Settings) -> Check:
    there = settings.instance.is_dir() and os.access(settings.instance, os.W_OK)
    amiss = "" if there else " is missing or cannot be written to"
    return Check(there, f"instance folder {settings.instance}{amiss}")


def _disk(settings: Settings) -> Check:
    kind = disks.kind(settings.instance)
    if kind in disks.COPYING:
        return Check(
            True, f"disk: {kind}; keep some of it free, since a full one can end web processes (decisions/journal.md)"
        )
    return Check(True, f"disk: {kind or 'of a kind not known'}")


def _keys(settings: Settings) -> Check:
    kept = [settings.keys / name for name in boot.KEYS]
    missing = [path.name for path in kept if not path.exists()]
    if missing:
        return Check(False, f"keys: {', '.join(missing)} missing in {settings.keys}; `qrbridge init` makes them")
    if settings.smtp_password or settings.oidc_secret:
        kept.append(settings.instance / "settings.toml")
    loose = [str(path) for path in kept if path.exists() and path.stat().st_mode & 0o077]
    if loose:
        return Check(False, f"keys: {', '.join(loose)} can be read by others; chmod 600 them")
    return Check(True, f"keys in {settings.keys}; the report key is {settings.keys / 'reports'}")


def _database(settings: Settings, open_store: Callable[[], Store], tell: Tell) -> Check:
    try:
        name = council.show(open_store()).name
        links = open_store().rows("links.count")[0]["links"]
        check(settings)
    except QrbridgeError as error:
        return Check(False, f"database: {tell(error)}")
    where = "PostgreSQL" if settings.database else str(settings.database_file)
    return Check(True, f"database {where}: {name}, {links:,} links")


def _email(settings: Settings, open_store: Callable[[], Store], tell: Tell) -> Check:
    if not outbox.is_on(settings):
        half = settings.smtp_host or settings.email_from
        return Check(not half, f"e-mail: {'smtp_host and email_from must both be set' if half else 'none is sent'}")
    try:
        waiting = outbox.waiting(open_store())
    except QrbridgeError as error:
        return Check(False, f"e-mail: {tell(error)}")
    said = f"e-mail through {settings.smtp_host}: {waiting['messages']} waiting"
    return Check(not waiting["problem"], f"{said}; {waiting['problem']}" if waiting["problem"] else said)


class _Server(NamedTuple):
    answers: bool
    check: Check


def _server(settings: Settings) -> _Server:
    address = f"http://{settings.host}:{settings.port}/health"
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        said = _read(error)
    except (OSError, ValueError):
        said = None
    if said is None:
        return _Server(False, Check(True, f"server: none of ours answers at {address}; `qrbridge serve` starts it"))
    if "qrbridge" not in said:
        return _Server(False, Check(True, f"server: what answers at {address} is not qrbridge"))
    problems = [said[part]["problem"] for part in ("store", "route_map", "journal") if said[part].get("problem")]
    waits = f"{said['journal']['waiting_bytes']:,} bytes of scans wait to be added up"
    sentence = f"server at {address}: {' '.join([said['status'], *problems])}; {waits}, {said['uncounted']:,} uncounted"
    return _Server(True, Check(said["status"] == "ok" and not problems, sentence))


def _read(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        said = json.load(error)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _by_itself(settings: Settings, server_answers: bool) -> Iterator[Check]:
    """Each thing that the worker of this machine does by the clock; what a worker that is gone left says so."""
    done = last_done.read(settings.instance)
    if not done:
        yield Check(not server_answers, "by the clock: no worker has run here yet; `qrbridge serve` starts one")
        return
    if server_answers and all(_is_silent(one) for one in done):
        yield Check(
            False,
            f"by the clock: nothing was done in the last {SILENT.seconds // 60} minutes; work.log in "
            f"{settings.instance} says why the worker ended, and starting `qrbridge serve` again starts it",
        )
    for one in done:
        last = f"last {times.moment_in_words(one.at)}" if one.at else "not yet"
        ended = f", failed: {one.problem}" if one.problem else ""
        yield Check(not one.problem, f"by the clock: {one.name}, {one.every}: {last}{ended}")


def _is_silent(one: Done) -> bool:
    return bool(one.at) and times.now() - times.moment(one.at) > SILENT
