"""Which departments exist and what they are called; a hospital switches them on and off. Departments register themselves."""

from __future__ import annotations

from types import MappingProxyType

from tenancy.permissions import Label

_names: dict[str, Label] = {}
names = MappingProxyType(_names)  # by slug, as far as departments have registered


def name(slug: str, label: Label) -> None:
    _names[slug] = label


def choices() -> list[tuple[str, Label]]:
    return list(_names.items())


def label_of(slug: str) -> Label:
    return _names.get(slug, slug)
