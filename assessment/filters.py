"""The filters of the lists; their names are a contract: figures link here, and the counts must agree."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment import queries
from assessment.models import Action, Appeal, Exclusion, Reply
from assessment.states import ACTIONS, ANSWERS, APPEALS, EXCLUSIONS, KINDS, LIVE, REASONS, UNANSWERED
from flow.states import choices
from kpi.filters import OfFigure
from ui.filters import ChoiceFilter, FilterSet, Kept
from workorders.filters import YES_NO, Hidden

MINE = (("owner", _("For me to do")),)


class Behind(OfFigure):
    """The records behind a figure."""

    hospital = Hidden(field_name="hospital_id")
    key = Kept()


class ReplyFilters(FilterSet):
    """Answers by state and hospital."""

    main = ("state",)
    search_in = ("hospital__name",)
    state = ChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[("live", _("Not answered")), *choices(ANSWERS)],
    )
    hospital = Hidden(field_name="hospital_id")

    class Meta:
        model = Reply
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=UNANSWERED) if value == "live" else rows.filter(state=value)


class AppealFilters(Behind):
    """Appeals by state and reason."""

    main = ("state", "reason")
    search_in = ("label", "text")
    state = ChoiceFilter(label=_("State"), choices=choices(APPEALS))
    reason = ChoiceFilter(label=_("Reason"), choices=choices(REASONS))

    class Meta:
        model = Appeal
        fields: list[str] = []


class ExclusionFilters(FilterSet):
    """Exclusions by state and reason."""

    main = ("state", "reason")
    search_in = ("label", "name")
    state = ChoiceFilter(label=_("State"), choices=choices(EXCLUSIONS))
    reason = ChoiceFilter(label=_("Reason"), choices=choices(REASONS))
    hospital = Hidden(field_name="hospital_id")

    class Meta:
        model = Exclusion
        fields: list[str] = []


class ActionFilters(Behind):
    """Actions by state and kind; overdue ones; one's own."""

    main = ("state", "kind", "overdue")
    search_in = ("label", "what")
    state = ChoiceFilter(label=_("State"), method="in_state", choices=[("live", _("Not closed")), *choices(ACTIONS)])
    kind = ChoiceFilter(label=_("Kind"), choices=choices(KINDS))
    overdue = ChoiceFilter(label=pgettext_lazy("past its last day", "Overdue"), method="late", choices=YES_NO)
    mine = ChoiceFilter(label=_("For me"), method="for_me", choices=MINE)

    class Meta:
        model = Action
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=LIVE) if value == "live" else rows.filter(state=value)

    def late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(queries.overdue()) if value == "yes" else rows.exclude(queries.overdue())

    def for_me(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        user: Any = self.request.user  # type: ignore[union-attr]
        return rows.filter(owner=user.pk)
