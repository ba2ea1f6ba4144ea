"""Somebody is ill, on leave, at a training; and comes back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from people import permissions as perm
from people.domain._common import lock, need
from people.models import Absence
from people.states import MOST_DAYS
from tenancy.models import Membership


@transaction.atomic
def enter_absence(
    actor: Any, member: Membership, *, reason: str, first_day: date, last_day: date, note: str = ""
) -> Absence:
    """Write down that somebody is away, first and last day included.

    Raises PermissionDenied, or ValidationError by field: days the wrong way round, or an absence that is there already.
    """
    member = lock(member)
    absence = Absence(
        hospital_id=member.hospital_id, member=member, reason=reason, first_day=first_day, last_day=last_day,
        note=note.strip(),
    )  # fmt: skip
    need(actor, perm.ABSENCE_CHANGE, absence)
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day cannot be before the first.")})
    if last_day - first_day >= timedelta(days=MOST_DAYS):
        raise ValidationError({"last_day": _("At most a year, please.")})
    if member.ends_on and member.ends_on < first_day:
        raise ValidationError({"first_day": _("This person does not work here on that day.")})
    there = Absence.objects.filter(member=member, withdrawn=False, first_day__lte=last_day, last_day__gte=first_day)
    if other := there.first():
        words = _("There is an absence from %(first)s until %(last)s already.")
        raise ValidationError({"first_day": words % {"first": other.first_day, "last": other.last_day}})
    absence.full_clean(exclude=["hospital", "member"])
    absence.save()
    flow.record(absence, "absence_entered", actor, data={"text": f"{first_day} – {last_day}"})
    return absence


@transaction.atomic
def end_absence(actor: Any, absence: Absence, *, back_on: date | None = None) -> Absence:
    """The person is back on a day (today unless said otherwise). Back before it began: it is withdrawn."""
    lock(absence.member)
    absence = Absence.objects.select_for_update(of=("self",)).select_related("member__team").get(pk=absence.pk)
    need(actor, perm.ABSENCE_CHANGE, absence)
    back_on = back_on or timezone.localdate()
    if absence.withdrawn or back_on > absence.last_day:
        raise ValidationError({"back_on": _("This absence is over already.")})
    if back_on <= absence.first_day:
        absence.withdrawn = True
    else:
        absence.last_day = back_on - timedelta(days=1)
    absence.save(update_fields=["withdrawn", "last_day"])
    flow.record(absence, "absence_ended", actor, data={"text": str(back_on)})
    return absence
