"""The few things every test may ask for."""

import locale
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, Page
from xdist.scheduler import LoadScopeScheduling

from qrbridge import settings as boot
from qrbridge.accounts import single_sign_on
from qrbridge.audit import By
from qrbridge.council import destinations
from qrbridge.settings import Settings
from qrbridge.store import Store, create_store
from qrbridge.upkeep.installing import make_folder
from qrbridge.work import outbox
from tests import browser, given
from tests.pages import Office, StaffClient, office
from tests.postgres import Postgres, postgres_server
from tests.servers import PATIENCE
from tests.strict import StrictInOurs

ENGINES = ("sqlite", "postgres")

# Said by `.ci/run`, on whose machine nothing is optional.
SKIP_NOTHING = bool(os.environ.get("CI") or os.environ.get("QRBRIDGE_SKIP_NOTHING"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped, what would be fails, with the reason it had."""
    report = yield
    if report.skipped and SKIP_NOTHING:
        # Where it was skipped and why, or how a test that is expected to fail failed.
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{item.nodeid} must not be skipped here: {reason}"
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try what keeps or asks something on each engine in turn.

    What pages show of it is the same on both: of them, only modules that say BOTH_ENGINES do, a walk of all pages among
    them, to save time: what a page asks of the store is tried on both where the noun is.
    """
    if "settings" in metafunc.fixturenames:
        is_page = "staff" in metafunc.fixturenames and not getattr(metafunc.module, "BOTH_ENGINES", False)
        metafunc.parametrize("settings", ENGINES[:1] if is_page else ENGINES, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser or PostgreSQL, so that `make quick` goes without, and begin with what takes longest."""
    for item in items:
        needs = item.fixturenames if isinstance(item, pytest.Function) else []
        if "chromium" in needs:
            item.add_marker("browser")
        if "postgres" in item.nodeid or "postgres_settings" in needs:
            item.add_marker("postgres")
    items.sort(key=lambda item: not {"browser", "processes"} & {mark.name for mark in item.iter_markers()})


class OneByOne(LoadScopeScheduling):
    """Gives each test to whichever process is free; those of the demo to one of them, so that it is made once.

    xdist's own groups are not kept to by pytest 9.2: it no longer lets them be written into a test's name.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module.endswith("test_demo.py") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneByOne:
    """How tests are shared out."""
    return OneByOne(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more test process than processors: many a test waits for a process of its own."""
    return (os.cpu_count() or 1) + 1


hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


class CompiledOnce(BytecodeCache):
    """Keeps compiled templates for every application of this process: compiling them was two thirds of each page."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledOnce(), "undefined": StrictInOurs}


def _process_state() -> dict[str, object]:
    """What is one for the whole process, and so for every test after this one and all that they start."""
    status = Path("/proc/self/status")
    return {
        "niceness": os.getpriority(os.PRIO_PROCESS, 0),
        "scheduling": os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else None,
        # Asking the system call would change it for a moment, for every thread.
        "umask": [line for line in status.read_text().splitlines() if line.startswith("Umask")]
        if status.exists()
        else [],
        "folder": Path.cwd(),
        "locale": locale.setlocale(locale.LC_ALL),
        "environment": {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
    }


@pytest.fixture(autouse=True)
def nothing_outlives_a_test() -> Iterator[None]:
    """What a test does to the whole process is over with it."""
    before = _process_state()
    yield
    after = _process_state()
    assert {name: after[name] for name in after if after[name] != before[name]} == {}


# How long we wait for other machines, by module and name.
OF_OTHERS = (
    *((single_sign_on, "PATIENCE_SECONDS"), (outbox, "PATIENCE_SECONDS")),
    *((destinations, "ANSWER_SECONDS"), (destinations, "WHOLE_SECONDS")),
)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are waited for as long as all good news is: a busy machine is no fault of theirs."""
    for module, name in OF_OTHERS:
        monkeypatch.setattr(module, name, PATIENCE)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this test process's own, with one database that its tests use in turn."""
    with postgres_server() as server:
        yield Postgres(server.get_uri())


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """An installation on the embedded engine, in an empty instance folder."""
    return boot.load(tmp_path / "instance", {})


@pytest.fixture
def postgres_settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An installation on PostgreSQL, in a database with the whole schema and nothing in it."""
    # Asked for here: tests of the embedded engine alone start no server.
    found: Postgres = request.getfixturevalue("postgres")
    found.empty()
    return boot.load(tmp_path / "instance", {"QRBRIDGE_DATABASE": found.address})


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Settings:
    """An installation in an empty instance folder, on each engine in turn."""
    found: Settings = request.getfixturevalue(f"{request.param}_settings")
    return found


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
    """The staff pages of a council with one service, one notice and three places."""
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
