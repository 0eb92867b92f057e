"""The upload wizard: a file, what each of its rows would do, and the import of exactly that."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import FileStorage

from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem, QrbridgeError, UnreadableFile
from qrbridge.places import wards
from qrbridge.spreadsheets import limits
from qrbridge.uploads import location_columns, upload_jobs, uploads, ward_import, wizard
from qrbridge.uploads.rows import CHOICES, OUTCOMES
from qrbridge.uploads.uploads import LISTING, Upload
from qrbridge.web import access, downloads, forms, lists
from qrbridge.web.access import by
from qrbridge.web.site import site
from qrbridge.work import queue

pages = Blueprint("uploads", __name__)

CHUNK_BYTES = 64 * 1024
# The name of the file of rows that were not taken.
TO_MEND = "rows to put right"
FORMS = {"xlsx": downloads.as_workbook, "csv": downloads.as_csv}

# What a template's columns are called, and what is said of each beside it.
COLUMNS = {
    "locations": (
        ("reference", "What your own lists call the place. Needed, and different in every row."),
        ("name", "As staff and residents know it. Needed."),
        ("address", "Street and number, or where to find it. An address, a postcode or coordinates are needed."),
        ("postcode", "Fills in ward and coordinates where a table of postcodes is loaded."),
        ("ward", "A ward’s code or name, where its postcode does not say it."),
        ("latitude", "In degrees, such as 53.4241."),
        ("longitude", "In degrees, such as -2.3187."),
        ("kind", "Such as library, bus stop or noticeboard."),
        ("setting", "indoors or open; blank for what is usual for its kind."),
    ),
    "wards": (
        ("postcode", "Needed."),
        ("ward code", "Nine characters, such as E05015239. Needed."),
        ("ward name", "Needed."),
        ("latitude", "In degrees: the middle of the postcode’s area."),
        ("longitude", "In degrees."),
    ),
}
# Field -> what it can be, to ask which column holds it.
FIELDS = {"locations": location_columns.COLUMNS, "wards": ward_import.COLUMNS}


@pages.get("/staff/uploads/new/<kind>")
def new(kind: str) -> Response:
    """Say what can be uploaded, and ask for the file."""
    return _new(kind)


@pages.post("/staff/uploads/new/<kind>")
def receive(kind: str) -> Response:
    """Take the file in, read it, and lead on to what its rows would do."""
    _check_kind(kind)
    try:
        file = _sent()
        upload = wizard.receive(site().store, site().settings.uploads, (kind, file.filename or "", _chunks(file)), by())
    except UnreadableFile as error:
        return _new(kind, InvalidInput([Problem("file", str(error))]))
    except InvalidInput as error:
        return _new(kind, error)
    return _after(upload)


@pages.get("/staff/uploads/template/<kind>.xlsx")
def template(kind: str) -> Response:
    """An empty spreadsheet with the columns that are read, every cell of it text."""
    _check_kind(kind)
    return downloads.as_workbook([[name for name, _ in COLUMNS[kind]]], kind)


@pages.get("/staff/uploads/show/<upload_id>")
def show(upload_id: str) -> Response:
    """What an upload would do, is to be asked, or did; while it is read, how far that is."""
    upload = _mine(upload_id)
    job_id = upload_jobs.find(site().store, upload, by()) if upload.state == "reading" else ""
    return access.lead_to(url_for("jobs.show", job_id=job_id)) if job_id else _show(upload)


@pages.post("/staff/uploads/columns/<upload_id>")
def answer(upload_id: str) -> Response:
    """Say which column holds which field, and read the file with that."""
    upload = _mine(upload_id)
    found = upload.summary.matched
    chosen = {field: request.form.get(field, "") for field in FIELDS[upload.kind]}
    columns = {field: header for field, header in chosen.items() if header and header != found.get(field)}
    try:
        upload = wizard.answer(site().store, site().settings.uploads, upload, columns)
    except (InvalidInput, UnreadableFile, Conflict) as error:
        return _show(_mine(upload_id), error)
    return _after(upload)


@pages.post("/staff/uploads/choices/<upload_id>")
def choose(upload_id: str) -> Response:
    """Say what is to be done with rows that are asked about: with each on a page, or with all that are left."""
    upload, store = _mine(upload_id), site().store
    try:
        uploads.choose(store, upload, _choices())
        if request.form.get("rest"):
            uploads.choose_rest(store, upload, request.form["rest"])
    except InvalidInput as error:
        return _show(upload, error)
    page = {"page": request.form["page"]} if request.form.get("page") else {}
    return _lead_to_show(upload_id=upload_id, outcome="asked", **page)


@pages.post("/staff/uploads/import/<upload_id>")
def confirm(upload_id: str) -> Response:
    """Import what was shown."""
    upload = _mine(upload_id)
    agreed = bool(request.form.get("confirm"))
    try:
        wizard.confirm(site().store, site().settings.uploads, upload, by(), agreed)
    except (InvalidInput, Conflict) as error:
        upload = _mine(upload_id)
        if upload.state == "reading":
            _begin_reading(upload)
        return _show(upload, error)
    return _lead_to_show(upload_id=upload_id)


@pages.post("/staff/uploads/discard/<upload_id>")
def discard(upload_id: str) -> Response:
    """Throw an upload away."""
    upload = _mine(upload_id)
    try:
        wizard.discard(site().store, site().settings.uploads, upload)
    except InvalidInput as error:
        return _show(_mine(upload_id), error)
    return forms.done(f"{upload.name} was discarded. Nothing was changed.", "locations.list_")


@pages.get("/staff/uploads/refused/<upload_id>.<any(xlsx, csv):form>")
def refused(upload_id: str, form: str) -> Response:
    """The rows that are not taken with the reasons, to be put right and uploaded again."""
    table = uploads.to_mend(site().store, _mine(upload_id))
    return FORMS[form](table, TO_MEND)


def _new(kind: str, error: QrbridgeError | None = None) -> Response:
    _check_kind(kind)
    unfinished = uploads.unfinished(site().store, by())
    return forms.show(
        "staff/uploads/new.html",
        None,
        error,
        kind=kind,
        columns=COLUMNS[kind],
        unfinished=unfinished,
        to_be_mended=uploads.to_be_mended(site().store, by()),
        most_mb=limits.MAX_BYTES // 1024 // 1024,
        most_rows=limits.MAX_ROWS,
    )


def _show(upload: Upload, error: QrbridgeError | None = None) -> Response:
    """The page of an upload as far as it is: asking, read, imported or discarded."""
    store = site().store
    said = {"upload": upload, "outcomes": OUTCOMES, "choices": CHOICES, "fields": FIELDS[upload.kind]}
    if upload.state == "reading":
        said["job_id"] = upload_jobs.find(store, upload, by())
    if upload.state == "read":
        found = uploads.rows(store, upload, lists.wanted(LISTING))
        said |= {"found": found, "rows": uploads.opened_rows(found), "open": uploads.open_rows(store, upload)}
        said["wards"] = wards.names(store)
    return forms.show(f"staff/uploads/{upload.state}.html", request.form, error, **said)


def _after(upload: Upload) -> Response:
    """Lead on from a file that was taken in: to what it would do, or to how far reading it is."""
    if upload.state == "reading":
        return access.lead_to(url_for("jobs.show", job_id=_begin_reading(upload)))
    return _lead_to_show(upload_id=upload.id)


def _begin_reading(upload: Upload) -> str:
    job_id = upload_jobs.add(site().store, upload, by())
    queue.begin(site().settings, job_id)
    return job_id


def _mine(upload_id: str) -> Upload:
    return uploads.show(site().store, upload_id, by())


def _lead_to_show(**values: Any) -> Response:
    return access.lead_to(url_for("uploads.show", **values))


def _check_kind(kind: str) -> None:
    if kind not in COLUMNS:
        raise NotFound("upload", kind, f"Uploads are of {' or '.join(COLUMNS)}.")


def _sent() -> FileStorage:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput([Problem("file", "Choose a file first")])
    return file


def _chunks(file: FileStorage) -> Iterator[bytes]:
    while chunk := file.stream.read(CHUNK_BYTES):
        yield chunk


def _choices() -> dict[int, str]:
    """What was chosen for rows, by their numbers."""
    named = ((name.removeprefix("row-"), value) for name, value in request.form.items() if name.startswith("row-"))
    return {int(number): value for number, value in named if value and number.isdecimal() and len(number) < 10}
