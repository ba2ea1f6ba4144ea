"""Search and filters over announcements and what did not arrive."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.models import Announcement, Delivery
from notices.states import CHANNELS, STATES, TROUBLE
from ui.filters import ChoiceFilter, FilterSet


class DeliveryFilter(FilterSet):
    main = ("state", "channel")
    state = ChoiceFilter(label=_("State"), choices=[(state, STATES[state].label) for state in TROUBLE])
    channel = ChoiceFilter(label=_("Sent by"), choices=CHANNELS)

    class Meta:
        model = Delivery
        fields: list[str] = []


class AnnouncementFilter(FilterSet):
    search_in = ("text",)
    main = ("standing",)
    standing = ChoiceFilter(
        label=_("State"), choices=[("running", _("Running or to come")), ("over", _("Over"))], method="stand"
    )

    class Meta:
        model = Announcement
        fields: list[str] = []

    def stand(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        now = timezone.now()
        return rows.filter(ends_at__gt=now) if value == "running" else rows.filter(ends_at__lte=now)
