"""An uploaded table of postcodes and wards: what each row would do, and keeping exactly that."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from qrbridge import audit, locations, sheets, wards
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict
from qrbridge.sheets.headers import match_headers
from qrbridge.store import Row, Store
from qrbridge.upload_rows import Remark, Summary, UploadedRow
from qrbridge.wards import BATCH, Areas, Place


def look(store: Store, path: Path, columns: Mapping[str, str], tell: Callable[[UploadedRow], None]) -> Summary:
    """Read a table once and tell every row of it; `UnreadableFile` where it is none."""
    sheet = sheets.open_sheet(path)
    match = match_headers(sheet.headers, wards.COLUMNS, columns)
    questions = wards.questions(match)
    if not questions:
        kept = _Kept(store)
        for read, cells in wards.read_rows(sheet, match):
            tell(_good(read, kept) if isinstance(read, Place) else _bad(read, cells))
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
    locations.take_turn(store)
    kept, counts = _Kept(store), Counter[str]()
    while batch := list(islice(rows, BATCH)):
        places = [Place(row.line, "", **row.after) for row in batch]
        for place, row in zip(places, batch, strict=True):
            if kept.of(place.postcode) != dict(row.before):
                raise Conflict(f"“{place.postcode}” was changed since this file was read.")
        counts.update(row.becomes for row in batch)
        wards.keep(store, places)
    done = {becomes: counts[becomes] for becomes in ("new", "changed")}
    done["filled_wards"], done["filled_coordinates"] = wards.fill(store)
    audit.write(store, by, Change("ward", name, "load", {}, done))
    return done


class _Kept:
    """What is kept of postcodes, as a row says it."""

    def __init__(self, store: Store) -> None:
        self._areas = Areas(store)
        self._names = wards.names(store)

    def of(self, postcode: str) -> Row:
        area = self._areas.of(postcode)
        return {**area, "name": self._names[area["ward"]]} if area else {}


def _good(place: Place, kept: _Kept) -> UploadedRow:
    before, after = kept.of(place.postcode), {"postcode": place.postcode, **place.area}
    becomes = "new" if not before else "same" if before == after else "changed"
    repaired = place.given != place.postcode
    remarks = (Remark("postcode", place.given, repaired=place.postcode),) if repaired else ()
    return UploadedRow(place.line, "repaired" if repaired else "accepted", becomes, before, after, remarks)


def _bad(bad: sheets.BadRow, cells: tuple[str, ...]) -> UploadedRow:
    return UploadedRow(
        bad.line, "refused", "refused", remarks=(Remark(bad.column, bad.value, bad.remedy),), cells=cells
    )
