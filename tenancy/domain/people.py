"""People at a hospital: they join, change, forget their password, leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import accounts.domain
from accounts.models import User
from tenancy import access, history, hooks, permissions
from tenancy.domain import _common as common
from tenancy.domain.grants import end, grant
from tenancy.models import Contractor, Grant, Hospital, Membership, Team, Unit

POWERS = {permissions.PERSON_CHANGE, permissions.CODE_ISSUE, permissions.GRANT_CHANGE, permissions.ROLE_CHANGE}


@transaction.atomic
def add_person(
    actor: Any,
    *,
    hospital: Hospital,
    staff_number: str,
    name: str,
    email: str = "",
    unit: Unit | None = None,
    team: Team | None = None,
    contractor: Contractor | None = None,
    phone: str = "",
    post: str = "",
    is_leader: bool = False,
    is_shared: bool = False,
    starts_on: date | None = None,
    password: str | None = None,
    grants: Iterable[dict[str, Any]] = (),
) -> Membership:
    """Let a person work at a hospital: the account (the same where the e-mail is known), membership, grants.

    Without a password the person signs in with a one-time code first. Raises ValidationError for a staff number that
    is taken or a person who works here already.
    """
    common.need(actor, permissions.PERSON_CHANGE, Membership(hospital=hospital, unit=unit, team=team))
    email = _email(email)
    user = User.objects.filter(email=email).first() if email else None
    if user is not None and _works_elsewhere(user, hospital):
        raise ValidationError({"email": _("Another account has this e-mail.")})
    if user is not None and Membership.objects.filter(hospital=hospital, user=user, ends_on=None).exists():
        raise ValidationError({"email": _("This person works here already.")})
    if user is None:
        user = User.objects.create_user(name.strip(), email=email, password=password, is_shared=is_shared)
    member = Membership(
        hospital=hospital,
        user=user,
        unit=unit,
        team=team,
        contractor=contractor,
        staff_number=staff_number.strip(),
        name=name.strip(),
        phone=phone,
        post=post,
        is_leader=is_leader,
        starts_on=starts_on or timezone.localdate(),
    )
    common.create(actor, permissions.PERSON_CHANGE, member, key="staff_number", verb="joined")
    for given in grants:
        place = {} if "consortium" in given else {"hospital": hospital}
        grant(actor, user=user, **{**place, **given})
    return member


def _works_elsewhere(user: User, hospital: Hospital) -> bool:
    """Is this somebody of another consortium? Nobody draws a stranger's account, sign-ins and all, into their hospital."""
    day, ours = timezone.localdate(), hospital.consortium_id
    current = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=user)
    return current.exclude(Q(consortium=ours) | Q(hospital__consortium=ours)).exists()


def _email(email: str) -> str:
    email = email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError({"email": error.messages}) from error
    return email


@transaction.atomic
def edit_person(actor: Any, member: Membership, *, email: str | None = None, **fields: Any) -> Membership:
    """Change where and as what a person works here. With `email`, also how they sign in, everywhere."""
    allowed = {"staff_number", "name", "unit", "team", "contractor", "phone", "post", "is_leader", "starts_on"}
    member = common.edit(actor, permissions.PERSON_CHANGE, member, fields, allowed=allowed, key="staff_number")
    if email is not None and _email(email) != (member.user.email or ""):
        _change_email(actor, member, _email(email))
    return member


def _change_email(actor: Any, member: Membership, email: str) -> None:
    if not may_help(actor, permissions.PERSON_CHANGE, member):
        raise PermissionDenied(permissions.PERSON_CHANGE)
    if email and User.objects.filter(email=email).exclude(pk=member.user_id).exists():
        raise ValidationError({"email": _("Another account has this e-mail.")})
    before, member.user.email = member.user.email, email or None
    member.user.save(update_fields=["email"])
    history.note(member, "edited", actor, {"changes": {"email": [before, member.user.email]}})


def may_help(actor: Any, permission: str, member: Membership) -> bool:
    """May the actor touch how this person signs in? Who could would be that person: so only where the person reaches
    no hospital beyond the actor's, and holds no power over people and grants that the actor lacks there."""
    if not access.can(actor, permission, member):
        return False
    day = timezone.localdate()
    current = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=member.user_id)
    mine = access.hospitals_with(actor, permission)
    for given in current.select_related("role"):
        if given.consortium_id:
            reached = set(Hospital.objects.filter(consortium=given.consortium_id).values_list("pk", flat=True))
        else:
            reached = {given.hospital_id}
        covering = [r for r in access.reaches(actor) if not r.own and r.covers(given)]
        held = frozenset[str]().union(*(r.permissions for r in covering))
        if not reached <= mine or not POWERS.intersection(given.role.permissions) <= held:
            return False
    return True


@transaction.atomic
def give_code(actor: Any, member: Membership) -> str:
    """A one-time code for a person who forgot the password; shown once, to be handed over in person."""
    if not may_help(actor, permissions.CODE_ISSUE, member):
        raise PermissionDenied(permissions.CODE_ISSUE)
    code = accounts.domain.issue_code(actor, member.user)
    history.note(member, "code_given", actor)
    return code


@transaction.atomic
def leave(actor: Any, member: Membership, *, on: date, hand_over_to: User | None = None) -> Membership:
    """Let a person leave a hospital after the last day `on`: open work goes over, then membership and grants end.

    Grants at the consortium end with the last membership, where the actor may revoke them.
    Raises ValidationError when there is open work and nobody to take it.
    """
    member = common.lock(member)
    common.need(actor, permissions.PERSON_CHANGE, member)
    _hand_over(actor, member, hand_over_to)
    member.ends_on = on
    common.check(member, "ends_on")
    member.save(update_fields=["ends_on"])
    others = Membership.objects.filter(user=member.user_id, ends_on=None).exclude(pk=member.pk)
    last = not others.exists()
    given = Grant.objects.select_for_update(of=("self",)).select_related("user", "role")
    for one in given.filter(Q(ends_on=None) | Q(ends_on__gt=on), user=member.user_id):
        if one.hospital_id == member.hospital_id or (
            last and one.consortium_id and access.can(actor, permissions.GRANT_CHANGE, one)
        ):
            end(actor, one, on)
    access.forget(member.user)
    history.note(member, "left", actor, {"on": str(on)})
    return member


def _hand_over(actor: Any, member: Membership, to: User | None) -> None:
    open_work = hooks.open_work_of(member.user, member.hospital_id)
    if not open_work:
        return
    if to is None:
        message = _("%(count)s open jobs must go to somebody: please choose who takes them.")
        raise ValidationError({"hand_over_to": message % {"count": open_work}})
    works_here = Membership.objects.filter(user=to, hospital=member.hospital_id, ends_on=None).exists()
    if to.pk == member.user_id or not works_here:
        raise ValidationError({"hand_over_to": _("Please choose somebody who works here.")})
    for kind in hooks.leavers:
        kind.hand_over(actor, member.user, member.hospital_id, to)
