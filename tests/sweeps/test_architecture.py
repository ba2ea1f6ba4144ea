"""The house rules that a reader would otherwise have to watch: sizes, layers, what is never written."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from ui.catalogues import KEYWORDS

ROOT = Path(settings.BASE_DIR)
APPS = sorted(path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
SOURCES = sorted(s for app in APPS for s in app.rglob("*.py") if "migrations" not in s.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
VIEWS = [s for s in SOURCES if s.stem in ("views", "crud", "api") or s.parent.name == "views"]
LINES = 400
BUDGETS = {"ui/crud.py": 200, "flow/machine.py": 160}
FUNCTION_LINES = 40  # from the first statement after the docstring
LONG = {"logistics/demo/life.py:_work": "one order's life, told in the order it happens"}
HASTY = {"logistics/celery.py": "the first heartbeat; no transaction is open there"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at():
    assert len(APPS) > 10 and len(SOURCES) > 150 and len(VIEWS) > 10 and len(TESTS) > 30


@pytest.mark.parametrize("source", [*SOURCES, *TESTS, *SCRIPTS], ids=name_of)
def test_file_is_short_and_finished(source):
    text = source.read_text()

    written = sum(1 for line in text.splitlines() if line.strip())
    assert written <= BUDGETS.get(name_of(source), LINES)
    assert source == Path(__file__) or not UNFINISHED.findall(text)


def test_functions_are_short():
    long = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.FunctionDef):
                first = node.body[min(len(node.body) - 1, int(ast.get_docstring(node) is not None))]
                lines = (node.end_lineno or 0) - first.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{name_of(source)}:{node.name}"] = lines

    assert set(long) == set(LONG), long


def test_texts_are_said_by_names_that_the_extraction_of_texts_knows():
    """A translation function under another name finds the text in no catalogue: it would be shown in English."""
    unknown = [
        f"{name_of(source)}: {alias.name} as {alias.asname}"
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in KEYWORDS and (alias.asname or alias.name) not in KEYWORDS
    ]

    assert unknown == []


def test_views_ask_for_what_one_may_see():
    everything = [
        name_of(view) for view in VIEWS if re.search(r"objects\.all\(\)\s*(\.order_by|\.values|$)", view.read_text())
    ]

    assert everything == []


def test_jobs_are_sent_after_the_commit():
    hasty = [name_of(source) for source in SOURCES if re.search(r"\.(delay|apply_async)\(", source.read_text())]

    assert set(hasty) == set(HASTY)


def test_every_package_stands_in_the_import_contracts():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    names = {app.name for app in APPS}

    assert set(tools["importlinter"]["root_packages"]) == names
    assert set(tools["ruff"]["lint"]["isort"]["known-first-party"]) == names | {"tests"}
    layers = next(c for c in tools["importlinter"]["contracts"] if c["name"] == "Engines never know departments")[
        "layers"
    ]
    assert {name.strip() for layer in layers for name in layer.split("|")} == names - {"launch"}
