"""Dated duties of assets: entered with law and clause, renewed with the number of the new certificate."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets import permissions as perm
from assets.models import Asset, AssetDuty, DutyTerm
from assets.states import CONDEMNED, DUTIES, OTHER_DUTY
from flow import domain as flow
from kpi.periods import FIRST_YEAR
from tenancy.access import can

FACTS = {"name", "law", "clause", "done_on", "due_on", "apply_by", "applied_on", "document"}
LONGEST = 50  # years ahead; a slip in the year would have every day in between counted anew


@transaction.atomic
def enter(actor: Any, asset: Asset, *, kind: str, duty: AssetDuty | None = None, **facts: Any) -> AssetDuty:
    """Enter a duty of an asset, or renew one. Writes "duty_entered" into the asset's history.

    Raises PermissionDenied, or ValidationError by field.
    """
    if unknown := facts.keys() - FACTS:
        raise TypeError(f"a duty has no {unknown}")
    if not can(actor, perm.ASSET_CHANGE, asset):
        raise PermissionDenied(perm.ASSET_CHANGE)
    # who enters the same duty meanwhile waits, and finds this one
    if Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk).state == CONDEMNED:
        raise ValidationError(_("This asset is condemned."), code="stale")
    before = AssetDuty.objects.select_for_update().get(pk=duty.pk) if duty else None
    row = duty or AssetDuty(hospital_id=asset.hospital_id, asset=asset, kind=kind)
    for name, value in facts.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _check(row)
    row.save()
    keep(row, before)
    said = " · ".join(filter(None, [str(row), row.due_on.isoformat(), row.document]))
    flow.record(asset, "duty_entered", actor, data={"text": said, "duty": row.pk})
    return row


def keep(duty: AssetDuty, before: AssetDuty | None) -> None:
    """Keep from when until when a duty was fulfilled. Another last day is a renewal, unless it was done on the same day as
    before: then the entry was wrong, and the term it made is put right."""
    since = min(duty.done_on or timezone.localdate(), duty.due_on)
    facts = {"valid_until": duty.due_on, "document": duty.document}
    last = DutyTerm.objects.filter(duty=duty).order_by("valid_from").last()
    if last is None or (before and _renewed(before, duty) and since > last.valid_from):
        DutyTerm.objects.create(hospital_id=duty.hospital_id, duty=duty, valid_from=since, **facts)
        return
    moved = duty.done_on is not None and before is not None and before.done_on != duty.done_on
    free = not DutyTerm.objects.filter(duty=duty, valid_from__gte=since).exclude(pk=last.pk).exists()
    begins = since if (moved and free) else min(last.valid_from, duty.due_on)
    DutyTerm.objects.filter(pk=last.pk).update(valid_from=begins, **facts)


def _renewed(before: AssetDuty, now: AssetDuty) -> bool:
    """It holds longer than before, and was done anew: later than before, or nobody says when."""
    done = now.done_on is None or before.done_on is None or now.done_on > before.done_on
    return now.due_on > before.due_on and done


def _check(row: AssetDuty) -> None:
    wrong: dict[str, Any] = {}
    if row.kind not in DUTIES:
        wrong["kind"] = _("Please choose.")
    if row.kind == OTHER_DUTY and not row.name:
        wrong["name"] = _("Please say what has to be done.")
    for name in ("done_on", "due_on", "apply_by", "applied_on"):
        day = getattr(row, name)
        if day and not FIRST_YEAR <= day.year <= timezone.localdate().year + LONGEST:
            wrong[name] = _("Please check the year.")
    if row.done_on and row.done_on > timezone.localdate():
        wrong.setdefault("done_on", _("This moment has not come yet."))
    if row.done_on and row.due_on < row.done_on:
        wrong["due_on"] = _("It ends before it was done.")
    if row.apply_by and row.apply_by > row.due_on:
        wrong["apply_by"] = _("It has to be applied for before it ends.")
    same = AssetDuty.objects.filter(asset=row.asset_id, kind=row.kind, name=row.name).exclude(pk=row.pk)
    if same.exists():
        wrong["name"] = _("This asset has this duty already.")
    if wrong:
        raise ValidationError(wrong)


def panel(user: Any, asset: Asset) -> dict[str, Any] | None:
    """The duties on the asset's page; nothing for who can neither see one nor enter one."""
    may_change = can(user, perm.ASSET_CHANGE, asset) and asset.state != CONDEMNED
    earlier = Prefetch("terms", DutyTerm.objects.order_by("-valid_from"))
    rows = list(AssetDuty.objects.filter(asset=asset).prefetch_related(earlier).order_by("due_on", "pk"))
    return {"duties": rows, "may_change": may_change, "kinds": DUTIES.values()} if rows or may_change else None
