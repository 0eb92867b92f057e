"""Real servers on loopback: starting, stopping, counting, and every fault that a council's machine may have."""

import array
import contextlib
import fcntl
import json
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psutil
import psycopg
import pytest

from qrbridge import codes, times
from qrbridge import settings as boot
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.counting import scans
from qrbridge.counting.journal_file import JournalFile
from qrbridge.links import links
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.serving import lanes
from qrbridge.settings import PROJECT, Settings
from qrbridge.store import Store, connect, create_store
from qrbridge.upkeep import installing
from qrbridge.web import access
from qrbridge.work import jobs
from tests.given import COUNCIL_PHONE, NOTICE, PAGES, SERVICE, set_up
from tests.postgres import postgres_server
from tests.servers import PATIENCE, PHONE, Answer, Residents, Server, free_port, wait_until, words

pytestmark = pytest.mark.processes

PAGE = PAGES["en"]
KILLS = 20
# A crowd scans until so many were answered, however slow the machine is.
ENOUGH_SCANS = 100


@dataclass
class Installation:
    """One council with links at three places, and the servers that were started for it."""

    settings: Settings
    store: Store
    codes: list[str]
    servers: list[Server] = field(default_factory=list)

    def serve(self, *options: str, constants: Mapping[str, object] | None = None) -> Server:
        """A server that answers."""
        return self.spawn(*options, constants=constants).start()

    def spawn(self, *options: str, port: int | None = None, constants: Mapping[str, object] | None = None) -> Server:
        """A server not started yet, ended with the test."""
        self.servers.append(Server(self.settings, port or free_port(), options, constants=constants or {}))
        return self.servers[-1]

    @property
    def counted(self) -> int:
        """The scans that the report shows."""
        table = reports.read(self.store, reports.find("scans-by-location"), Filters.read({}))
        return int(table.totals["scans"])

    def end(self) -> None:
        """End whatever still runs."""
        for server in self.servers:
            server.kill_all()


def set_up_installation(settings: Settings, store: Store) -> Installation:
    by = By("jo@example.gov.uk")
    installing.make_folder(settings)
    set_up(store, by)
    return Installation(settings, store, [link.code for link in links.make(store, "winter", ["L1", "L2", "B1"], by)])


@pytest.fixture
def here(sqlite_settings: Settings) -> Iterator[Installation]:
    """A council with three links, on the embedded engine: what a server does with its processes is alike on both."""
    sqlite_settings.instance.mkdir()
    store = create_store(sqlite_settings)
    made = set_up_installation(sqlite_settings, store)
    yield made
    made.end()
    store.close()


@pytest.fixture
def anywhere(settings: Settings, store: Store) -> Iterator[Installation]:
    """A council with three links, on each engine in turn."""
    made = set_up_installation(settings, store)
    yield made
    made.end()


