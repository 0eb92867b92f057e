"""An uploaded list of locations: what each row would do, and keeping exactly that."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from qrbridge.audit import By, Many
from qrbridge.errors import Conflict, NotFound
from qrbridge.installation import take_turn
from qrbridge.places import locations
from qrbridge.places.locations import Location
from qrbridge.store import Row, Store
from qrbridge.uploads import location_import
from qrbridge.uploads import rows as upload_rows
from qrbridge.uploads.location_import import BATCH, Decided
from qrbridge.uploads.location_plan import How, Plan, becomes_of, outcome_of
from qrbridge.uploads.rows import TO_MEND, Remark, Summary, UploadedRow


def look(store: Store, path: Path, columns: Mapping[str, str], tell: Callable[[UploadedRow], None]) -> Summary:
    """Read a file once and tell every row of it; `UnreadableFile` where it is no list."""
    planned = location_import.plan(store, path, How(columns), lambda decided: tell(_row(decided)))
    return Summary(
        read_as=planned.read_as,
        headers=planned.headers,
        matched=planned.matched,
        unused=planned.unused,
        notes=tuple(planned.notes),
        questions=tuple(vars(question) for question in planned.questions),
        confirm=tuple(planned.confirm),
    )


def keep(store: Store, rows: Iterator[UploadedRow], by: By, name: str) -> dict[str, int]:
    """Keep what the rows say inside the present transaction; `Conflict` where one is no longer as it was shown."""
    take_turn(store, "places")
    counts: Counter[str] = Counter()
    changes = Many(store, by)
    while batch := list(islice(rows, BATCH)):
        near = location_import.kept_near(store, [row.before["reference"] for row in batch if row.before])
        pairs = [(_as_shown(store, row, near), Location(**row.chosen)) for row in batch]
        counts.update(becomes_of(before, after) for before, after in pairs)
        location_import.keep(store, pairs, changes)
    changes.done(location_import.imported(name, counts))
    return {becomes: counts[becomes] for becomes in ("new", "changed")}


def to_mend(store: Store, planned: Plan) -> Iterator[list[str]]:
    """The rows of a planned file that are refused, or to be looked at, as a table to put right and import again."""
    rows = (_row(decided) for decided in location_import.decided(store, planned))
    return upload_rows.to_mend(planned.headers, (row for row in rows if row.outcome in TO_MEND))


def _row(decided: Decided) -> UploadedRow:
    outcome, before, after = decided
    remarks = [
        *(Remark(bad.column, bad.value, bad.remedy) for bad in outcome.refusals),
        *(Remark(warned.column, warned.value, warned.sentence, meant=warned.meant) for warned in outcome.warnings),
        *(Remark(repair.column, repair.old, repaired=repair.new) for repair in outcome.repairs),
    ]
    comes = outcome_of(outcome, after)
    return UploadedRow(
        outcome.line,
        comes,
        becomes_of(before, after),
        before=_details(before),
        after=_details(after),
        remarks=tuple(remarks),
        cells=outcome.cells if comes in TO_MEND else (),
    )


def _details(location: Location | None) -> dict[str, Any]:
    return dict(vars(location)) if location else {}


def _as_shown(store: Store, row: UploadedRow, near: Mapping[str, Row]) -> Location | None:
    """The location as it was shown, where it still is so; a new one that is there by now the store refuses itself."""
    if not row.before:
        return None
    shown = Location(**row.before)
    try:
        kept = Location(**near[shown.reference]) if shown.reference in near else locations.show(store, shown.reference)
    except NotFound:
        kept = None
    if kept != shown:
        raise Conflict(f"“{shown.reference}” was changed since this file was read.")
    return shown
