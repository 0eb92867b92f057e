"""What a resident and a member of staff are answered, redirector and pages together, as a server would."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from qrbridge import settings as boot
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.council import council as councils
from qrbridge.council import services
from qrbridge.installation import next_version
from qrbridge.links import links
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.routing.redirector import Environ, Redirector
from qrbridge.routing.route_map import RouteMap
from qrbridge.serving import forwarding
from qrbridge.serving.ticker import Ticker
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep.installing import make_folder
from qrbridge.web import access
from qrbridge.web.app import create_app
from qrbridge.web.resident_app import create_resident_app
from tests.given import NOTICE, in_days, set_up
from tests.pages import check_page as check_staff_page
from tests.present import present

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


@dataclass
class Bridge:
    """A whole bridge without a socket: three links, and a browser on a phone."""

    store: Store
    settings: Settings
    ticker: Ticker
    codes: list[str]
    client: Client

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {"User-Agent": PHONE} | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.get(path, headers=sent)
        if answer.mimetype == "text/html" and answer.status_code != 303:
            (check_staff_page if path.startswith("/staff") else check_page)(answer.text)
        return answer


def check_page(html: str) -> None:
    """What every page must be: one h1 that begins the title, a language, no script, small enough for a poor signal."""
    assert '<html lang="' in html and "<script" not in html
    (heading,) = re.findall(r"<h1>(.*?)</h1>", html, re.S)
    assert present(re.search(r"<title>(.*?)</title>", html, re.S))[1].startswith(heading)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert " style=" not in html and "http://" not in html


@pytest.fixture
def bridge(store: Store, settings: Settings, by: By) -> Iterator[Bridge]:
    """A whole bridge with one live notice, not listening anywhere."""
    make_folder(settings)
    set_up(store, by)
    made = [link.code for link in links.make(store, "winter", ["L1", "L2", "B1"], by)]
    routes = RouteMap(settings.route_map)
    ticker = Ticker(settings, store, routes)
    ticker.bring_up()
    whole = create_app(settings, store, routes, ticker.state)
    own = create_resident_app(settings, store, routes, ticker.state)

    def pages(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_aside = environ["PATH_INFO"].startswith(forwarding.PREFIXES)
        return (whole if is_aside else own).wsgi_app(environ, start_response)

    yield Bridge(store, settings, ticker, made, Client(Redirector(routes, ticker.journal, pages)))
    ticker.journal.close()


def rules(bridge: Bridge, make: Callable[..., Flask]) -> dict[str, str]:
    """The addresses of an application, and whose each is."""
    app = make(bridge.settings, bridge.store, RouteMap(bridge.settings.route_map), bridge.ticker.state)
    return {rule.rule: rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_web_process_has_every_page_that_is_not_answered_aside(bridge: Bridge):
    whole, own = rules(bridge, create_app), rules(bridge, create_resident_app)
    assert own.items() <= whole.items()
    assert all(rule.startswith(forwarding.PREFIXES) for rule in whole.keys() - own.keys())


def test_a_live_code_leads_on_and_is_counted(bridge: Bridge):
    answer = bridge.get(f"/{bridge.codes[0].lower()}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://www.trafford.gov.uk/cost-of-living")
    assert "Set-Cookie" not in answer.headers
    bridge.ticker.count()
    table = reports.read(bridge.store, reports.find("scans-by-location"), Filters.read({}))
    assert {row["reference"]: row["scans"] for row in table.rows} == {"L1": 1, "L2": 0, "B1": 0}


def test_an_unknown_code_is_explained(bridge: Bridge):
    answer = bridge.get("/zzzzzz")
    assert answer.status_code == 404
    assert "We do not know this code" in answer.text and 'href="tel:01619122000"' in answer.text
    assert len(answer.data) < 14_000


def test_a_mistyped_code_is_offered_its_neighbour(bridge: Bridge):
    right = bridge.codes[0].lower()
    at = next(at for at in range(5) if right[at] != right[at + 1])
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    answer = bridge.get(f"/{wrong}")
    assert answer.status_code == 404
    assert f'href="/{right}"' in answer.text


def test_a_withdrawn_code_says_so(bridge: Bridge, by: By):
    links.withdraw(bridge.store, bridge.codes[:1], by, "Torn")
    bridge.ticker.bring_up()
    answer = bridge.get(f"/{bridge.codes[0]}")
    assert answer.status_code == 410
    assert "We have withdrawn this code" in answer.text and "Help with the cost of living" in answer.text


def test_an_ended_notice_says_so(bridge: Bridge, by: By):
    over = Notice.read({**NOTICE, "key": "autumn", "ends": in_days(-56)}, councils.show(bridge.store))
    notices.add(bridge.store, over, by)
    (link,) = links.make(bridge.store, "autumn", ["L1"], by)
    bridge.ticker.bring_up()
    answer = bridge.get(f"/{link.code}")
    assert answer.status_code == 410
    assert "This notice has ended" in answer.text and "0161 912 2000" in answer.text


def test_a_host_taken_off_the_list_by_other_hands_is_never_a_silent_redirect(bridge: Bridge):
    with bridge.store.atomic():
        version = next_version(bridge.store)
        bridge.store.script(f"""update council set allowed_hosts = '["example.org"]', version = {version}""")
    bridge.ticker.bring_up()
    answer = bridge.get(f"/{bridge.codes[0]}")
    assert answer.status_code == 503 and "checking where this code leads" in answer.text


def test_a_moved_service_moves_its_codes(bridge: Bridge, by: By):
    here = councils.show(bridge.store)
    moved = services.merged(
        services.show(bridge.store, "cost-of-living"), {"pages": {"en": "https://www.trafford.gov.uk/new"}}, here
    )
    services.change(bridge.store, moved, by)
    bridge.ticker.bring_up()
    assert bridge.get(f"/{bridge.codes[0]}").headers["Location"] == "https://www.trafford.gov.uk/new"
    polish = bridge.get(f"/{bridge.codes[0]}", Accept_Language="pl,en;q=0.5")
    assert polish.headers["Location"] == "https://www.trafford.gov.uk/pl/cost-of-living"


def test_every_page_stands_while_the_store_is_away(bridge: Bridge, by: By):
    links.withdraw(bridge.store, bridge.codes[:1], by, "Torn")
    bridge.ticker.bring_up()
    bridge.store.close()
    if bridge.settings.database_file.exists():
        bridge.settings.database_file.rename(bridge.settings.database_file.with_suffix(".away"))
    assert bridge.get(f"/{bridge.codes[1]}").status_code == 302
    for path in ("/", "/zzzzzz", f"/{bridge.codes[0]}"):
        assert "0161 912 2000" in bridge.get(path).text
    refused = bridge.get("/staff/sign-in")
    assert refused.status_code == 503 and "The database" in refused.text


@pytest.mark.parametrize("path", ["/", "/zzzzzz", "/health", "/api/v1/reports/scans-by-location", "/a/b/c", "/%00"])
def test_every_answer_carries_the_security_headers(bridge: Bridge, path: str):
    headers = bridge.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_what_was_typed_cannot_become_markup(bridge: Bridge):
    assert "<b>" not in bridge.get("/<b>x</b>").text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_refused(bridge: Bridge, method: str):
    answer = getattr(bridge.client, method)(f"/{bridge.codes[0]}")
    assert answer.status_code == 405


def test_health_tells_how_it_is(bridge: Bridge):
    said = present(bridge.get("/health").json)
    assert said["status"] == "ok"
    assert said["store"]["reachable"] and said["uncounted"] == 0


REPORT = "/staff/reports/scans-by-location"


def with_key(bridge: Bridge, path: str) -> TestResponse:
    return bridge.get(path, Authorization=f"Bearer {bridge.settings.key('reports')}")


def signed_in(bridge: Bridge, path: str) -> TestResponse:
    if bridge.client.get_cookie(access.COOKIE) is None:
        people.add(bridge.store, Person("jo@example.gov.uk", "Jo", "viewer"), By("jo"))
        bridge.client.set_cookie(access.COOKIE, sessions.begin(bridge.store, "jo@example.gov.uk"))
    return bridge.get(path)


def test_the_report_page_needs_a_person(bridge: Bridge):
    for path in (REPORT, f"{REPORT}.csv"):
        assert bridge.get(path).headers["Location"].startswith("/staff/sign-in?next=")
        assert with_key(bridge, path).status_code == 303
    for path in (REPORT, f"{REPORT}.csv"):
        assert signed_in(bridge, path).status_code == 200


def test_reports_need_the_key_or_a_person(bridge: Bridge):
    path = "/api/v1/reports/scans-by-location"
    assert bridge.get(path).status_code == 401
    for wrong in ("Bearer wrong", "Bearer ", "Basic eDo=", "Digest x=1", "x"):
        assert bridge.get(path, Authorization=wrong).status_code == 401
    assert with_key(bridge, path).status_code == 200
    basic = bridge.client.get(path, auth=("anyone", bridge.settings.key("reports")))
    assert basic.status_code == 200
    assert signed_in(bridge, path).status_code == 200


def test_a_report_as_page_json_and_csv(bridge: Bridge):
    bridge.get(f"/{bridge.codes[0]}")
    bridge.ticker.count()
    paths = (REPORT, "/api/v1/reports/scans-by-location", f"{REPORT}.csv?ward=Altrincham")
    page, answer, sheet = (
        read(bridge, path) for read, path in zip((signed_in, with_key, signed_in), paths, strict=True)
    )
    for name in ("Altrincham Library", "Old Trafford Library", "Seymour Grove bus stop"):
        assert name in page.text
    rows = present(answer.json)["rows"]
    assert [(row["reference"], row["scans"]) for row in rows] == [("L1", 1), ("L2", 0), ("B1", 0)]
    assert sheet.mimetype == "text/csv" and sheet.data.startswith(b"\xef\xbb\xbf")
    assert b"Altrincham Library" in sheet.data and b"Old Trafford Library" not in sheet.data


def test_a_wrong_filter_is_said_on_the_page_and_in_json(bridge: Bridge):
    page = signed_in(bridge, f"{REPORT}?from=yesterday")
    assert page.status_code == 422 and "yesterday" in page.text and 'method="get"' in page.text
    assert signed_in(bridge, f"{REPORT}?ward=Nowhere").status_code == 404
    answer = with_key(bridge, "/api/v1/reports/scans-by-location?from=yesterday")
    assert answer.status_code == 422
    said = present(answer.json)
    assert said["error"] == "invalid-input" and said["problems"][0]["field"] == "from"


@pytest.mark.parametrize("query", ["name=x", "endpoint=y", "_method=POST", "_external=1", "_anchor=z"])
def test_what_is_no_filter_changes_nothing(bridge: Bridge, query: str):
    answer = signed_in(bridge, f"{REPORT}?{query}")
    assert answer.status_code == 200 and f'href="{REPORT}.csv' in answer.text


def test_an_empty_key_opens_nothing(bridge: Bridge):
    (bridge.settings.keys / "reports").write_text("")
    assert bridge.get("/api/v1/reports/scans-by-location", Authorization="Bearer ").status_code == 503


def test_our_own_addresses_are_never_taken_for_codes(bridge: Bridge):
    assert present(bridge.get("/api/v1/none").json)["error"] == "not-found"
    assert "no such page" in bridge.get("/staff/none").text


def test_an_unknown_report_is_said(bridge: Bridge):
    answer = with_key(bridge, "/api/v1/reports/people")
    assert (answer.status_code, present(answer.json)["error"]) == (404, "not-found")


def test_the_addresses_that_exist_for_ever(bridge: Bridge):
    assert {rule for rule in rules(bridge, create_app) if not rule.startswith(("/staff/", "/assets/"))} == {
        "/",
        "/<any(up,UP,Up):_up>/<code>/<token>",
        "/<path:text>",
        "/api",
        "/api/<path:rest>",
        "/api/v1/reports/<name>",
        "/favicon.ico",
        "/health",
        "/staff",
    }


def test_an_unfinished_map_says_try_again(store: Store, sqlite_settings: Settings):
    empty = RouteMap(sqlite_settings.instance / "none.sqlite")
    app = create_resident_app(boot.load(sqlite_settings.instance, {}), store, empty, dict)
    answer = Client(app).get("/zzzzzz")
    assert answer.status_code == 503 and "Try again in a minute" in answer.text
