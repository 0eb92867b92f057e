"""Imports point down, each big library has one importer, and the hot path loads no page, press or parser."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "qrbridge"

UPLOADS = ("upload_rows", "location_upload", "ward_upload", "uploads", "uploading")

# Lowest first. A module may import from its own layer and those before it.
LAYERS = (
    ("errors", "times", "settings", "giving_way", "languages", "disks"),
    (
        *("codes", "code_index", "agents", "shared_hosts", "hosts", "qr", "sheets", "postcodes", "coordinates"),
        *("reading", "listing", "turns"),
        *("passwords", "press", "store"),
    ),
    ("packed_changes", "audit", "rules", "compiling", "map_file", "routes"),
    ("journal_file", "journal", "scans", "ticker"),
    ("sessions", "shared_files", "late_forms", "people", "sign_in", "second_factor", "outbox"),
    (
        *("council", "services", "areas", "wards", "locations"),
        *("location_columns", "location_import", "location_plan", "location_rows"),
        *("pictures", "notices", "links", "one_time", "single_sign_on", "logos"),
    ),
    ("approvals", "drafts", "moves", "hanging", "repointing", "handing_over", "destinations", "jobs"),
    (
        *("advice", "aged", "editions", "print_runs", "spool", "hang_check", "installing", "reports", "printing"),
        *("print_sheets", "releasing", "simulation", "demonstration", *UPLOADS),
    ),
    ("checking", "showing", "print_jobs", "upload_jobs", "attention"),
    ("chores",),
    ("redirector", "web", "cli"),
    ("app", "resident_app", "aside", "aside_process", "lanes", "server", "__main__"),
)

# Ways in that share a layer and know nothing of one another.
APART = {"web": {"cli"}, "redirector": {"cli", "web"}}

# What the command and the server's start are allowed to reach upwards for: they begin everything.
BEGINNERS = {"cli": {"server", "app"}, "__main__": set()}

SOLE_IMPORTERS = {
    "argon2": {"passwords.py"},
    "authlib": {"single_sign_on.py"},
    "joserfc": {"single_sign_on.py"},
    "pyotp": {"second_factor.py"},
    "requests": {"single_sign_on.py"},
    "smtplib": {"outbox.py"},
    "segno": {"qr.py"},
    "reportlab": {"press/embedding.py", "press/streamed.py"},
    "uharfbuzz": {"press/shaping.py"},
    "bidi": {"press/direction.py"},
    "openpyxl": {"sheets/workbook.py", "sheets/shared_texts.py"},
    "xlsxwriter": {"sheets/export.py"},
    "pypdfium2": {"press/proof.py"},
    "zxingcpp": {"press/proof.py"},
    "PIL": {"logos.py", "pictures.py", "press/margin.py", "press/pictures.py", "press/proof.py"},
    "sqlite_utils": {"store/sqlite.py"},
    "psycopg": {"store/postgres.py"},
    "psycopg_pool": {"store/postgres.py"},
    "user_agents": {"agents.py"},
    "ua_parser": {"agents.py"},
    "crawleruseragents": {"agents.py"},
    "publicsuffixlist": {"shared_hosts.py"},
    "stdnum": {"codes.py"},
    "granian": {"lanes.py"},
    "huey": {"chores.py"},
    "tabulate": {"cli/here.py"},
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


def layer_of(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "__init__.py" or len(path.parts) > 1], ids=str
)
def test_imports_point_down(path: Path):
    own = path.parts[0].removesuffix(".py")
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("qrbridge.")} - {"__version__"}
    upward = {name for name in ours if layer_of(name) > layer_of(own)} - BEGINNERS.get(own, set())
    assert upward == set()


@pytest.mark.parametrize("own", APART)
def test_ways_in_know_nothing_of_one_another(own: str):
    paths = [path for path in MODULES if path.parts[0].removesuffix(".py") == own]
    ours = {name.split(".")[1] for path in paths for name in imports(path) if name.startswith("qrbridge.")}
    assert paths and ours & APART[own] == set()


@pytest.mark.parametrize("library", SOLE_IMPORTERS)
def test_each_library_has_its_sole_importers(library: str):
    found = {str(path) for path in MODULES if any(name.split(".")[0] == library for name in imports(path))}
    assert found <= SOLE_IMPORTERS[library] and found


def test_every_module_has_its_layer_and_every_name_there_is_a_module_s():
    assert {path.parts[0].removesuffix(".py") for path in MODULES} - {"__init__"} == set().union(*LAYERS)


@pytest.mark.processes
def test_reading_text_loads_nothing_for_workbooks():
    program = "import sys, qrbridge.cli.locations; print(sorted({'openpyxl', 'xlsxwriter', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.processes
def test_a_web_process_loads_nothing_that_only_staff_need():
    staff_only = ["qrbridge.app", "qrbridge.press.press", "reportlab", "huey", "authlib", "openpyxl"]
    program = f"import sys, qrbridge.server; print(sorted(set({staff_only}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.processes
def test_the_redirector_loads_no_page_press_or_parser():
    heavy = ["flask", "jinja2", "reportlab", "segno", "user_agents", "sqlite_utils", "psycopg"]
    program = f"import sys, qrbridge.redirector; print(sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
