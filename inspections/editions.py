"""Writing checklists: a draft beside what is in force, put in force when it is right. What is published never changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.facts import believable
from inspections import permissions as perm
from inspections.models import Checklist, Edition, Item
from inspections.states import CHOICE, CURRENT, DRAFT, OFFERED, OLD, VALUE
from tenancy import history
from tenancy.access import can
from tenancy.models import Consortium, Hospital

MOST_ITEMS = 200
HEAD = ("standard", "clause", "standard_edition", "valid_from", "valid_until", "statutory", "to_confirm")
TEXTS = {"text": "words", "section": "heading", "hint": "advice"}  # column → what the reader sees
GIVEN = (
    *("section", "text", "hint", "kind", "unit", "low", "high", "options", "passing", "meter", "required", "photo"),
    *("weight", "points", "on_fail", "service_key", "standard", "clause"),
)


def _need(actor: Any, checklist: Checklist) -> None:
    if not can(actor, perm.CHECKLIST_CHANGE, checklist):
        raise PermissionDenied(perm.CHECKLIST_CHANGE)


def _note(checklist: Checklist, verb: str, actor: Any, data: dict[str, Any] | None = None) -> None:
    """In its hospital's history; what is the consortium's, in each of its hospitals."""
    if checklist.home_id:
        flow.note(checklist.home_id, checklist, verb, actor, data or {})
    else:
        history.note(checklist, verb, actor, data)


def _checked(row: Any, names: Sequence[str]) -> None:
    """Only these columns are somebody's to get wrong."""
    row.full_clean(exclude={field.name for field in row._meta.concrete_fields} - set(names), validate_unique=False)


@transaction.atomic
def write(
    actor: Any,
    *,
    name: str,
    department: str,
    home: Hospital | None = None,
    consortium: Consortium | None = None,
    assesses: bool = False,
    like: Edition | None = None,
) -> Checklist:
    """A new checklist with its first draft: a hospital's own (`home`), or the consortium's. `like`: begun with its items.

    Raises PermissionDenied, or ValidationError by field.
    """
    whose = home.consortium if home else consortium
    checklist = Checklist(
        consortium=whose, home=home, key=f"own.{uuid.uuid4().hex[:12]}", own_name=name.strip(), department=department,
        assesses=assesses,
    )  # fmt: skip
    _need(actor, checklist)
    if not checklist.own_name:
        raise ValidationError({"name": _("Please give it a name.")})
    same = Checklist.objects.filter(consortium=whose, home=home, active=True)
    if any(str(other) == checklist.own_name for other in same):
        raise ValidationError({"name": _("There is one of this name already.")})
    _checked(checklist, ["own_name", "department"])
    checklist.save(force_insert=True)
    _begin(checklist, like)
    _note(checklist, "added", actor)
    return checklist


@transaction.atomic
def rename(actor: Any, checklist: Checklist, *, name: str, assesses: bool) -> Checklist:
    """Call it otherwise (a shipped one: its shipped name again, where the name is empty); whether it gives points."""
    _need(actor, checklist)
    name = name.strip()
    if not name and not checklist.shipped_name:
        raise ValidationError({"name": _("Please give it a name.")})
    changes: dict[str, list[Any]] = {"own_name": [checklist.own_name, name], "assesses": [checklist.assesses, assesses]}
    checklist.own_name, checklist.assesses = name, assesses
    _checked(checklist, ["own_name"])
    checklist.save(update_fields=["own_name", "assesses"])
    _note(checklist, "edited", actor, {"changes": {k: v for k, v in changes.items() if v[0] != v[1]}})
    return checklist


