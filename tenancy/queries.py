"""Reading the organisation: why a person may or may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from tenancy import access
from tenancy.models import Grant, Place, Team, Unit
from tenancy.permissions import require_declared


@dataclass(frozen=True)
class Reason:
    """One grant of a person, and why it does or does not reach a row."""

    grant: Grant
    reaches: bool
    where: str  # what the grant is narrowed to, in words
    why: str


def explain(user: User, permission: str, row: Model | None = None) -> list[Reason]:
    """Every grant the person has or had, with the reason; one of them reaches exactly where `can` says yes."""
    require_declared(permission)
    access.forget(user)
    living: dict[int | None, list[access.Reach]] = {}
    for reach in access.reaches(user):
        living.setdefault(reach.grant, []).append(reach)
    grants = Grant.objects.filter(user=user).select_related("role", "hospital", "consortium", "contractor")
    return [_reason(user, permission, row, given, living.get(given.pk, [])) for given in grants.order_by("id")]


def _reason(user: User, permission: str, row: Any, given: Grant, reaches: list[access.Reach]) -> Reason:
    where = where_of(given)
    if not reaches:
        return Reason(given, False, where, _asleep(user, given))
    if permission not in given.role.permissions:
        return Reason(given, False, where, _("The role does not hold this permission."))
    misses = [reach.misses(row) for reach in reaches] if row is not None else [""]
    if "" in misses:
        return Reason(given, True, where, _("It reaches this."))
    nearest = max(misses, key=list(_words()).index)
    return Reason(given, False, where, _words()[nearest])


def _words() -> dict[str, str]:
    """In the order in which a reach is tried."""
    return {
        "consortium": _("This belongs to the whole consortium; the grant stands at a hospital, or at another one."),
        "hospital": _("It is another hospital, or one that is closed or where the firm is not engaged."),
        "place": _("It lies at another place, or at none."),
        "department": _("It belongs to another department, or to none."),
        "contractor": _("It was not given to this firm."),
        "unit": _("It belongs to another unit, or to none."),
        "team": _("It belongs to another team, or to none."),
        "own": _("It is not the person's own."),
    }


def _asleep(user: User, given: Grant) -> str:
    """Why a grant counts nowhere today."""
    day = timezone.localdate()
    if not user.is_active:
        return _("The account is closed.")
    if given.starts_on > day:
        return _("It begins on %(day)s.") % {"day": given.starts_on}
    if given.ends_on and given.ends_on < day:
        return _("It ended on %(day)s.") % {"day": given.ends_on}
    if given.contractor_id:
        return _("The firm is not engaged for this today.")
    return _("The hospital is closed.")


def where_of(given: Grant) -> str:
    """How far a grant reaches, in words; what lies outside the scope stays unnamed."""
    parts = [str(given.hospital or given.consortium)]
    parts += [part for part in (given.department, str(given.contractor or "")) if part]
    for model, pk in ((Place, given.place_id), (Unit, given.unit_id), (Team, given.team_id)):
        if pk:
            parts.append(str(model._default_manager.filter(pk=pk).first() or "—"))
    if given.own:
        parts.append(pgettext("scope of a grant", "only what is theirs"))
    return " · ".join(parts)
