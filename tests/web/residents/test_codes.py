"""Pages for residents know all they say from the route map: a store that hangs holds up nobody."""

from collections.abc import Iterator

import pytest
from werkzeug.test import Client

from qrbridge import codes
from qrbridge.counting.journal import Journal
from qrbridge.installation import next_version
from qrbridge.routing.redirector import Redirector
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep.installing import make_folder
from qrbridge.web.resident_app import create_resident_app
from tests.given import in_days
from tests.installation import begin, link, notice, service

LIVE, WITHDRAWN, ENDED, UNSAFE, UNKNOWN = sorted({codes.make() for _ in range(9)})[:5]


class NeverAsked:
    """In place of a store: any word to it would hold a thread that redirects, for as long as a store hangs."""

    engine = "sqlite"

    def __getattr__(self, word: str) -> object:
        raise AssertionError(f"a page for residents asked the store ({word})")


@pytest.fixture
def client(store: Store, settings: Settings) -> Iterator[Client]:
    """A resident's browser before an installation with a code of each state, whose store is not to be asked."""
    make_folder(settings)
    begin(store)
    service(store, "astray", {"en": "https://evil.example/"})
    with store.atomic():
        said = "name = 'Help with <heating>', phone = '0161 496 0000', hours = 'Mondays', place = 'the Town Hall'"
        store.script(f"update service set {said}, version = {next_version(store)} where key in ('help', 'astray')")
    notice(store, "over", "help", ends=in_days(-1))
    notice(store, "unsafe", "astray")
    link(store, LIVE)
    link(store, WITHDRAWN, at="L2", state="withdrawn")
    link(store, ENDED, of="over")
    link(store, UNSAFE, of="unsafe")
    routes = RouteMap(settings.route_map)
    routes.refresh(store)
    journal = Journal(settings.journals)
    app = create_resident_app(settings, NeverAsked(), routes, dict)  # type: ignore[arg-type]
    app.testing = True  # what fails inside is to fail the test
    yield Client(Redirector(routes, journal, app))
    journal.close()


@pytest.mark.parametrize(
    "code, status",
    [
        pytest.param(WITHDRAWN, 410, id="withdrawn"),
        pytest.param(ENDED, 410, id="ended"),
        pytest.param(UNSAFE, 503, id="unsafe"),
    ],
)
def test_a_page_names_the_service_without_asking_the_store(client: Client, code: str, status: int):
    answer = client.get(f"/{code}")
    assert answer.status_code == status
    for said in ("Help with &lt;heating&gt;", 'href="tel:01614960000"', "Mondays", "the Town Hall"):
        assert said in answer.text


@pytest.mark.parametrize(
    "path, status",
    [
        pytest.param("/", 200, id="home"),
        pytest.param(f"/{UNKNOWN}", 404, id="unknown"),
        pytest.param("/a/b", 404, id="no code at all"),
        pytest.param(f"/{LIVE}", 302, id="live"),
    ],
)
def test_every_other_answer_stands_without_the_store(client: Client, path: str, status: int):
    assert client.get(path).status_code == status
