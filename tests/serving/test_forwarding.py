"""What the web process and the process beside it say to one another; through a real server it is in `test_server`."""

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from qrbridge.audit import By
from qrbridge.routing.redirector import Environ
from qrbridge.serving import forwarding, page_process
from qrbridge.serving.forwarding import Answer, Aside
from qrbridge.web import access
from qrbridge.work import jobs
from qrbridge.work.jobs import Doing
from tests.pages import Office
from tests.servers import PATIENCE

# Programs in place of the process beside: one that never answers, and one that ends when it is asked.
SILENT = "import signal; signal.pause()"
ENDING = "import sys; sys.stdin.buffer.read(1)"


def nobody(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
    raise AssertionError("no page for staff is answered here")


def ask_of(program: str, method: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, int]:
    """What is answered where the process beside is this program: status, page, and how many were started."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", program]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    monkeypatch.setattr(forwarding, "_start", start)
    monkeypatch.setattr(forwarding, "LONGEST_SECONDS", 0.5 if program == SILENT else PATIENCE)
    said: list[Any] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": "/staff", "wsgi.input": io.BytesIO()}
    page = b"".join(Aside(nobody, 1)(environ, lambda *words: said.extend(words)))
    assert all(one.poll() is not None for one in started), "none is left behind"
    return said[0], page.decode(), len(started)


LOST = [
    pytest.param(SILENT, "GET", "cannot be shown", 1, id="a page that takes too long"),
    pytest.param(SILENT, "POST", "whether this was done", 1, id="something sent that takes too long"),
    pytest.param(ENDING, "GET", "cannot be shown", 2, id="a page that ends its process, each time"),
    pytest.param(ENDING, "POST", "whether this was done", 1, id="something sent that ends its process"),
]


@pytest.mark.processes
@pytest.mark.parametrize(("program", "method", "sentence", "asked"), LOST)
def test_a_question_that_is_not_answered(program, method, sentence, asked, monkeypatch: pytest.MonkeyPatch):
    status, page, started = ask_of(program, method, monkeypatch)
    assert status == "503 Service Unavailable" and sentence in page
    assert started == asked


def answered(office: Office, path: str, method: str = "GET") -> Answer:
    """What the process beside answers to an editor."""
    cookie = office.client("editor").get_cookie(access.COOKIE)
    assert cookie is not None
    words = {
        **{"REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "80"},
        **{"HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "HTTP_COOKIE": f"{access.COOKIE}={cookie.value}"},
    }
    return page_process._answer(office.app.wsgi_app, words, b"")


def test_a_file_goes_by_its_path(staff: Office, by: By):
    def write(doing: Doing) -> dict[str, str]:
        (doing.folder / "winter.pdf").write_bytes(b"%PDF-" + b"x" * 100_000)
        return {"pdf": "winter.pdf"}

    job_id = jobs.add(staff.store, jobs.PRINT, {"notice": "winter"}, by)
    jobs.do(staff.settings, staff.store, job_id, {jobs.PRINT: write})
    answer = answered(staff, f"/staff/jobs/{job_id}/pdf")
    assert (answer.body, answer.path) == (b"", str(staff.settings.jobs / job_id / "winter.pdf"))
    assert dict(answer.headers)["Content-Length"] == "100005"
    head = answered(staff, f"/staff/jobs/{job_id}/pdf", "HEAD")
    assert (head.body, head.path) == (b"", "")


def test_a_page_that_breaks_is_answered_and_so_is_the_next(staff: Office):
    def broken(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        raise ZeroDivisionError

    for method, status in (("GET", "500 Internal Server Error"), ("POST", "503 Service Unavailable")):
        answer = page_process._answer(broken, {"REQUEST_METHOD": method}, b"")
        assert answer.status == status and b"<h1>" in answer.body
    assert answered(staff, "/staff").status == "200 OK"


@pytest.mark.processes
def test_ctrl_c_in_a_terminal_ends_it_with_its_web_process_and_prints_nothing(staff: Office):
    environment = {**os.environ, **staff.settings.environment}
    command, pipe = [sys.executable, "-m", "qrbridge.serving.page_process"], subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        words = {"REQUEST_METHOD": "GET", "PATH_INFO": "/staff/sign-in", "SERVER_NAME": "qr", "SERVER_PORT": "80"}
        ask = pickle.dumps(({**words, "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}, b""))
        first = forwarding._exchange(process, ask)
        process.send_signal(signal.SIGINT)
        assert first.status == forwarding._exchange(process, ask).status == "200 OK"
        _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, b"")
