"""Every query file is understood by both engines, uses only their common ground, and is used by somebody."""

import re
from pathlib import Path

import pytest

from qrbridge.store import Store
from qrbridge.store.base import PARAMETER, QUERIES, question_text

NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))
PACKAGE = QUERIES.parent.parent

# Values by the part of a parameter's name that tells its type; anything else is text.
WHOLE_NUMBERS = re.compile(
    r"(^|_)(day|days|version|since|number|most|limit|scans|requests|simulated|lgsl|added_to|today|offset|code_count|after_version|active|step|done|total|another|after_position|position|run|sheets|distance|tries|line|part)($|_)"
)
FRACTIONS = ("latitude", "longitude")


def value_of(name: str) -> object:
    if name in ("counts", "givens"):
        return '{"7K3M9B": 1}'
    if WHOLE_NUMBERS.search(name) and name not in ("review_day",):
        return 1
    return 1.5 if name in FRACTIONS else "2026-11-23"


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_can_plan_it(store: Store, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    text = question_text(name)
    (tmp_path / "explained.sql").write_text(f"explain {text}", "utf-8")
    monkeypatch.setattr("qrbridge.store.base.QUERIES", tmp_path)
    question_text.cache_clear()
    values = {found[1]: value_of(found[1]) for found in PARAMETER.finditer(text) if found[1]}
    try:
        with store.atomic():
            assert store.rows("explained", **values)
    finally:
        question_text.cache_clear()
        if store.engine == "postgres":
            from qrbridge.store import postgres

            postgres._translated.cache_clear()


def test_every_query_is_asked_somewhere():
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert [name for name in NAMES if f'"{name}"' not in code] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_engine_folds_capitals(name: str):
    assert not re.search(r"\b(lower|upper|ilike|nocase)\b", question_text(name)), "SQLite's knows a to z alone"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_one_question_in_lower_case(name: str):
    text = question_text(name)
    bare = re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", text))
    assert ";" not in bare
    assert bare == bare.lower()
