"""What is said to people, looked at in the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from qrbridge.cli.remedies import REMEDIES
from qrbridge.settings import TEMPLATES

PACKAGE = Path(__file__).parent.parent / "qrbridge"
# Rooms whose words only whoever typed a command reads.
OF_COMMANDS = {"cli", "upkeep", "serving", "demo"}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in OF_COMMANDS]
COMMAND = re.compile(r"`(?:qrbridge|make) |(?<![\w{-])--[a-z]{2,}|work\.log")
RAISING = {"Problem", "NotSetUp", "StoreUnavailable", "Conflict", "InvalidInput", "CannotPrint"}


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings, which nobody is shown, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(PACKAGE))) for path in MODULES])
def test_nobody_who_reads_a_page_is_told_to_type_a_command(path: Path):
    assert [(line, text) for line, text in sentences(path) if COMMAND.search(text)] == []


def test_no_page_of_staff_or_residents_tells_of_a_command():
    pages = [path for folder in ("staff", "resident") for path in (TEMPLATES / folder).rglob("*.html")]
    told = {path.name for path in pages if re.search(r"`qrbridge |<code>qrbridge ", path.read_text("utf-8"))}
    assert pages and told == set()


def test_every_remedy_is_of_an_error_and_every_reason_has_one():
    given: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISING:
                place = 2 if node.func.id == "Problem" else 1
                reasons = node.args[place : place + 1]
                given |= {one.value for one in reasons if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    assert given | {"no-postcodes"} == set(REMEDIES)
