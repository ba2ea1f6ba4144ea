"""Initials of Chinese names, for look-up by keyboard: 护士站 is found by hsz."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def initials(text: str) -> str:
    """First letters of the syllables; Latin letters and digits stay as they are."""
    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda rest: "".join(filter(str.isalnum, rest)))
    return "".join(parts).lower()
