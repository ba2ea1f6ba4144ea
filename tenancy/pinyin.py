"""Initials of Chinese names, for look-up by keyboard: 护士站 is found by hsz."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from string import ascii_lowercase

from pypinyin import Style, lazy_pinyin

LETTERS = frozenset(ascii_lowercase)
SEEN = 2  # words in which a reading must occur to be usual


def initials(text: str) -> str:
    """First letters of the syllables; Latin letters and digits stay as they are."""
    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda rest: "".join(filter(str.isalnum, rest)))
    return "".join(parts).lower()


def readings() -> tuple[str, str]:
    """Of every character from U+4E00 to U+9FFF the first letter of its usual and of its other usual reading, "." for none.

    The other reading is the one that words use next often; where there is none the usual one stands twice.
    """
    from pypinyin.phrases_dict import phrases_dict  # 1 MB, needed only when the database is made

    used: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, syllables in phrases_dict.items():
        for character, readings_ in zip(phrase, syllables, strict=False):
            used[character][unicodedata.normalize("NFD", readings_[0])[:1]] += 1
    usual, other = [], []
    for character in map(chr, range(0x4E00, 0xA000)):
        first = initials(character)[:1]
        first = first if first in LETTERS else "."
        others = [letter for letter, n in used[character].most_common() if letter != first and n >= SEEN]
        usual.append(first)
        other.append(next((letter for letter in others if letter in LETTERS), first))
    return "".join(usual), "".join(other)
