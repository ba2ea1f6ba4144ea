"""Founding and arranging hospitals; installing the shipped roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy import access, history, hooks, permissions
from tenancy.domain._common import check, edit, need
from tenancy.models import Consortium, Hospital, Place, Role
from tenancy.roles import shipped
from tenancy.scope import admit, current, scope

EDITABLE = {"name", "short_name", "kind", "beds", "area", "staff", "modules", "unsigned_after_hours", "is_open"}


def open_hospital(
    actor: Any,
    *,
    consortium: Consortium,
    code: str,
    name: str,
    short_name: str,
    kind: str = Hospital.Kind.GENERAL,
    beds: int = 0,
    area: int = 0,
    staff: int = 0,
    modules: Iterable[str] = (),
) -> Hospital:
    """Found a hospital: the hospital, the root of its places, then what the rooms above install; it joins the scope.

    Raises ValidationError for a code that is taken or not 1 to 6 capital letters and digits.
    """
    need(actor, permissions.HOSPITAL_CHANGE, consortium)
    code = code.strip().upper()
    if not (code.isascii() and code.isalnum()):
        raise ValidationError({"code": _("Letters and digits only, please.")})
    hospital = Hospital(
        consortium=consortium,
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        beds=beds,
        area=area,
        staff=staff,
        modules=list(modules),
    )
    check(hospital, "code")
    with transaction.atomic():
        hospital.save(force_insert=True)
        if current() is None:
            with scope([hospital.pk]):
                _settle(actor, hospital)
        else:
            admit(hospital.pk)
            _settle(actor, hospital)
    return hospital


def _settle(actor: Any, hospital: Hospital) -> None:
    access.forget(actor)
    root = Place(hospital=hospital, kind=Place.Kind.HOSPITAL, name=hospital.short_name)
    root.save(force_insert=True)
    root.path = f"{root.pk:08d}."
    root.save(update_fields=["path"])
    history.note(hospital, "opened", actor)
    for install in hooks.on_open_hospital:
        install(actor, hospital)


@transaction.atomic
def edit_hospital(actor: Any, hospital: Hospital, **fields: Any) -> Hospital:
    """Change a hospital's data, its modules, or whether it is open. Its code begins every order number and stays."""
    return edit(actor, permissions.HOSPITAL_CHANGE, hospital, fields, allowed=EDITABLE, key="name")


@transaction.atomic
def sync_roles(consortium: Consortium) -> dict[str, Role]:
    """Install the shipped roles: new ones are added, unedited ones get the shipped permissions, gone ones retire."""
    present = {role.key: role for role in Role.objects.select_for_update().filter(consortium=consortium)}
    for definition in shipped().values():
        role = present.get(definition.key) or Role(consortium=consortium, key=definition.key)
        wanted = role.permissions if role.changed else sorted(definition.permissions)
        if role.pk is None or role.retired or role.permissions != wanted:
            role.permissions, role.retired = wanted, False
            role.save()
        present[role.key] = role
    for role in present.values():
        if role.key not in shipped() and not role.retired:
            role.retired = True
            role.save(update_fields=["retired"])
    return present
