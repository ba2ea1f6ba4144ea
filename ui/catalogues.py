"""The message catalogues: each app's own Chinese texts, kept in step with what its code and pages say.

An app's texts are those of its Python files and of its pages under `templates/<app>/`; pages of everybody (the frame,
error pages, letters) belong to `ui`. The files carry neither dates nor line numbers and are sorted by text, so the work
of two people on one app merges.
"""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import generate_po, read_po
from django.utils.translation.template import templatize

from ui.punctuation import full_width
from ui.terms_zh_hant import to_traditional

HANS, HANT = LOCALES = ("zh_Hans", "zh_Hant")
COMMON = "ui"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
BY_HAND = "by hand"


class AppCatalogue(Catalog):
    """One app's texts in one language, with a head that never changes."""

    def __init__(self, locale=None):
        super().__init__(locale=locale, header_comment="", fuzzy=False)

    @property
    def mime_headers(self):
        return [
            ("Language", self.locale_identifier or ""),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    def texts(self):
        """Every entry but the head."""
        return [message for message in self if message.id]

    def take_over(self, message, text, comments):
        """Enter a text found elsewhere, with its translation."""
        string = (text,) if message.pluralizable else text
        self.add(message.id, string, message.locations, message.flags, context=message.context, user_comments=comments)

    def find(self, key):
        context, text = key
        return self.get(text, context)


def key_of(message):
    """What tells two entries apart: context and text (of a plural the text for one)."""
    return message.context, message.id[0] if message.pluralizable else message.id


def translation_of(message):
    """The Chinese text of an entry, empty if there is none."""
    if message is None or not message.string:
        return ""
    return message.string if isinstance(message.string, str) else message.string[0]


def translate(message, text):
    """Give an entry its Chinese text; Chinese has one form for one and for many."""
    text = full_width(text)
    message.string = (text,) if message.pluralizable else text


@dataclass
class Tree:
    """The project's folders as far as texts are concerned."""

    root: Path
    apps: tuple[str, ...]

    def po(self, app, locale):
        return self.root / app / "locale" / locale / "LC_MESSAGES" / "django.po"

    def sources(self, app):
        """The files that may hold texts of this app."""
        folder = self.root / app
        own = [path for path in folder.rglob("*.py") if "migrations" not in path.relative_to(folder).parts]
        return sorted([*own, *_pages(folder / "templates"), *self._pages_of(app)])

    def _pages_of(self, app):
        templates = self.root / "templates"
        if app != COMMON:
            return _pages(templates / app)
        others = [self.root / "templates" / name for name in self.apps if name != COMMON]
        return [path for path in _pages(templates) if not any(path.is_relative_to(folder) for folder in others)]

    def extract(self, app):
        """What the app's code and pages say now, without translations."""
        found = AppCatalogue()
        for path in self.sources(app):
            where = path.relative_to(self.root).as_posix()
            for _line, text, _comments, context in _texts_in(path):
                if text and text != ("", ""):
                    found.add(text, locations=[(where, 0)], context=context)
        return found

    def read(self, app, locale):
        """The catalogue as it lies in the app's folder; empty if there is none."""
        path = self.po(app, locale)
        if not path.exists():
            return AppCatalogue(locale)
        with path.open("rb") as file:
            return _own(read_po(file, locale=locale), locale)

    def read_compiled(self, app, locale):
        """The catalogue as it was when last compiled."""
        path = self.po(app, locale).with_suffix(".mo")
        if not path.exists():
            return AppCatalogue(locale)
        with path.open("rb") as file:
            return _own(read_mo(file), locale)

    def write(self, app, locale, catalogue):
        """Lay the catalogue and its compiled form into the app's folder; an app without texts has neither."""
        path = self.po(app, locale)
        if not catalogue.texts():
            path.unlink(missing_ok=True)
            path.with_suffix(".mo").unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_if_changed(path, as_po(catalogue))
        _write_if_changed(path.with_suffix(".mo"), as_mo(catalogue))


def _pages(folder):
    return [path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}]


def _texts_in(path):
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        if "gettext" not in source:
            return []
    elif "trans" not in source and "_(" not in source:
        return []
    else:
        # What is left of a page is not Python: its indentation would be taken for blocks.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    return extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)


def _own(catalogue, locale):
    own = AppCatalogue(locale)
    for message in catalogue:
        if message.id:
            own.take_over(message, translation_of(message), message.user_comments)
    return own


def _write_if_changed(path, content):
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def as_po(catalogue):
    """The catalogue's file for people."""
    lines = generate_po(catalogue, width=0, ignore_obsolete=True, sort_by="message", include_lineno=False)
    return "".join(lines).strip("\n").encode() + b"\n"


