"""Short links, each printed on one notice at one location: made, up, down, withdrawn, never deleted."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from qrbridge import audit, codes, listing, times
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.installation import next_version, take_turn
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.places.locations import in_ward, walking_order
from qrbridge.store import Row, Store

# With 17 million posters' codes and as many as a county will ever print, two or three draws are already rare.
MOST_DRAWS = 1_000
STATES = ("made", "up", "down", "withdrawn")

LISTING = Listing(
    {"code": "Code", "name": "Location", "ward": "Ward", "notice": "Notice", "state": "State"},
    filters=("notice", "ward", "state"),
    first="ward",
)
# What counts as lately: four weeks, so that every day of the week is in it as often.
LATELY_DAYS = 28

# Why a link in a state cannot be moved on as asked.
IMPOSSIBLE = {
    "withdrawn": "is withdrawn for good; print its notice again for a new link at its location",
    "made": "was never up; say first since when it was",
    "down": "is down already",
}

MOVED_ON = (
    "Links of this notice were made or withdrawn at these locations while it was being printed. Nothing was printed or "
    "made: print it again."
)

Choose = Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its code, the notice and location it is printed for, its state, and why it was withdrawn."""

    code: str
    notice: str
    location: str
    state: str
    made_at: str
    reason: str


def make(store: Store, notice: str, locations: Iterable[str], by: By, choose: Choose = secrets.choice) -> list[Link]:
    """A link for the notice at each location, in their order: the living one where there is one, else a new one."""
    with store.atomic():
        # Taken before looking, so two people making links for one notice make each once.
        take_turn(store, "paper")
        planned = plan(store, notice, locations, by, choose)
        keep(store, planned, by)
    return planned


def plan(store: Store, notice: str, locations: Iterable[str], by: By, choose: Choose = secrets.choice) -> list[Link]:
    """The links that `make` would give, of which the new ones are kept by nobody until `keep` has them."""
    living = _living(store, notice)
    drawn: set[str] = set()

    def new(reference: str) -> Link:
        code = _draw(store, drawn, choose)
        return Link(code, notice, reference, "made", times.stamp(by.at), "")

    return [living.get(reference) or new(reference) for reference in dict.fromkeys(locations)]


def keep(store: Store, planned: Sequence[Link], by: By) -> int:
    """Make those of the planned links that are new, and return how many.

    `Conflict`, and none is made, where others have made or withdrawn links at these locations since.
    """
    with store.atomic():
        # The version is taken first: its row is locked, so what is living stays so until the transaction ends.
        version = next_version(store)
        living = _living(store, planned[0].notice) if planned else {}
        new = [link for link in planned if link.location not in living or living[link.location].code != link.code]
        for link in new:
            if link.location in living or not store.run("links.make", **asdict(link), version=version):
                raise Conflict(MOVED_ON)
        audit.write(store, by, *(Change("link", link.code, "make", {}, _seen(link)) for link in new))
    return len(new)


def up(store: Store, given: Iterable[str], by: By, day: date | None = None) -> int:
    """Say that links hang on their walls from a day (today); returns how many were not up before."""
    return _move(store, given, by, _Move("up", "links.hang", {"made", "down"}, day))


def down(store: Store, given: Iterable[str], by: By, day: date | None = None) -> int:
    """Say that links no longer hang from a day (today); their codes still lead on. Returns how many changed."""
    return _move(store, given, by, _Move("down", "links.unhang", {"up"}, day))


def withdraw(store: Store, given: Iterable[str], by: By, reason: str) -> int:
    """Take links out of use for good: their codes now answer with an explanation. Returns how many changed."""
    if not reason.strip():
        raise InvalidInput(
            [Problem("reason", "is missing; say why, since residents' questions will be answered from it")]
        )
    return _move(store, given, by, _Move("withdrawn", "links.unhang", {"made", "up", "down"}, None, reason.strip()))


def show(store: Store, text: str) -> Row:
    """One link with its notice, location, ward and days up; any way of writing the code will do."""
    code = codes.tidy(text) or text
    rows = store.rows("links.show", code=code, today=times.day_number(times.day_of(times.now())))
    if not rows:
        raise NotFound("link", text)
    return rows[0]


def list_all(store: Store, **only: str | None) -> list[Row]:
    """Links with their locations, in ward then location order; `only` may name a notice, ward or state."""
    rows = store.rows("links.list", notice=only.get("notice"), state=only.get("state"), **in_ward(only.get("ward")))
    return sorted(rows, key=lambda row: walking_order(row["ward"], row["name"], row["location"]))


def find(store: Store, wanted: Wanted) -> Found:
    """A page of links; the ward they are narrowed to is a code."""
    return listing.find(store, "links.find", "links.count_found", wanted)


