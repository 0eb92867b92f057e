"""What every engine can do, and the query and schema files they share."""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from qrbridge.errors import Problem

QUERIES = Path(__file__).parent / "queries"
SCHEMA = Path(__file__).parent / "schema"

# A quoted text or identifier is passed over, so that a colon inside one is never taken for a parameter.
PARAMETER = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|(?<!:):([a-z_]+)")

# Said where the engine finds what the verbs, who look first, did not: so something changed in between.
MISFIT = "This does not fit what is stored, because another change came first. Nothing was changed: try again."

# Said where what was entered is none of what the engines can hold, and whoever read it let it pass.
CANNOT_KEEP = Problem(
    "entered", "holds a number that is far too large, or a character that cannot be kept; nothing was changed"
)

# Said where the database is there and nothing is in it.
EMPTY = "There is nothing in the database yet."

Row = dict[str, Any]


class Store(Protocol):
    """One open store. A question is the name of a file in `queries/` without `.sql`; values fill its `:name`s."""

    engine: str

    def rows(self, question: str, /, **values: Any) -> list[Row]:
        """Every row that answers the question."""

    def run(self, question: str, /, **values: Any) -> int:
        """Change what the question says and return how many rows that touched."""

    def run_many(self, question: str, many: Iterable[Mapping[str, Any]], /) -> None:
        """Run one change for each set of values, all in one transaction."""

    def script(self, sql: str, /) -> None:
        """Run the statements of a schema script inside the present transaction."""

    def atomic(self) -> AbstractContextManager[None]:
        """One transaction: all of it or nothing. Inside another it joins that one."""

    def close(self) -> None:
        """Let go of every connection."""


@cache
def question_text(question: str) -> str:
    """The text of a query file."""
    return (QUERIES / f"{question}.sql").read_text("utf-8")


def schema_scripts() -> list[tuple[int, str]]:
    """The numbered schema scripts in order, as (number, text)."""
    return [(int(path.name[:4]), path.read_text("utf-8")) for path in sorted(SCHEMA.glob("[0-9]*.sql"))]


def statements(sql: str) -> list[str]:
    """The statements of a script; a semicolon inside quotes or a comment does not end one."""
    pieces, current = [], ""
    for token in re.split(r"('(?:[^']|'')*'|--[^\n]*|;)", sql):
        if token == ";":
            pieces.append(current)
            current = ""
        elif not token.startswith("--"):
            current += token
    return [piece.strip() for piece in [*pieces, current] if piece.strip()]