def as_mo(catalogue):
    """The catalogue's file for the running site."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def merge(found, old, locale):
    """What the code says, with the translations there are; what the code no longer says is dropped."""
    new = AppCatalogue(locale)
    for message in found.texts():
        before = old.find(key_of(message))
        new.take_over(message, full_width(translation_of(before)), before.user_comments if before else ())
    return new


def fill_from_others(catalogue, others):
    """Take what another app has already translated: one English text has one Chinese text in the whole site."""
    for message in catalogue.texts():
        if not translation_of(message):
            theirs = (translation_of(other.find(key_of(message))) for other in others)
            translate(message, next(filter(None, theirs), ""))


def fill_traditional(hant, hans, hans_before, *, refill=False):
    """Fill Traditional entries from Simplified ones; answers the texts whose Simplified changed under a reader's hand.

    An entry still as the converter made it follows its Simplified text. One that a person has written stays, and is
    named when the Simplified text it was written for has changed.
    """
    to_look_over = []
    for message in hant.texts():
        key, text = key_of(message), translation_of(message)
        simplified = translation_of(hans.find(key))
        before = translation_of(hans_before.find(key))
        changed = bool(before) and before != simplified
        made_by_converter = text == to_traditional(before) if changed else refill
        if not text or (made_by_converter and BY_HAND not in message.user_comments):
            translate(message, to_traditional(simplified))
        elif changed and text != to_traditional(simplified):
            to_look_over.append(message)
    return to_look_over


def update(tree, apps, *, refill=False):
    """Bring the catalogues of these apps in step with the code: app → (Simplified, entries to look over)."""
    catalogues = {app: {locale: tree.read(app, locale) for locale in LOCALES} for app in tree.apps}
    report = {}
    for app in apps:
        found = tree.extract(app)
        for locale in LOCALES:
            catalogues[app][locale] = merge(found, catalogues[app][locale], locale)
            fill_from_others(catalogues[app][locale], [own[locale] for own in catalogues.values()])
        hans, hant = catalogues[app][HANS], catalogues[app][HANT]
        look_over = fill_traditional(hant, hans, tree.read_compiled(app, HANS), refill=refill)
        for locale in LOCALES:
            tree.write(app, locale, catalogues[app][locale])
        report[app] = hans, look_over
    return report


def untranslated(hans):
    return [message for message in hans.texts() if not translation_of(message)]


# Translations written in a table: context and text, Simplified, Traditional if a person has written it.

ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
CONTEXT_MARK = "\\c"


def table_line(message):
    """An entry as a line of the table, ready for its Simplified text."""
    context, text = key_of(message)
    return f"{escape(context) + CONTEXT_MARK if context else ''}{escape(text)}\t"


def escape(text):
    return "".join(ESCAPES.get(character, character) for character in text)


def unescape(text):
    plain = {escaped: character for character, escaped in ESCAPES.items()}
    return re.sub(r"\\[\\ntr]", lambda match: plain[match.group()], text)


def read_table(lines):
    """The table's translations: ((context, text), Simplified, Traditional or empty)."""
    for line in lines:
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) < 2 or not cells[1]:
            continue
        context, mark, text = cells[0].rpartition(CONTEXT_MARK)
        key = unescape(context) if mark else None, unescape(text)
        yield key, unescape(cells[1]), unescape(cells[2]) if len(cells) > 2 else ""


def take(tree, lines):
    """Enter the table's translations wherever their text occurs; answers the texts that no app has."""
    catalogues = {app: {locale: tree.read(app, locale) for locale in LOCALES} for app in tree.apps}
    unknown = []
    for key, simplified, traditional in read_table(lines):
        owners = [own for own in catalogues.values() if own[HANS].find(key)]
        if not owners:
            unknown.append(key[1])
        for own in owners:
            _enter(own, key, simplified, traditional)
    for app, own in catalogues.items():
        for locale in LOCALES:
            tree.write(app, locale, own[locale])
    return unknown


def _enter(own, key, simplified, traditional):
    """A Traditional text of its own is kept as written; otherwise the converter's follows the Simplified one."""
    hans, hant = own[HANS].find(key), own[HANT].find(key)
    by_converter = translation_of(hant) in {"", to_traditional(translation_of(hans))}
    translate(hans, simplified)
    if traditional:
        translate(hant, traditional)
        hant.user_comments = [BY_HAND] if traditional != to_traditional(simplified) else []
    elif by_converter:
        translate(hant, to_traditional(simplified))
