"""Reads that are shared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from inspections.models import Checklist, Edition
from inspections.permissions import CHECKLIST_VIEW
from inspections.states import CURRENT
from tenancy import access


def checklists(user: Any, permission: str = CHECKLIST_VIEW) -> QuerySet[Checklist]:
    """The consortium's checklists for everybody who sees any, a hospital's own for the people of that hospital and the office.

    A grant narrowed to a building or a team sees them whole: a checklist stands nowhere.
    """
    here = access.hospitals_with(user, permission)
    consortia = {hospital["consortium"] for hospital in access.hospitals(user) if hospital["id"] in here}
    return Checklist.objects.filter(Q(home_id__in=here) | Q(home=None, consortium_id__in=consortia))


def in_force(checklist: Checklist) -> Edition | None:
    """The edition that a round takes when it is started; none before the first was published."""
    return checklist.editions.filter(state=CURRENT).first()
