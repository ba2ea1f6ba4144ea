"""Plans: the record with what lies ahead, the form with a look ahead while typing, the points of a route."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views import View

from flow.queries import history_of
from inspections import forecast, planning, routes, wording
from inspections import permissions as perm
from inspections.models import Plan
from inspections.plan_crud import PLAN
from inspections.plan_forms import PlanForm, from_template
from inspections.plan_queries import checklists_to_plan, compliance, next_rounds
from inspections.queries import checklists
from inspections.round_tables import standing
from inspections.states import PLAN_STATES
from tenancy.access import can
from ui.crud import Form
from ui.pages import SignedIn, go, whole
from workorders import work_types
from workorders.limits import calendar_of

DATES = 12


class Record(SignedIn, View):
    """One plan: its rhythm, what comes, what came of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan, now = PLAN.get(request.user, pk), timezone.now()
        facts = {
            "object": plan,
            "state": PLAN_STATES[plan.state],
            "history": history_of(plan),
            "may_change": plan.state != "ended" and can(request.user, perm.PLAN_CHANGE, plan),
            "rhythm": wording.rhythm(plan),
            "dates": forecast.upcoming(plan, now, DATES),
            "rounds": [(one, standing(one.state, one.late_from)) for one in next_rounds(plan, now)],
            "kept": compliance(plan, now),
            "stops": routes.points(plan) if plan.is_route else [],
            "department": work_types.department_of(plan.department),
        }
        return PLAN.render(request, "detail", **facts)


class Write(Form):
    """A new plan begins with its checklist, whose template fills the form."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        obj = self.find(pk)
        if obj is None and not whole(request.GET.get("checklist")):
            lists = checklists_to_plan(request.user).order_by("department", "key")
            by_department = groupby(lists, key=lambda one: one.department)
            groups = [(work_types.department_of(slug), list(found)) for slug, found in by_department]
            return PLAN.render(request, "pick", groups=groups)
        return self.crud.render(request, "form", form=self.form(obj), object=obj)

    def form(self, obj: Any, *data: Any) -> Any:
        initial: dict[str, Any] = {}
        if not data and obj is None:
            checklist = get_object_or_404(
                checklists(self.request.user), pk=whole(self.request.GET.get("checklist")) or 0
            )
            initial = {**from_template(checklist), **self.given()}
        hospital = getattr(self.request, "hospital", None)
        return PlanForm(*data, actor=self.request.user, obj=obj, hospital=hospital, initial=initial)

    def given(self) -> dict[str, Any]:
        """What the address says already, as from an asset's page."""
        return {
            name: value for name, value in self.request.GET.items() if name in ("asset", "place", "subject", "kind")
        }


class Preview(SignedIn, View):
    """The rhythm in words, the next dates, the load of the team by week, and where it would weigh less."""

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        plan = PLAN.get(request.user, pk, perm.PLAN_CHANGE) if pk else None
        if plan is None and not can(request.user, perm.PLAN_CHANGE):
            raise PermissionDenied(perm.PLAN_CHANGE)
        form = PlanForm(request.POST, actor=request.user, obj=plan, hospital=getattr(request, "hospital", None))
        form.is_valid()
        missing = {"every", "step", "at", "starts_on"} & form.errors.keys()
        facts = {} if missing else outlook(form.draft(), plan, timezone.now())
        return render(request, "inspections/plan_preview.html", facts)


def outlook(draft: Plan, saved: Plan | None, now: datetime) -> dict[str, Any]:
    """What is shown before it is saved."""
    planning.settle(draft)
    draft.pk = saved.pk if saved else None
    calendar = calendar_of(draft.hospital_id)
    count = forecast.things(draft) if draft.place_id and (draft.kind_id or draft.subject != "assets") else 0
    facts: dict[str, Any] = {
        "rhythm": wording.rhythm(draft),
        "dates": forecast.upcoming(draft, now, DATES, calendar),
        "count": count,
        "several": draft.subject == "assets",
    }
    if not draft.team_id:
        return facts
    first = now.astimezone(calendar.zone).date()
    last = first + timedelta(weeks=forecast.WEEKS) - timedelta(days=first.weekday() + 1)
    others = forecast.load_of_team(draft, calendar, first, last)
    weeks = forecast.weeks(others, forecast.load_of(draft, count, calendar, first, last), first)
    offer = forecast.lightest(draft, count, others, calendar, first, last)
    return {**facts, "team": draft.team, "weeks": routes.bars(weeks), "offer": routes.offered(offer)}


class Route(SignedIn, View):
    """The points in order: added by search, moved by buttons or by drag, with the walking time from the one before."""

    def page(self, plan: Plan, error: str = "", status: int = 200) -> HttpResponse:
        facts = {"object": plan, "crud": PLAN, "stops": routes.points(plan), "error": error}
        part = "#stops" if self.request.htmx else ""
        return render(self.request, f"inspections/plan_route.html{part}", facts, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(PLAN.get(request.user, pk, perm.PLAN_CHANGE))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = PLAN.get(request.user, pk, perm.PLAN_CHANGE)
        try:
            routes.edit(request.user, plan, request.POST)
        except ValidationError as error:
            return self.page(plan, " ".join(error.messages), 422)
        return self.page(plan) if request.htmx else go(request, request.path)


class Found(SignedIn, View):
    """Places and assets that fit what was typed, to be added to a route."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = PLAN.get(request.user, pk, perm.PLAN_CHANGE)
        found = routes.look(plan, request.GET.get("q", ""))
        return render(request, "inspections/plan_found.html", {"object": plan, **found})


urls = [
    path("plans/new/", Write.as_view(crud=PLAN), name="plan_add"),
    path("plans/preview/", Preview.as_view(), name="plan_preview"),
    path("plans/<int:pk>/preview/", Preview.as_view(), name="plan_preview"),
    path("plans/<int:pk>/edit/", Write.as_view(crud=PLAN), name="plan_edit"),
    path("plans/<int:pk>/route/", Route.as_view(), name="plan_route"),
    path("plans/<int:pk>/route/found/", Found.as_view(), name="plan_found"),
    path("plans/<int:pk>/", Record.as_view(), name="plan"),
    *(path(f"plans/{url.pattern}", url.callback, url.default_args, url.name) for url in PLAN.urls),
]
