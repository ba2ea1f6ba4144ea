"""Steer: the hospital's working time and holidays, its reminders and escalation; and the promise that wards read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from flow.permissions import CHAIN_CHANGE
from tenancy.access import can, hospitals
from tenancy.models import Hospital
from ui.pages import Once, SignedIn, go, whole
from workorders import calendars, promises
from workorders import permissions as perm
from workorders.limit_forms import WEEKDAYS, ChainForm, DayForm, ReminderForm, WeekForm
from workorders.models import CalendarDay, EscalationStep, Unwatched
from workorders.states import CALENDAR_DAYS, CLOCKS, LEVELS, URGENCIES, WAITING_REASONS

MOST_UNWATCHED = 50  # shown; more than a handful have one cause


def hospital_for(request: HttpRequest, pk: int, permission: str = perm.SERVICE_VIEW) -> Hospital:
    """404 for a hospital one does not see, 403 where one may look but not set."""
    found = get_object_or_404(Hospital.objects.for_user(request.user, perm.SERVICE_VIEW), pk=pk)
    if not can(request.user, permission, found):
        raise PermissionDenied(permission)
    return found


def chain_at(hospital: Hospital) -> dict[tuple[str, str, str], int]:
    steps = EscalationStep.objects.filter(hospital=hospital)
    return {(step.clock, step.urgency, step.level): step.after for step in steps}


def unwatched_at(hospital: Hospital) -> list[Unwatched]:
    """Orders whose clocks could not be looked at, the longest first."""
    rows = Unwatched.objects.filter(hospital=hospital).select_related("order").order_by("since", "id")
    return list(rows[:MOST_UNWATCHED])


class Entry(SignedIn, View):
    """To the hospital of the switch, else the first one whose time the person sets."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request, "hospital", None)
        mine = Hospital.objects.for_user(request.user, perm.LIMITS_CHANGE).order_by("code")
        found = (mine.filter(pk=chosen["id"]) if chosen else mine).first()
        if found is None:
            raise PermissionDenied(perm.LIMITS_CHANGE)
        return redirect("workorders:limits_of", found.pk)


