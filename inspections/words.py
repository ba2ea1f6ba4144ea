"""Shipped texts in the reader's language; the Chinese one that was stored where the catalogues no longer know them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, gettext, override

from inspections.catalogue import Label

HOME = "zh-hans"  # the language whose words are stored


def said(stored: str, msgid: str) -> str:
    """One text. English needs no catalogue: the msgid is the English."""
    if not msgid:
        return stored
    found = gettext(msgid)
    return stored if found == msgid and not (get_language() or "en").startswith("en") else found


def told(stored: Sequence[str], msgids: Sequence[str]) -> list[str]:
    """Several of them."""
    return [said(text, msgid) for text, msgid in zip(stored, msgids or [""] * len(stored), strict=True)]


def both(label: Label) -> tuple[str, str]:
    """A declared text as (Chinese, msgid); what is the same in both, such as a unit or a name, has no msgid."""
    with override(HOME):
        chinese = str(label)
    with override(None):
        msgid = str(label)
    return (chinese, "" if msgid == chinese else msgid)
