"""Making a notice, step by step, in a draft that keeps what was entered."""

import contextlib
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for

from qrbridge import languages, times
from qrbridge.council import council, services
from qrbridge.errors import CannotPrint, InvalidInput, NotFound, QrbridgeError
from qrbridge.notices import approvals, drafts, editions, notices, previews, remarks
from qrbridge.notices.drafts import Draft
from qrbridge.press.design import designs
from qrbridge.printing import print_runs
from qrbridge.reading import Reading, read_day
from qrbridge.store import Store
from qrbridge.web import access, forms, late, lists
from qrbridge.web.site import site
from qrbridge.web.staff import history
from qrbridge.web.staff.draft_steps import STEPS, Form
from qrbridge.work import queue

pages = Blueprint("drafts", __name__)

CHECK = "check"
# More than any sheet of labels has.
MOST_LABELS = 100
TITLES = {**{name: step.title for name, step in STEPS.items()}, CHECK: "Check it"}


@pages.get("/staff/drafts")
def list_() -> Response:
    """Drafts, searched and sorted."""
    store = site().store
    found = drafts.find(store, lists.wanted(drafts.LISTING))
    waiting = {row["notice"] for row in approvals.waiting(store)}
    return forms.show("staff/drafts/list.html", found=found, waiting=waiting)


@pages.post("/staff/drafts")
def begin() -> Response:
    """Begin a draft: of a new notice, perhaps about a service, or to change or print one again."""
    store = site().store
    draft = drafts.begin(store, access.by(), request.form.get("notice", ""))
    if not draft.notice and request.form.get("service"):
        drafts.keep(store, draft.id, {"service": request.form["service"]}, access.by())
    return access.lead_to(_address(draft.id, CHECK if draft.notice else "about"))


@pages.get("/staff/drafts/<draft_id>/<any(about,words,design,locations):name>")
def step(draft_id: str, name: str) -> Response:
    """One step, with what was entered there so far."""
    store = site().store
    return _step(drafts.show(store, draft_id), name)


@pages.post("/staff/drafts/<draft_id>/<any(about,words,design,locations):name>")
def keep(draft_id: str, name: str) -> Response:
    """Keep what was entered at a step, whatever it is; go on where it can be used, else say what is wrong."""
    store = site().store
    draft = drafts.show(store, draft_id)
    try:
        draft = drafts.keep(store, draft_id, STEPS[name].taken(store, draft, request.form), access.by())
    except InvalidInput as error:
        return _step(draft, name, error)
    if request.form.get("does"):
        return access.lead_to(url_for("drafts.step", draft_id=draft_id, **_stay(request.form), name=name))
    problems = drafts.problems(store, draft, name)
    if problems:
        return _step(draft, name, InvalidInput(problems))
    return access.lead_to(_after(draft_id, name))


def _step(draft: Draft, name: str, error: QrbridgeError | None = None) -> Response:
    store, sent = site().store, late.form()
    if sent:
        draft = replace(draft, entered={**draft.entered, **STEPS[name].taken(store, draft, sent)})
    shown = {**_frame(draft, name), **STEPS[name].shown(store, draft)}
    return forms.show(f"staff/drafts/{name}.html", draft.entered, error, labels=_labels(store), **shown)


@pages.get("/staff/drafts/<draft_id>/check")
def check(draft_id: str) -> Response:
    """All of it on one page: what is wrong, what to know, and what happens next."""
    store = site().store
    draft = drafts.show(store, draft_id)
    return _check(draft)


def _check(draft: Draft, refused: QrbridgeError | None = None) -> Response:
    store = site().store
    problems = drafts.problems(store, draft)
    return forms.show(
        "staff/drafts/check.html",
        {**draft.entered, **request.form},
        refused,
        labels=_labels(store),
        problems=[(drafts.step_of(problem), problem) for problem in problems],
        remarks=remarks.remarks(store, draft, times.day_of(times.now())),
        days=_days(draft),
        design=_design(draft),
        peeled=_is_peeled(draft),
        **_frame(draft, CHECK),
        **_checked(draft),
    )


def _days(draft: Draft) -> str:
    starts, ends = (_in_words(str(draft.entered.get(name) or "")) for name in ("starts", "ends"))
    return f"From {starts or '–'}" + (f" to {ends}" if ends else ", no end")


def _in_words(typed: str) -> str:
    try:
        return times.in_words(read_day(typed))
    except ValueError:
        return typed


def _design(draft: Draft) -> str:
    """What the design is called, and its size; as it was entered where there is none such."""
    printable, size = (str(draft.entered.get(name) or "") for name in ("printable", "size"))
    try:
        design = designs.read(printable, size)
    except (InvalidInput, NotFound):
        return f"{printable} {size}".strip() or "–"
    return f"{design.title}, {design.size}"


