"""What importing a file of locations would do: every row's outcome counted, and what must be asked first."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from qrbridge.errors import Problem
from qrbridge.places.locations import Location
from qrbridge.spreadsheets import BadRow
from qrbridge.uploads.location_rows import Outcome, Repair, Warned

# As many of each list in a plan as are kept, to be looked at; all are counted, and `outcomes` gives every row.
LISTED = 100


@dataclass(frozen=True)
class How:
    """How to read a file where that cannot be told: the column of a field by name, and what is between columns."""

    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None


@dataclass
class Counts:
    """Rows by what becomes of them. `new`, `same` and `changed` add up to the accepted, and with `refused` to all."""

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: int = 0
    repaired: int = 0
    warned: int = 0

    @property
    def accepted(self) -> int:
        """Rows that are or will be kept."""
        return self.new + self.same + self.changed

    def __str__(self) -> str:
        said = {"new": self.new, "the same": self.same, "changed": self.changed, "refused": self.refused}
        return ", ".join(f"{count:,} {what}" for what, count in said.items() if count) or "no rows"


@dataclass
class Plan:
    """What an import would do. `questions` must be answered first (by `How`); `confirm` must be agreed to."""

    path: Path
    how: How
    digest: str
    read_as: str = ""
    headers: tuple[str, ...] = ()
    # Field -> the name of the column it was found in, and the same in words.
    matched: Mapping[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    confirm: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    repairs: list[Repair] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    refusals: list[BadRow] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        """What is said of the file as a whole, as plain data."""
        return {
            "file": self.path.name,
            "read_as": self.read_as,
            "columns": self.columns,
            "unused": list(self.unused),
            "notes": self.notes,
            "questions": [asdict(question) for question in self.questions],
            "confirm": self.confirm,
            "counts": {**asdict(self.counts), "accepted": self.counts.accepted},
            "summary": str(self.counts),
        }

    def add(self, outcome: Outcome, before: Location | None, after: Location | None) -> None:
        """Count what becomes of one row, and list what is to be said of it."""
        counts, becomes = self.counts, becomes_of(before, after)
        setattr(counts, becomes, getattr(counts, becomes) + 1)
        _list(self.refusals, outcome.refusals)
        if after is not None:
            counts.repaired += bool(outcome.repairs)
            counts.warned += bool(outcome.warnings)
            _list(self.repairs, outcome.repairs)
            _list(self.warnings, outcome.warnings)


def becomes_of(before: Location | None, after: Location | None) -> str:
    """Whether a row is refused, or its location is new, the same or changed."""
    if after is None:
        return "refused"
    if before is None:
        return "new"
    return "same" if before == after else "changed"


def outcome_of(outcome: Outcome, after: Location | None) -> str:
    """Whether a row is refused, to be asked about, repaired or accepted as it stands."""
    if after is None:
        return "refused"
    return "asked" if outcome.warnings else "repaired" if outcome.repairs else "accepted"


def _list(listed: list[Any], more: Iterable[Any]) -> None:
    listed.extend(islice(more, max(0, LISTED - len(listed))))
