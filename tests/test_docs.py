import re
import subprocess
from pathlib import Path

import pytest

from tests.generated import DOCS, PAGES

PROJECT = DOCS.parent


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_says_what_the_code_says(name: str):
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `make docs`"


def test_links_between_our_pages_lead_somewhere():
    pages = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *DOCS.rglob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_files_that_our_pages_name_are_there():
    pages = [PROJECT / "README.md", *DOCS.rglob("*.md")]
    named = {
        (page.name, path)
        for page in pages
        for path in re.findall(
            r"(?<![\w/])(?:qrbridge|tests|templates|printables|bench)/[\w/.]+\.\w+", page.read_text("utf-8")
        )
    }
    made_by_recipes = {path for page, path in named if page == "recipes.md" and "reading-group" in path}
    assert len(named) > 20
    assert {
        (page, path) for page, path in named if path not in made_by_recipes and not (PROJECT / path).exists()
    } == set()


@pytest.mark.processes
def test_make_lists_what_it_makes():
    listed = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "bench"):
        assert f"make {target}" in listed


def test_the_lock_names_no_download_address():
    assert "resolved" not in Path(PROJECT / "package-lock.json").read_text("utf-8")
