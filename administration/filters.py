"""Search and filters over the organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.forms import GenericIPAddressField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from administration import events
from flow.models import Event
from flow.origin import CHANNELS
from flow.states import choices
from tenancy import modules
from tenancy.models import Engagement, Hospital, Membership, Place, Team, Unit
from ui.filters import ChoiceFilter, FilterSet, PeriodFilter, PlaceFilter

LATELY = timedelta(days=90)
MOST_NAMESAKES = 200
OPEN_OR_CLOSED = [("open", _("In use")), ("closed", _("Out of use"))]


class StandingFilter(ChoiceFilter):
    """In use, or closed; `field_name` is the closing day."""

    def __init__(self, field_name: str = "closed_on", **kwargs: Any):
        super().__init__(field_name=field_name, label=_("State"), choices=OPEN_OR_CLOSED, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{f"{self.field_name}__isnull": value == "open"}) if value else qs


class HospitalFilter(FilterSet):
    search_in = ("name", "short_name", "code")

    class Meta:
        model = Hospital
        fields: list[str] = []


class PlaceListFilter(FilterSet):
    indexed = True
    main = ("inside", "kind", "standing")
    inside = PlaceFilter("path", label=_("Inside"))
    kind = ChoiceFilter(label=_("Kind"), choices=Place.Kind.choices)
    standing = StandingFilter()

    class Meta:
        model = Place
        fields: list[str] = []


class UnitFilter(FilterSet):
    indexed = True
    main = ("kind", "standing")
    kind = ChoiceFilter(label=_("Kind"), choices=Unit.Kind.choices)
    standing = StandingFilter()

    class Meta:
        model = Unit
        fields: list[str] = []


class TeamFilter(FilterSet):
    search_in = ("name",)
    main = ("department", "standing")
    department = ChoiceFilter(label=_("Department"), choices=modules.choices)
    standing = StandingFilter()

    class Meta:
        model = Team
        fields: list[str] = []


class PersonFilter(FilterSet):
    indexed = True
    main = ("standing", "department", "shared")
    standing = StandingFilter("ends_on")
    department = ChoiceFilter(field_name="team__department", label=_("Department"), choices=modules.choices)
    shared = django_filters.BooleanFilter(field_name="user__is_shared", label=_("Shared ward account"))

    class Meta:
        model = Membership
        fields: list[str] = []

    def find(self, rows: Any, name: str, value: str) -> Any:
        """The address somebody signs in with stands at the account, outside the wall."""
        if "@" in value:
            return rows.filter(user__email__icontains=value.strip())
        return super().find(rows, name, value)


class EngagementFilter(FilterSet):
    search_in = ("contractor__name",)
    main = ("department",)
    department = ChoiceFilter(label=_("Department"), choices=modules.choices)

    class Meta:
        model = Engagement
        fields: list[str] = []


class AddressFilter(django_filters.Filter):
    """One network address, of the fourth or sixth version."""

    field_class = GenericIPAddressField


class EventFilter(FilterSet):
    """Who, when, what kind of record, which verb, which way in.

    What no index holds in order, the way in and the address, is looked for in a period only: by default of late.
    """

    main = ("at", "who", "subject", "verb", "channel")
    at = PeriodFilter(label=_("When"))
    who = django_filters.CharFilter(method="of_person", label=_("Person"))
    subject = ChoiceFilter(label=_("Record"), choices=events.kinds)
    verb = ChoiceFilter(label=_("What happened"), choices=events.verbs)
    channel = ChoiceFilter(label=_("Came by"), choices=choices(CHANNELS))
    address = AddressFilter(label=_("Network address"))

    class Meta:
        model = Event
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        asked = self.form.cleaned_data
        if (asked.get("channel") or asked.get("address")) and not asked.get("at"):
            queryset = queryset.filter(at__gte=timezone.now() - LATELY)
        return super().filter_queryset(queryset)

    def of_person(self, rows: Any, name: str, value: str) -> Any:
        """Everybody of that name, under whatever name they acted; without such an account whoever was called so of late."""
        people = list(User.objects.filter(name__iexact=value.strip()).values_list("pk", flat=True)[:MOST_NAMESAKES])
        if people:
            return rows.filter(actor__in=people)
        rows = rows.filter(actor_name__iexact=value.strip())
        return rows if self.form.cleaned_data.get("at") else rows.filter(at__gte=timezone.now() - LATELY)
