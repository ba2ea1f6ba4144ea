"""What rooms above know of a figure: its definition and version, who froze it. They register; the pages of figures show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi.registry import Words


@dataclass(frozen=True)
class Asked:
    """Which figure somebody looks at: its key, of which hospitals and days (both included)."""

    user: Any
    key: str
    hospitals: tuple[int, ...]
    first: date
    last: date
    in_library: bool = False  # the library's own page says itself what it knows


@dataclass(frozen=True)
class Fact:
    """One line of what is known: words, and where more stands."""

    label: Words
    text: Words
    url: str = ""
    second: Words = ""


Explainer = Callable[[Asked], Iterable[Fact]]
_explainers: list[tuple[int, Explainer]] = []


def register(explainer: Explainer, order: int = 50) -> None:
    """Have figures explained further; the lowest order stands first."""
    _explainers.append((order, explainer))
    _explainers.sort(key=lambda pair: pair[0])


def facts(asked: Asked) -> list[Fact]:
    """Everything the rooms above know of this figure."""
    return [fact for _order, explainer in _explainers for fact in explainer(asked)]
