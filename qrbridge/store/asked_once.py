"""A store that asks each question once: for one request, whose parts each look up the council or a service."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from qrbridge.store.base import Row, Store

Asked = tuple[str, tuple[tuple[str, Any], ...]]


class AskedOnce:
    """Answers the same question from memory until something is changed through it; inside a transaction it never does.

    Not for threads, nor for longer than a request: what others change meanwhile is not seen.
    """

    def __init__(self, store: Store) -> None:
        self.engine = store.engine
        self._store = store
        self._answers: dict[Asked, list[Row]] = {}
        self._transactions = 0

    def rows(self, question: str, /, **values: Any) -> list[Row]:
        """Every row that answers the question, each the asker's own."""
        if self._transactions:
            return self._store.rows(question, **values)
        asked = (question, tuple(sorted(values.items())))
        if asked not in self._answers:
            self._answers[asked] = self._store.rows(question, **values)
        return [dict(row) for row in self._answers[asked]]

    def run(self, question: str, /, **values: Any) -> int:
        """Change what the question says and return how many rows that touched."""
        self._answers.clear()
        return self._store.run(question, **values)

    def run_many(self, question: str, many: Iterable[Mapping[str, Any]], /) -> None:
        """Run one change for each set of values, all in one transaction."""
        self._answers.clear()
        self._store.run_many(question, many)

    def script(self, sql: str, /) -> None:
        """Run the statements of a script inside the present transaction."""
        self._answers.clear()
        self._store.script(sql)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction, in which every question is asked: a verb looks again at what it is about to change."""
        self._transactions += 1
        try:
            with self._store.atomic():
                yield
        finally:
            self._transactions -= 1
            self._answers.clear()

    def close(self) -> None:
        """Let go of every connection."""
        self._store.close()
