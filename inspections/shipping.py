"""Making rows of the shipped checklists: with every migration, and when a hospital opens; any number of times, several at once.

A higher edition in the code replaces the one in force, unless the consortium has written an edition of its own since: then
it is offered beside it, and forced on nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inspections.catalogue import ChecklistDef, ItemDef, shipped
from inspections.models import Checklist, Edition, Item
from inspections.states import CURRENT, OFFERED, OLD
from inspections.words import both
from tenancy.locks import hold
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope

COPIED = ("key", "kind", "unit", "meter", "required", "photo", "weight", "on_fail", "service_key", "standard", "clause")
HEAD = ("standard", "clause", "standard_edition", "valid_from", "valid_until", "statutory", "to_confirm")


@dataclass
class _Coming:
    """A shipped edition that a consortium does not have yet, and the one it finds in force there."""

    definition: ChecklistDef
    checklist: Checklist
    number: int
    present: Edition | None


@transaction.atomic
def ship(consortium: Consortium) -> int:
    """Add the checklists and editions that are new in the code. Answers how many editions were added."""
    hold("inspections.ship", consortium.pk)  # one at a time; the second one finds everything there
    coming = _coming(consortium)
    if coming:
        _add(coming)
    return len(coming)


def ship_everywhere() -> None:
    """To every consortium that has a hospital; the others get theirs when their first hospital opens."""
    for consortium in Consortium.objects.all():
        if hospitals := list(Hospital.objects.filter(consortium=consortium).values_list("pk", flat=True)):
            with scope(hospitals):
                ship(consortium)


def _coming(consortium: Consortium) -> list[_Coming]:
    there = {c.key: c for c in Checklist.objects.filter(consortium=consortium, home=None)}
    editions: dict[int, list[Edition]] = {}
    for edition in Edition.objects.filter(checklist__in=there.values()).order_by("number"):
        editions.setdefault(edition.checklist_id, []).append(edition)
    found, new = [], []
    for definition in shipped().values():
        checklist = there.get(definition.key)
        if checklist is None:
            checklist = _checklist(consortium, definition)
            new.append(checklist)
        have = editions.get(checklist.pk, []) if checklist.pk else []
        if definition.edition > max((e.shipped_number or 0 for e in have), default=0):
            present = next((e for e in have if e.state == CURRENT), None)
            found.append(_Coming(definition, checklist, max((e.number for e in have), default=0) + 1, present))
    Checklist.objects.bulk_create(new)
    return found


def _checklist(consortium: Consortium, definition: ChecklistDef) -> Checklist:
    return Checklist(
        consortium=consortium, key=definition.key, shipped_name=both(definition.label)[0],
        department=definition.department, assesses=definition.assesses,
    )  # fmt: skip


def _add(coming: list[_Coming]) -> None:
    """All of them in a few statements. What the consortium wrote itself stays in force; an earlier offer makes room."""
    own = {c.checklist.pk for c in coming if c.present and not c.present.shipped}
    replaced = [c.present.pk for c in coming if c.present and c.present.shipped]
    Edition.objects.filter(Q(pk__in=replaced) | Q(checklist__in=own, state=OFFERED)).update(state=OLD)
    editions = [_edition(c, OFFERED if c.checklist.pk in own else CURRENT) for c in coming]
    Edition.objects.bulk_create(editions)
    lines = zip(editions, coming, strict=True)
    Item.objects.bulk_create(_item(e, n, line) for e, c in lines for n, line in enumerate(c.definition.items, 1))


def _edition(c: _Coming, state: str) -> Edition:
    facts: dict[str, Any] = {name: getattr(c.definition, name) for name in HEAD}
    return Edition(
        consortium_id=c.checklist.consortium_id, checklist=c.checklist, number=c.number, shipped=True,
        shipped_number=c.definition.edition, lines=len(c.definition.items), state=state,
        published_at=timezone.now() if state == CURRENT else None, **facts,
    )  # fmt: skip


def _item(edition: Edition, order: int, line: ItemDef) -> Item:
    texts = {name: both(getattr(line, name)) for name in ("text", "section", "hint")}
    options = [both(option) for option in line.options]
    msgids: dict[str, Any] = {name: msgid for name, (_chinese, msgid) in texts.items() if msgid}
    if any(msgid for _chinese, msgid in options):
        msgids["options"] = [msgid for _chinese, msgid in options]
    return Item(
        consortium_id=edition.consortium_id, edition=edition, order=order, msgids=msgids, points=Decimal(line.points),
        low=None if line.low is None else Decimal(line.low), high=None if line.high is None else Decimal(line.high),
        options=[chinese for chinese, _msgid in options], passing=[both(option)[0] for option in line.passing],
        **{name: chinese for name, (chinese, _msgid) in texts.items()},
        **{name: getattr(line, name) for name in COPIED},
    )  # fmt: skip
