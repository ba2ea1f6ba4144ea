"""Gathers the drawings of `ui/icons/` into the one sprite that pages point into: `static/icons.svg`."""

import re

from django.conf import settings
from django.core.management.base import BaseCommand

from ui.icons import FOLDER

OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor" stroke="none"'


def sprite() -> str:
    """All drawings as symbols; the line width is left to the stylesheet."""
    symbols = []
    for drawing in sorted(FOLDER.glob("*.svg")):
        source = drawing.read_text()
        paths = [p for p in re.findall(r"<path[^>]*?/>", source) if 'd="M0 0h24v24H0z"' not in p]
        style = FILLED if 'fill="currentColor"' in source else OUTLINE
        symbols.append(f'<symbol id="{drawing.stem}" viewBox="0 0 24 24" {style}>{"".join(paths)}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


class Command(BaseCommand):
    help = "Draw static/icons.svg anew from ui/icons/*.svg."

    def handle(self, *args, **options):
        (settings.BASE_DIR / "static" / "icons.svg").write_text(sprite())
