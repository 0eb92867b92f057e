"""What a member of staff sees who scans a sheet: its own page, and nothing is counted."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from qrbridge import codes
from qrbridge.council import services
from qrbridge.errors import InvalidInput, QrbridgeError
from qrbridge.links import links, sightings
from qrbridge.notices import notices
from qrbridge.routing import rules
from qrbridge.routing.redirector import ROUTE
from qrbridge.routing.route_map import LIVE
from qrbridge.web import access, forms
from qrbridge.web.residents import codes as code_pages
from qrbridge.web.site import site
from qrbridge.work import jobs, queue

pages = Blueprint("staff_scan", __name__)


@pages.get("/staff/links/<code>/here")
def page(code: str) -> Response:
    """The sheet somebody stands before; who is not signed in may do so, or go on as a resident would."""
    found = codes.tidy(code) or code
    if access.someone() is None:
        on = url_for("staff_scan.go_on", code=found)
        next_page = url_for("staff_scan.page", code=found)
        return make_response(render_template("staff/links/stranger.html", on=on, next=next_page))
    return _page(found)


@pages.get("/staff/links/<code>/on")
def go_on(code: str) -> Response:
    """Lead on as a resident is led, uncounted; a code that leads nowhere explains itself as it does to residents."""
    found = codes.tidy(code)
    route = site().routes.find(found) if found else None
    destination = rules.choose(route.rules, request.environ) if route and route.state == LIVE else None
    if destination is None:
        # Not by its own address: with this browser's cookie that leads back here.
        request.environ[ROUTE] = route
        return code_pages.code(code)
    answer = access.lead_to(destination)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@pages.post("/staff/links/<code>/check")
def check(code: str) -> Response:
    """Keep what a member of staff saw where the sheet should hang."""
    saw = request.form.get("saw", "")
    try:
        sightings.report(site().store, code, saw, access.by(), request.form.get("note", ""))
    except InvalidInput as error:
        return _page(code, error)
    said = {
        "up": "Thank you. It is up.",
        "damaged": "Thank you. It is noted. It counts as down until a new sheet is up; print it again from its notice.",
    }
    return forms.done(
        said.get(saw, "Thank you. It is noted, and can be moved or taken down."), "staff_scan.page", code=code
    )


@pages.post("/staff/links/<code>/test")
def test(code: str) -> Response:
    """Ask the worker to open where this sheet leads in the council's first language that it has a page in."""
    store = site().store
    link = links.show(store, code)
    pages_of = services.show(store, notices.show(store, link["notice"]).service).pages
    stored = rules.for_pages(pages_of, site().routes.languages)
    address = stored[-1]["destination"]
    job_id = jobs.add(store, jobs.TEST, {"address": address}, access.by())
    queue.begin(site().settings, job_id)
    return access.lead_to(url_for("jobs.show", job_id=job_id, back=url_for("staff_scan.page", code=link["code"])))


def _page(code: str, error: QrbridgeError | None = None) -> Response:
    link = links.show(site().store, code)
    return forms.show(
        "staff/links/here.html",
        request.form,
        error,
        link=link,
        spoken=codes.spoken(link["code"]),
        checks=sightings.list_for(site().store, link["code"])[:3],
        may_change=access.person().may("editor"),
        labels={"note": "The note"},
    )
