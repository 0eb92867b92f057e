"""A notice in the making: what was entered so far, kept step by step, also where it is wrong or half done."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from qrbridge import audit, listing, times
from qrbridge.accounts import people
from qrbridge.audit import By, Change
from qrbridge.council import council, services
from qrbridge.errors import CannotPrint, Conflict, InvalidInput, NotFound, Problem, Unsound
from qrbridge.installation import take_turn
from qrbridge.links import links
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.notices import approvals, notices
from qrbridge.notices.approvals import Approval
from qrbridge.notices.notices import Notice
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Printable
from qrbridge.store import Row, Store
from qrbridge.work import jobs

ID_BYTES = 12

# The steps in their order, and which fields each asks for; a problem with a field is said at its step.
STEPS: Mapping[str, tuple[str, ...]] = {
    "about": ("service", "key", "starts", "ends"),
    "words": ("words",),
    "design": ("printable", "size", "picture", "picture_alt", "reading_distance"),
    "locations": ("locations",),
}
LISTING = Listing({"name": "Notice", "author_name": "By", "changed_at": "Changed"}, first="changed_at-down")
# What a design is until one is chosen.
USUAL_PRINTABLE = "poster"


@dataclass(frozen=True)
class Draft:
    """A draft: its id and author, the notice it became or changes (or none), and what was entered, as typed.

    `about` is the name of its service, where it has no name of its own yet.
    """

    id: str
    author: str
    notice: str
    entered: Mapping[str, Any]
    changed_at: str
    about: str = ""

    @property
    def name(self) -> str:
        """What to call it in a list."""
        return str(self.entered.get("key") or "") or self.about or "Not named yet"

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
        raise NotFound("draft", draft_id, "It was thrown away, or printed: then it is among the notices.")
    return _opened(store, rows[0])


def list_all(store: Store, author: str | None = None) -> list[Draft]:
    """Every draft, or one person's, those changed last at the top."""
    return [_opened(store, row) for row in store.rows("drafts.list", author=author)]


def find(store: Store, wanted: Wanted) -> Found:
    """A page of drafts, each with its name, author, notice and when it was changed."""
    names = people.names(store)
    rows = [
        {**vars(one), "name": one.name, "author_name": names.get(one.author, one.author)} for one in list_all(store)
    ]
    return listing.among(rows, wanted, ("name", "author_name", "author"))


def keep(store: Store, draft_id: str, changes: Mapping[str, Any], by: By) -> Draft:
    """Keep what was entered at a step, right or wrong, in place of what was entered there before."""
    with store.atomic():
        take_turn(store, "drafts")
        draft = show(store, draft_id)
        entered = {**draft.entered, **changes}
        if draft.notice:
            entered["key"] = draft.notice
        if not _says_the_same(store, draft.entered, entered):
            store.run("drafts.edited", draft=draft_id, who=by.who, at=times.stamp(by.at))
        return _set(store, replace(draft, entered=entered), by)


def drop(store: Store, draft_id: str) -> None:
    """Throw a draft away; the notice it became stays."""
    with store.atomic():
        store.run("drafts.drop_editors", draft=draft_id)
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


def become(store: Store, draft_id: str, by: By) -> Notice:
    """Make the draft's notice, or change it to what the draft says; the draft stays until it is printed.

    Everyone who edited the draft is then one of the notice's authors.
    """
    with store.atomic():
        take_turn(store, "drafts")
        draft = show(store, draft_id)
        if not draft.locations:
            raise InvalidInput([NO_LOCATIONS])
        notice = Notice.read(draft.entered, council.show(store))
        _keep_notice(store, draft, notice, by)
        _set(store, replace(draft, notice=notice.key), by)
    return notice


def _keep_notice(store: Store, draft: Draft, notice: Notice, by: By) -> None:
    if not draft.notice:
        notices.add(store, notice, by)
    elif notices.show(store, draft.notice) != notice:
        notices.change(store, notice, by)
    else:
        return
    for row in store.rows("drafts.editors", draft=draft.id):
        if row["who"] != by.who:
            audit.write(store, By(row["who"], times.moment(row["at"])), Change("notice", notice.key, "edit", {}, {}))
    store.run("drafts.drop_editors", draft=draft.id)


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
        take_turn(store, "drafts")
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
    return next((job.id for job in jobs.not_over(store, jobs.PRINT) if job.given.get("draft") == draft_id), "")


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


def _says_the_same(store: Store, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two states of a draft are one notice; where either is none yet, whether the same was typed."""
    here = council.show(store)
    try:
        return Notice.read(before, here) == Notice.read(after, here)
    except InvalidInput:
        return {**before, "locations": ()} == {**after, "locations": ()}


def _misfit(store: Store, notice: Notice) -> list[Problem]:
    try:
        if not notice.picture and shows_picture(designs.read(notice.printable)):
            return [Problem("picture", "is missing; this design shows a photograph")]
        notices.check_words(store, notice)
    except NotFound as error:
        return [Problem("service", str(error))]
    except (CannotPrint, Conflict) as error:
        return [Problem("words", sentence) for sentence in str(error).split("\n")]
    except Unsound as error:
        return [Problem("printable", f"“{notice.printable}” {error.sentence}")]
    except InvalidInput as error:
        return list(error.problems)
    return []


def _set(store: Store, draft: Draft, by: By) -> Draft:
    at = times.stamp(by.at)
    store.run("drafts.set", id=draft.id, notice=draft.notice, entered=_json(draft.entered), at=at)
    return replace(draft, changed_at=at)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, default=str)


def _opened(store: Store, row: Row) -> Draft:
    entered = json.loads(row["entered"])
    about = "" if entered.get("key") else _name_of_service(store, str(entered.get("service") or ""))
    return Draft(row["id"], row["author"], row["notice"], entered, row["changed_at"], about)


def _name_of_service(store: Store, key: str) -> str:
    try:
        return services.show(store, key).name if key else ""
    except NotFound:
        return key
