"""Files of locations or wards that people have uploaded: what is kept of each, its rows, and what was chosen for them.

An upload belongs to the person who made it and is known by an id that nobody can guess, so two people who upload at
once never meet.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from qrbridge.audit import By
from qrbridge.errors import InvalidInput, NotFound, Problem
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.store import Row, Store
from qrbridge.uploads import rows as upload_rows
from qrbridge.uploads.rows import CHOICES, OUTCOMES, Summary, UploadedRow, opened, written

LISTING = Listing({"line": "Line"}, filters=("outcome",))
OPEN_STATES = ("reading", "asking", "read")

# Rows read at a time.
BATCH = 1_000


@dataclass(frozen=True)
class Upload:
    """An uploaded file: what it holds, whose it is, its name, how far it is, and what is said of it as a whole."""

    id: str
    kind: str
    owner: str
    name: str
    state: str
    columns: Mapping[str, str]
    summary: Summary
    made_at: str
    ends_at: str

    def count(self, what: str) -> int:
        """How many rows have an outcome, or become new, changed or the same."""
        return self.summary.counts.get(what, 0)

    @property
    def left(self) -> int:
        """How many rows were refused or left out when it was imported."""
        return self.count("refused") + self.summary.done.get("left_out", 0)


def show(store: Store, key: str, by: By) -> Upload:
    """One upload of this person; `NotFound` for any other, so that nobody learns of those of others."""
    rows = store.rows("uploads.show", id=key, owner=by.who)
    if not rows:
        raise NotFound("upload", key, "It is not one of yours, or it was discarded.")
    return _opened(rows[0])


def to_be_mended(store: Store, by: By) -> list[Upload]:
    """The uploads this person has imported whose other rows are still kept, newest first."""
    return [upload for row in store.rows("uploads.imported", owner=by.who) if (upload := _opened(row)).left]


def unfinished(store: Store, by: By) -> list[Upload]:
    """The uploads this person has begun and neither imported nor discarded, newest first."""
    return [_opened(row) for row in store.rows("uploads.unfinished", owner=by.who)]


def rows(store: Store, upload: Upload, wanted: Wanted) -> Found:
    """A page of the rows of an upload that have one outcome, in the order of the file."""
    outcome = wanted.filters.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else first_outcome(upload)
    wanted = replace(wanted, filters={"outcome": outcome})
    if (wanted.page - 1) * LISTING.per_page >= upload.count(outcome):
        wanted = replace(wanted, page=1)
    values = {name: wanted.values[name] for name in ("outcome", "most", "offset")}
    return Found(wanted, store.rows("uploads.rows", upload=upload.id, **values), upload.count(outcome))


def opened_rows(found: Found) -> list[UploadedRow]:
    """The rows of a page."""
    return [opened(row) for row in found.rows]


def first_outcome(upload: Upload) -> str:
    """The outcome to look at first: what is to be asked, else what was refused, else what was repaired."""
    return next((name for name in OUTCOMES if upload.count(name)), "accepted")


def open_rows(store: Store, upload: Upload) -> int:
    """How many rows are still to be asked about."""
    return int(store.rows("uploads.count_open", upload=upload.id)[0]["open"])


def choose(store: Store, upload: Upload, choices: Mapping[int, str]) -> None:
    """Say what is to be done with rows that are asked about, by their numbers."""
    check_open(upload)
    for choice in choices.values():
        _check_choice(choice)
    values = ({"upload": upload.id, "number": number, "choice": choice} for number, choice in choices.items())
    store.run_many("uploads.choose", values)


def choose_rest(store: Store, upload: Upload, choice: str) -> int:
    """Say the same of every row that is still to be asked about; returns how many there were."""
    check_open(upload)
    _check_choice(choice)
    if choice == "mend":
        raise InvalidInput([Problem("choice", "must be keep or leave: not every row can be put right")])
    return store.run("uploads.choose_rest", upload=upload.id, choice=choice)


def check_open(upload: Upload) -> None:
    """Refuse to go on with an upload that is done with."""
    if upload.state not in OPEN_STATES:
        raise InvalidInput(
            [Problem("upload", f"has been {upload.state} already; upload the file once more to change it")]
        )


def to_keep(store: Store, upload: Upload) -> Iterator[UploadedRow]:
    """Every row that importing changes something by, in the order of the file."""
    return _all_rows(store, "uploads.to_keep", upload)


def to_mend(store: Store, upload: Upload) -> Iterator[list[str]]:
    """The rows that are refused, or asked about and not to be kept, as a table to put right and upload again."""
    return upload_rows.to_mend(upload.summary.headers, _all_rows(store, "uploads.to_mend", upload))


def change(store: Store, upload: Upload) -> Upload:
    """Keep how far an upload is and what is said of it."""
    columns, summary = written(dict(upload.columns)), written(asdict(upload.summary))
    store.run("uploads.set", id=upload.id, state=upload.state, columns=columns, summary=summary)
    return upload


def as_kept(upload: Upload) -> Row:
    """An upload as the row that `uploads.add` takes."""
    return {**vars(upload), "columns": written(dict(upload.columns)), "summary": written(asdict(upload.summary))}


def _check_choice(choice: str) -> None:
    if choice not in CHOICES:
        raise InvalidInput([Problem("choice", f"“{choice}” must be one of {', '.join(CHOICES)}")])


def _all_rows(store: Store, question: str, upload: Upload) -> Iterator[UploadedRow]:
    after = 0
    while page := store.rows(question, upload=upload.id, after_number=after, most=BATCH):
        yield from (opened(row) for row in page)
        after = page[-1]["number"]


def _opened(row: Row) -> Upload:
    said: dict[str, Any] = json.loads(row["summary"])
    lists: dict[str, Any] = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    summary = Summary(**{**said, **lists})
    return Upload(**{**row, "columns": json.loads(row["columns"]), "summary": summary})