class Limits(SignedIn, View):
    """Everything that decides when a clock of this hospital runs and who hears of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        hospital = hospital_for(request, pk)
        today = timezone.localdate()
        year = min(max(whole(request.GET.get("year")) or today.year, 2000), 2100)
        rules, chain = calendars.rules_at(hospital), chain_at(hospital)
        days = CalendarDay.objects.filter(hospital=hospital, day__range=(date(year, 1, 1), date(year, 12, 31)))
        may_change = can(request.user, perm.LIMITS_CHANGE, hospital)
        facts = {
            "hospital": hospital,
            "week": list(zip(WEEKDAYS, rules.week, strict=True)),
            "rules": rules,
            "pausing": [state.label for value, state in WAITING_REASONS.items() if value in rules.pausing],
            "chain": _drawn(chain),
            "urgencies": URGENCIES.values(),
            "days": [(row, CALENDAR_DAYS[row.kind]) for row in days.order_by("day")],
            "year": year,
            "years": (year - 1, year + 1),
            "may_change": may_change,
            "may_set_days": can(request.user, CHAIN_CHANGE, hospital),
            "unwatched": unwatched_at(hospital) if may_change else [],
        }
        return render(request, "workorders/limits.html", facts)


def _drawn(chain: dict[tuple[str, str, str], int]) -> list[tuple[Any, list[tuple[Any, list[Any]]]]]:
    def told(clock: str, urgency: str, level: str) -> tuple[Any, int | None]:
        after = chain.get((clock, urgency, level))
        return URGENCIES[urgency].label, None if after is None else after * 60

    return [
        (clock, [(level, [told(key, urgency, name) for urgency in URGENCIES]) for name, level in LEVELS.items()])
        for key, clock in CLOCKS.items()
    ]


class Setting(SignedIn, View):
    """A form about one part of it; back to the overview afterwards."""

    title: Any = ""
    template = "workorders/limits_form.html"

    def form(self, hospital: Hospital, *data: Any, **keys: int) -> Any:
        raise NotImplementedError

    def save(self, hospital: Hospital, form: Any, **keys: int) -> None:
        raise NotImplementedError

    def show(self, hospital: Hospital, form: Any, status: int = 200) -> HttpResponse:
        facts = {"hospital": hospital, "form": form, "title": self.title, "urgencies": URGENCIES.values()}
        return render(self.request, self.template, facts, status=status)

    def get(self, request: HttpRequest, pk: int, **keys: int) -> HttpResponse:
        hospital = hospital_for(request, pk, perm.LIMITS_CHANGE)
        return self.show(hospital, self.form(hospital, **keys))

    def post(self, request: HttpRequest, pk: int, **keys: int) -> HttpResponse:
        hospital, once = hospital_for(request, pk, perm.LIMITS_CHANGE), Once(request)
        form, url = self.form(hospital, request.POST, **keys), reverse("workorders:limits_of", args=[pk])
        if form.is_valid():
            if once.earlier(url) is not None:
                return go(request, url)
            try:
                self.save(hospital, form, **keys)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
            else:
                once.done(url)
                messages.success(request, _("Saved"))
                return go(request, url)
        return self.show(hospital, form, 422)


class Week(Setting):
    title = gettext_lazy("Working hours of the week")

    def form(self, hospital: Hospital, *data: Any, **keys: int) -> Any:
        return WeekForm(*data, actor=self.request.user, obj=calendars.rules_at(hospital))

    def save(self, hospital: Hospital, form: Any, **keys: int) -> None:
        calendars.set_week(self.request.user, hospital, form.cleaned_data["week"])


class Reminders(Setting):
    title = gettext_lazy("Reminders and waiting")

    def form(self, hospital: Hospital, *data: Any, **keys: int) -> Any:
        return ReminderForm(*data, actor=self.request.user, obj=calendars.rules_at(hospital))

    def save(self, hospital: Hospital, form: Any, **keys: int) -> None:
        calendars.set_reminders(self.request.user, hospital, **form.cleaned_data)


class Chain(Setting):
    title = gettext_lazy("Who hears when a limit is broken")
    template = "workorders/limits_chain.html"

    def form(self, hospital: Hospital, *data: Any, **keys: int) -> Any:
        return ChainForm(*data, actor=self.request.user, chain=chain_at(hospital))

    def save(self, hospital: Hospital, form: Any, **keys: int) -> None:
        calendars.set_chain(self.request.user, hospital, form.cleaned_data["chain"])


class Day(Setting):
    title = gettext_lazy("A day that differs from the week")

    def row(self, hospital: Hospital, **keys: int) -> CalendarDay | None:
        return get_object_or_404(CalendarDay, hospital=hospital, pk=keys["day"]) if keys else None

    def form(self, hospital: Hospital, *data: Any, **keys: int) -> Any:
        return DayForm(*data, actor=self.request.user, obj=self.row(hospital, **keys))

    def save(self, hospital: Hospital, form: Any, **keys: int) -> None:
        row = self.row(hospital, **keys)
        facts = {**form.cleaned_data, **({"day": row.day} if row else {})}
        calendars.set_day(self.request.user, hospital, **facts)


class Promise(SignedIn, View):
    """What the hospital promises its wards: within which time each service answers and finishes, and when it works."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, perm.SERVICE_VIEW):
            raise PermissionDenied(perm.SERVICE_VIEW)
        chosen = getattr(request, "hospital", None) or next(iter(hospitals(request.user)), None)
        if chosen is None:
            raise Http404
        hospital = hospital_for(request, chosen["id"])
        rules = calendars.rules_at(hospital)
        facts = {
            "hospital": hospital,
            "departments": promises.by_department(request.user, hospital),
            "week": promises.spoken_week(list(zip(WEEKDAYS, rules.week, strict=True))),
            "pausing": [state.label for value, state in WAITING_REASONS.items() if value in rules.pausing],
        }
        return render(request, "workorders/promise.html", facts)


urls = [
    path("promise/", Promise.as_view(), name="promise"),
    path("limits/", Entry.as_view(), name="limits"),
    path("limits/<int:pk>/", Limits.as_view(), name="limits_of"),
    path("limits/<int:pk>/week/", Week.as_view(), name="limits_week"),
    path("limits/<int:pk>/reminders/", Reminders.as_view(), name="limits_reminders"),
    path("limits/<int:pk>/chain/", Chain.as_view(), name="limits_chain"),
    path("limits/<int:pk>/days/new/", Day.as_view(), name="limits_day_add"),
    path("limits/<int:pk>/days/<int:day>/", Day.as_view(), name="limits_day"),
]
