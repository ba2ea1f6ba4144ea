"""What a hospital sets for its time limits: working time, special days, reminders, the chain of escalation."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from flow.states import choices
from tenancy.models import TenantModel
from workorders.states import CALENDAR_DAYS, CLOCKS, LEVELS, URGENCIES, WAITING_REASONS


def usual_week() -> list[str]:
    """Working hours as most hospitals' logistics keep them: Monday to Friday, with a long noon."""
    return ["08:00-12:00 14:00-17:30"] * 5 + ["", ""]


def usual_shares() -> list[int]:
    return [50, 80, 100]


def all_reasons() -> list[str]:
    return list(WAITING_REASONS)


class LimitRules(TenantModel):
    """How a hospital keeps its promises: working hours, when it reminds, which reasons for waiting stop the clock."""

    week = ArrayField(models.CharField(max_length=60, blank=True), size=7, default=usual_week)  # Monday first
    remind_at = ArrayField(models.PositiveSmallIntegerField(), default=usual_shares, blank=True)  # per cent of the time
    pausing = ArrayField(models.CharField(max_length=10), default=all_reasons, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital"], name="limit_rules_once")]

    def __str__(self) -> str:
        return " / ".join(self.week)


class CalendarDay(TenantModel):
    """A day that differs from the week: a holiday, or a weekend day on which a holiday is worked in advance or made up."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=7, choices=choices(CALENDAR_DAYS))
    name = models.CharField(_("name"), max_length=60, blank=True)
    hours = models.CharField(_("hours"), max_length=60, blank=True)  # of a working day; empty: those of a usual one
    edited = models.BooleanField(default=False)  # by the hospital: what is shipped later leaves it alone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class EscalationStep(TenantModel):
    """So many minutes past a limit, this level hears of it."""

    clock = models.CharField(max_length=8, choices=choices(CLOCKS))
    urgency = models.CharField(max_length=8, choices=choices(URGENCIES))
    level = models.CharField(max_length=8, choices=choices(LEVELS))
    after = models.PositiveIntegerField()  # minutes past the limit, on the order's own clock

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "clock", "urgency", "level"], name="escalation_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.urgency} +{self.after}: {self.level}"


class Reminder(TenantModel):
    """One reminder or escalation that was sent. The constraint makes it one, whoever else looks at the same moment."""

    order = models.ForeignKey("workorders.WorkOrder", models.PROTECT, related_name="+", db_constraint=False)
    promise = models.PositiveSmallIntegerField()
    clock = models.CharField(max_length=8)
    step = models.CharField(max_length=8)  # a share of the time ("80") or a level ("head")
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "promise", "clock", "step"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.clock} {self.step}"


class Unwatched(TenantModel):
    """An order whose clocks could not be looked at, because something in it cannot be read; gone once they can be."""

    order = models.OneToOneField("workorders.WorkOrder", models.PROTECT, related_name="+", db_constraint=False)
    error = models.CharField(max_length=200)
    tries = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.error
