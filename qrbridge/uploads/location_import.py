"""Locations from a spreadsheet: a plan that says what each row would do, then an import of all of it or nothing."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from qrbridge import spreadsheets
from qrbridge.audit import By, Change, Many
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.installation import take_turn
from qrbridge.places import locations
from qrbridge.places.areas import Areas
from qrbridge.places.locations import Location
from qrbridge.spreadsheets import Sheet, cells
from qrbridge.spreadsheets.headers import Match, match_headers
from qrbridge.store import Row, Store
from qrbridge.uploads.location_columns import COLUMNS, Survey, questions, survey
from qrbridge.uploads.location_plan import Counts, How, Plan, becomes_of, outcome_of
from qrbridge.uploads.location_rows import Outcome, RowReader

NO_POSTCODES = "No postcode table is loaded, so wards are not filled in."
# Kinds put right that are said of a file.
KINDS_SAID = 20

# Locations kept at a time: enough for speed, few enough for memory.
BATCH = 1_000

# One row as it was read, its location as kept now, and as it would be; the latter is None for a refused row.
Decided = tuple[Outcome, Location | None, Location | None]


@dataclass
class _Open:
    """A file open for import: its columns, its rows read through once, and the rows' reader."""

    sheet: Sheet
    match: Match
    survey: Survey
    reader: RowReader


def plan(store: Store, path: Path, how: How | None = None, tell: Callable[[Decided], None] | None = None) -> Plan:
    """Say what importing a file would do, changing nothing; `UnreadableFile` where it is no list at all.

    `tell` is called with every row as it is decided.
    """
    how = how or How()
    planned = Plan(path, how, _digest(path))
    sheet = spreadsheets.open_sheet(path, how.delimiter)
    match = match_headers(sheet.headers, COLUMNS, how.columns)
    planned.read_as, planned.headers = sheet.read_as, sheet.headers
    planned.unused, planned.columns, planned.matched = match.unused, match.in_words(), match.named()
    planned.questions = questions(sheet, match)
    if not planned.questions:
        opened = _opened(store, sheet, match)
        for row in _decided(store, opened):
            planned.add(*row)
            if tell:
                tell(row)
        _remark(planned, opened, store)
    return planned


def apply(store: Store, planned: Plan, by: By, confirmed: bool = False) -> Counts:
    """Import what was planned, all or nothing, leaving out refused rows; the same file again changes nothing.

    `InvalidInput` while a question is open, or while `confirm` has not been agreed to; `Conflict` where the file is
    no longer the one that was planned.
    """
    asked = [] if confirmed else [Problem("confirm", sentence) for sentence in planned.confirm]
    if planned.questions or asked:
        raise InvalidInput([*planned.questions, *asked])
    if _digest(planned.path) != planned.digest:
        raise Conflict(f"{planned.path.name} has changed since it was looked at. Look at it again, then import it.")
    rows, done = decided(store, planned), Plan(planned.path, planned.how, planned.digest)
    with store.atomic():
        take_turn(store, "places")
        changes = Many(store, by)
        while batch := list(islice(rows, BATCH)):
            for outcome, before, after in batch:
                done.add(outcome, before, after)
            keep(store, [(before, after) for _, before, after in batch if after], changes)
        changes.done(imported(done.path.name, asdict(done.counts)))
    return done.counts


def outcomes(store: Store, planned: Plan) -> Iterator[dict[str, Any]]:
    """Every row of a planned file as plain data: its line, what comes of it and why. One row at a time."""
    for outcome, before, after in decided(store, planned):
        yield {
            "line": outcome.line,
            "outcome": outcome_of(outcome, after),
            "becomes": becomes_of(before, after),
            "location": vars(after) if after else None,
            "repairs": [asdict(repair) for repair in outcome.repairs],
            "warnings": [asdict(warning) for warning in outcome.warnings],
            "refusals": [refusal.said for refusal in outcome.refusals],
        }


def decided(store: Store, planned: Plan) -> Iterator[Decided]:
    """Every row of a planned file as it was decided, read from the file again one at a time."""
    sheet = spreadsheets.open_sheet(planned.path, planned.how.delimiter)
    return _decided(store, _opened(store, sheet, match_headers(sheet.headers, COLUMNS, planned.how.columns)))


def _opened(store: Store, sheet: Sheet, match: Match) -> _Open:
    found = survey(sheet, match.columns)
    return _Open(sheet, match, found, RowReader(match.columns, found, Areas(store)))


