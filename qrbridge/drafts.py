"""A notice in the making: what was entered so far, kept step by step, also where it is wrong or half done."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from qrbridge import approvals, council, jobs, links, notices, times
from qrbridge.approvals import Approval
from qrbridge.audit import By
from qrbridge.errors import CannotPrint, Conflict, InvalidInput, NotFound, Problem
from qrbridge.notices import Notice
from qrbridge.press import designs
from qrbridge.press.printable import Printable
from qrbridge.store import Row, Store

ID_BYTES = 12

# The steps in their order, and which fields each asks for; a problem with a field is said at its step.
STEPS: Mapping[str, tuple[str, ...]] = {
    "about": ("service", "key", "starts", "ends"),
    "words": ("words",),
    "design": ("printable", "size", "picture", "picture_alt", "reading_distance"),
    "locations": ("locations",),
}
# What a design is until one is chosen.
USUAL_PRINTABLE = "poster"


@dataclass(frozen=True)
class Draft:
    """A draft: its id and author, the notice it became or changes (or none), and what was entered, as typed."""

    id: str
    author: str
    notice: str
    entered: Mapping[str, Any]
    changed_at: str

    @property
    def name(self) -> str:
        """What to call it in a list."""
        return str(self.entered.get("key") or self.entered.get("service") or "") or "Not named yet"

    @property
    def locations(self) -> tuple[str, ...]:
        """The references of the locations chosen so far."""
        return tuple(self.entered.get("locations") or ())


def begin(store: Store, by: By, notice: str = "") -> Draft:
    """Begin a draft: an empty one, or one that changes a notice, with the locations its links are at."""
    entered: dict[str, Any] = {"printable": USUAL_PRINTABLE, "words": {}}
    if notice:
        entered = of_notice(notices.show(store, notice))
        rows = links.list_all(store, notice=notice)
        entered["locations"] = [row["location"] for row in rows if row["state"] != "withdrawn"]
    at = times.stamp(by.at)
    draft = Draft(secrets.token_urlsafe(ID_BYTES), by.who, notice, entered, at)
    with store.atomic():
        store.run("drafts.add", id=draft.id, author=by.who, notice=notice, entered=_json(entered), at=at)
    return draft


def show(store: Store, draft_id: str) -> Draft:
    """One draft; `NotFound` where there is none, because it was printed or thrown away."""
    rows = store.rows("drafts.show", id=draft_id)
    if not rows:
        raise NotFound("draft", draft_id, "the list of drafts, on the page of notices")
    return _opened(rows[0])


def list_all(store: Store, author: str | None = None) -> list[Draft]:
    """Every draft, or one person's, those changed last at the top."""
    return [_opened(row) for row in store.rows("drafts.list", author=author)]


def keep(store: Store, draft_id: str, changes: Mapping[str, Any], by: By) -> Draft:
    """Keep what was entered at a step, right or wrong; words are kept language by language, and block by block."""
    with store.atomic():
        store.run("installation.lock")
        draft = show(store, draft_id)
        entered = {**draft.entered, **changes}
        if draft.notice:
            entered["key"] = draft.notice
        return _set(store, replace(draft, entered=entered), by)


def drop(store: Store, draft_id: str) -> None:
    """Throw a draft away; the notice it became stays."""
    store.run("drafts.drop", id=draft_id)


def problems(store: Store, draft: Draft, step: str = "") -> list[Problem]:
    """What is wrong with a draft, or with one step of it: found by the readers that will read the notice itself."""
    found = _problems(store, draft)
    return [problem for problem in found if not step or step_of(problem) == step]


def step_of(problem: Problem) -> str:
    """The step at which a problem is put right."""
    field = problem.field.split(" (")[0]
    asked = (step for step, fields in STEPS.items() if field in fields)
    return "words" if field in notices.BLOCKS else next(asked, "about")


def next_step(store: Store, draft: Draft) -> str:
    """Where a draft goes on: the first step with a problem, else the check."""
    wrong = {step_of(problem) for problem in problems(store, draft)}
    return next((step for step in STEPS if step in wrong), "check")


def become(store: Store, draft_id: str, by: By) -> Notice:
    """Make the draft's notice, or change it to what the draft says; the draft stays until it is printed."""
    with store.atomic():
        store.run("installation.lock")
        draft = show(store, draft_id)
        if not draft.locations:
            raise InvalidInput([NO_LOCATIONS])
        notice = Notice.read(draft.entered, council.show(store))
        if draft.notice:
            notices.change(store, notice, by)
        else:
            notices.add(store, notice, by)
        _set(store, replace(draft, notice=notice.key), by)
    return notice


