"""Every template and every declared drawing: no inline script or style, no unknown icon; vendored files as declared."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from ui.icons import NAMES
from ui.management.commands.icons import sprite

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
APPS = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
SOURCES = [source for app in APPS for source in app.rglob("*.py")]
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|<script(?![^>]*\bsrc=)", re.IGNORECASE
)
IDS = re.compile(r"""\sid="([\w-]+)\"""")
FRAME = ("side.html", "search_box.html", "toasts.html", "keys.html")
TAG = re.compile(r"""\{%\s*icon\s+["']([\w-]+)["']""")
DECLARED = re.compile(r"""\bicon\(?=?\s*["']([a-z][\w-]*)["']""")


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 20 and len(SOURCES) > 50


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_nothing_inline_and_only_known_drawings(template):
    source = template.read_text()

    assert INLINE.findall(source) == []
    assert set(TAG.findall(source)) - NAMES == set()
    assert source.count("\n") <= 150


def test_pages_leave_the_ids_of_the_frame_to_the_frame():
    """Two things of one id on a page: the button for the menu, or a label, finds the wrong one."""
    named = {template.relative_to(ROOT / "templates"): set(IDS.findall(template.read_text())) for template in TEMPLATES}
    frame = set().union(*(named[Path("ui/partials", name)] for name in FRAME))
    twice = {str(page): sorted(ids & frame) for page, ids in named.items() if page.parts[0] != "ui" and ids & frame}

    assert {"side", "search-all", "toasts"} <= frame
    assert twice == {}


def test_drawings_named_in_code_exist():
    used = {name for source in SOURCES for name in DECLARED.findall(source.read_text())}

    assert used
    assert used - NAMES == set()


def test_sprite_is_drawn_from_the_drawings():
    assert (ROOT / "static" / "icons.svg").read_text() == sprite(), "run `manage.py icons`"


def test_vendored_files_are_the_ones_declared():
    folder = ROOT / "static" / "vendor"
    declared = {
        name: digest
        for package in json.loads((folder / "manifest.json").read_text())
        for name, digest in package["sha256"].items()
    }
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert found == declared


def test_stylesheet_stays_small():
    assert len((ROOT / "static/css/logistics.css").read_text().splitlines()) <= 400


def _luminance(colour):
    parts = colour.lstrip("#")
    parts = "".join(c * 2 for c in parts) if len(parts) == 3 else parts
    channels = [int(parts[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_state_colours_are_readable_in_both_themes():
    source = (ROOT / "static/css/logistics.css").read_text()
    themes = re.findall(r"\{([^}]*--red:[^}]*)\}", source)
    poor = []
    for theme in themes:
        colours = dict(re.findall(r"--([\w-]+):\s*(#\w+)", theme))
        pairs = [(tone, f"{tone}-soft") for tone in ("red", "amber", "green", "blue", "grey")]
        pairs += [(tone, "surface") for tone in ("red", "amber", "green", "blue", "ink", "ink-2", "accent")]
        pairs += [("on-accent", "accent"), ("ink", "page"), ("ink-2", "page"), ("accent-strong", "accent-soft")]
        poor += [(a, b) for a, b in pairs if _contrast(colours[a], colours[b]) < 4.5]

    assert len(themes) == 2
    assert poor == []


def test_first_screen_is_light():
    """What every page loads, compressed; it leaves 20 kB of the 150 kB to the page itself."""
    frame = (ROOT / "templates/ui/frame.html").read_text()
    files = [*re.findall(r"""\{% static '([^']+\.(?:css|js|svg))' %\}""", frame), "icons.svg"]

    assert len(files) > 8
    assert sum(len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in files) <= 130_000
