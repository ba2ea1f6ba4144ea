"""Certificates of people that run out: without them the law does not let them work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow.deadlines import MOST, Deadline, Line, register
from people import permissions as perm
from people.models import PersonSkill
from people.states import LAWS, SUGGESTED
from tenancy.access import permissions_of


def lines(user: Any, until: date, hospital: int | None) -> Iterable[Line]:
    """Certificates, asked for by law, of people who work here."""
    today = timezone.localdate()
    rows = PersonSkill.objects.for_user(user, perm.SKILL_VIEW).filter(valid_until__lte=until, skill__key__in=LAWS)
    at_work = Q(member__ends_on=None) | Q(member__ends_on__gte=today)
    rows = rows.filter(at_work, **{"hospital_id": hospital} if hospital else {})
    keys = ("member_id", "member__name", "skill__key", "skill__own_name", "valid_until")
    names = ("member__team__department", "member__team__name", "member__unit__name", "hospital__short_name")
    may_act = perm.SKILL_CHANGE in permissions_of(user)
    for row in rows.order_by("valid_until", "pk").values(*keys, *names)[:MOST]:
        skill = row["skill__own_name"] or SUGGESTED.get(row["skill__key"], row["skill__key"])
        law, clause = LAWS[row["skill__key"]]
        yield Line(
            f"{row['member__name']} · {skill}", row["member__team__name"] or row["member__unit__name"] or "",
            row["hospital__short_name"], row["member__team__department"] or "", law, clause, row["valid_until"],
            reverse("people:person_skills", args=[row["member_id"]]) if may_act else "",
        )  # fmt: skip


def plug_in() -> None:
    register(Deadline("people.certificate", _("Certificate"), "certificate", lines, order=30))
