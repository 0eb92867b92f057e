"""What needs somebody: the short list that a member of staff sees first."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qrbridge import codes, times
from qrbridge.accounts import late_forms
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.links import sightings
from qrbridge.notices import approvals, drafts
from qrbridge.store import Row, Store
from qrbridge.uploads import uploads
from qrbridge.work import jobs

# Days ahead that a notice's end and a service's review are said; days after which a sheet should hang.
ENDING_DAYS, REVIEW_DAYS, HANG_DAYS = 28, 14, 10

# Days that work which failed, and a sheet that was seen where or as it should not be, are told of; and how many sheets.
FAILED_DAYS, SEEN_DAYS, MOST_SEEN = 7, 60, 10

# The finding of `find_out_of_date`, by the name it is kept under.
OUT_OF_DATE = "out-of-date"


# What failed, by the kind of job.
_FAILED = {jobs.PRINT: "Printing “{notice}”", jobs.TEST: "Testing a destination", jobs.READ: "Reading “{name}”"}


@dataclass(frozen=True)
class Item:
    """One thing that needs somebody: what kind of thing, its key, a sentence, and whether it is late already."""

    kind: str
    key: str
    sentence: str
    is_late: bool = False


@dataclass(frozen=True)
class Asked:
    """Who is asking, and the council's day today."""

    store: Store
    person: Person
    now: datetime

    @property
    def today(self) -> date:
        """The council's day."""
        return times.day_of(self.now)

    def in_days(self, days: int) -> str:
        """A day from now, as it is stored."""
        return (self.today + timedelta(days=days)).isoformat()


def find(store: Store, person: Person, now: datetime | None = None) -> list[Item]:
    """What needs somebody now: what is late first, else in the order of `FINDERS`."""
    asked = Asked(store, person, now or times.now())
    found = [item for finder in FINDERS for item in finder(asked)]
    return sorted(found, key=lambda item: not item.is_late)


def figures(store: Store) -> Row:
    """How many services, locations, postcodes and notices there are, and how many sheets hang."""
    return store.rows("attention.figures")[0]


def keep_out_of_date(store: Store, found: Mapping[str, int]) -> None:
    """Keep how many hanging sheets of each notice are out of date: too slow to work out while a page waits."""
    store.run("findings.keep", name=OUT_OF_DATE, content=json.dumps(dict(found)), found_at=times.stamp(times.now()))


def out_of_date(store: Store) -> dict[str, int]:
    """How many hanging sheets of each notice were out of date when last looked for, of those that have any."""
    rows = store.rows("findings.show", name=OUT_OF_DATE)
    found: dict[str, int] = json.loads(rows[0]["content"]) if rows else {}
    return found


def _late_forms(asked: Asked) -> Iterable[Item]:
    for page in late_forms.pages(asked.store, asked.person.email):
        yield Item(
            "form", page, "You sent a form after your session had ended, and nothing of it is saved yet", is_late=True
        )


def _failed(asked: Asked) -> Iterable[Item]:
    since = times.stamp(asked.now - timedelta(days=FAILED_DAYS))
    for row in asked.store.rows("attention.failed", who=asked.person.email, from_moment=since):
        given = json.loads(row["given"])
        yield Item("job", row["id"], f"{_FAILED[row['kind']].format(**given)} failed: {row['message']}", is_late=True)


def _uploads(asked: Asked) -> Iterable[Item]:
    for upload in uploads.unfinished(asked.store, By(asked.person.email)):
        yield Item("upload", upload.id, f"You uploaded {upload.name} and have not imported it")


def _drafts(asked: Asked) -> Iterable[Item]:
    waiting = {row["notice"] for row in approvals.waiting(asked.store)}
    for draft in drafts.list_all(asked.store, asked.person.email):
        if draft.notice not in waiting:
            yield Item("draft", draft.id, f"You began the notice “{draft.name}” and have not finished it")


def _approvals(asked: Asked) -> Iterable[Item]:
    for row in approvals.waiting(asked.store):
        if row["who"] != asked.person.email:
            yield Item("notice", row["notice"], f"“{row['notice']}” waits for somebody to approve it")


def _ending(asked: Asked) -> Iterable[Item]:
    for row in asked.store.rows("attention.ending", soon=asked.in_days(ENDING_DAYS)):
        is_over = row["ends"] < asked.today.isoformat()
        ends = times.in_words(date.fromisoformat(row["ends"]))
        said = "ended on" if is_over else "ends on"
        sentence = f"“{row['key']}” {said} {ends}, and {_sheets(row['up'])} of it hang{_s(row['up'])}"
        yield Item("notice", row["key"], sentence, is_late=is_over)


def _reviews(asked: Asked) -> Iterable[Item]:
    for row in asked.store.rows("attention.review", soon=asked.in_days(REVIEW_DAYS)):
        is_late = row["review_day"] <= asked.today.isoformat()
        day = times.in_words(date.fromisoformat(row["review_day"]))
        sentence = f"{row['name']} {'was' if is_late else 'is'} to be reviewed by {day}"
        yield Item("service", row["key"], sentence, is_late)


def _never_up(asked: Asked) -> Iterable[Item]:
    before = times.stamp(asked.now - timedelta(days=HANG_DAYS))
    for row in asked.store.rows("attention.never_up", made_before=before, as_of=asked.today.isoformat()):
        sentence = (
            f"{_sheets(row['links'])} of “{row['notice']}” made over {HANG_DAYS} days ago: nobody said they are up"
        )
        yield Item("made", row["notice"], sentence)


def _not_right(asked: Asked) -> Iterable[Item]:
    since = times.stamp(asked.now - timedelta(days=SEEN_DAYS))
    for row in asked.store.rows("attention.not_right", from_moment=since, most=MOST_SEEN):
        sentence = f"{codes.spoken(row['code'])} at {row['name']} was seen: “{sightings.SAW[row['saw']]}”"
        yield Item("link", row["code"], sentence)


def _out_of_date(asked: Asked) -> Iterable[Item]:
    for notice, sheets in out_of_date(asked.store).items():
        sentence = f"{_sheets(sheets)} of “{notice}” that hang{_s(sheets)} {'is' if sheets == 1 else 'are'} out of date"
        yield Item("notice", notice, sentence)


def _sheets(count: int) -> str:
    return "1 sheet" if count == 1 else f"{count:,} sheets"


def _s(count: int) -> str:
    return "s" if count == 1 else ""


FINDERS: tuple[Callable[[Asked], Iterable[Item]], ...] = (
    _late_forms,
    _failed,
    _uploads,
    _drafts,
    _approvals,
    _ending,
    _reviews,
    _not_right,
    _out_of_date,
    _never_up,
)
