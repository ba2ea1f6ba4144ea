"""What a new edition of a checklist changes: item by item, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from inspections.judging import plain
from inspections.models import Edition, Item, Plan, Round
from inspections.states import ACTIONS, DUE, KINDS, PHOTOS, WEIGHTS
from tenancy.models import Hospital
from ui import formats

WORDS = {"kind": KINDS, "photo": PHOTOS, "weight": WEIGHTS, "on_fail": ACTIONS}
SEEN = {"text": "words", "section": "heading", "hint": "advice"}
COMPARED = (
    *("section", "text", "hint", "kind", "unit", "low", "high", "options", "passing", "meter", "required", "photo"),
    *("weight", "points", "on_fail", "service_key", "standard", "clause"),
)


@dataclass(frozen=True)
class Change:
    """One field of an item: what it was and what it is, as the reader sees both."""

    field: str
    label: Any
    before: str
    after: str


@dataclass
class Differences:
    """Two editions compared by the keys of their items."""

    added: list[Item] = field(default_factory=list)
    removed: list[Item] = field(default_factory=list)
    changed: list[tuple[Item, list[Change]]] = field(default_factory=list)
    moved: bool = False  # only the order differs

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.moved)


def differences(old: Iterable[Item], new: Iterable[Item]) -> Differences:
    """`old` and `new`: the items of two editions, each in its order."""
    before, after = {item.key: item for item in old}, {item.key: item for item in new}
    found = Differences(
        added=[item for key, item in after.items() if key not in before],
        removed=[item for key, item in before.items() if key not in after],
        moved=[key for key in before if key in after] != [key for key in after if key in before],
    )
    for key, item in after.items():
        if key in before and (changes := _changes(before[key], item)):
            found.changed.append((item, changes))
    return found


def _changes(old: Item, new: Item) -> list[Change]:
    return [
        Change(name, getattr(Item._meta.get_field(name), "verbose_name", name), _shown(old, name), _shown(new, name))
        for name in COMPARED
        if getattr(old, name) != getattr(new, name)
    ]


def _shown(item: Item, name: str) -> str:
    value = getattr(item, SEEN.get(name, name))
    if name in WORDS:
        return str(WORDS[name][value].label)
    if name in ("low", "high", "points"):
        return "" if value is None else plain(value)
    if name in ("options", "passing"):
        words = dict(item.choices)
        return formats.listed(words.get(v, v) for v in value)
    return ("✓" if value else "✗") if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Reached:
    """A hospital in which an edition alters something: its plans, and the rounds that nobody has begun."""

    hospital: Hospital
    plans: list[Plan]
    rounds: int


def what_it_alters(edition: Edition) -> list[Reached]:
    """By hospital, within the scope. Rounds that were begun keep the edition they were begun with."""
    checklist = edition.checklist_id
    plans: dict[int, list[Plan]] = {}
    for plan in Plan.objects.filter(checklist=checklist).exclude(state="ended").order_by("hospital", "name"):
        plans.setdefault(plan.hospital_id, []).append(plan)
    counted = Round.objects.filter(Q(checklist=checklist), state=DUE, edition=None).order_by()
    rounds = dict(counted.values("hospital").annotate(n=Count("pk")).values_list("hospital", "n"))
    touched = Hospital.objects.filter(pk__in=plans.keys() | rounds.keys()).order_by("code")
    return [Reached(h, plans.get(h.pk, []), rounds.get(h.pk, 0)) for h in touched]
