"""Imports point down, each big library has one importer, and the hot path loads no page, press or parser."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "qrbridge"

# The rooms of the house, the lowest floor first: a module imports from its own room and from the floors below it.
FLOORS = (
    "errors codes times postcodes languages packed_changes",
    "qr reading settings spreadsheets",
    "press store",
    "audit listing installation counting",
    "council places work",
    "accounts links uploads routing upkeep",
    "notices",
    "printing reports",
    "web demo",
    "serving",
    "cli",
    "__main__",
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms.split()}

SOLE_IMPORTERS = {
    "argon2": {"accounts/passwords.py"},
    "authlib": {"accounts/single_sign_on.py"},
    "joserfc": {"accounts/single_sign_on.py"},
    "pyotp": {"accounts/second_factor.py"},
    "requests": {"accounts/single_sign_on.py"},
    "smtplib": {"work/outbox.py"},
    "segno": {"qr.py"},
    "reportlab": {"press/pdf/embedding.py", "press/pdf/streamed.py"},
    "uharfbuzz": {"press/type/shaping.py"},
    "bidi": {"press/type/direction.py"},
    "openpyxl": {"spreadsheets/workbook.py", "spreadsheets/shared_texts.py"},
    "xlsxwriter": {"spreadsheets/export.py"},
    "pypdfium2": {"press/proof/proof.py"},
    "zxingcpp": {"press/proof/proof.py"},
    "PIL": {
        *("council/logos.py", "notices/photographs.py", "press/pdf/pictures.py"),
        *("press/proof/margin.py", "press/proof/proof.py"),
    },
    "sqlite_utils": {"store/sqlite.py"},
    "psycopg": {"store/postgres.py"},
    "psycopg_pool": {"store/postgres.py"},
    "user_agents": {"counting/agents.py"},
    "ua_parser": {"counting/agents.py"},
    "crawleruseragents": {"counting/agents.py"},
    "publicsuffixlist": {"council/shared_hosts.py"},
    "stdnum": {"codes.py"},
    "granian": {"serving/lanes.py"},
    "huey": {"serving/chores.py", "work/queue.py"},
    "tabulate": {"cli/output.py"},
}

MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room_of(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def rooms_asked(path: Path) -> set[str]:
    """The other rooms that a module imports from."""
    asked = {name.split(".")[1] for name in imports(path) if name.startswith("qrbridge.")}
    return asked - {room_of(path), "__version__"}


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "__init__"], ids=str)
def test_imports_point_down(path: Path):
    own = room_of(path)
    assert {room for room in rooms_asked(path) if FLOOR[room] >= FLOOR[own]} == set()


def test_every_room_has_its_floor():
    assert {room_of(path) for path in MODULES} - {"__init__"} == set(FLOOR)


@pytest.mark.parametrize("library", SOLE_IMPORTERS)
def test_each_library_has_its_sole_importers(library: str):
    found = {str(path) for path in MODULES if any(name.split(".")[0] == library for name in imports(path))}
    assert found <= SOLE_IMPORTERS[library] and found


@pytest.mark.processes
def test_reading_text_loads_nothing_for_workbooks():
    program = "import sys, qrbridge.cli.locations; print(sorted({'openpyxl', 'xlsxwriter', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.processes
def test_a_web_process_loads_nothing_that_only_staff_need():
    staff_only = ["qrbridge.web.app", "qrbridge.press.press", "reportlab", "huey", "authlib", "openpyxl"]
    program = f"import sys, qrbridge.serving.server; print(sorted(set({staff_only}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.processes
def test_the_redirector_loads_no_page_press_or_parser():
    heavy = ["flask", "jinja2", "reportlab", "segno", "user_agents", "sqlite_utils", "psycopg"]
    program = f"import sys, qrbridge.routing.redirector; print(sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
