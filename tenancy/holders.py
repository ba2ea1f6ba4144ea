"""Who holds a role for something: the heads, managers and offices that hear of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from tenancy.models import Grant, Hospital, Place


def holders(
    role: str,
    hospital: Hospital,
    *,
    department: str = "",
    place: Place | None = None,
    unit: int | None = None,
    team: int | None = None,
    contractor: int | None = None,
) -> list[User]:
    """Who holds a role today at the hospital or its consortium, and is not narrowed to other parts than these."""
    today = timezone.localdate()
    here = Q(hospital=hospital.pk) | Q(consortium=hospital.consortium_id)
    grants = Grant.objects.filter(here, Q(ends_on=None) | Q(ends_on__gte=today), role__key=role, own=False)
    for name, value in (("unit", unit), ("team", team), ("contractor", contractor)):
        grants = grants.filter(Q(**{name: None}) | Q(**{name: value}) if value else Q(**{name: None}))
    grants = grants.filter(starts_on__lte=today, department__in=("", department)).select_related("user", "place")
    return [g.user for g in grants if g.place is None or (place and place.path.startswith(g.place.path))]


def by_name(people: Any) -> list[User]:
    """Each once, without who is gone, by name."""
    found = {person.pk: person for person in people if person.is_active}
    return sorted(found.values(), key=lambda person: (person.name, person.pk))
