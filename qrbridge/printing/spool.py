"""Rows that are put in order and read several times, and never all in memory."""

import json
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from qrbridge.store import Row


class Spool:
    """Rows in a temporary file, of which only their order and their places are kept in memory."""

    def __init__(self, rows: Iterable[Row], order: Callable[[Row], Any]) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        places = []
        for row in rows:
            places.append((order(row), self._file.tell()))
            self._file.write(json.dumps(row).encode() + b"\n")
        self._places = array("Q", (place for _, place in sorted(places)))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Row]:
        for place in self._places:
            self._file.seek(place)
            yield json.loads(self._file.readline())

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
