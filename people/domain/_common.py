"""What the verbs of this room share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from tenancy.access import can
from tenancy.models import Membership


def need(actor: Any, permission: str, row: Any) -> None:
    """Raises PermissionDenied unless the actor may."""
    if not can(actor, permission, row):
        raise PermissionDenied(permission)


def lock(member: Membership) -> Membership:
    """The person's row, held until the end of the transaction: two people changing the same week take turns."""
    found: Membership = Membership.objects.select_for_update(of=("self",)).select_related("team").get(pk=member.pk)
    return found


def same_hospital(field: str, row: Any, *others: Any) -> None:
    """Raises ValidationError at the field where one of the others belongs to another hospital."""
    if any(other is not None and other.hospital_id != row.hospital_id for other in others):
        raise ValidationError({field: _("This belongs to another hospital.")})
