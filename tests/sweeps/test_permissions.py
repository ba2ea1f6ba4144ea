"""Permissions: what is asked is declared, what is declared is asked, and roles are made of nothing else."""

from __future__ import annotations

import ast
import re
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from tenancy.permissions import declared
from tenancy.roles import shipped

ROOT = Path(settings.BASE_DIR)
APPS = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "launch")]
SOURCES = [s for app in APPS for s in app.rglob("*.py") if "migrations" not in s.parts]
HANDING_OUT = {"permissions.py", "roles.py", "department.py", "apps.py"}
LOOKS_LIKE_ONE = re.compile(rf"({'|'.join(app.name for app in APPS)})\.[a-z]+\.[a-z_]+")
IN_TEMPLATE = re.compile(rf"""["']({LOOKS_LIKE_ONE.pattern})["']""")


def constants() -> dict[str, str]:
    """Name of the constant in a `permissions.py` → the permission."""
    found = {}
    for page in (app / "permissions.py" for app in APPS):
        for node in ast.walk(ast.parse(page.read_text() if page.exists() else "")):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
                first, name = node.value.args[0], node.targets[0]
                if isinstance(first, ast.Constant) and isinstance(name, ast.Name):
                    found[name.id] = first.value
    return found


def written(source: Path) -> set[str]:
    """Strings in code that look like a permission and are not the path of a module or of a piece of one."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and LOOKS_LIKE_ONE.fullmatch(node.value):
            app, module, _rest = node.value.split(".")
            if find_spec(f"{app}.{module}") is None:
                found.add(node.value)
    return found


def test_what_is_asked_is_declared():
    asked = {text for source in SOURCES for text in written(source)}
    asked |= {
        found[0] for page in (ROOT / "templates").rglob("*.html") for found in IN_TEMPLATE.findall(page.read_text())
    }

    assert len(asked & set(declared())) > 5
    assert {text for text in asked if text.rpartition(".")[0] in {p.rpartition(".")[0] for p in declared()}} <= set(
        declared()
    )


def test_every_constant_is_a_declared_permission():
    assert set(constants().values()) == set(declared())
    assert len(constants()) == len(declared()), "two names for one permission, or one name in two apps"


def test_what_is_declared_is_asked():
    asking = "\n".join(source.read_text() for source in SOURCES if source.name not in HANDING_OUT)
    asked = {value for name, value in constants().items() if re.search(rf"\b{name}\b", asking) or value in asking}

    assert set(declared()) - asked == set()


def test_roles_are_made_of_declared_permissions():
    for role in shipped().values():
        assert role.permissions and role.permissions <= set(declared()), role.key


def test_every_permission_is_held_by_a_shipped_role():
    assert set(declared()) - frozenset().union(*(role.permissions for role in shipped().values())) == set()


def test_auditor_reads_and_changes_nothing():
    assert {permission.rpartition(".")[2] for permission in shipped()["auditor"].permissions} == {"view"}
