"""Answers, appeals, exclusions and actions as lists."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assessment.shown import label_of
from assessment.states import ACTIONS, ANSWERS, APPEALS, ASKED, EXCLUSIONS, FILED, KINDS, LIVE, REASONS, UNANSWERED
from ui import formats, parts
from ui.tables import Badge, Column, Date, DateTime, Made, Number, Person, Row, Table, Text, Title


class Until(Column):
    """A last day: red once it is over and nothing was done, amber today. `live`: the states in which it still counts."""

    css = "nowrap"

    def __init__(self, key: str, label: Any, *, live: tuple[str, ...], **options: Any):
        super().__init__(key, label, **options)
        self.live = live

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key, "state")

    def show(self, row: Row) -> Any:
        left = (row[self.key] - timezone.localdate()).days
        if row["state"] not in self.live or left > 0:
            return parts.moment(row[self.key])
        if left == 0:
            return parts.badge(gettext("today"), "amber", "clock")
        return parts.badge(
            ngettext("overdue for %(days)s day", "overdue for %(days)s days", -left) % {"days": -left}, "red", "alarm"
        )


def _indicator(row: Row) -> str:
    return label_of(row["key"], row["label"])


def _month(row: Row) -> str:
    return formats.month(row["month"])


class Indicator(Title):
    """The indicator's name in the reader's language, which leads to the row."""

    @property
    def needed(self) -> tuple[str, ...]:
        return (*super().needed, "key")

    def value(self, row: Row) -> Any:
        return _indicator(row)


class ReplyTable(Table):
    """Which hospital has said what to its published figures."""

    order = "-due_on"
    columns = (
        Title("hospital__name", _("Hospital"), url="assessment:reply"),
        Made(("month",), _("Month"), make=_month, whole=True),
        Badge("state", _("State"), states=ANSWERS),
        Until("due_on", _("Answer by"), live=UNANSWERED, sort="due_on"),
        DateTime("seen_at", pgettext_lazy("of published figures", "Seen")),
        Person("answered_by__name", _("Answered by")),
        DateTime("answered_at", _("Answered")),
    )


class AppealTable(Table):
    """What is appealed, why, by when it is decided."""

    order = "-filed_at"
    columns = (
        Indicator("label", _("Indicator"), url="assessment:appeal"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Made(("month",), _("Month"), make=_month, whole=True),
        Badge("reason", _("Reason"), states=REASONS),
        Badge("state", _("State"), states=APPEALS),
        Until("decide_by", _("Decide by"), live=(FILED,)),
        Person("filed_name", _("Filed by")),
        DateTime("filed_at", _("Filed"), sort="filed_at"),
        DateTime("decided_at", _("Decided"), extra=True),
    )


class ExclusionTable(Table):
    """Records that should not count."""

    order = "-asked_at"
    columns = (
        Title("name", _("Record"), url="assessment:exclusion"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Made(("key", "label"), _("Indicator"), make=_indicator),
        Made(("month",), _("Month"), make=_month, whole=True),
        Badge("reason", _("Reason"), states=REASONS),
        Badge("state", _("State"), states=EXCLUSIONS),
        Until("decide_by", _("Decide by"), live=(ASKED,)),
        Text("text", _("In words"), extra=True),
        Person("asked_name", _("Asked by")),
        DateTime("asked_at", _("Asked"), sort="asked_at"),
        Person("decided_name", _("Decided by")),
        Text("decision", _("Reason of the decision"), extra=True),
    )


class ActionTable(Table):
    """What is done about which figure, by whom, until when."""

    order = "-made_at"
    columns = (
        Indicator("label", _("Indicator"), url="assessment:action", second="what"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Badge("kind", _("Kind"), states=KINDS),
        Made(("month",), _("Month"), make=_month, whole=True),
        Badge("state", _("State"), states=ACTIONS),
        Person("owner__name", _("Owner")),
        Until("due_on", pgettext_lazy("deadline", "By"), live=LIVE, sort="due_on"),
        Number("before", _("Value then"), digits=1),
        Number("expected", _("Expected value"), digits=1),
        DateTime("made_at", _("Since"), sort="made_at"),
        Date("done_at", _("Done"), extra=True),
    )
