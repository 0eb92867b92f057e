"""Files that one machine made or was sent, and that any machine of the installation must be able to hand over.

Each machine has them in its own folder, where it works with them. Where machines share a store, in PostgreSQL, they are
kept there too, and come from there to a machine that has not got them. In SQLite there is one machine, and its folder.
"""

import secrets
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import IO

from qrbridge.store import Store

# One row each, and as much memory.
PART_BYTES = 1_000_000

_ALONE = "sqlite"


def keep(store: Store, owner: str, files: Iterable[Path]) -> None:
    """Keep files where every machine can get at them, under whatever they are of: a job or an upload."""
    if store.engine == _ALONE:
        return
    with store.atomic():
        store.run("shared_files.drop", owner=owner)
        for path in files:
            with path.open("rb") as file:
                for part, content in enumerate(_parts(file)):
                    store.run("shared_files.keep", owner=owner, name=path.name, part=part, content=content)


def is_here(store: Store, owner: str, path: Path) -> bool:
    """Whether a file is at its place on this machine, now that it was fetched if another machine had kept it."""
    if not path.exists() and store.engine != _ALONE:
        _fetch(store, owner, path)
    return path.exists()


def drop(store: Store, owner: str) -> None:
    """Keep the files of a job or an upload no longer."""
    if store.engine != _ALONE:
        store.run("shared_files.drop", owner=owner)


def _fetch(store: Store, owner: str, path: Path) -> None:
    parts = _kept(store, owner, path.name)
    first = next(parts, None)
    if first is None:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Beside its place until it is whole: two may fetch it at once, and either may be killed.
    beside = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with beside.open("wb") as file:
            file.writelines(chain([first], parts))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _kept(store: Store, owner: str, name: str) -> Iterator[bytes]:
    """The pieces of a file, each asked for when it is wanted; none where it is not kept."""
    for part in count():
        rows = store.rows("shared_files.show", owner=owner, name=name, part=part)
        if not rows:
            return
        yield rows[0]["content"]


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces; one of no bytes is a piece too."""
    yield file.read(PART_BYTES)
    while content := file.read(PART_BYTES):
        yield content
