"""The sheets of a printing: each link with its location as a row, what the press sets of it, and the list of pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from qrbridge import codes
from qrbridge.errors import NotFound
from qrbridge.links.links import Link
from qrbridge.notices.editions import Edition, sheet_of
from qrbridge.places import locations
from qrbridge.press.design.words import Sheet
from qrbridge.printing import print_runs
from qrbridge.printing.spool import Spool
from qrbridge.store import Row, Store

CheckAddress = Callable[[str], str]
"""Gives the address of a link's hang check from its code."""


class Sheets:
    """What the press sets of each row, gone through as often as is wanted; with the address of its hang check for a
    hanging sheet."""

    def __init__(self, edition: Edition, rows: Iterable[Row], check_address: CheckAddress | None = None) -> None:
        self._edition, self._rows, self._check_address = edition, rows, check_address

    def __iter__(self) -> Iterator[Sheet]:
        for row in self._rows:
            check = self._check_address(row["code"]) if self._check_address else ""
            yield sheet_of(self._edition, row, check)


def of_links(store: Store, planned: Sequence[Link]) -> Spool:
    """The rows of links, kept or only planned, in ward then location order; `NotFound` for an unknown location."""
    codes_at = {link.location: link.code for link in planned}
    rows = Spool(_joined(store, codes_at), _walking_order)
    if len(rows) < len(codes_at):
        rows.close()
        known = {row["location"] for row in locations.to_print(store, codes_at)}
        raise NotFound("location", next(reference for reference in codes_at if reference not in known))
    return rows


def of_run(store: Store, number: int) -> Spool:
    """The rows of a run on record in their order, with the names that were printed."""
    return Spool(_on_record(print_runs.sheets(store, number)), itemgetter("position"))


def page_list(edition: Edition, rows: Iterable[Row]) -> Iterator[Sequence[Any]]:
    """Which page hangs where, as lines of a table."""
    yield ("Page", "Notice number", "Typed address", "Reference", "Location", "Address", "Postcode", "Ward", "Kind")
    for page, row in enumerate(rows, start=1):
        names = (row[name] or "" for name in ("location", "name", "address", "postcode", "ward", "kind"))
        yield (page, codes.spoken(row["code"]), codes.typed_at(edition.short_host, row["code"]), *names)


def _joined(store: Store, codes_at: dict[str, str]) -> Iterator[Row]:
    for row in locations.to_print(store, codes_at):
        yield {**row, "code": codes_at[row["location"]], "words": print_runs.own_words(row)}


def _walking_order(row: Row) -> tuple[bool, str, str, str]:
    return locations.walking_order(row["ward"], row["name"], row["location"])


def _on_record(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        words = row["words"]
        yield {**row, "name": words["location"], "ward": words["ward"]}
