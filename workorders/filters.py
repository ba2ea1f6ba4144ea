"""The filters of the order list. Their names are a contract: every figure links here, and the counts must agree.

- `state`: one state; `open` (reported to on hold), `live` (open or to be signed), `not_cancelled`
- `reported_from/to`, `due_from/to`, `finished_from/to`, `signed_off_from/to`, `closed_from/to`: local days, both included
- `department`, `service`, `unit`, `team`, `assignee`, `contractor`, `asset`, `hospital`: key or id
- `place`: the path of a place; everything at it and below
- `waiting`: on hold now, for this reason
- `overdue=yes`: open, not on hold, past its limit now; `no`: the rest
- `on_time=yes`: finished by its limit and never sent back; `no`: everything else
- `signed=yes|no`, `rated=yes|no` (any of the three stars), `returned=yes|no` (sent back for rework),
  `needs_signature=yes|no` (what the service asks)
- `figure` with `part`, `first`, `last`, `at`, `of`, `only`, `those`, `by`, `ref`: the orders behind a figure's numerator or
  denominator, as `workorders.counting.records` writes the address
- `complaint=yes|no`: asked of the head by a bad rating or a second rework
- `channel`: how it was reported; `imported=yes|no`: brought in from an older system
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow.states import choices
from kpi.filters import OfFigure
from tenancy import access
from tenancy.models import Place, Team, Unit
from tenancy.permissions import PLACE_VIEW, TEAM_VIEW, UNIT_VIEW
from tenancy.search import narrowing
from ui.filters import ChoiceFilter, FilterSet, PeriodFilter, PeriodWidget
from ui.pages import whole
from ui.rendering import Select
from workorders import work_types
from workorders.models import HELD, Service, WorkOrder
from workorders.permissions import ORDER_VIEW
from workorders.search import found_orders
from workorders.states import CANCELLED, CHANNELS, IMPORTED, LIVE, OPEN, STATES, URGENCIES, WAITING, WAITING_REASONS

YES_NO = (("yes", _("Yes")), ("no", _("No")))
ON_TIME = Q(finished_at__lte=F("due_at"), returned=0)
RATED = Q(attitude__isnull=False) | Q(skill__isnull=False) | Q(speed__isnull=False)
SIGNED = Q(signed_at__isnull=False)
GROUPS = {"open": Q(state__in=OPEN), "live": Q(state__in=LIVE), "not_cancelled": ~Q(state=CANCELLED)}


def departments() -> list[tuple[str, Any]]:
    return [(slug, name.label) for slug, name in work_types.departments().items()]


class Period(PeriodFilter):
    """`<name>_from` and `<name>_to`."""

    def __init__(self, **kwargs: Any):
        widget = PeriodWidget()
        widget.suffixes = ["from", "to"]
        super().__init__(widget=widget, **kwargs)


class YesNo(ChoiceFilter):
    """Rows that fit `rule`, or those that do not."""

    def __init__(self, rule: Q, **kwargs: Any):
        self.rule = rule
        super().__init__(choices=YES_NO, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(self.rule) if value == "yes" else qs.exclude(self.rule) if value == "no" else qs


class Named(django_filters.NumberFilter):
    """A row by its id, offered as a list; an id that is not offered (a closed team) filters all the same."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", Select())
        super().__init__(**kwargs)


