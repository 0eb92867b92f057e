import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qrbridge import codes
from qrbridge.counting import agents
from qrbridge.counting.journal import Journal
from qrbridge.routing.redirector import ROUTE, Redirector
from qrbridge.routing.route_map import Route, RouteMap
from qrbridge.settings import Settings
from qrbridge.store import create_store
from tests.counting.test_journal import lines_of
from tests.given import in_days
from tests.installation import PAGE, begin, link, notice, repage, service

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def some_codes() -> list[str]:
    """Five codes with a letter in each, so that capitals can be told from small letters."""
    made: list[str] = []
    while len(made) < 5:
        code = codes.make()
        if code.lower() != code and code not in made:
            made.append(code)
    return made


LIVE, ENDED, WITHDRAWN, UNSAFE, UNKNOWN = some_codes()


class Site:
    """A redirector with a fallback that says 404, and what it wrote."""

    def __init__(self, settings: Settings) -> None:
        self.routes = RouteMap(settings.route_map)
        self.journal = Journal(settings.journals)
        self.fell_through: list[Route | None] = []
        self.call = Redirector(self.routes, self.journal, self._fall)

    def _fall(self, environ, start_response):
        self.fell_through.append(environ[ROUTE])
        start_response("404 Not Found", [])
        return [b"page"]

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[str, dict[str, str]]:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.url_scheme": "http", "HTTP_USER_AGENT": PHONE}
        told: list[Any] = []
        body = b"".join(self.call(environ | headers, lambda *said: told.extend(said)))
        assert (body == b"") == told[0].startswith("302")
        return told[0], dict(told[1])

    @property
    def lines(self) -> list[list[str]]:
        return [line.decode().rstrip(";").split("\t") for line in lines_of(self.journal.folder)]


@pytest.fixture
def site(sqlite_settings: Settings) -> Iterator[Site]:
    """A redirector over a route map with a code of each state; the store is closed, since it is never asked."""
    store = create_store(sqlite_settings)
    begin(store)
    repage(store, "help", {"en": PAGE, "cy": f"{PAGE}/cy"})
    service(store, "elsewhere", {"en": "https://evil.example/"})
    notice(store, "over", "help", ends=in_days(-1))
    notice(store, "astray", "elsewhere")
    link(store, LIVE, state="up")
    link(store, WITHDRAWN, at="L2", state="withdrawn")
    link(store, ENDED, of="over")
    link(store, UNSAFE, of="astray")
    RouteMap(sqlite_settings.route_map).refresh(store)
    store.close()
    made = Site(sqlite_settings)
    yield made
    made.journal.close()


def test_a_live_code_is_redirected_for_now_only(site: Site):
    status, headers = site.get(f"/{LIVE}")
    assert status == "302 Found"
    assert headers == {
        "Location": PAGE,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "Content-Length": "0",
    }


def test_https_is_promised_only_where_it_was_used(site: Site):
    _, headers = site.get(f"/{LIVE}", **{"wsgi.url_scheme": "https"})
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "path, via",
    [
        pytest.param(f"/{LIVE}", "scan", id="as the QR holds it"),
        pytest.param(f"/{LIVE.lower()}", "typed", id="as printed for typing"),
        pytest.param(f"/{LIVE[:3]}-{LIVE[3:]}", "typed", id="hyphen"),
        pytest.param(f"/{LIVE[:3]} {LIVE[3:].lower()}", "typed", id="space and small letters"),
        pytest.param(f"/{LIVE}/", "typed", id="slash after it"),
        pytest.param(f"//{LIVE}", "typed", id="two slashes"),
        pytest.param(f"/{LIVE}.", "typed", id="full stop"),
        pytest.param(f"/{LIVE})", "typed", id="bracket"),
        pytest.param(f"/({LIVE.lower()}).", "typed", id="brackets and full stop"),
        pytest.param(
            "/" + f"{LIVE[:3]}‑{LIVE[3:]}".encode().decode("latin-1"), "typed", id="UTF-8 hyphen as WSGI has it"
        ),
        pytest.param("/" + f"{LIVE}\u200b".encode().decode("latin-1"), "typed", id="zero-width space"),
    ],
)
def test_however_a_code_is_written_it_is_found(site: Site, path: str, via: str):
    assert site.get(path, QUERY_STRING="utm_source=x")[0] == "302 Found"
    assert [line[:1] + line[2:] for line in site.lines] == [["scan", LIVE, via, "phone", ""]]


@pytest.mark.parametrize(
    "path, state",
    [
        pytest.param("/", None, id="home"),
        pytest.param("/health", None, id="a page"),
        pytest.param(f"/{UNKNOWN}", None, id="no code of ours"),
        pytest.param(f"/{LIVE[:-1]}", None, id="cut short"),
        pytest.param(f"/{LIVE}+", None, id="about this code"),
        pytest.param("", None, id="no path"),
        pytest.param("/\xff\xfe\x00", None, id="bytes that are no text"),
        pytest.param("/" + "\u4e00" * 6, None, id="a path that no server should give"),
        pytest.param("/" + LIVE * 5_000, None, id="absurdly long"),
        pytest.param(f"/{WITHDRAWN}", "withdrawn", id="withdrawn"),
        pytest.param(f"/{ENDED.lower()}", "ended", id="ended"),
        pytest.param(f"/{UNSAFE}", "unsafe", id="unsafe"),
    ],
)
def test_all_else_falls_through_with_what_was_found(site: Site, path: str, state: str | None):
    status, headers = site.get(path)
    assert status == "404 Not Found" and "Location" not in headers
    (route,) = site.fell_through
    assert (route.state if route else None) == state
    assert site.lines == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get", ""])
