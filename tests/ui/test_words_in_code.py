"""What code says inside an f-string is never extracted: it is translated only where another line says the same."""

import ast
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext, override, pgettext

ROOT = Path(settings.BASE_DIR)
APART = {"tests", "launch", "bench", "node_modules", "staticfiles"}


def files():
    return [
        file for file in sorted(ROOT.glob("*/**/*.py"))
        if not (set(file.relative_to(ROOT).parts) & APART or file.relative_to(ROOT).parts[0].startswith("."))
    ]  # fmt: skip


def said(file):
    """(line, the words, what the catalogues make of them) of what is said inside f-strings."""
    text = file.read_text()
    if "{_(" not in text and "gettext(" not in text:
        return
    for joined in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.JoinedStr)):
        for call in (
            node for node in ast.walk(joined) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ):
            words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            if call.func.id == "_" and len(words) == 1:
                yield call.lineno, words[0], gettext(words[0])
            elif call.func.id == "pgettext" and len(words) == 2:
                yield call.lineno, words[1], pgettext(*words)


def test_what_is_said_inside_an_f_string_is_translated():
    with override("zh-hans"):
        found = [(file.name, *one) for file in files() for one in said(file)]

    assert len(found) > 5
    assert [one for one in found if one[2] == one[3]] == []
