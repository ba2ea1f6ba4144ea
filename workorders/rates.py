"""Setting what an hour of work costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.facts import believable
from tenancy.access import can
from tenancy.models import Contractor, Hospital, Team
from workorders import permissions as perm
from workorders.models import LabourRate

MOST_PRICE = Decimal(100_000)  # yuan per hour


def may_set(actor: Any, hospital_id: int, department: str = "", team: Any = None, firm: Any = None) -> bool:
    """May the actor set the rate of these people?"""
    row = LabourRate(
        hospital_id=hospital_id, department=department, team_id=team and team.pk, contractor_id=firm and firm.pk
    )
    return can(actor, perm.RATE_CHANGE, row)


@transaction.atomic
def set_rate(
    actor: Any,
    *,
    hospital: Hospital,
    price: Decimal,
    valid_from: date,
    department: str = "",
    team: Team | None = None,
    contractor: Contractor | None = None,
) -> LabourRate:
    """Set the rate from a day on; set again for the same day it takes the first one's place. Done work keeps its cost.

    Raises PermissionDenied, or ValidationError by field.
    """
    if team is not None:
        department = team.department
    who = {"hospital": hospital, "department": department, "team": team, "contractor": contractor}
    if not may_set(actor, hospital.pk, department, team, contractor):
        raise PermissionDenied(perm.RATE_CHANGE)
    if (team and team.hospital_id != hospital.pk) or (team and contractor):
        raise ValidationError({"whom": _("This team is in another hospital.")})
    if not 0 <= price < MOST_PRICE:
        raise ValidationError({"price": _("Between 0 and 99,999.99 yuan per hour, please.")})
    believable(valid_from=valid_from)
    row = LabourRate.objects.select_for_update().filter(**who, valid_from=valid_from).first()
    old = {"price": row.price} if row else {}
    row = row or LabourRate(**who, valid_from=valid_from)
    row.price, row.set_by_id = price, actor.pk
    row.save()
    flow.edited(row, actor, old, {"price": row.price})
    return row