class Hidden(django_filters.NumberFilter):
    """A row by its id, as links give it."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.HiddenInput(), **kwargs)


class OrderFilters(OfFigure):
    """What people narrow the list of orders by."""

    main = ("state", "department", "urgency", "overdue")
    indexed = True

    state = ChoiceFilter(label=_("State"), method="in_state", choices=())
    department = ChoiceFilter(label=_("Department"), choices=departments)
    urgency = ChoiceFilter(label=_("Urgency"), choices=choices(URGENCIES))
    overdue = ChoiceFilter(label=_("Overdue"), method="late", choices=YES_NO)
    reported = Period(field_name="reported_at", label=_("Reported on"))
    place = django_filters.CharFilter(label=_("Place"), method="at_place", widget=Select())
    unit = Named(label=_("Unit"), field_name="unit_id")
    team = Named(label=_("Team"), field_name="team_id")
    waiting = ChoiceFilter(label=_("Waiting for"), method="waits", choices=choices(WAITING_REASONS))
    due = Period(field_name="due_at", label=_("Due"))
    finished = Period(field_name="finished_at", label=_("Finished"))
    closed = Period(field_name="closed_at", label=_("Closed"))
    signed_off = Period(field_name="signed_at", label=_("Signed off"))
    on_time = YesNo(ON_TIME, label=_("Done in time"))
    signed = YesNo(SIGNED, label=_("Signed"))
    needs_signature = YesNo(Q(service__needs_signature=True), label=_("Has to be signed"))
    rated = YesNo(RATED, label=_("Rated"))
    returned = YesNo(Q(returned__gt=0), label=_("Sent back for rework"))
    complaint = YesNo(Q(service__internal=True), label=_("Complaint"))
    channel = ChoiceFilter(label=_("Channel"), choices=choices(CHANNELS))
    imported = YesNo(Q(channel=IMPORTED), label=_("From an older system"))
    hospital = Named(label=_("Hospital"), field_name="hospital_id")
    service = Hidden(field_name="service_id")
    assignee = Hidden(field_name="assignee_id")
    contractor = Hidden(field_name="contractor_id")
    asset = Hidden(field_name="asset_id")

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        words = (
            ("open", _("Everything open")),
            ("live", _("Open or to be signed")),
            ("not_cancelled", _("Not cancelled")),
        )
        if "state" in self.filters:
            self.filters["state"].extra["choices"] = [*words, *choices(STATES)]
        user: Any = self.request.user  # type: ignore[union-attr]
        if "hospital" in self.filters:
            self._offer("hospital", [(str(h["id"]), h["short_name"]) for h in access.hospitals(user)])
        named = [name for name in ("place", "unit", "team") if name in self.filters]
        rows = self._rows(user) if named else []
        for name in named:
            self._offer(name, [(key, label) for kind, key, label in rows if kind == name])

    def _rows(self, user: Any) -> list[tuple[str, str, str]]:
        """Places, units and teams of the hospital in one statement; for several hospitals at once they are too many."""
        hospital = getattr(self.request, "hospital", None)
        asked = self.data.get("hospital", "")
        chosen = whole(asked) or (hospital["id"] if hospital else None)
        if not chosen:
            return []
        large = (Place.Kind.CAMPUS, Place.Kind.BUILDING, Place.Kind.FLOOR)
        places = Place.objects.for_user(user, PLACE_VIEW).filter(hospital_id=chosen, kind__in=large, closed_on=None)
        units = Unit.objects.for_user(user, UNIT_VIEW).filter(hospital_id=chosen, closed_on=None)
        teams = Team.objects.for_user(user, TEAM_VIEW).filter(hospital_id=chosen, closed_on=None)
        parts = [labelled(places, "place", F("path"), "full_name", "path")]
        parts += [labelled(units, "unit", Cast("pk", CharField()), "name", "name")]
        parts += [labelled(teams, "team", Cast("pk", CharField()), "name", "name")]
        found = parts[0].union(*parts[1:], all=True)
        return [row[:3] for row in found.order_by("kind_", "sort_")]

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        asked = self.data.get(name, "")
        if asked and asked not in dict(offered):
            offered = [*offered, (asked, _("As chosen"))]
        none = not offered or (name == "hospital" and len(offered) < 2)
        self.filters[name].extra["widget"] = forms.HiddenInput() if none else Select(choices=[("", _("All")), *offered])

    def ids(self, model: Any, words: list[str]) -> list[int]:
        user: Any = self.request.user  # type: ignore[union-attr]
        return found_orders(words, self.hospitals(), self.states(), narrowing(user, ORDER_VIEW))

    def states(self) -> list[str] | None:
        """The live states that other filters leave, so that a common word is not looked for in what was closed long ago."""
        asked = self.data.get("state", "")
        if self.data.get("waiting"):
            return [WAITING]
        if self.data.get("overdue") == "yes" and asked not in LIVE:
            return list(OPEN)
        return {"open": list(OPEN), "live": list(LIVE)}.get(asked, [asked] if asked in LIVE else None)

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(GROUPS.get(value, Q(state=value)))

    def late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        late = Q(state__in=OPEN, due_at__lt=timezone.now()) & ~HELD
        return rows.filter(late if value == "yes" else ~late)

    def waits(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state=WAITING, waiting_reason=value)

    def at_place(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Place.within(value, "place__path"))


class CostFilters(OrderFilters):
    """The orders behind a sum of costs, and the sum itself."""

    main = ("finished",)

    def _rows(self, user: Any) -> list[tuple[str, str, str]]:
        return []

    @cached_property
    def sums(self) -> dict[str, Any]:
        """What they cost and how much of it is labour; only of what a sum has led to, which is never everything."""
        if not self.data.get("figure"):
            return {}
        sums: dict[str, Any] = self.qs.order_by().aggregate(
            cost=Sum("cost", default=0), labour=Sum("labour_cost", default=0)
        )
        return sums


class ServiceFilters(FilterSet):
    """The catalogue by department; what is no longer offered only when asked for."""

    main = ("department", "active")
    department = ChoiceFilter(label=_("Department"), choices=departments)
    active = ChoiceFilter(label=_("Offered"), method="offered", choices=YES_NO)

    class Meta:
        model = Service
        fields: list[str] = []

    def offered(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(active=value == "yes")


def labelled(rows: QuerySet[Any], kind: str, key: Any, label: str, order: str) -> QuerySet[Any]:
    named = rows.annotate(kind_=Value(kind), key_=key, label_=F(label), sort_=Cast(order, CharField()))
    return named.order_by().values_list("kind_", "key_", "label_", "sort_")
