"""Which pages of the organisation somebody may open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from tenancy import permissions as perm
from tenancy.access import hospitals, hospitals_with
from tenancy.models import Hospital, Role


def consortia_of(user: Any) -> set[int]:
    """The consortia of the hospitals whose roles the person may see."""
    return {one["consortium"] for one in hospitals(user) if one["id"] in hospitals_with(user, perm.GRANT_VIEW)}


def hospitals_to_change(user: Any) -> QuerySet[Hospital]:
    return Hospital.objects.filter(pk__in=hospitals_with(user, perm.HOSPITAL_CHANGE))


def roles_to_see(user: Any) -> QuerySet[Role]:
    return Role.objects.filter(consortium__in=consortia_of(user))
