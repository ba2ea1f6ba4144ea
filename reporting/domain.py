"""Writing, signing and sending monthly reports; who wants them; the day they are sent."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.machine import moved
from kpi.periods import earlier
from reporting import content
from reporting.machine import REPORTS
from reporting.models import WORDS_LENGTH, Report, ReportDay, Subscription
from reporting.permissions import REPORT_CHANGE, REPORT_VIEW, SCHEDULE_CHANGE
from reporting.states import DRAFT, SENT
from tenancy.access import can
from tenancy.actors import System
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope

log = logging.getLogger(__name__)
SENDER = System("reporting.send_reports", frozenset({REPORT_VIEW, REPORT_CHANGE}))


def open_report(hospital: Hospital, month: date) -> Report:
    """The row of a hospital's month; made if there is none yet. Runs in the hospital's scope."""
    report, made = Report.objects.get_or_create(hospital=hospital, month=month)
    if made:
        event = flow.record(report, "opened", SENDER, data={"month": f"{month:%Y-%m}"})
        moved.send(Report, obj=report, event=event)
    return report


@transaction.atomic
def write(actor: Any, report: Report, words: str, *, since: str | None = None) -> Report:
    """Save the manager's words as a draft. `since`: when what the person read had been written (`seen_of`).

    Raises PermissionDenied, or ValidationError: once it is signed or sent, or where somebody else has written meanwhile.
    """
    row: Report = Report.objects.select_for_update(of=("self",)).select_related("hospital").get(pk=report.pk)
    if not can(actor, REPORT_CHANGE, row):
        raise PermissionDenied(REPORT_CHANGE)
    if row.state != DRAFT:
        raise ValidationError({"words": _("It is signed off; take it back to change it.")})
    words = words.strip()
    if since is not None and since != seen_of(row) and words != row.words:
        facts = {"who": row.written_name, "words": row.words}
        told = _("%(who)s has written meanwhile: “%(words)s” Save again to put yours in its place.") % facts
        raise ValidationError({"words": told})
    if len(words) > WORDS_LENGTH:
        raise ValidationError({"words": _("At most %(most)s characters, please.") % {"most": WORDS_LENGTH}})
    row.words, row.written_at, row.written_name = words, timezone.now(), actor.name
    row.save(update_fields=["words", "written_at", "written_name"])
    return row


def seen_of(report: Report) -> str:
    """Which words a page shows: those of this moment."""
    return report.written_at.isoformat() if report.written_at else ""


def subscribe(actor: Any, hospital: Hospital, wanted: bool) -> None:
    """Have the reports of a hospital sent to oneself, or no longer. Raises PermissionDenied."""
    if not wanted:
        Subscription.objects.filter(hospital=hospital, user=actor.pk).delete()
        return
    if not can(actor, REPORT_VIEW, Report(hospital=hospital)):
        raise PermissionDenied(REPORT_VIEW)
    Subscription.objects.get_or_create(hospital=hospital, user_id=actor.pk)


def set_day(actor: Any, consortium: Consortium, day: int, hour: int) -> ReportDay:
    """On which day of the month reports are sent. Raises PermissionDenied or ValidationError."""
    row = ReportDay.objects.filter(consortium=consortium).first() or ReportDay(consortium=consortium)
    if not can(actor, SCHEDULE_CHANGE, row):
        raise PermissionDenied(SCHEDULE_CHANGE)
    row.day, row.hour, row.set_by_id, row.set_at = day, hour, actor.pk, timezone.now()
    row.clean_fields(exclude=["consortium", "set_by"])
    if not (1 <= day <= 28 and 0 <= hour <= 23):
        raise ValidationError({"day": _("Choose a day from 1 to 28 and an hour from 0 to 23.")})
    row.save()
    return row


def day_of(consortium_id: int) -> ReportDay:
    """The day in force; the default until the office has set another."""
    return ReportDay.objects.filter(consortium=consortium_id).first() or ReportDay(consortium_id=consortium_id)


def is_due(day: ReportDay, now: datetime) -> bool:
    here = timezone.localtime(now)
    return (here.day, here.hour) >= (day.day, day.hour)


def send_due(consortium: Consortium, now: datetime) -> int:
    """Open the reports of the last month, and send those that are due and not sent. Answers how many were sent.

    Each hospital in a transaction of its own, its row held: two who tick at once, or one that was killed, send each once.
    """
    hospitals = list(Hospital.objects.filter(consortium=consortium, is_open=True).order_by("code"))
    month = earlier(timezone.localdate(now).replace(day=1), 1)
    with scope([hospital.pk for hospital in hospitals]):
        there = dict(Report.objects.filter(month=month).values_list("hospital", "state"))
        due = is_due(day_of(consortium.pk), now)
        left = [h for h in hospitals if h.pk not in there or (due and there[h.pk] != SENT)]
        places = content.places(hospitals, month) if due and left else {}
    sent, failed = 0, None
    for hospital in left:
        try:
            with scope([hospital.pk]):
                report = open_report(hospital, month)
                sent += bool(due and _send(report, places.get(hospital.pk, {})))
        except Exception as error:  # one that fails keeps no other from its report
            log.exception("the report of %s was not sent", hospital.code)
            failed = failed or error
    if failed is not None:
        raise failed
    return sent


def _send(report: Report, league: dict[str, tuple[int, int]]) -> bool:
    row = (
        Report.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=report.pk)
        .exclude(state=SENT)
        .first()
    )
    if row is None:
        return False
    REPORTS.move(row, "send", SENDER, content=content.build(row.hospital, row.month, league))
    return True
