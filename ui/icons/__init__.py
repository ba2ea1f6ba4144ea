"""The drawings used on pages: Tabler's outline icons (MIT, see LICENSE), named as the `icon` tag names them."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NAMES = frozenset(drawing.stem for drawing in FOLDER.glob("*.svg"))