def submit(store: Store, draft_id: str, by: By) -> Notice:
    """Make the draft's notice and ask for it to be approved."""
    with store.atomic():
        notice = become(store, draft_id, by)
        approvals.submit(store, notice.key, by)
    return notice


def to_print(store: Store, draft_id: str, by: By, how: Mapping[str, Any] | None = None) -> str:
    """Make the draft's notice and a job that prints it at the draft's locations, and return the job's id.

    `how` goes to whatever prints it: for a print shop, with a hanging sheet, only what changed.

    Where the council wants no second person this is the approval; where it does, `InvalidInput` says what is missing.
    The job takes the draft away when it is done. Asked twice, it is the same job.
    """
    with store.atomic():
        store.run("installation.lock")
        going_on = _printing(store, draft_id)
        if going_on:
            return going_on
        notice = become(store, draft_id, by)
        if council.show(store).another_approves:
            approvals.check(store, notice)
        else:
            approvals.approve(store, notice.key, by)
        chosen = show(store, draft_id).locations
        given = {"notice": notice.key, "locations": chosen, "draft": draft_id, **(how or {})}
        return jobs.add(store, jobs.PRINT, given, by, len(chosen))


def _printing(store: Store, draft_id: str) -> str:
    """The job that prints a draft already; empty where there is none."""
    waiting = (job for job in jobs.list_all(store, kind=jobs.PRINT) if not job.is_over)
    return next((job.id for job in waiting if job.given.get("draft") == draft_id), "")


def approval(store: Store, draft: Draft) -> Approval:
    """How far the notice of a draft is, as the draft has it now: what was changed in the draft is not approved."""
    if not draft.notice:
        return Approval("none")
    kept = notices.show(store, draft.notice)
    now = approvals.show(store, kept)
    try:
        same = Notice.read(draft.entered, council.show(store)) == kept
    except InvalidInput:
        same = False
    return now if same else Approval("changed" if now.state == "approved" else "none")


def of_notice(notice: Notice) -> dict[str, Any]:
    """A notice as it would be entered."""
    plain: dict[str, Any] = json.loads(_json(asdict(notice)))
    days = {"starts": times.as_typed(notice.starts), "ends": times.as_typed(notice.ends) if notice.ends else ""}
    distance_mm = plain.pop("reading_distance_mm")
    return {**plain, **days, "reading_distance": f"{distance_mm / 1000:g}" if distance_mm else ""}


def shows_picture(design: Printable) -> bool:
    """Whether a design shows a photograph, so that a notice must have one."""
    return any(region.kind == "picture" for region in design.regions)


NO_LOCATIONS = Problem("locations", "Choose at least one location.")


def _problems(store: Store, draft: Draft) -> list[Problem]:
    found: list[Problem] = []
    try:
        notice = Notice.read(draft.entered, council.show(store))
    except InvalidInput as error:
        # A name is made from the service where none was entered.
        is_named = draft.entered.get("key") or draft.entered.get("service")
        found += [problem for problem in error.problems if is_named or problem.field != "key"]
    else:
        found += _misfit(store, notice)
    if not draft.locations:
        found.append(NO_LOCATIONS)
    if not draft.notice and store.rows("notices.show", key=str(draft.entered.get("key") or "")):
        found.append(Problem("key", f"“{draft.entered['key']}” is another notice's; choose a name of its own"))
    return found


def _misfit(store: Store, notice: Notice) -> list[Problem]:
    try:
        if not notice.picture and shows_picture(designs.read(notice.printable)):
            return [Problem("picture", "is missing; this design shows a photograph")]
        notices.check_words(store, notice)
    except NotFound as error:
        return [Problem("service", str(error))]
    except (CannotPrint, Conflict) as error:
        return [Problem("words", sentence) for sentence in str(error).split("\n")]
    except InvalidInput as error:
        return list(error.problems)
    return []


def _set(store: Store, draft: Draft, by: By) -> Draft:
    at = times.stamp(by.at)
    store.run("drafts.set", id=draft.id, notice=draft.notice, entered=_json(draft.entered), at=at)
    return replace(draft, changed_at=at)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, default=str)


def _opened(row: Row) -> Draft:
    return Draft(row["id"], row["author"], row["notice"], json.loads(row["entered"]), row["changed_at"])