def health(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(server.get("/health").body)
    return found


# Starting and stopping


def test_starts_and_redirects(anywhere: Installation):
    server = anywhere.serve()
    answer = server.get(f"/{anywhere.codes[0]}")
    assert (answer.status, answer.headers["location"], answer.body) == (302, PAGE, "")
    assert answer.headers["cache-control"] == "no-store"
    wait_until(lambda: anywhere.counted == 1)


def test_term_ends_it_and_everything_it_started_and_frees_the_port(here: Installation):
    server = here.serve()
    wait_until(lambda: len(server.members()) == 4, "main, web, pages and worker processes")
    assert server.stop() == 0
    wait_until(lambda: not server.members())
    assert not server.answers()


def test_ctrl_c_in_a_terminal_ends_every_process_and_prints_no_traceback(here: Installation):
    server = here.serve()
    wait_until(lambda: len(server.members()) == 4, "main, web, pages and worker processes")
    assert server.get("/staff/sign-in").status == 200
    os.killpg(server.process.pid, signal.SIGINT)
    server.process.wait(PATIENCE)
    wait_until(lambda: not server.members())
    said = server.log + (here.settings.instance / "work.log").read_text()
    assert "Traceback" not in said and "KeyboardInterrupt" not in said, said


def test_what_was_scanned_before_term_is_added_up_by_the_end(anywhere: Installation):
    server = anywhere.serve()
    crowd = Residents([server.port], anywhere.codes)
    with crowd.scanning():
        crowd.go_on(ENOUGH_SCANS)
    server.stop()
    assert (anywhere.counted, crowd.failed) == (crowd.answered, [])
    assert not list(anywhere.settings.journals.glob("*.journal"))


def slow_page(here: Installation) -> Path:
    """Make the report page wait until somebody writes the report key, and return where to."""
    key = here.settings.keys / "reports"
    key.unlink()
    os.mkfifo(key)
    return key


@contextlib.contextmanager
def writing_to(key: Path) -> Iterator[IO[bytes]]:
    """Write to whoever waits for the report key, once somebody does; until this ends they wait for what is written."""
    opened: list[int] = []

    def open_it() -> bool:
        with contextlib.suppress(OSError):
            opened.append(os.open(key, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    wait_until(open_it, "a page that waits for the report key")
    with os.fdopen(opened[0], "wb", buffering=0) as writer:
        yield writer


def ask_in_background(server: Server, path: str, **headers: str) -> tuple[threading.Thread, list[Any]]:
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(server.get(path, **headers))
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread, found


SENT_BYTES = 100


def send_slowly(server: Server) -> socket.socket:
    """A form of which only the head has been sent; to be read from without waiting."""
    made = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
    head = f"POST /staff/sign-in HTTP/1.1\r\nHost: qr\r\nConnection: close\r\nContent-Length: {SENT_BYTES}\r\n\r\n"
    made.sendall(head.encode())
    return made


REPORT = "/api/v1/reports/scans-by-location"


def test_a_request_in_flight_is_finished_after_term(here: Installation):
    key, server = slow_page(here), here.serve(constants={"qrbridge.serving.lanes.LAST_REQUEST_SECONDS": PATIENCE})
    thread, found = ask_in_background(server, REPORT, Authorization="Bearer secret")
    with writing_to(key) as writer:
        server.process.terminate()
        wait_until(lambda: not server.answers(), "nobody is let in any more")
        writer.write(b"secret")  # the page was waiting for this
    thread.join(PATIENCE)
    assert [answer.status for answer in found] == [200]
    assert server.process.wait(PATIENCE) == 0


def test_a_request_that_never_ends_does_not_keep_it_from_ending(here: Installation):
    key, server = slow_page(here), here.serve()
    thread, found = ask_in_background(server, REPORT, Authorization="Bearer secret")
    with writing_to(key):
        server.process.terminate()
        server.process.wait(PATIENCE)
        thread.join(PATIENCE)
        assert len(found) == 1 and isinstance(found[0], OSError)
        wait_until(lambda: not server.members())


@pytest.mark.parametrize("are_well", [True, False], ids=["once all are well", "while they start"])
def test_kill_of_the_main_process_leaves_nothing_behind(here: Installation, are_well: bool):
    server = here.serve("--workers", "2")
    wait_until(lambda: len(server.members()) == 6, "main, two web with their pages, and worker processes")
    if are_well:
        assert server.get("/staff/sign-in").status == 200
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not server.members(), "web and worker processes gone")
    assert not server.answers()


def test_a_web_process_that_is_killed_is_started_again(here: Installation):
    server = here.serve()
    (web,) = server.web()
    web.kill()
    wait_until(lambda: [one.pid for one in server.web()] not in ([], [web.pid]))
    server.wait_ready()
    assert server.get(f"/{here.codes[0]}").status == 302


def test_a_page_process_that_is_killed_is_started_again(here: Installation):
    server, key = here.serve(), here.settings.key("reports")
    answers = [server.get(REPORT, Authorization=f"Bearer {key}")]
    (pages,) = [one for one in server.members() if words(one)[-1:] == ["qrbridge.serving.page_process"]]
    pages.kill()
    answers.append(server.get(REPORT, Authorization=f"Bearer {key}"))
    assert [(answer.status, json.loads(answer.body)["report"]) for answer in answers] == [
        (200, "scans-by-location")
    ] * 2
    assert answers[0].headers["content-type"] == "application/json"


@pytest.fixture
def editor(here: Installation) -> dict[str, str]:
    """What the browser of a signed-in editor sends along, as headers."""
    by = By("jo@example.gov.uk")
    people.add(here.store, Person("ed@example.gov.uk", "Ed", "editor"), by)
    return {"Cookie": f"{access.COOKIE}={sessions.begin(here.store, 'ed@example.gov.uk')}"}


def page_processes(server: Server) -> list[psutil.Process]:
    return [one for one in server.members() if words(one)[-1:] == ["qrbridge.serving.page_process"]]


def waiting_bytes(process: psutil.Process) -> int:
    """What was sent to a process's standard input that it has not read."""
    unread = array.array("i", [0])
    with Path(f"/proc/{process.pid}/fd/0").open("rb", buffering=0) as pipe:
        fcntl.ioctl(pipe, termios.FIONREAD, unread)
    return unread[0]


def send_form(server: Server, path: str, cookie: str, **fields: str) -> Answer:
    token = access.csrf_of(cookie.partition("=")[2])
    body = urlencode({access.CSRF_FIELD: token, **fields})
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return server.get(path, "POST", body, **headers)


def test_what_was_sent_is_never_done_twice_when_the_page_process_ends_in_the_middle(here: Installation, editor):
    server = here.serve()
    assert server.get("/staff", **editor).status == 200
    (pages,) = page_processes(server)
    pages.suspend()
    # Only then does it leave what it is asked in its pipe: it has been asked, and has not answered.
    wait_until(lambda: pages.status() == psutil.STATUS_STOPPED, "a page process that stands still")
    found: list[Answer] = []
    address = "https://www.trafford.gov.uk/help"
    sending = threading.Thread(
        target=lambda: found.append(send_form(server, "/staff/jobs/test", editor["Cookie"], address=address)),
        daemon=True,
    )
    sending.start()
    wait_until(lambda: waiting_bytes(pages), "the question in its pipe")
    pages.kill()
    sending.join(PATIENCE)
    (answer,) = found
    assert answer.status == 503 and "We cannot say whether this was done" in answer.body
    assert "refresh" not in answer.body and "retry-after" not in answer.headers
    assert jobs.list_all(here.store) == []
    assert send_form(server, "/staff/jobs/test", editor["Cookie"], address=address).status == 303
    assert len(jobs.list_all(here.store)) == 1


def test_what_was_sent_to_a_page_process_that_had_ended_before_is_done(here: Installation, editor):
    server = here.serve()
    assert server.get("/staff", **editor).status == 200
    (pages,) = page_processes(server)
    pages.kill()
    # The last of its threads lets go of the pipe; until then nobody can tell that it hears nothing.
    wait_until(lambda: pages.status() == psutil.STATUS_ZOMBIE and pages.num_threads() == 1)
    answer = send_form(server, "/staff/jobs/test", editor["Cookie"], address="https://www.trafford.gov.uk/help")
    assert answer.status == 303 and len(jobs.list_all(here.store)) == 1


def test_scans_that_went_uncounted_are_said_to_staff(here: Installation, editor):
    left = JournalFile.create(here.settings.journals)
    left.tell(uncounted=1_234)
    left.close()
    server = here.serve()
    wait_until(lambda: health(server)["uncounted"] == 1_234)
    assert "1,234 scans could not be counted" in server.get("/staff", **editor).body


def test_a_large_file_is_handed_over_whole_and_let_go_of(here: Installation, editor):
    content = os.urandom(3_000_000)

    def make(doing: jobs.Doing) -> dict[str, str]:
        (doing.folder / "winter.pdf").write_bytes(content)
        return {"pdf": "winter.pdf"}

    job_id = jobs.add(here.store, jobs.PRINT, {"notice": "winter"}, By("jo@example.gov.uk"))
    jobs.do(here.settings, here.store, job_id, {jobs.PRINT: make})
    server, address = here.serve(), f"/staff/jobs/{job_id}/pdf"
    with urlopen(Request(f"http://127.0.0.1:{server.port}{address}", headers=editor), timeout=PATIENCE) as answer:
        assert answer.headers["Content-Length"] == str(len(content)) and answer.read() == content
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as leaving:
        leaving.sendall(f"GET {address} HTTP/1.1\r\nHost: qr\r\nCookie: {editor['Cookie']}\r\n\r\n".encode())
        assert leaving.recv(1_000).startswith(b"HTTP/1.1 200")
    (web,) = server.web()
    wait_until(lambda: not [one for one in web.open_files() if one.path.endswith("winter.pdf")], "file closed")
    assert server.get(f"/{here.codes[0]}").status == 302


def test_redirects_go_on_while_every_place_for_long_pages_is_taken(here: Installation):
    key, server = slow_page(here), here.serve()
    asked = [ask_in_background(server, REPORT, Authorization="Bearer secret") for _ in range(6)]
    wait_until(lambda: [found[0].status for _, found in asked if found] == [503] * 3)
    assert server.get(f"/{here.codes[0]}").status == 302
    assert server.get("/health").status == 200

    def give_the_key() -> bool:
        # Those that wait for it are given it, or find that another has read it away.
        with contextlib.suppress(OSError):
            writer = os.open(key, os.O_WRONLY | os.O_NONBLOCK)
            os.write(writer, b"another key")
            os.close(writer)
        return all(found for _, found in asked)

    wait_until(give_the_key, "every page answered")
    assert ["One moment" in found[0].body for _, found in asked].count(True) == 3
    assert 401 in [found[0].status for _, found in asked]


def test_redirects_go_on_while_all_that_is_sent_comes_slowly(here: Installation):
    server = here.serve()
    with contextlib.ExitStack() as open_ones:
        sending = [open_ones.enter_context(send_slowly(server)) for _ in range(lanes.SENT + 2)]
        # As many are waited for at once; the others are told to come again before all is sent.
        wait_until(lambda: len(select.select(sending, [], [], 0)[0]) == 2, "two told to come again")
        told = select.select(sending, [], [], 0)[0]
        assert all(server.get(f"/{code}").status == 302 for code in here.codes)
        assert server.get("/staff/sign-in").status == 200, "what comes slowly holds up no page"
        assert [one.recv(12) for one in told] == [b"HTTP/1.1 503"] * 2
        waiting = [one for one in sending if one not in told]
        for one in waiting:
            one.sendall(b"x" * SENT_BYTES)
        assert [one.recv(12) for one in waiting] == [b"HTTP/1.1 403"] * lanes.SENT


def test_a_crowd_at_pages_is_answered_one_and_all(here: Installation):
    server = here.serve()
    asked = [ask_in_background(server, f"/{codes.make()}") for _ in range(40)]
    for thread, _ in asked:
        thread.join(PATIENCE)
    assert [answer.status for _, found in asked for answer in found] == [404] * 40


def test_a_worker_that_is_killed_is_started_again(here: Installation):
    server = here.serve()

    def workers() -> list[int]:
        return [one.pid for one in server.members() if words(one)[-1:] == ["work"]]

    wait_until(lambda: len(workers()) == 1)
    (first,) = workers()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: workers() not in ([], [first]), "another worker")


def test_a_taken_port_is_refused_with_a_sentence(here: Installation):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = here.spawn(port=taken.getsockname()[1]).spawn()
        assert server.process.wait(PATIENCE) == 1
    assert "Choose another with --port." in server.log
    assert "Traceback" not in server.log


def test_a_second_server_on_the_port_is_refused(here: Installation):
    first = here.serve()
    second = here.spawn(port=first.port).spawn()
    assert second.process.wait(PATIENCE) == 1
    assert first.get(f"/{here.codes[0]}").status == 302


def test_its_processes_have_the_settings_it_was_given_and_not_those_of_the_environment(here: Installation):
    server = here.spawn()
    values = {"database": here.settings.database, "port": server.port}
    server.command = [sys.executable, "-c", SERVE, str(here.settings.instance), repr(values)]
    server.environ = {"QRBRIDGE_DATABASE": "postgresql://nobody@127.0.0.1:1/nowhere", "QRBRIDGE_OPEN_REPORTS": "yes"}
    server.start()
    assert server.get(f"/{here.codes[0]}").status == 302
    wait_until(lambda: here.counted == 1)
    assert server.get(REPORT).status == 401


SERVE = """
import sys
from ast import literal_eval
from pathlib import Path
from qrbridge.serving import server
from qrbridge.settings import Settings
server.serve(Settings(Path(sys.argv[1]), **literal_eval(sys.argv[2])))
"""


# What is answered, and what is counted

OBJECTIONS = [pytest.param({"Sec_GPC": "1"}, id="GPC"), pytest.param({"DNT": "1"}, id="DNT")]


def test_health_says_all_there_is_to_watch(here: Installation):
    said = health(here.serve())
    assert said["status"] == "ok"
    assert said["store"] == {"reachable": True, "problem": ""}
    assert said["route_map"]["version"] is not None
    assert {"waiting_bytes", "uncounted", "unreadable"} <= set(said["journal"])
    assert said["uncounted"] == 0


def test_unknown_withdrawn_and_ended_codes_are_explained_with_the_councils_phone(here: Installation):
    by = By("jo@example.gov.uk")
    yesterday = times.day_of(by.at) - timedelta(days=1)
    ended = {**NOTICE, "key": "autumn", "starts": "2020-01-01", "ends": yesterday.isoformat()}
    notices.add(here.store, Notice.read(ended, council.show(here.store)), by)
    (over,) = links.make(here.store, "autumn", ["L1"], by)
    links.withdraw(here.store, here.codes[:1], by, "printed wrongly")
    server = here.serve()
    answers = {path: server.get(path) for path in ("/NQSUCH", "/not/a-code", f"/{here.codes[0]}", f"/{over.code}")}
    assert [answer.status for answer in answers.values()] == [404, 404, 410, 410]
    assert all(COUNCIL_PHONE in answer.body for answer in answers.values())
    assert all("location" not in answer.headers for answer in answers.values())


def test_head_and_objections_are_served_and_not_counted(here: Installation):
    server = here.serve()
    path = f"/{here.codes[0]}"
    statuses = [server.get(path, method="HEAD").status]
    statuses += [server.get(path, Sec_GPC="1").status, server.get(path, DNT="1").status]
    statuses += [server.get(path, Sec_Purpose="prefetch").status, server.get(path).status]
    assert statuses == [302] * 5
    wait_until(lambda: here.counted == 1)
    server.stop()
    assert here.counted == 1


def test_a_phone_whose_agent_is_not_plain_ascii_is_counted_as_a_persons(here: Installation):
    server = here.serve()
    assert server.get(f"/{here.codes[0]}", User_Agent=f"{PHONE} Café/1.0").status == 302
    wait_until(lambda: here.counted == 1)


def test_the_backup_that_readme_tells_of_has_everything_while_it_serves(here: Installation, tmp_path: Path):
    (command,) = re.findall(r"^  \.venv/bin/python -c '(.+)'$", (PROJECT / "README.md").read_text("utf-8"), re.M)
    server, by = here.serve(), By("jo@example.gov.uk")
    assert server.get(f"/{here.codes[0]}").status == 302
    wait_until(lambda: here.counted == 1)
    links.withdraw(here.store, here.codes[2:], by, "printed wrongly")
    (late,) = links.make(here.store, "winter", ["B1"], by)
    assert here.settings.instance == tmp_path / "instance"
    subprocess.run([sys.executable, "-c", command], cwd=tmp_path, check=True, timeout=PATIENCE)
    server.stop()
    for path in here.settings.instance.glob("qrbridge.sqlite*"):
        path.unlink()
    (tmp_path / "backup.sqlite").rename(here.settings.database_file)
    with contextlib.closing(connect(here.settings)) as store:
        assert replace(here, store=store).counted == 1
    assert here.serve().get(f"/{late.code}").status == 302


def test_a_change_is_followed_without_a_restart(anywhere: Installation):
    server, by = anywhere.serve("--workers", "2"), By("jo@example.gov.uk")
    kept, withdrawn = f"/{anywhere.codes[0]}", f"/{anywhere.codes[1]}"
    assert server.get(withdrawn).status == 302
    links.withdraw(anywhere.store, anywhere.codes[1:2], by, "printed wrongly")
    page = "https://www.trafford.gov.uk/new-page"
    change(anywhere.store, {**SERVICE, "pages": {"en": page}}, by)
    # Asked so often that each of the two web processes was.
    wait_until(lambda: {server.get(withdrawn).status for _ in range(20)} == {410})
    wait_until(lambda: {server.get(kept).headers["location"] for _ in range(20)} == {page})


def change(store: Store, given: dict[str, Any], by: By) -> None:
    services.change(store, services.Service.read(given, council.show(store)), by)


# Several processes


def test_two_web_processes_count_together(anywhere: Installation):
    server = anywhere.serve("--workers", "2")
    wait_until(lambda: len(server.web()) == 2)
    crowd = Residents([server.port], anywhere.codes, people=8)
    with crowd.scanning():
        crowd.go_on(ENOUGH_SCANS)
    assert (crowd.failed, crowd.unreachable) == ([], 0)
    wait_until(lambda: anywhere.counted == crowd.answered)


def test_two_servers_on_one_instance_folder_count_together(anywhere: Installation):
    one, other = anywhere.serve(), anywhere.serve()
    crowd = Residents([one.port, other.port], anywhere.codes)
    with crowd.scanning():
        crowd.go_on(ENOUGH_SCANS)
    assert (crowd.failed, crowd.unreachable) == ([], 0)
    wait_until(lambda: anywhere.counted == crowd.answered)
    assert health(one)["uncounted"] == health(other)["uncounted"] == 0
    one.stop()
    assert other.get(f"/{anywhere.codes[0]}").status == 302
    wait_until(lambda: anywhere.counted == crowd.answered + 1)


# Killed under load


def nothing_left(anywhere: Installation) -> bool:
    """Add up what is left; a killed process in the middle of a sync holds its journal until the disk is done."""
    scans.add_up_left(anywhere.settings.journals, anywhere.store)
    return not list(anywhere.settings.journals.glob("*.journal"))


def test_killed_under_load_twenty_times_no_scan_is_lost_and_none_invented(anywhere: Installation):
    crowd = Residents([free_port()], anywhere.codes, pause_seconds=0)
    for number in range(KILLS):
        server = anywhere.spawn(port=crowd.ports[0]).start()
        with crowd.scanning():
            crowd.go_on(ENOUGH_SCANS)
            if number % 2:
                kill_a_web_process(server, crowd)
            server.kill_all()
        wait_until(lambda: nothing_left(anywhere), "journals of killed processes added up")
        assert crowd.answered <= anywhere.counted <= crowd.sent
    assert crowd.answered >= KILLS * ENOUGH_SCANS and not crowd.failed


def kill_a_web_process(server: Server, crowd: Residents) -> None:
    missed = crowd.unreachable
    server.web()[0].kill()
    wait_until(lambda: crowd.unreachable > missed, "residents who find nobody there")


def test_a_restart_adds_up_what_a_killed_server_left(anywhere: Installation):
    first = anywhere.serve()
    crowd = Residents([first.port], anywhere.codes, pause_seconds=0)
    with crowd.scanning():
        crowd.go_on(ENOUGH_SCANS)
        first.kill_all()
    anywhere.serve()
    wait_until(lambda: anywhere.counted >= crowd.answered)
    assert anywhere.counted <= crowd.sent


# The store away

Away = Callable[[Settings], AbstractContextManager[None]]


@contextlib.contextmanager
def sqlite_locked(settings: Settings) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(settings.database_file, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


@contextlib.contextmanager
def sqlite_moved(settings: Settings) -> Iterator[None]:
    away = settings.instance / "away"
    away.mkdir()
    files = list(settings.instance.glob(f"{settings.database_file.name}*"))
    for file in files:
        file.rename(away / file.name)
    yield
    assert not settings.database_file.exists(), "something made an empty database where one was missing"
    for file in files:
        (away / file.name).rename(file)


@contextlib.contextmanager
def postgres_locked(settings: Settings) -> Iterator[None]:
    with psycopg.connect(settings.database) as other:
        other.execute("lock table journal, scan_hour, installation in access exclusive mode")
        yield
        other.rollback()


# The PostgreSQL that a test may stop, by its address.
OWN_SERVERS: dict[str, Any] = {}


@contextlib.contextmanager
def postgres_stopped(settings: Settings) -> Iterator[None]:
    server = OWN_SERVERS[settings.database]
    server.stop()
    yield
    server.ensure_postgres_running()


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[Settings]:
    """An installation on a PostgreSQL of this test's own, to be stopped and started."""
    with postgres_server() as server:
        found = boot.load(tmp_path / "instance", {"QRBRIDGE_DATABASE": server.get_uri()})
        OWN_SERVERS[found.database] = server
        yield found


AWAY = [
    pytest.param("sqlite_settings", sqlite_locked, id="SQLite locked"),
    pytest.param("sqlite_settings", sqlite_moved, id="SQLite moved away and put back"),
    pytest.param("postgres_settings", postgres_locked, id="PostgreSQL locked"),
    pytest.param("own_postgres", postgres_stopped, id="PostgreSQL stopped and started"),
]


@pytest.fixture
def away_here(request: pytest.FixtureRequest) -> Iterator[tuple[Installation, Away]]:
    """A council with three links whose store can be taken away, and how."""
    name, away = request.param
    found: Settings = request.getfixturevalue(name)
    found.instance.mkdir(exist_ok=True)
    store = create_store(found)
    made = set_up_installation(found, store)
    yield made, away
    made.end()
    store.close()


# Runs a test once for each way a store can be away.
on_every_loss = pytest.mark.parametrize(
    "away_here", [pytest.param(case.values, id=case.id) for case in AWAY], indirect=True
)


@on_every_loss
def test_redirects_go_on_and_nothing_is_lost_while_the_store_is_away(away_here: tuple[Installation, Away]):
    here, away = away_here
    server = here.serve()
    crowd = Residents([server.port], here.codes)
    with away(here.settings), crowd.scanning():
        wait_until(lambda: not health(server)["store"]["reachable"], "a store that is seen to be away")
        crowd.go_on(ENOUGH_SCANS)
    assert (crowd.failed, crowd.unreachable) == ([], 0)
    assert crowd.answered == crowd.sent
    wait_until(lambda: here.counted == crowd.answered, f"{crowd.answered} counted")
    wait_until(lambda: health(server)["store"]["reachable"])


@on_every_loss
def test_a_server_that_starts_while_the_store_is_away_redirects_and_counts(away_here: tuple[Installation, Away]):
    here, away = away_here
    here.serve().stop()
    with away(here.settings):
        server = here.serve()
        crowd = Residents([server.port], here.codes)
        with crowd.scanning():
            crowd.go_on(ENOUGH_SCANS)
        assert (crowd.failed, crowd.unreachable) == ([], 0)
        assert crowd.answered == crowd.sent
    wait_until(lambda: here.counted == crowd.answered, f"{crowd.answered} counted")


@on_every_loss
def test_health_says_that_the_store_is_away_and_is_still_well(away_here: tuple[Installation, Away]):
    here, away = away_here
    server = here.serve()
    server.get(f"/{here.codes[0]}")
    wait_until(lambda: here.counted == 1)
    with away(here.settings):
        # Scanned, so that there is something to add up: a locked store answers questions, and that is well.
        server.get(f"/{here.codes[0]}")
        wait_until(lambda: not health(server)["store"]["reachable"])
        answer = server.get("/health")
        assert (answer.status, json.loads(answer.body)["status"]) == (200, "ok")
        assert json.loads(answer.body)["store"]["problem"]
    wait_until(lambda: health(server)["store"]["reachable"])


# The disk full


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of a running process can be changed on Linux alone")
def test_on_a_full_disk_redirects_go_on_and_health_tells_the_number_uncounted(here: Installation):
    import resource

    server = here.serve()
    server.get(f"/{here.codes[0]}")
    wait_until(lambda: here.counted == 1)
    (journal,) = here.settings.journals.glob("*.journal")
    (web,) = server.web()
    limits = resource.prlimit(web.pid, resource.RLIMIT_FSIZE)
    # No file of the web process may grow; a second's scans need more than the room its journal has.
    resource.prlimit(web.pid, resource.RLIMIT_FSIZE, (journal.stat().st_size, limits[1]))
    crowd = Residents([server.port], here.codes)
    with crowd.scanning():
        wait_until(lambda: health(server)["uncounted"], "scans that went uncounted")
    assert (crowd.failed, crowd.unreachable) == ([], 0)
    said = health(server)
    assert said["status"] == "failing" and 0 < said["uncounted"] <= crowd.answered
    assert server.get("/health").status == 503
    resource.prlimit(web.pid, resource.RLIMIT_FSIZE, limits)
    wait_until(lambda: health(server)["journal"]["waiting_bytes"] == 0)
    wait_until(lambda: here.counted == 1 + crowd.answered - health(server)["uncounted"])
    with crowd.scanning():
        crowd.go_on(ENOUGH_SCANS)
    wait_until(lambda: here.counted == 1 + crowd.answered - health(server)["uncounted"])