def test_other_methods_fall_through(site: Site, method: str):
    assert site.get(f"/{LIVE}", method)[0] == "404 Not Found"
    assert site.lines == []


@pytest.mark.parametrize(
    "method, headers, kinds",
    [
        pytest.param("GET", {}, ["scan"], id="a person"),
        pytest.param("HEAD", {}, [], id="HEAD"),
        pytest.param("GET", {"HTTP_SEC_PURPOSE": "prefetch;prerender"}, [], id="Sec-Purpose"),
        pytest.param("GET", {"HTTP_PURPOSE": "prefetch"}, [], id="Purpose"),
        pytest.param("GET", {"HTTP_X_PURPOSE": "preview"}, [], id="X-Purpose"),
        pytest.param("GET", {"HTTP_X_MOZ": "prefetch"}, [], id="X-Moz"),
        pytest.param("GET", {"HTTP_DNT": "1"}, ["objection"], id="DNT"),
        pytest.param("GET", {"HTTP_SEC_GPC": "1"}, ["objection"], id="Sec-GPC"),
        pytest.param("GET", {"HTTP_SEC_GPC": "1", "HTTP_DNT": "1"}, ["objection"], id="both, once"),
        pytest.param("GET", {"HTTP_DNT": "0"}, ["scan"], id="DNT: 0"),
        pytest.param("GET", {"HTTP_DNT": "1", "HTTP_USER_AGENT": ROBOT}, ["objection"], id="an objection comes first"),
        pytest.param("GET", {"HTTP_DNT": "1", "HTTP_PURPOSE": "prefetch"}, [], id="prefetch comes before that"),
        pytest.param("HEAD", {"HTTP_DNT": "1"}, [], id="HEAD objecting"),
        pytest.param("GET", {"HTTP_USER_AGENT": ROBOT}, ["automated"], id="a robot"),
        pytest.param("GET", {"HTTP_USER_AGENT": None}, ["automated"], id="no agent"),
        pytest.param("GET", {"HTTP_USER_AGENT": ""}, ["scan"], id="an agent that the server could not read"),
    ],
)
def test_what_is_counted(site: Site, method: str, headers: dict[str, Any], kinds: list[str]):
    assert site.get(f"/{LIVE}", method, **headers)[0] == "302 Found"
    assert [line[0] for line in site.lines] == kinds


def test_an_objection_names_no_code(site: Site):
    site.get(f"/{LIVE}", HTTP_DNT="1", HTTP_ACCEPT_LANGUAGE="en")
    ((kind, day),) = site.lines
    assert kind == "objection" and len(day) == len("2026-11-23")


@pytest.mark.parametrize(
    "header, destination, language",
    [
        pytest.param("cy-GB,en;q=0.5", f"{PAGE}/cy", "cy", id="a page in it"),
        pytest.param("zh-CN,cy;q=0.5", f"{PAGE}/cy", "zh-Hans", id="a language of the council without a page here"),
        pytest.param("sw", PAGE, "other", id="no language of the council"),
        pytest.param("en\tx;\nscan", PAGE, "", id="a header that would be two fields"),
    ],
)
def test_language_chooses_the_page_and_is_counted(site: Site, header: str, destination: str, language: str):
    assert site.get(f"/{LIVE}", HTTP_ACCEPT_LANGUAGE=header)[1]["Location"] == destination
    assert [line[-1] for line in site.lines] == [language]


def test_the_line_keeps_nothing_of_the_person(site: Site):
    site.get(f"/{LIVE}", REMOTE_ADDR="203.0.113.9", HTTP_COOKIE="a=b", HTTP_REFERER="https://example.org/")
    (line,) = site.lines
    assert [line[0], *line[2:]] == ["scan", LIVE, "scan", "phone", ""] and len(line[1]) == len("2026-11-23T19")


def test_a_journal_that_cannot_be_written_does_not_stop_anyone(site: Site, tmp_path: Path):
    (tmp_path / "file").write_text("")
    site.journal.retire()
    assert site.get(f"/{LIVE}")[0] == "302 Found"
    assert site.journal.state()["uncounted"] == 1


@pytest.mark.processes
def test_importing_the_redirector_loads_nothing_large():
    program = "import sys, qrbridge.routing.redirector; print(*sorted(sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {
        "flask",
        "jinja2",
        "werkzeug",
        "psycopg",
        "sqlite_utils",
        "reportlab",
        "segno",
        "user_agents",
        "crawleruseragents",
    }


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    """The agent lists are loaded once, as the server does before it listens."""
    agents.warm()


@pytest.mark.parametrize("code", [LIVE, ENDED, WITHDRAWN], ids=["live", "ended", "withdrawn"])
def test_staff_are_shown_the_links_own_page_and_are_not_counted(site: Site, code: str):
    status, headers = site.get(f"/{code}", HTTP_COOKIE="theme=dark; qrbridge_staff=1")
    assert status.startswith("302")
    assert headers["Location"] == f"/staff/links/{code}/here"
    assert site.lines == []


def test_what_is_no_code_is_the_same_for_staff(site: Site):
    assert site.get(f"/{UNKNOWN}", HTTP_COOKIE="qrbridge_staff=1")[0].startswith("404")
