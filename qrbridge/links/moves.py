"""Links that move: a sheet goes to another location, its code stays alive, and past days and scans stay behind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from qrbridge import audit, codes, times
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, NotFound, Problem
from qrbridge.installation import take_turn
from qrbridge.places import locations
from qrbridge.store import Row, Store


def move(store: Store, given: Iterable[str], location: str, by: By, day: date | None = None) -> int:
    """Say that links belong to another location from a day (today); returns how many were elsewhere before.

    Their codes lead on as before. Days up and scans before that day stay with the former location. `InvalidInput` where
    a link is withdrawn, has a sheet of the same notice at that location already, or the day is not possible.
    """
    today = times.day_of(by.at)
    day = day or today
    if day > today:
        raise InvalidInput([Problem("day", f"{times.in_words(day)} has not come yet; say it on the day")])
    with store.atomic():
        take_turn(store, "paper")
        location = locations.show(store, location).reference
        rows = [_held(store, text, location) for text in dict.fromkeys(given)]
        leaving = [row for row in rows if row["location"] != location]
        _refuse(leaving, location, day)
        _keep(store, leaving, location, day)
        audit.write(store, by, *(_change(row, location, day) for row in leaving))
    return len(leaving)


def history(store: Store, code: str) -> list[Row]:
    """Where a link belonged before, the first location first, with the days it did; none if it never moved."""
    rows = store.rows("moves.list", code=code)
    return [
        {
            "location": row["location"],
            "name": row["name"],
            "since": times.day_from_number(row["from_day"]) if row["from_day"] else None,
            "until": times.day_from_number(row["until_day"]),
        }
        for row in rows
    ]


def _keep(store: Store, rows: Iterable[Row], location: str, day: date) -> None:
    number, hour = times.day_number(day), times.first_hour_of(day)
    for row in rows:
        store.run("moves.stay", code=row["code"], until_day=number, until_hour=hour)
        store.run("moves.relocate", code=row["code"], location=location, since_day=number, since_hour=hour)


def _refuse(rows: Sequence[Row], location: str, day: date) -> None:
    faults = [(row["code"], _fault(row, location, times.day_number(day))) for row in rows]
    # Two sheets of one notice cannot both move to one location.
    crowd = Counter(row["notice"] for row in rows)
    alone = f"is one of several of its notice; only one of them can hang at {location}"
    faults += [(row["code"], alone) for row in rows if crowd[row["notice"]] > 1]
    problems = [Problem(codes.spoken(code), sentence) for code, sentence in faults if sentence]
    if problems:
        raise InvalidInput(problems)


def _fault(row: Row, location: str, number: int) -> str:
    """Why a link cannot move there on that day; empty where it can."""
    if row["state"] == "withdrawn":
        return "is withdrawn for good and cannot move; print its notice at the new location for a new link"
    if row["there_already"]:
        there = codes.spoken(row["there_already"])
        return f"cannot move to {location}: {there} of the same notice is there; withdraw that first"
    earliest = max(times.day_number(times.day_of(times.moment(row["made_at"]))), row["since_day"])
    if number < earliest:
        since = times.in_words(times.day_from_number(earliest))
        return f"was made or last moved on {since}; give that day or a later one"
    return ""


def _held(store: Store, text: str, location: str) -> Row:
    code = codes.tidy(text)
    rows = store.rows("moves.held", code=code, location=location) if code else []
    if not rows:
        raise NotFound("link", text)
    return rows[0]


def _change(row: Row, location: str, day: date) -> Change:
    return Change("link", row["code"], "move", {"location": row["location"]}, {"location": location, "day": day})
