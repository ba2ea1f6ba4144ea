"""What a workbook weighs, found out before it is opened: a small file can unfold to more than the memory holds."""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from django.utils.translation import gettext as _

MAX_BYTES = 200_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 300
MAX_CELLS = 5_000_000
MAX_TEXT = 200_000_000
CHUNK = 1 << 20
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
SHARED_TEXTS = "xl/sharedstrings.xml"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


class TableError(Exception):
    """A table cannot be read; the message says why in words for the person who handed it in."""


def weigh(content):
    """Refuse a workbook that is damaged, lies about its type or would unfold to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise TableError(_too_large())
            parts = [name for name in archive.namelist() if name.lower().endswith(".xml")]
            texts = _SharedTexts()
            for name in parts:
                if name.lower() == SHARED_TEXTS:
                    texts.read(archive, name)
            for name in parts:  # a sheet may lie anywhere; other parts have no filled cells
                if name.lower() != SHARED_TEXTS:
                    _Sheet(texts.lengths).read(archive, name)
    except BROKEN as error:
        raise TableError(_("The file is damaged and cannot be read as Excel.")) from error


def _too_large():
    return _("The file unfolds to more than %(size)s MB.") % {"size": MAX_BYTES // 1_000_000}


class _Part:
    """One XML file inside a workbook, read piece by piece without being kept."""

    def read(self, archive, name):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda tag, attributes: self.start(tag.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda tag: self.end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.refuse
        unfolded = 0
        with archive.open(name) as part:
            while piece := part.read(CHUNK):
                unfolded += len(piece)
                if unfolded > MAX_BYTES:
                    raise TableError(_too_large())
                parser.Parse(piece)
        parser.Parse(b"", True)

    def refuse(self, *_declaration):
        raise TableError(_("The file is damaged and cannot be read as Excel."))

    def end(self, tag):
        pass


class _SharedTexts(_Part):
    """How long each of the texts is that cells refer to by number."""

    def __init__(self):
        self.lengths = []

    def start(self, tag, _attributes):
        if tag == "si":
            self.lengths.append(0)

    def text(self, data):
        if self.lengths:
            self.lengths[-1] += len(data)


class _Sheet(_Part):
    """How far a sheet's filled cells reach, and how much text they show."""

    def __init__(self, lengths):
        self.lengths = lengths
        self.row = self.column = self.last_row = self.last_column = self.shown = 0
        self.shared = self.in_value = False
        self.value = ""

    def start(self, tag, attributes):
        if tag == "row":
            given = attributes.get("r", "")
            self.row, self.column = int(given) if given.isdigit() else self.row + 1, 0
        elif tag == "c":
            self._place(attributes.get("r", ""))
            self.shared = attributes.get("t") == "s"
        elif tag in {"v", "is"}:
            self.in_value, self.value = True, ""
            self._measure()

    def text(self, data):
        if self.in_value:
            self.value += data

    def end(self, tag):
        if tag == "v":
            self.in_value = False
            if self.shared and self.value.isdigit() and int(self.value) < len(self.lengths):
                self.shown += self.lengths[int(self.value)]
            if self.shown > MAX_TEXT:
                raise TableError(_too_large())
        elif tag == "is":
            self.in_value = False

    def _place(self, reference):
        self.column += 1
        if match := REFERENCE.fullmatch(reference):
            letters, row = match.groups()
            self.row, self.column = int(row), 0
            for letter in letters:
                self.column = self.column * 26 + ord(letter) - 64

    def _measure(self):
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row > MAX_ROWS + 100:
            raise TableError(_("The table has more than %(rows)s rows.") % {"rows": MAX_ROWS})
        if self.last_column > MAX_COLUMNS:
            raise TableError(_("The table has more than %(columns)s columns.") % {"columns": MAX_COLUMNS})
        if self.last_row * self.last_column > MAX_CELLS:
            raise TableError(_("The table has more than %(cells)s cells.") % {"cells": MAX_CELLS})
