"""What goes on beside redirects gives way to them, and nothing that is not ours is made to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qrbridge.cli.root import WORKING, main
from qrbridge.serving.giving_way import NICENESS

pytestmark = pytest.mark.processes

# What giving way writes to stands for the session; the real one is the machine's.
GIVE_WAY = """
import os
from pathlib import Path
from qrbridge.serving import giving_way
giving_way._SESSION = session = Path({session!r})
giving_way.give_way()
print(os.nice(0), session.read_text() if session.is_file() else "")
"""
# In place of loading a command, this shows how nice the process is by then.
LOADING = """
import os, sys
from qrbridge import __main__ as program
from qrbridge.cli import root
get = root.Lazy.get_command
def show(*about):
    print(os.nice(0), flush=True)
    return get(*about)
root.Lazy.get_command = show
sys.argv[1:] = {words!r}
program.main()
"""


def said(program: str, *, leading: bool = False) -> list[str]:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=leading)
    return done.stdout.split()


@pytest.fixture
def nice() -> str:
    """How nice a process is that gives way, started from here."""
    return str(min(os.nice(0) + NICENESS, 19))


@pytest.mark.parametrize("leading", [True, False], ids=["begun for it", "of a terminal"])
def test_a_process_gives_way_and_its_session_for_as_long_as_it_lives(tmp_path: Path, nice: str, leading: bool):
    session = tmp_path / "autogroup"
    session.touch()
    assert said(GIVE_WAY.format(session=str(session)), leading=leading) == [nice, str(NICENESS)]
    assert session.read_text() == (str(NICENESS) if leading else "0")


@pytest.mark.parametrize("place", [".", "nowhere/to-be-found"], ids=["not to be written", "missing"])
def test_where_there_are_no_sessions_it_gives_way_alone(tmp_path: Path, nice: str, place: str):
    assert said(GIVE_WAY.format(session=str(tmp_path / place))) == [nice]


@pytest.mark.parametrize("words", sorted(WORKING), ids=" ".join)
def test_a_program_that_works_for_long_gives_way_before_it_is_loaded(words: tuple[str, str], nice: str):
    first, *help_ = said(LOADING.format(words=[*words, "--help"]))
    assert (first, help_[0]) == (nice, "Usage:")
    assert said(LOADING.format(words=[words[0], "list", "--help"]))[0] == str(os.nice(0))


@pytest.mark.parametrize("words", sorted(WORKING), ids=" ".join)
def test_a_command_in_a_process_of_others_leaves_it_as_it_is(words: tuple[str, str]):
    before = os.nice(0)
    assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0
    assert os.nice(0) == before
