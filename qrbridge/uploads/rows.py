"""What an uploaded file would do, row by row, as it is kept while somebody looks at it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from qrbridge.store import Row

# In the order they are looked at: first what needs somebody.
OUTCOMES = {"asked": "To be asked about", "refused": "Refused", "repaired": "Repaired", "accepted": "Accepted"}

# The outcomes of rows that somebody may put right in the file; of these its cells are kept.
TO_MEND = ("asked", "refused")
# What stands above the reasons in a file of such rows; read again, that column is left out.
WHAT_TO_DO = "What to do"

# What can be done with a row that is asked about. Only what was encoded twice can be put right.
CHOICES = {"keep": "Keep as it is", "mend": "Put right", "leave": "Leave out"}

# Columns whose value may be put right: a reference is never changed, since it says which location is meant.
MENDABLE = ("name", "address")


@dataclass(frozen=True)
class Remark:
    """One thing to say of a row: column and value, what that was repaired to or may be meant as, and a sentence."""

    column: str
    value: str
    sentence: str = ""
    repaired: str = ""
    meant: str = ""


@dataclass(frozen=True)
class UploadedRow:
    """One row: its line in the file, what comes of it, what is kept now and would be, and what is to be said."""

    line: int
    outcome: str
    becomes: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    cells: tuple[str, ...] = ()
    number: int = 0
    choice: str = ""

    @property
    def can_be_mended(self) -> bool:
        """Whether something in it was encoded twice and can be put right."""
        return any(remark.meant and remark.column in MENDABLE for remark in self.remarks)

    @property
    def chosen(self) -> Mapping[str, Any]:
        """What is kept of it as somebody chose."""
        if self.choice != "mend":
            return self.after
        return {**self.after, **{r.column: r.meant for r in self.remarks if r.meant and r.column in MENDABLE}}

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """What it would change of something kept already: each detail with its former and new value."""
        if not self.before or not self.after:
            return []
        return [(name, self.before[name], value) for name, value in self.chosen.items() if self.before[name] != value]

    def as_kept(self, upload: str, number: int) -> Row:
        """The row that `uploads.add_row` takes."""
        texts = {name: written(getattr(self, name)) for name in ("before", "after", "cells")}
        remarks = written([asdict(remark) for remark in self.remarks])
        plain = {"line": self.line, "outcome": self.outcome, "becomes": self.becomes}
        return {**plain, **texts, "remarks": remarks, "upload": upload, "number": number}


def opened(row: Row) -> UploadedRow:
    """A row as it was kept."""
    return UploadedRow(
        line=row["line"],
        outcome=row["outcome"],
        becomes=row["becomes"],
        before=json.loads(row["before"]),
        after=json.loads(row["after"]),
        remarks=tuple(Remark(**remark) for remark in json.loads(row["remarks"])),
        cells=tuple(json.loads(row["cells"])),
        number=row["number"],
        choice=row["choice"],
    )


@dataclass(frozen=True)
class Summary:
    """What is said of a file as a whole; `questions` must be answered before its rows, `confirm` agreed to after."""

    read_as: str = ""
    headers: tuple[str, ...] = ()
    matched: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Mapping[str, str], ...] = ()
    confirm: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, int] = field(default_factory=dict)


class Tally:
    """Counts rows by outcome and by what becomes of them."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, row: UploadedRow) -> None:
        """Count one row; a refused one becomes nothing."""
        self.counts.update([row.outcome] if row.outcome == "refused" else [row.outcome, row.becomes])


def to_mend(headers: Sequence[str], rows: Iterable[UploadedRow]) -> Iterator[list[str]]:
    """Rows to put right, as a table: what is wrong with each and what to do, then its cells as they came."""
    own = 1 if headers[:1] == (WHAT_TO_DO,) else 0
    yield [WHAT_TO_DO, *headers[own:]]
    for row in rows:
        yield [_what_to_do(row), *row.cells[own:]]


def _what_to_do(row: UploadedRow) -> str:
    said = [remark for remark in row.remarks if remark.sentence]
    shown = (f"{one.column} “{one.value}”" if one.value else one.column for one in said)
    reasons = (f"{what}: {one.sentence}" if what else one.sentence for what, one in zip(shown, said, strict=True))
    return f"Line {row.line}: {'. '.join(reasons)}."


def written(value: Any) -> str:
    """A value as JSON text, letters as they are."""
    return json.dumps(value, ensure_ascii=False)