def _begin(checklist: Checklist, like: Edition | None) -> Edition:
    number = (checklist.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    facts = {field: getattr(like, field) for field in HEAD} if like else {}
    draft = Edition.objects.create(consortium_id=checklist.consortium_id, checklist=checklist, number=number, **facts)
    for item in like.items.all() if like else ():
        item.pk, item.edition = None, draft
        item.save(force_insert=True)
    return draft


def _lock(checklist: Checklist) -> Checklist:
    held: Checklist = Checklist.objects.select_for_update(of=("self",)).get(pk=checklist.pk)
    return held


@transaction.atomic
def draft(actor: Any, checklist: Checklist, like: Edition | None = None) -> Edition:
    """The draft there is, else a new one with the items of the edition in force (or of `like`, an earlier one)."""
    _need(actor, checklist)
    checklist = _lock(checklist)
    there: Edition | None = checklist.editions.filter(state=DRAFT).first()
    if there:
        return there
    made = _begin(checklist, like or checklist.editions.filter(state=CURRENT).first())
    _note(checklist, "drafted", actor, {"number": made.number})
    return made


def _draft(actor: Any, edition: Edition, *states: str) -> Edition:
    """The edition, held until the end of the transaction; refused once it was published."""
    _need(actor, edition.checklist)
    checklist = _lock(edition.checklist)
    found = Edition.objects.get(pk=edition.pk)
    found.checklist = checklist
    if found.state not in (states or (DRAFT,)):
        raise ValidationError(_("This edition was published and never changes. Please begin a draft."))
    return found


@transaction.atomic
def set_head(actor: Any, edition: Edition, **facts: Any) -> Edition:
    """Which law or standard it follows, in which edition, and how long that is valid."""
    edition = _draft(actor, edition)
    for name, value in facts.items():
        if name not in HEAD:
            raise TypeError(f"{name} is no part of an edition's head")
        setattr(edition, name, value)
    believable(valid_from=edition.valid_from, valid_until=edition.valid_until)
    if edition.valid_from and edition.valid_until and edition.valid_until < edition.valid_from:
        raise ValidationError({"valid_until": _("It ends before it begins.")})
    _checked(edition, HEAD)
    edition.save()
    return edition


@transaction.atomic
def set_items(actor: Any, edition: Edition, items: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Give the draft these items in this order; each is a mapping with the columns of `Item`, and its key if it is not new.

    Raises ValidationError by "number-column", numbered from 0. Texts that stand as the reader saw them stay translated.
    """
    edition = _draft(actor, edition)
    if len(items) > MOST_ITEMS:
        raise ValidationError(_("At most %(count)s items in a checklist, please.") % {"count": MOST_ITEMS})
    before = {item.key: item for item in edition.items.all()}
    made: list[Item] = []
    wrong: dict[str, list[str]] = {}
    keys: set[str] = set()
    for n, given in enumerate(items):
        item = _item(edition, n + 1, given, before, keys)
        keys.add(item.key)
        wrong |= {f"{n}-{name}": errors for name, errors in mistakes(item).items()}
        made.append(item)
    if wrong:
        raise ValidationError(wrong)
    edition.items.all().delete()
    return Item.objects.bulk_create(made)


def _item(edition: Edition, order: int, given: Mapping[str, Any], before: Mapping[str, Item], taken: set[str]) -> Item:
    key = given.get("key") or ""
    old = before.get(key) if key not in taken else None
    item = Item(consortium_id=edition.consortium_id, edition=edition, order=order)
    item.key = old.key if old else f"i{uuid.uuid4().hex[:12]}"
    for name in GIVEN:
        if name in given:
            setattr(item, name, given[name])
    if old:
        _keep_translations(item, old)
    return _tidied(item)


def _keep_translations(item: Item, old: Item) -> None:
    for column, seen in TEXTS.items():
        if column in old.msgids and getattr(item, column) == getattr(old, seen):
            setattr(item, column, getattr(old, column))
            item.msgids[column] = old.msgids[column]
    shown = {label: value for value, label in old.choices}
    if "options" in old.msgids and list(item.options) == list(shown):
        item.options = list(old.options)
        item.passing = [shown[label] for label in item.passing if label in shown]
        item.msgids["options"] = old.msgids["options"]


def _tidied(item: Item) -> Item:
    """What its kind has no use for is empty."""
    if item.kind != VALUE:
        item.low = item.high = None
    if item.kind != CHOICE:
        item.options, item.passing = [], []
        item.msgids.pop("options", None)
    return item


def mistakes(item: Item) -> dict[str, list[str]]:
    """What is wrong with an item, by column."""
    wrong: dict[str, list[str]] = {}
    try:
        item.clean_fields(exclude=["consortium", "edition", "key", "order", "msgids"])
    except ValidationError as error:
        wrong = {name: [str(m) for m in messages] for name, messages in error.message_dict.items()}
    if item.low is not None and item.high is not None and item.high < item.low:
        wrong.setdefault("high", []).append(str(_("The upper limit cannot lie below the lower one.")))
    if "points" not in wrong and item.points < 0:
        wrong["points"] = [str(_("Points are not negative."))]
    if item.kind == CHOICE:
        if len(set(item.options)) < 2 or len(set(item.options)) != len(item.options):
            wrong.setdefault("options", []).append(str(_("At least two different choices, please.")))
        elif set(item.passing) - set(item.options):
            wrong.setdefault("passing", []).append(str(_("Only choices of this item can pass.")))
    return wrong


@transaction.atomic
def publish(actor: Any, edition: Edition, note: str = "") -> Edition:
    """Put a draft, or an edition that was offered, in force; the one until now is replaced. Rounds begun keep theirs."""
    edition = _draft(actor, edition, DRAFT, OFFERED)
    items = list(edition.items.all())
    if not items:
        raise ValidationError(_("A checklist without items cannot be published."))
    if edition.checklist.assesses and not any(item.points for item in items):
        raise ValidationError(_("An assessment needs points: please give them to at least one item."))
    if len(note.strip()) > 300:
        raise ValidationError({"note": _("At most 300 characters, please.")})
    Edition.objects.filter(checklist=edition.checklist_id, state=CURRENT).update(state=OLD)
    edition.state, edition.lines, edition.note = CURRENT, len(items), note.strip()
    edition.published_at, edition.published_by_id = timezone.now(), actor.pk
    edition.save()
    _note(edition.checklist, "published", actor, {"number": edition.number, "text": edition.note})
    return edition


@transaction.atomic
def discard(actor: Any, edition: Edition) -> None:
    """Throw a draft away, or decline an edition that was offered: that one stays to be read."""
    edition = _draft(actor, edition, DRAFT, OFFERED)
    if edition.state == OFFERED:
        edition.state = OLD
        edition.save(update_fields=["state"])
    else:
        edition.items.all().delete()
        edition.delete()
    _note(edition.checklist, "discarded", actor, {"number": edition.number})


@transaction.atomic
def retire(actor: Any, checklist: Checklist, active: bool = False) -> Checklist:
    """Offer it to no new plan any more (or again). Refused while plans that are not ended use it."""
    _need(actor, checklist)
    checklist = _lock(checklist)
    if not active and checklist.plans.exclude(state="ended").exists():
        raise ValidationError(_("Plans still use it. Please end them, or give them another checklist, first."))
    checklist.active = active
    checklist.save(update_fields=["active"])
    _note(checklist, "brought_back" if active else "retired", actor)
    return checklist
