"""Every printing of a notice on record: what it said, what was proved, and which sheets have gone out of date since."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from qrbridge import audit, listing, qr, times
from qrbridge.audit import By, Change
from qrbridge.errors import CannotPrint, InvalidInput, NotFound
from qrbridge.installation import take_turn
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.notices import editions, notices
from qrbridge.notices.editions import Choices, Edition
from qrbridge.places.locations import walking_order
from qrbridge.press.press import ProofRecord
from qrbridge.store import Row, Store

SHEETS_AT_ONCE = 500
"""Sheets of a run read from the store at once, so that a run of any length takes no more memory than this many."""

LISTING = Listing(
    {"number": "Run", "notice": "Notice", "at": "When", "who": "By", "sheets": "Sheets"}, first="number-down"
)


@dataclass(frozen=True)
class PrintRun:
    """One printing as it is on record: whose, when, of what, how it was asked for, and what was proved."""

    number: int
    notice: str
    at: str
    who: str
    printable: str
    sheets: int
    edition: Mapping[str, Any]
    options: Mapping[str, Any]
    proof: Mapping[str, Any]
    warnings: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What came of a printing."""

    proof: ProofRecord
    warnings: Sequence[str]
    sheets: int


def keep(store: Store, edition: Edition, outcome: Outcome, sheets: Iterable[Row], by: By) -> int:
    """Put a printing on record, with the `code` and the own `words` of each of its sheets; returns its number."""
    with store.atomic():
        take_turn(store, "paper")
        number: int = store.rows("print_runs.next_number")[0]["number"]
        store.run("designs.add", digest=edition.design_digest, name=edition.design.name, content=edition.toml)
        store.run("print_runs.add", number=number, at=times.stamp(by.at), who=by.who, **_columns(edition, outcome))
        store.run_many("print_runs.add_sheet", _sheet_rows(number, sheets))
        after = {"run": number, "sheets": outcome.sheets, "sha256": outcome.proof.sha256}
        audit.write(store, by, Change("notice", edition.notice, "print", {}, after))
    return number


def show(store: Store, number: int) -> PrintRun:
    """One printing; `NotFound` where there is none of that number."""
    row = _held(store, number)
    names = ("number", "notice", "at", "who", "printable", "sheets")
    opened = {name: json.loads(row[name]) for name in ("edition", "options", "proof", "warnings")}
    return PrintRun(**{name: row[name] for name in names}, **opened)


def list_all(store: Store, notice: str | None = None) -> list[Row]:
    """Printings, the newest first, with what was proved of each as a mapping; of one notice or of all."""
    return [{**row, "proof": json.loads(row["proof"])} for row in store.rows("print_runs.list", notice=notice)]


def find(store: Store, wanted: Wanted) -> Found:
    """A page of printings of the notices whose keys are searched for."""
    return listing.find(store, "print_runs.find", "print_runs.count_found", wanted)


def edition(store: Store, number: int) -> Edition:
    """What the sheets of a printing had alike."""
    return editions.reopened(store, _held(store, number))


def sheets(store: Store, number: int) -> Iterator[Row]:
    """The sheets of a printing in their order: code, location and where it is now, and their words as a mapping."""
    last, found = 0, store.rows("print_runs.sheets", number=number, after_position=0, most=SHEETS_AT_ONCE)
    while found:
        for row in found:
            yield {**row, "words": json.loads(row["words"])}
            last = row["position"]
        found = store.rows("print_runs.sheets", number=number, after_position=last, most=SHEETS_AT_ONCE)


def out_of_date(store: Store, notice: str) -> list[Row]:
    """The sheets of a notice, in ward then location order, that would not be the same if printed again now.

    Those that hang (`state` is up) and those that were printed to be hung (made); not what is down or withdrawn. What
    was never printed on record is not among them. One that cannot be printed now has the `reason`, in words.
    """
    kept = notices.show(store, notice)

    @cache
    def now(options: str) -> tuple[Edition | None, str]:
        try:
            return editions.present(store, kept, Choices(**json.loads(options))), ""
        except (NotFound, InvalidInput, CannotPrint) as error:
            return None, str(error)

    printed = store.rows("print_runs.last_of_each", notice=notice)
    told = [{**row, "reason": now(row["options"])[1]} for row in printed]
    stale = [row for row in told if row["reason"] or _has_changed(row, now(row["options"])[0])]
    return sorted(stale, key=lambda row: walking_order(row["ward"], row["name"], row["location"]))


def reasons(stale: Iterable[Row]) -> list[str]:
    """Why some of the sheets that are out of date cannot be printed now, each reason once."""
    return [reason for reason in dict.fromkeys(row["reason"] for row in stale) if reason]


def out_of_date_on_walls(store: Store) -> dict[str, int]:
    """How many hanging sheets of each notice are out of date; notices without any are left out."""
    found = {row["key"]: _up(out_of_date(store, row["key"])) for row in notices.list_all(store) if row["up"]}
    return {key: count for key, count in found.items() if count}


def own_words(row: Row) -> dict[str, str]:
    """What a link's sheet says that others do not, from the link's row with its location."""
    street = ", ".join(part for part in (row["address"], row["postcode"]) if part)
    return {"location": row["name"], "ward": row["ward"] or "", "street": street}


def last_choices(row: Row) -> Choices:
    """How a sheet that is out of date was last printed."""
    return Choices(**json.loads(row["options"]))


def proof_sheet(proof: Mapping[str, Any]) -> list[tuple[str, object]]:
    """What was proved, in words, a line each."""
    margin = proof["margin"]
    return [
        ("pages, codes", f"{_many(proof['pages'], 'page')}, {_many(proof['codes'], 'code')}, every one read"),
        ("reads from", f"about {qr.distance_in_words(proof['distance_mm'])}"),
        (
            "modules",
            f"{proof['module_mm']:.2f} mm, contrast {margin['contrast']} %, {margin['quiet']:g} clear round it",
        ),
        ("measured", f"{_many(proof['measured'], 'code')}, the worst of which reads"),
        (
            "  with",
            f"{margin['pixels']:g} pixels a module seen straight, {margin['held']:g} held in a hand; a phone has 3",
        ),
        ("  blurred", f"by up to {margin['blur']:g} of a module"),
        ("  turned", f"by up to {margin['turn']} degrees"),
        ("file", f"{proof['bytes'] / 1000:,.0f} kB, sha256 {proof['sha256']}"),
    ]


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _up(rows: Iterable[Row]) -> int:
    return Counter(row["state"] for row in rows)["up"]


def _has_changed(row: Row, now: Edition | None) -> bool:
    if now is None or row["fingerprint"] != now.fingerprint:
        return True
    return now.shown(json.loads(row["words"])) != now.shown(own_words(row))


def _held(store: Store, number: int) -> Row:
    rows = store.rows("print_runs.show", number=number)
    if not rows:
        raise NotFound("print-run", str(number))
    return rows[0]


def _columns(edition: Edition, outcome: Outcome) -> Row:
    return {
        "notice": edition.notice,
        "design": edition.design_digest,
        "edition": edition.kept,
        "fingerprint": edition.fingerprint,
        "options": _json(asdict(edition.choices)),
        "proof": _json(asdict(outcome.proof)),
        "warnings": _json(outcome.warnings),
        "sheets": outcome.sheets,
    }


def _sheet_rows(number: int, sheets: Iterable[Row]) -> Iterator[Row]:
    for position, row in enumerate(sheets, start=1):
        yield {"run": number, "position": position, "code": row["code"], "words": _json(row["words"])}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
