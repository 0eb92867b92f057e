"""Changes to very many things, packed into text: a tenth of what a line of the record for each would take."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# What was done to one thing: its key, what was done, and its fields before and after.
Packed = tuple[str, str, Mapping[str, Any], Mapping[str, Any]]


def pack(changes: Iterable[Packed]) -> tuple[str, str]:
    """The keys of the changes, a line each, and the changes; of their fields only those that differ are kept."""
    differing = [(key, verb, *_differing(before, after)) for key, verb, before, after in changes]
    text = json.dumps(differing, ensure_ascii=False, separators=(",", ":"), default=str)
    keys = "".join(f"\n{key}" for key, *_ in differing) + "\n"
    return keys, base64.b64encode(zlib.compress(text.encode())).decode()


def unpack(content: str) -> Iterator[Packed]:
    """The changes as they were packed, in their order."""
    yield from json.loads(zlib.decompress(base64.b64decode(content)))


def named(key: str) -> str:
    """What `like ... escape '!'` takes to find the keys that hold this one; it may find others of other capitals."""
    literal = key.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%\n{literal}\n%"


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, on both sides; nothing is said of one that is empty on both."""
    names = [name for name in {**before, **after} if (before.get(name) or None) != (after.get(name) or None)]
    kept, made = ({name: side[name] for name in names if name in side} for side in (before, after))
    return kept, made
