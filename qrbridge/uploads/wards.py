"""An uploaded table of postcodes and wards: what each row would do, and keeping exactly that."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from qrbridge import spreadsheets
from qrbridge.audit import By, Change, Many
from qrbridge.errors import Conflict
from qrbridge.installation import take_turn
from qrbridge.places import wards
from qrbridge.places.areas import Areas
from qrbridge.places.wards import BATCH, Place
from qrbridge.spreadsheets.headers import match_headers
from qrbridge.store import Store
from qrbridge.uploads import ward_import
from qrbridge.uploads.rows import Remark, Summary, UploadedRow


def look(store: Store, path: Path, columns: Mapping[str, str], tell: Callable[[UploadedRow], None]) -> Summary:
    """Read a table once and tell every row of it; `UnreadableFile` where it is none."""
    sheet = spreadsheets.open_sheet(path)
    match = match_headers(sheet.headers, ward_import.COLUMNS, columns)
    questions = ward_import.questions(match)
    if not questions:
        areas = Areas(store)
        for read, cells in ward_import.read_rows(sheet, match):
            tell(_good(read, areas) if isinstance(read, Place) else _bad(read, cells))
    return Summary(
        read_as=sheet.read_as,
        headers=sheet.headers,
        matched=match.named(),
        unused=match.unused,
        notes=tuple(sheet.notes),
        questions=tuple(vars(question) for question in questions),
    )


def keep(store: Store, rows: Iterator[UploadedRow], by: By, name: str) -> dict[str, int]:
    """Keep what the rows say inside the present transaction, and fill locations' wards and coordinates from it."""
    take_turn(store, "places")
    areas, counts, changes = Areas(store), Counter[str](), Many(store, by)
    while batch := list(islice(rows, BATCH)):
        pairs = [(areas.named(row.after["postcode"]), Place(row.line, "", **row.after)) for row in batch]
        for (kept, place), row in zip(pairs, batch, strict=True):
            if kept != dict(row.before):
                raise Conflict(f"“{place.postcode}” was changed since this file was read.")
        counts.update(row.becomes for row in batch)
        wards.keep(store, pairs, changes)
    done = {becomes: counts[becomes] for becomes in ("new", "changed")}
    done["filled_wards"], done["filled_coordinates"] = wards.fill(store, changes)
    changes.done(Change("ward", name, "load", {}, done), in_one_line=True)
    return done


def _good(place: Place, areas: Areas) -> UploadedRow:
    before, after = areas.named(place.postcode), place.said
    becomes = "same" if place.repeats or before == after else "changed" if before else "new"
    repaired = place.given != place.postcode
    remarks = (Remark("postcode", place.given, repaired=place.postcode),) if repaired else ()
    return UploadedRow(place.line, "repaired" if repaired else "accepted", becomes, before, after, remarks)


def _bad(bad: spreadsheets.BadRow, cells: tuple[str, ...]) -> UploadedRow:
    return UploadedRow(
        bad.line, "refused", "refused", remarks=(Remark(bad.column, bad.value, bad.remedy),), cells=cells
    )