def _decided(store: Store, opened: _Open) -> Iterator[Decided]:
    kept = {hash(cells.folded(reference)) for reference in _references(store)}
    areas = Areas(store)
    rows = opened.sheet.rows()
    while batch := [opened.reader.read(row) for row in islice(rows, BATCH)]:
        near = kept_near(store, [outcome.said["reference"] for outcome in batch if _folded(outcome) in kept])
        for outcome in batch:
            before = _kept(store, outcome, near) if _folded(outcome) in kept else None
            yield outcome, before, None if outcome.refusals else _after(outcome, before, areas)


def _folded(outcome: Outcome) -> int:
    return hash(cells.folded(outcome.said.get("reference", "")))


def kept_near(store: Store, references: list[str]) -> dict[str, Row]:
    """Most of the locations kept under the references, in one question: files are mostly in their order."""
    if not references:
        return {}
    rows = store.rows("locations.between", first=min(references), last=max(references), most=2 * BATCH)
    return {row["reference"]: row for row in rows}


def _references(store: Store) -> Iterator[str]:
    after = ""
    while page := store.rows("locations.references", after=after, most=BATCH):
        yield from (row["reference"] for row in page)
        after = page[-1]["reference"]


def _kept(store: Store, outcome: Outcome, near: Mapping[str, Row]) -> Location | None:
    """The location kept under this reference; where it is kept in other capitals, those stand."""
    given = outcome.said["reference"]
    if given in near:
        return Location(**near[given])
    try:
        kept = locations.show(store, given)
    except NotFound:
        return None
    if kept.reference != given:
        outcome.said["reference"] = kept.reference
        outcome.repair("reference", given, kept.reference)
    return kept


def _after(outcome: Outcome, before: Location | None, areas: Areas) -> Location | None:
    """A location as a row would leave it: a blank cell erases nothing, and a new postcode brings its own ward."""
    said = outcome.said
    details = {**vars(before), **said} if before else dict(said)
    if before and said.get("postcode", before.postcode) != before.postcode:
        details |= {name: said.get(name) for name in ("ward", "latitude", "longitude")}
    details["setting"] = details.get("setting") or outcome.usual_setting
    location = Location(**details)
    if not location.address and not location.postcode and location.latitude is None:
        outcome.refuse("address", "", "there is no address, postcode or coordinates; enter one so it can be found")
        return None
    if location.ward and location.latitude is not None:
        return location
    return locations.with_area(location, areas.of(location.postcode))


def keep(store: Store, pairs: list[tuple[Location | None, Location]], changes: Many) -> None:
    """Keep locations, each given as it is now and as it will be."""
    store.run_many("locations.add", [locations.as_kept(after) for before, after in pairs if before is None])
    changed = [(before, after) for before, after in pairs if before is not None and before != after]
    store.run_many("locations.set", [locations.as_kept(after) for _, after in changed])
    changes.add(
        Change("location", after.reference, "change" if before else "add", vars(before) if before else {}, vars(after))
        for before, after in pairs
        if before != after
    )


def imported(name: str, counts: Mapping[str, int]) -> Change:
    """An import of very many locations as one line of the record: the file's name and the counts."""
    return Change("location", name, "import", {}, counts)


def _remark(planned: Plan, opened: _Open, store: Store) -> None:
    """What is to be said of the file as a whole: first what needs a yes, then what is good to know."""
    guesses = [note for note in opened.sheet.notes if "Check that" in note]
    planned.confirm += guesses
    planned.notes += [note for note in opened.sheet.notes if note not in guesses]
    if opened.survey.is_one_point:
        planned.confirm.append(
            f"All {opened.survey.rows:,} rows have the same coordinates, which is most often a fault of the file. "
            "Delete both columns to have coordinates from postcodes, or confirm that it is right."
        )
    if opened.sheet.blank_rows:
        planned.notes.append(f"{opened.sheet.blank_rows:,} blank rows between the others were passed over.")
    planned.notes += [
        f"kind: “{old}” is kept as “{new}” ({n:,} rows)."
        for (old, new), n in opened.reader.kinds.most_common(KINDS_SAID)
    ]
    if "postcode" not in opened.match.columns:
        planned.notes.append("There is no postcode column, so wards cannot be looked up.")
    elif not Areas(store).are_loaded:
        planned.notes.append(NO_POSTCODES)


def _digest(path: Path) -> str:
    spreadsheets.check_size(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
