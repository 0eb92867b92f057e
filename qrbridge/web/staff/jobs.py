"""Long work as it goes on: printing and tests of destinations, and the files that come of them."""

from flask import Blueprint, Response, abort, jsonify, request, send_from_directory, url_for

from qrbridge.errors import NotFound
from qrbridge.web import access, forms
from qrbridge.web.site import site
from qrbridge.work import jobs, queue, shared_files
from qrbridge.work.jobs import Job

pages = Blueprint("jobs", __name__)


@pages.get("/staff/jobs/<job_id>")
def show(job_id: str) -> Response:
    """One piece of work: how far it is, and what came of it; until it is over, the page goes on by itself."""
    job = _job(job_id)
    if job.kind == jobs.READ and job.state == "done":
        return access.lead_to(url_for("uploads.show", upload_id=job.outcome["upload"]))
    back = access.local(request.args.get("back", ""))
    return forms.show(f"staff/jobs/{job.kind}.html", job=job, said=_said(job), back=back)


@pages.get("/staff/jobs/<job_id>/progress")
def progress(job_id: str) -> Response:
    """How far it is, as JSON, for the script of that page."""
    job = _job(job_id)
    return jsonify(state=job.state, done=job.done, total=job.total, said=_said(job))


def _job(job_id: str) -> Job:
    """A job; of somebody else's uploads nobody learns."""
    job = jobs.show(site().store, job_id)
    if job.kind == jobs.READ and job.who != access.person().email:
        raise NotFound("job", job_id, "It is not one of yours, or its address is not whole.")
    return job


def _said(job: Job) -> str:
    if job.kind == jobs.READ:
        return f"{job.done:,} rows looked at" if job.done else "The file is being opened"
    return f"{job.done:,} of {job.total:,} sheets proved"


@pages.get("/staff/jobs/<job_id>/<any(pdf,pages,hanging):which>")
def file(job_id: str, which: str) -> Response:
    """A file that a print run ended in."""
    store, settings = site().store, site().settings
    job = jobs.show(store, job_id)
    name = job.outcome.get(which)
    if job.state != "done" or not name:
        abort(404)
    if not shared_files.is_here(store, job.id, settings.jobs / job.id / str(name)):
        raise NotFound("file", str(name), "Files go after a month; the same can be printed again from its print run.")
    return send_from_directory(settings.jobs / job.id, str(name), as_attachment=True, max_age=0)


@pages.post("/staff/jobs/test")
def test() -> Response:
    """Ask the worker to open a destination and say what comes of it; only now does anything ask the network."""
    store, settings = site().store, site().settings
    job_id = jobs.add(store, jobs.TEST, {"address": request.form.get("address", "")[:2000]}, access.by())
    queue.begin(settings, job_id)
    return access.lead_to(url_for("jobs.show", job_id=job_id, back=access.local(request.form.get("back", ""))))
