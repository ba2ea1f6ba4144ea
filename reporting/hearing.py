"""Who hears of monthly reports, and in which words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from flow.models import Event
from notices.rules import Rule
from reporting.models import Report, Subscription
from reporting.permissions import REPORT_VIEW
from tenancy.access import can
from tenancy.holders import by_name, holders

SENTENCES = {
    "opened": _("The report of %(month)s waits for your words"),
    "send": _("The report of %(month)s is there"),
}


def audience(report: Report, event: Event) -> set[int]:
    """Who writes it, when it is opened; who wants it and may read it, when it is sent."""
    if event.verb == "opened":
        return {person.pk for person in by_name(holders("manager", report.hospital))}
    if event.verb != "send":
        return set()
    wanted = Subscription.objects.filter(hospital=report.hospital_id).values("user")
    people = User.objects.filter(pk__in=wanted, is_active=True)
    return {person.pk for person in people if can(person, REPORT_VIEW, report)}


def sentence(verb: str, data: dict[str, Any]) -> str:
    return str(SENTENCES.get(verb, "")) % data


RULE = Rule(
    audience=audience,
    url=lambda pk: reverse("reporting:report", args=[pk]),
    facts=lambda report, event: {"month": f"{report.month:%Y-%m}"},
    sentence=sentence,
    kinds={"opened": _("Monthly report to be written"), "send": _("Monthly report")},
    mails=frozenset({"send"}),
)
