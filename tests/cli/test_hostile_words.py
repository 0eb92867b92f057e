"""Whatever is typed, found in the way or taken away, the command ends with a sentence and never with a traceback."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click
import psutil
import pytest
from click.testing import CliRunner, Result

from qrbridge.audit import By
from qrbridge.cli.root import main
from qrbridge.links import links
from qrbridge.settings import Settings
from qrbridge.store import Store, create_store
from qrbridge.upkeep.installing import make_folder
from tests.given import set_up
from tests.servers import PATIENCE, wait_until

# They go on until they are stopped, or make an installation of their own.
LASTING = {("serve",), ("work",), ("demo",)}
# What a command that is there needs, by the name of its argument.
USUAL = {
    **{"key": "cost-of-living", "email": "jo@example.gov.uk", "reference": "L1", "number": "1", "file": "list.csv"},
    **{"location": "L1", "reason": "Torn", "saw": "up", "size": "A4", "leaver": "jo", "heir": "sam", "name": "poster"},
}
HOSTILE = [
    pytest.param("9" * 400, id="a number of 400 digits"),
    pytest.param("9" * 19, id="a number beyond 64 bits"),
    pytest.param("1e999", id="beyond a float"),
    pytest.param("nan", id="nan"),
    pytest.param("-1", id="minus one"),
    pytest.param("", id="nothing"),
    pytest.param(" \t", id="blank"),
    pytest.param("%s {} {0} :id ' \" ; --", id="marks"),
    pytest.param("\x1b[2J\x9b31m\u202e\u2028\ufeff", id="control characters"),
    pytest.param("🎉é" * 5_000, id="10,000 characters"),
    pytest.param("=", id="equals"),
    pytest.param("en=", id="a language with nothing"),
    pytest.param("../../..", id="upwards"),
    pytest.param(".", id="a folder"),
    pytest.param("https://[::1", id="a broken address"),
    pytest.param("31/2/2026", id="no day"),
    pytest.param("1/1/0001", id="the first day"),
    pytest.param("31/12/9999", id="the last day"),
]

Runs = Callable[..., Result]


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None and (*path, name) not in LASTING:
            yield (*path, name), command


def with_one(path: Sequence[str], command: click.Command, hostile: click.Parameter, value: str) -> list[str]:
    """The words of a command whose one parameter is hostile, and those it needs as usual."""
    options, arguments = [], []
    for one in command.params:
        if one is not hostile and not one.required:
            continue
        given = value if one is hostile else USUAL.get(str(one.name), "winter")
        if isinstance(one, click.Argument):
            arguments.append(given)
        else:
            options += [f"{one.opts[0]}={given}" if one.opts[0].startswith("--") else one.opts[0]]
    return [*path, *options, "--", *arguments]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The command in this process, for an installation on each engine in turn; whatever it raises fails the test."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("list.csv").write_text("reference,name,address\nL9,Hub,High Street\n")
    environment = {"QRBRIDGE_DATABASE": settings.database, "QRBRIDGE_INSTANCE": str(settings.instance)}

    def run(*words: str) -> Result:
        done = CliRunner().invoke(main, words, env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
        assert done.exit_code in (0, 1, 2) and (done.exit_code == 0 or done.output.strip()), words
        return done

    return run


@pytest.fixture
def ready(run: Runs, settings: Settings, store: Store, by: By) -> Runs:
    """The same for a council that is set up, with links and nobody to ask the network for."""
    make_folder(settings)
    set_up(store, by)
    links.make(store, "winter", ["L1", "L2"], by)
    return run


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_typed(ready: Runs, value: str):
    asked = [
        with_one(path, command, hostile, value)
        for path, command in commands()
        for hostile in command.params
        # What has no value cannot be hostile; and one command asks the network.
        if not (isinstance(hostile, click.Option) and hostile.is_flag) and path != ("service", "test")
    ]
    assert len(asked) > 120
    for words in asked:
        ready(*words)


READING = ["council show", "link list", "doctor", "init --name X", "report scans-by-location", "notice print winter"]
IN_THE_WAY = ["qrbridge.sqlite", "settings.toml", "keys", "routes.sqlite", "jobs", "journal", "."]


def put_garbage(path: Path) -> None:
    path.write_bytes(b"no database of anybody's, nor TOML \xff\xfe" * 100)


@pytest.mark.parametrize("name", IN_THE_WAY)
@pytest.mark.parametrize("put", [put_garbage, Path.mkdir], ids=["garbage", "a folder"])
def test_whatever_is_in_the_way(run: Runs, sqlite_settings: Settings, by: By, name: str, put: Callable[[Path], None]):
    for is_set_up in (False, True):
        if is_set_up:
            make_folder(sqlite_settings)
            with closing(create_store(sqlite_settings)) as store:
                set_up(store, by)
        path = sqlite_settings.instance / name
        path.parent.mkdir(exist_ok=True)
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
        put(path)
        for words in [*READING, *([] if is_set_up else ["serve"])]:
            run(*words.split())
        shutil.rmtree(sqlite_settings.instance, ignore_errors=True)
        sqlite_settings.instance.unlink(missing_ok=True)


def process(settings: Settings, *words: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "QRBRIDGE_INSTANCE": str(settings.instance), "QRBRIDGE_DATABASE": settings.database}
    command = [sys.executable, "-m", "qrbridge", *words]
    return subprocess.Popen(command, env=environment, stdout=stdout, stderr=subprocess.PIPE)


@pytest.mark.processes
@pytest.mark.parametrize("words", ["link list", "report scans-by-location --format csv", "location list", "--help"])
def test_whoever_listens_may_go_away(ready: Runs, settings: Settings, words: str):
    reading, writing = os.pipe()
    os.close(reading)
    with process(settings, *words.split(), stdout=writing) as command:
        os.close(writing)
        _, said = command.communicate(timeout=PATIENCE)
    assert said == b"" and command.returncode in (1, 141)


def has_open(pid: int, file: Path) -> bool:
    return any(Path(one.path) == file for one in psutil.Process(pid).open_files())


@pytest.mark.processes
def test_ctrl_c_in_the_middle_of_it(ready: Runs, sqlite_settings: Settings, by: By):
    make_folder(sqlite_settings)
    with closing(create_store(sqlite_settings)) as store:
        if not store.rows("council.show"):
            set_up(store, by)
        with store.atomic(), process(sqlite_settings, "location", "import", "list.csv") as command:
            wait_until(lambda: has_open(command.pid, sqlite_settings.database_file), "the command at the database")
            command.send_signal(signal.SIGINT)
            _, said = command.communicate(timeout=PATIENCE)
    assert b"Traceback" not in said and command.returncode == 1