def scans(store: Store, code: str, since: date) -> Row:
    """How often a link was opened, in all and since a day, and how many of all the scans are simulated."""
    return store.rows("links.scans", code=code, first_hour=times.first_hour_of(since))[0]


def count_states(store: Store, notice: str) -> dict[str, int]:
    """How many links of a notice are in each state."""
    counted = {row["state"]: row["links"] for row in store.rows("links.count_states", notice=notice)}
    return {state: counted.get(state, 0) for state in STATES}


def at_location(store: Store, location: str) -> list[Row]:
    """The links of a location with their scans, of all time and of the last weeks; those withdrawn come last."""
    since = times.first_hour_of(times.day_of(times.now()) - timedelta(days=LATELY_DAYS))
    rows = store.rows("links.at_location", location=location, first_hour=since)
    return [{**row, "up_since": times.day_from_number(row["up_since"]) if row["up_since"] else None} for row in rows]


@dataclass(frozen=True)
class _Move:
    """A change of state: to which, which query keeps the days, from which states, on what day and why."""

    state: str
    days: str
    from_states: set[str]
    day: date | None
    reason: str = ""


def _move(store: Store, given: Iterable[str], by: By, move: _Move) -> int:
    today = times.day_of(by.at)
    day = move.day or today
    if day > today:
        raise InvalidInput([Problem("day", f"{times.in_words(day)} has not come yet; say it on the day")])
    with store.atomic():
        version = next_version(store)
        before = [_held(store, text) for text in dict.fromkeys(given)]
        changed = [row for row in before if row["state"] != move.state]
        redated = [row for row in before if move.state == row["state"] == "up" and move.day is not None]
        _redate(store, redated, day, by)
        _refuse_impossible(changed, move, day)
        said = {"state": move.state, "reason": move.reason, "version": version}
        store.run_many(move.days, ({"code": row["code"], "day": times.day_number(day)} for row in changed))
        store.run_many("links.move", ({"code": row["code"], **said} for row in changed))
        audit.write(store, by, *(_change(row, move, day) for row in changed))
    return len(changed) + len(redated)


def _redate(store: Store, rows: Sequence[Row], day: date, by: By) -> None:
    """Put right since when links that are up have hung."""
    number = times.day_number(day)
    _refuse_days([(row, row["down_before"]) for row in rows], number)
    days = [{"code": row["code"], "day": number} for row in rows]
    # One that was up and down again on that day gives way to the stretch that now begins there.
    store.run_many("links.drop_empty", days)
    store.run_many("links.redate", days)
    told = ({"up_day": times.day_from_number(row["up_since"])} for row in rows)
    audit.write(
        store,
        by,
        *(Change("link", row["code"], "redate", was, {"up_day": day}) for row, was in zip(rows, told, strict=True)),
    )


def _refuse_days(rows: Iterable[tuple[Row, int | None]], number: int) -> None:
    """Refuse a day before each link was made, or before what is known of it."""
    problems = []
    for row, known in rows:
        made = times.day_number(times.day_of(times.moment(row["made_at"])))
        latest = max(made, known or made)
        if number < latest:
            since = times.in_words(times.day_from_number(latest))
            sentence = f"was made or last changed on {since}; give that day or a later one"
            problems.append(Problem(codes.spoken(row["code"]), sentence))
    if problems:
        raise InvalidInput(problems)


def _refuse_impossible(rows: Sequence[Row], move: _Move, day: date) -> None:
    wrong = [row for row in rows if row["state"] not in move.from_states]
    if wrong:
        raise InvalidInput([Problem(codes.spoken(row["code"]), IMPOSSIBLE[row["state"]]) for row in wrong])
    _refuse_days([(row, row["latest"]) for row in rows], times.day_number(day))


def _change(row: Row, move: _Move, day: date) -> Change:
    after = {"state": move.state, "day": day, "reason": move.reason}
    return Change("link", row["code"], move.state, {"state": row["state"]}, after)


def _held(store: Store, text: str) -> Row:
    code = codes.tidy(text)
    rows = store.rows("links.held", code=code) if code else []
    if not rows:
        raise NotFound("link", text)
    return rows[0]


def _living(store: Store, notice: str) -> dict[str, Link]:
    return {row["location"]: Link(**row) for row in store.rows("links.living", notice=notice)}


def _draw(store: Store, drawn: set[str], choose: Choose) -> str:
    """A code that no link has and that was not drawn before."""
    for _ in range(MOST_DRAWS):
        code = codes.make(choose=choose)
        if code not in drawn and not store.rows("links.held", code=code):
            drawn.add(code)
            return code
    raise Conflict("No free code was found in a thousand draws; nothing was made. Check the source of chance.")


def _seen(link: Link) -> Row:
    return {"notice": link.notice, "location": link.location, "state": link.state}
