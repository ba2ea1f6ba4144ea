"""Last days that the law sets for equipment: periodic inspections, yearly tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets import permissions as perm
from assets.models import AssetDuty, next_day
from assets.states import CONDEMNED, DUTIES
from flow.deadlines import MOST, Deadline, Line, register
from tenancy.access import permissions_of


def lines(user: Any, until: date, hospital: int | None) -> Iterable[Line]:
    """Dated duties of equipment that is not condemned."""
    soon = Q(due_on__lte=until) | Q(apply_by__lte=until, applied_on=None)
    rows = AssetDuty.objects.for_user(user, perm.ASSET_VIEW).filter(soon)
    rows = rows.exclude(asset__state=CONDEMNED).filter(**{"hospital_id": hospital} if hospital else {})
    keys = ("pk", "asset_id", "kind", "name", "law", "clause", "due_on", "apply_by", "applied_on")
    names = ("asset__name", "asset__code", "asset__department", "asset__place__full_name", "hospital__short_name")
    page = "assets:duty_edit" if perm.ASSET_CHANGE in permissions_of(user) else "assets:asset"
    for row in rows.order_by("due_on", "pk").values(*keys, *names)[:MOST]:
        what = f"{row['asset__name']} {row['asset__code']} · {row['name'] or DUTIES[row['kind']].label}"
        args = [row["asset_id"], row["pk"]] if page == "assets:duty_edit" else [row["asset_id"]]
        due_on = next_day(row["due_on"], row["apply_by"], row["applied_on"])
        yield Line(
            what if due_on == row["due_on"] else _("%(what)s: apply for it") % {"what": what},
            row["asset__place__full_name"],
            row["hospital__short_name"],
            row["asset__department"],
            row["law"],
            row["clause"],
            due_on,
            reverse(page, args=args),
        )


DEADLINE = Deadline("assets.duty", gettext_lazy("Equipment"), "elevator", lines, order=20)


def plug_in() -> None:
    register(DEADLINE)
