"""Arranging the hospital's units and the logistics departments' teams: add, edit, close, merge."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy import permissions
from tenancy.domain import _common as common
from tenancy.models import Contractor, Hospital, Place, Team, Unit


@transaction.atomic
def add_unit(
    actor: Any,
    *,
    hospital: Hospital,
    code: str,
    name: str,
    kind: str = Unit.Kind.CLINICAL,
    place: Place | None = None,
    phone: str = "",
) -> Unit:
    """Add a unit (科室). Raises ValidationError for a code that is taken."""
    unit = Unit(hospital=hospital, code=code.strip(), name=name.strip(), kind=kind, place=place, phone=phone)
    return common.create(actor, permissions.UNIT_CHANGE, unit, key="code")


@transaction.atomic
def edit_unit(actor: Any, unit: Unit, **fields: Any) -> Unit:
    """Rename a unit, or change its code, kind, place or extension."""
    allowed = {"code", "name", "kind", "place", "phone"}
    return common.edit(actor, permissions.UNIT_CHANGE, unit, fields, allowed=allowed, key="code")


@transaction.atomic
def close_unit(actor: Any, unit: Unit, *, on: date | None = None) -> Unit:
    """Close a unit: it can no longer be chosen, its history stays."""
    return common.close(actor, permissions.UNIT_CHANGE, unit, on)


@transaction.atomic
def merge_units(actor: Any, unit: Unit, *, into: Unit) -> Unit:
    """Close `unit` and let it point at `into`; its people, current grants and open work follow, its history stays."""
    return common.merge(actor, permissions.UNIT_CHANGE, unit, into, "unit")


@transaction.atomic
def add_team(
    actor: Any,
    *,
    hospital: Hospital,
    department: str,
    name: str,
    contractor: Contractor | None = None,
    phone: str = "",
) -> Team:
    """Add a team (班组) of a logistics department. Raises ValidationError for a name the department already has."""
    if contractor is not None and contractor.consortium_id != hospital.consortium_id:
        raise ValidationError({"contractor": _("This firm is not known in this consortium.")})
    team = Team(hospital=hospital, department=department, name=name.strip(), contractor=contractor, phone=phone)
    return common.create(actor, permissions.TEAM_CHANGE, team, key="name")


@transaction.atomic
def edit_team(actor: Any, team: Team, **fields: Any) -> Team:
    """Rename a team or change its phone. Department and contractor stay: they decide who saw its work."""
    return common.edit(actor, permissions.TEAM_CHANGE, team, fields, allowed={"name", "phone"}, key="name")


@transaction.atomic
def close_team(actor: Any, team: Team, *, on: date | None = None) -> Team:
    """Close a team: it gets no more work, its history stays."""
    return common.close(actor, permissions.TEAM_CHANGE, team, on)


@transaction.atomic
def merge_teams(actor: Any, team: Team, *, into: Team) -> Team:
    """Close `team` and let it point at `into`; its people, current grants and open work follow, its history stays.

    Raises ValidationError when the two are not of the same department and firm: their work would change its reach.
    """
    if (team.department, team.contractor_id) != (into.department, into.contractor_id):
        raise ValidationError({"into": _("Only teams of the same department and firm can be merged.")})
    return common.merge(actor, permissions.TEAM_CHANGE, team, into, "team")
