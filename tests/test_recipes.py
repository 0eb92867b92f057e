"""Every recipe of docs/recipes.md, followed word by word in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qrbridge.settings import PROJECT
from tests.servers import PATIENCE

pytestmark = pytest.mark.processes

RECIPES = dict(
    re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (PROJECT / "docs" / "recipes.md").read_text("utf-8"), re.M | re.S)
)
STEP = re.compile(
    r"^(?:In `(?P<file>[^`]+)`, (?P<where>after|before) the line `(?P<line>[^`]+)`|At the end of `(?P<end>[^`]+)`"
    r"|(?P<run>Run)|(?P<there>It is there now)):\n\n```\w+\n(?P<code>.*?)```$",
    re.M | re.S,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a recipe may change; the rest is where it is."""
    for name in ("qrbridge", "printables"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "node_modules", "look"):
        (tmp_path / name).symlink_to(PROJECT / name)
    return tmp_path


def follow(project: Path, step: re.Match[str]) -> None:
    code = step["code"]
    if step["run"]:
        subprocess.run(["sh", "-e"], input=code, text=True, cwd=project, check=True, timeout=PATIENCE)
    elif step["there"]:
        environ = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", f"import qrbridge\nassert {str(project)!r} in qrbridge.__file__\n{code}"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=environ, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
    elif step["end"]:
        with (project / step["end"]).open("a", encoding="utf-8") as file:
            file.write(code)
    else:
        put_in(project / step["file"], step, code)


def put_in(path: Path, step: re.Match[str], code: str) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (place,) = [number for number, line in enumerate(lines) if line.startswith(step["line"])]
    lines.insert(place + (step["where"] == "after"), code)
    path.write_text("".join(lines), "utf-8")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_can_be_followed(project: Path, name: str):
    steps = list(STEP.finditer(RECIPES[name]))
    assert len(steps) == RECIPES[name].count("```") / 2 and steps[-1]["there"]
    for step in steps:
        follow(project, step)


@pytest.mark.parametrize("name", RECIPES)
def test_nothing_is_there_before(project: Path, name: str):
    *_, last = STEP.finditer(RECIPES[name])
    with pytest.raises(AssertionError):
        follow(project, last)
