"""Print runs: what is being printed now, every printing on record, and the same again."""

from flask import Blueprint, Response, request, url_for

from qrbridge import languages, times
from qrbridge.errors import InvalidInput, Problem
from qrbridge.printing import aged, print_runs
from qrbridge.web import access, forms, lists
from qrbridge.web.site import site
from qrbridge.work import jobs, queue

pages = Blueprint("print_runs", __name__)


@pages.get("/staff/runs")
def list_() -> Response:
    """What is being printed, and every printing on record, the newest first."""
    store = site().store
    printing = [job for job in jobs.list_all(store, kind=jobs.PRINT) if job.state != "done"]
    found = print_runs.find(store, lists.wanted(print_runs.LISTING))
    return forms.show("staff/print_runs/list.html", jobs=printing, found=found)


@pages.get("/staff/runs/<int(max=999999999):number>")
def show(number: int) -> Response:
    """One printing as it is on record: what was printed, what was proved, and what staff were told."""
    return _show(number)


def _show(number: int, error: InvalidInput | None = None) -> Response:
    store = site().store
    run = print_runs.show(store, number)
    made = [job for job in jobs.list_all(store, kind=jobs.PRINT) if job.outcome.get("run") == number]
    return forms.show(
        "staff/print_runs/show.html",
        request.form,
        error,
        run=run,
        aged=aged.sentences(store, run, times.day_of(times.now())),
        texts=run.edition["said"]["texts"],
        proof=print_runs.proof_sheet(run.proof),
        jobs=made,
        language=languages,
        may_print=access.person().may("editor"),
    )


@pages.post("/staff/runs/<int(max=999999999):number>/reprint")
def reprint(number: int) -> Response:
    """Ask the worker to print a run again just as it was; what has become of its sheets since must be agreed to."""
    store, confirmed = site().store, bool(request.form.get("confirm"))
    run = print_runs.show(store, number)
    if not confirmed and aged.sentences(store, run, times.day_of(times.now())):
        return _show(number, InvalidInput([Problem("confirm", "Say that these sheets are to be printed all the same")]))
    given = {"notice": run.notice, "reprint": number, "confirmed": confirmed}
    job_id = jobs.add(store, jobs.PRINT, given, access.by(), run.sheets)
    queue.begin(site().settings, job_id)
    return access.lead_to(url_for("jobs.show", job_id=job_id))