def _is_peeled(draft: Draft) -> bool:
    """Whether it is printed on labels, of which the first may be gone."""
    try:
        return designs.read(str(draft.entered.get("printable")), str(draft.entered.get("size") or "")).sheet.is_peeled
    except (InvalidInput, NotFound):
        return False


def _checked(draft: Draft) -> dict[str, Any]:
    """The service and destinations of a draft, and how far its notice is."""
    store, key = site().store, str(draft.entered.get("service") or "")
    values: dict[str, Any] = {
        "service": None,
        "destinations": [],
        "approval": approvals.Approval("none"),
        "printed": False,
    }
    with contextlib.suppress(NotFound):
        values |= {"service": services.show(store, key), "destinations": remarks.pages(store, key)}
    if draft.notice:
        values["approval"] = history.of_approval(drafts.approval(store, draft))
        values["printed"] = bool(print_runs.list_all(store, draft.notice))
    return {**values, "another": council.show(store).another_approves}


@pages.post("/staff/drafts/<draft_id>/submit")
def submit(draft_id: str) -> Response:
    """Make the notice and ask for somebody else's approval."""
    store = site().store
    try:
        notice = drafts.submit(store, draft_id, access.by())
    except (InvalidInput, CannotPrint) as error:
        return _check(drafts.show(store, draft_id), error)
    return forms.done(
        f"“{notice.key}” waits for approval. This draft goes on from here.", "notices.show", key=notice.key
    )


@pages.post("/staff/drafts/<draft_id>/print")
def print_(draft_id: str) -> Response:
    """Make the notice, approve it where its author may, and ask the worker to print it."""
    store, settings = site().store, site().settings
    try:
        job_id = drafts.to_print(store, draft_id, access.by(), _how(request.form))
    except (InvalidInput, CannotPrint) as error:
        return _check(drafts.show(store, draft_id), error)
    queue.begin(settings, job_id)
    return access.lead_to(url_for("jobs.show", job_id=job_id))


def _how(form: Form) -> dict[str, Any]:
    """How it is to be printed."""
    reading = Reading(form)
    start_at = reading.whole_number("start_at", 1, MOST_LABELS) or 1
    reading.done()
    return {**{name: name in form for name in ("print_shop", "hanging", "changed")}, "start_at": start_at}


@pages.post("/staff/drafts/<draft_id>/drop")
def drop(draft_id: str) -> Response:
    """Throw a draft away."""
    drafts.drop(site().store, draft_id)
    return forms.done("The draft was thrown away. A notice that was made from it stays.", "notices.list_")


@pages.get("/staff/drafts/<draft_id>/preview.png")
def preview(draft_id: str) -> Response:
    """What a sheet will look like."""
    store = site().store
    dpi = previews.LARGE_DPI if "large" in request.args else previews.SMALL_DPI
    return Response(previews.preview(store, drafts.show(store, draft_id), dpi), content_type="image/png")


def _frame(draft: Draft, name: str) -> dict[str, Any]:
    """What the frame of every step shows: which step it is, those beside it, and what each still lacks."""
    names = list(TITLES)
    wrong = {drafts.step_of(problem) for problem in drafts.problems(site().store, draft)}
    place = names.index(name)
    before = _address(draft.id, names[place - 1]) if place else url_for("notices.list_")
    return {
        "draft": draft,
        "name": name,
        "step_title": TITLES[name],
        "steps": [{"name": one, "title": TITLES[one], "ready": one not in wrong} for one in names],
        "before": before,
        "fits": not wrong & {"words", "design", "about"},
        "may_hang": editions.HANGING_SHEET in designs.names(),
        "language": languages,
    }


def _after(draft_id: str, name: str) -> str:
    names = list(TITLES)
    return _address(draft_id, names[names.index(name) + 1])


def _address(draft_id: str, name: str) -> str:
    if name == CHECK:
        return url_for("drafts.check", draft_id=draft_id)
    return url_for("drafts.step", draft_id=draft_id, name=name)


def _labels(store: Store) -> dict[str, str]:
    """What fields are called in sentences."""
    named = {"service": "The service", "key": "The short name", "starts": "The first day", "ends": "The last day"}
    for tag in council.show(store).languages:
        named |= {f"{block} ({tag})": f"The {block} in {languages.name(tag)}" for block in notices.BLOCKS}
    return {
        **named,
        "words": "The words",
        "locations": "Locations",
        "start_at": "The first label",
        "reading_distance": "The distance",
    }


def _stay(form: Form) -> dict[str, Any]:
    """What of a list was shown, to show the same again; or another page of it, where its button was used."""
    shown = {name: form[name] for name in ("q", "ward", "kind", "page") if form.get(name)}
    page = form["does"].removeprefix("page-")
    return {**shown, "page": page} if page != form["does"] else shown
