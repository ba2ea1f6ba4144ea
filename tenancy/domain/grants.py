"""Who may do what: granting and revoking roles, and changing what a role holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tenancy import access, history, permissions
from tenancy.domain import _common as common
from tenancy.models import Consortium, Contractor, Grant, Hospital, Place, Role, Team, Unit
from tenancy.roles import shipped


def may_hand_out(actor: Any, wanted: Iterable[str], grant: Grant) -> bool:
    """Nobody gives what they do not hold themselves, everywhere the grant would reach."""
    reaches = [reach for reach in access.reaches(actor) if not reach.own and reach.covers(grant)]
    held = frozenset[str]().union(*(reach.permissions for reach in reaches))
    return permissions.GRANT_CHANGE in held and held.issuperset(wanted)


@transaction.atomic
def grant(
    actor: Any,
    *,
    user: User,
    role: Role,
    consortium: Consortium | None = None,
    hospital: Hospital | None = None,
    place: Place | None = None,
    department: str = "",
    contractor: Contractor | None = None,
    unit: Unit | None = None,
    team: Team | None = None,
    own: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give a person a role at a consortium or a hospital, narrowed by whatever else is named.

    Raises PermissionDenied when the actor does not hold all of the role there, ValidationError for what does not fit.
    """
    new = Grant(
        user=user,
        role=role,
        consortium=consortium,
        hospital=hospital,
        place=place,
        department=department,
        contractor=contractor,
        unit=unit,
        team=team,
        own=own,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        granted_by_id=actor.pk,
    )
    _fits(new)
    if not may_hand_out(actor, role.permissions, new):
        raise PermissionDenied(permissions.GRANT_CHANGE)
    new.save(force_insert=True)
    access.forget(user)
    history.note(new, "granted", actor, {"user": user.pk, "name": user.name, "role": role.key})
    return new


def _fits(new: Grant) -> None:
    if (new.consortium is None) == (new.hospital is None):
        raise ValidationError({"hospital": _("Please choose either a hospital or the whole consortium.")})
    if new.hospital is None and (new.place or new.unit or new.team):
        raise ValidationError({"hospital": _("A place, unit or team needs its hospital.")})
    consortium = new.hospital.consortium_id if new.hospital else new.consortium_id
    if new.role.consortium_id != consortium or new.role.retired:
        raise ValidationError({"role": _("This role does not exist here.")})
    if new.contractor and new.contractor.consortium_id != consortium:
        raise ValidationError({"contractor": _("This firm is not known in this consortium.")})
    if new.ends_on and new.ends_on < new.starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})
    for name in ("place", "unit", "team"):
        part = getattr(new, name)
        if part is not None and part.hospital_id != new.hospital_id:
            raise ValidationError({name: _("This belongs to another hospital.")})


@transaction.atomic
def revoke(actor: Any, given: Grant, *, on: date | None = None) -> Grant:
    """End a grant after the last day `on`; at once without one. What has ended stays so: to revoke never lengthens.

    Raises ValidationError for a day after the grant's own last one.
    """
    given = common.lock(given)
    if not any(
        permissions.GRANT_CHANGE in r.permissions and not r.own and r.covers(given) for r in access.reaches(actor)
    ):
        raise PermissionDenied(permissions.GRANT_CHANGE)
    day = on or timezone.localdate() - timedelta(days=1)
    if given.ends_on and day > given.ends_on:
        if on is None:
            return given
        raise ValidationError({"on": _("The role ends on %(day)s already.") % {"day": given.ends_on}})
    return end(actor, given, day)


def end(actor: Any, given: Grant, on: date) -> Grant:
    """Set a grant's last day. May the actor? has been asked before."""
    given.ends_on = on
    given.save(update_fields=["ends_on"])
    access.forget(actor)
    data = {"user": given.user_id, "name": given.user.name, "role": given.role.key, "on": str(on)}
    history.note(given, "revoked", actor, data)
    return given


@transaction.atomic
def edit_role(actor: Any, role: Role, *, name: str, wanted: Iterable[str]) -> Role:
    """Change a role's name and permissions for all who hold it.

    Raises ValidationError for a permission that does not exist, PermissionDenied for adding what the actor lacks.
    """
    role = common.lock(role)
    common.need(actor, permissions.ROLE_CHANGE, role)
    new, old = set(wanted), set(role.permissions)
    if unknown := new - permissions.declared().keys():
        raise ValidationError({"permissions": _("Unknown: %(names)s") % {"names": ", ".join(sorted(unknown))}})
    for permission in new - old:
        common.need(actor, permission, role)
    role.own_name, role.permissions, role.changed = name.strip(), sorted(new), True
    common.check(role, "own_name")
    role.save()
    access.forget(actor)
    history.note(role, "edited", actor, {"added": sorted(new - old), "removed": sorted(old - new)})
    return role


@transaction.atomic
def reset_role(actor: Any, role: Role) -> Role:
    """Give a role back the name and permissions it was shipped with.

    Raises ValidationError for a role that is not shipped, PermissionDenied for adding what the actor lacks.
    """
    role = common.lock(role)
    common.need(actor, permissions.ROLE_CHANGE, role)
    if role.key not in shipped():
        raise ValidationError({"role": _("This role is not one of those that come with the platform.")})
    new, old = set(shipped()[role.key].permissions), set(role.permissions)
    for permission in new - old:
        common.need(actor, permission, role)
    role.own_name, role.permissions, role.changed = "", sorted(new), False
    role.save()
    access.forget(actor)
    history.note(role, "reset", actor, {"added": sorted(new - old), "removed": sorted(old - new)})
    return role
