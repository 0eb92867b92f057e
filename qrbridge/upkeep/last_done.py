"""What this machine's worker does by the clock: when each thing was last done here, and how it ended.

A small file in the instance folder, so that `/health` and `qrbridge doctor` can tell while the store is away.
"""

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "chores.json"


@dataclass(frozen=True)
class Done:
    """One thing done by the clock: what for, how often, when it last ended (UTC; empty: not yet) and what was wrong."""

    name: str
    about: str
    every: str
    at: str = ""
    problem: str = ""


def read(instance: Path) -> list[Done]:
    """All there is, in its order; nothing where no worker has run here yet, or what it left cannot be read."""
    try:
        return [Done(**one) for one in json.loads((instance / FILE).read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def begin(instance: Path, known: Iterable[Done]) -> None:
    """Put down what a worker does from now on; what was last done of it stays."""
    before = {one.name: one for one in read(instance)}
    held = [(one, before.get(one.name, one)) for one in known]
    _keep(instance, [replace(one, at=last.at, problem=last.problem) for one, last in held])


def keep(instance: Path, name: str, at: str, problem: str) -> None:
    """Put down that one of them has ended."""
    _keep(instance, [replace(one, at=at, problem=problem) if one.name == name else one for one in read(instance)])


def _keep(instance: Path, all_of_them: Iterable[Done]) -> None:
    """Write the file anew, whole or not at all; what is done matters more than its being put down."""
    draft = instance / f".{FILE}.{os.getpid()}"
    try:
        draft.write_text(json.dumps([asdict(one) for one in all_of_them], ensure_ascii=False, indent=1), "utf-8")
        draft.replace(instance / FILE)
    except OSError as error:
        log.warning("%s cannot be written: %s", instance / FILE, error.strerror)
