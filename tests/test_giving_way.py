import os
import subprocess
import sys
from pathlib import Path

import pytest

from qrbridge.cli.root import WORKING

SESSION = Path("/proc/self/autogroup")
by_session = pytest.mark.skipif(not SESSION.exists(), reason="this system does not share processors out by session")

GIVE_WAY = """
import os
from pathlib import Path
from qrbridge.giving_way import give_way
{before}
give_way(), give_way()
print(os.nice(0), os.sched_getscheduler(0) if hasattr(os, "SCHED_IDLE") else None)
session = Path("/proc/self/autogroup")
print(session.read_text() if session.exists() else "")
"""
GIVING_WAY = """
from pathlib import Path
from qrbridge.giving_way import giving_way
session = Path("/proc/self/autogroup")
print(session.read_text().split()[-1])
with giving_way():
    print(session.read_text().split()[-1])
print(session.read_text().split()[-1])
"""
TWO_IN_TURN = """
from pathlib import Path
from qrbridge.giving_way import giving_way
session = Path("/proc/self/autogroup")
one, two = giving_way(), giving_way()
one.__enter__(), two.__enter__()
for ended in {order}:
    ended.__exit__(None, None, None)
print(session.read_text().split()[-1])
"""
IN_NO_SESSION = """
from pathlib import Path
from qrbridge import giving_way
giving_way._SESSION = Path({file!r})
with giving_way.giving_way():
    print("went on")
"""
LOADING = """
import os
from qrbridge.cli import root
get = root.Lazy.get_command
def show(*about):
    print(os.sched_getscheduler(0) if hasattr(os, "SCHED_IDLE") else os.nice(0))
    return get(*about)
root.Lazy.get_command = show
root.main({words!r})
"""
FORBIDDEN = "def forbidden(*_): raise PermissionError\nos.sched_setscheduler = forbidden"


def said(program: str, *, leading: bool = False) -> list[str]:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=leading)
    return done.stdout.split()


def test_a_process_that_gives_way_works_only_when_nobody_else_would():
    nice, policy, *_ = said(GIVE_WAY.format(before=""))
    if hasattr(os, "SCHED_IDLE"):
        assert policy == str(os.SCHED_IDLE)
    else:
        assert nice == "19"


def test_where_that_is_forbidden_the_lowest_priority_must_do():
    assert said(GIVE_WAY.format(before=FORBIDDEN))[0] == "19"


@by_session
def test_the_session_it_leads_gives_way_with_it():
    assert said(GIVE_WAY.format(before=""), leading=True)[-1] == "19"


@by_session
def test_a_session_that_others_lead_is_left_as_it_is():
    before = SESSION.read_text().split()
    assert said(GIVE_WAY.format(before=""))[2:] == before


@by_session
def test_a_command_makes_its_terminal_give_way_for_as_long_as_it_takes():
    assert said(GIVING_WAY, leading=True) == ["0", "19", "0"]


@by_session
@pytest.mark.parametrize("order", ["one, two", "two, one"])
def test_of_two_commands_in_one_terminal_neither_leaves_it_giving_way(order: str):
    assert said(TWO_IN_TURN.format(order=order), leading=True) == ["0"]


@pytest.mark.parametrize("place", ["empty", "nowhere/to-be-found"])
def test_what_is_in_no_session_gives_way_alone(tmp_path: Path, place: str):
    (tmp_path / "empty").touch()
    assert said(IN_NO_SESSION.format(file=str(tmp_path / place))) == ["went", "on"]


@pytest.mark.parametrize("words", sorted(WORKING), ids=" ".join)
def test_a_command_that_works_for_long_gives_way_before_it_is_loaded(words: tuple[str, str]):
    first, *help_ = said(LOADING.format(words=[*words, "--help"]))
    assert first == str(getattr(os, "SCHED_IDLE", 19))
    assert help_[0] == "Usage:"
    assert said(LOADING.format(words=[words[0], "list", "--help"]))[0] == str(getattr(os, "SCHED_OTHER", 0))
