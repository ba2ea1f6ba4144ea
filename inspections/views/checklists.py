"""Checklists: what is in force, how editions differ, and the steps from a draft to publication."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from inspections import changes, editions
from inspections import permissions as perm
from inspections.checklist_forms import PublishForm
from inspections.crud import CHECKLIST
from inspections.models import Checklist, Edition, Item, Plan
from inspections.states import CURRENT, DRAFT, OFFERED, OLD
from inspections.tables import validity
from tenancy.access import can, hospitals_with
from tenancy.modules import label_of
from ui.pages import Once, SignedIn, go, whole

STATES = (CURRENT, DRAFT, OFFERED)
AROUND = 20  # plans that are named on a checklist's page


def sections(items: list[Item]) -> list[tuple[str, list[Item]]]:
    """The items under the headings they stand in, in their order."""
    return [(heading, list(each)) for heading, each in groupby(items, key=lambda item: item.heading)]


def _chosen(found: list[Edition], asked: str) -> Edition | None:
    number = whole(asked)
    first = next((e for state in STATES for e in found if e.state == state), None)
    return next((e for e in found if e.number == number), first)


@login_required
@require_GET
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Its items in their sections, its standard, its editions with what each changed, and the plans that use it."""
    found = CHECKLIST.get(request.user, pk)
    every = list(found.editions.select_related("published_by").order_by("-number"))
    shown = _chosen(every, request.GET.get("edition", ""))
    items = list(shown.items.all()) if shown else []
    plans = Plan.objects.filter(checklist=found, hospital__in=hospitals_with(request.user, perm.CHECKLIST_VIEW))
    facts = {
        "object": found,
        "department": label_of(found.department),
        "editions": every,
        "edition": shown,
        "sections": sections(items),
        "count": len(items),
        "full_score": sum((item.points for item in items), Decimal(0)),
        "differs": _against(every, shown, items),
        "flag": validity(shown.valid_until) if shown else None,
        "drafted": next((e for e in every if e.state == DRAFT), None),
        "offered": next((e for e in every if e.state == OFFERED), None),
        "plans": list(plans.exclude(state="ended").select_related("hospital").order_by("name")[: AROUND + 1]),
        "may_change": can(request.user, perm.CHECKLIST_CHANGE, found),
        "may_copy": can(request.user, perm.CHECKLIST_CHANGE),
    }
    return CHECKLIST.render(request, "detail", **facts)


def _against(every: list[Edition], shown: Edition | None, items: list[Item]) -> dict[str, Any] | None:
    """How the edition shown differs from what it follows: what is in force for a draft, else the one before."""
    if shown is None:
        return None
    published = [e for e in every if e.state in (CURRENT, OLD) and e.number < shown.number]
    before = next((e for e in every if e.state == CURRENT and e.pk != shown.pk), None)
    if shown.state in (CURRENT, OLD):
        before = published[0] if published else None
    if before is None:
        return None
    return {"before": before, "found": changes.differences(before.items.all(), items)}


class Step(SignedIn, View):
    """A step with a checklist that is one button; back to its page afterwards."""

    done = ""

    def act(self, found: Checklist) -> str | None:
        """Do it; the address to go on to, if it is not the checklist's page."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found, once = CHECKLIST.get(request.user, pk, perm.CHECKLIST_CHANGE), Once(request)
        url = CHECKLIST.url_of(found)
        if (first := once.earlier(url)) is not None:
            return go(request, first)
        try:
            url = self.act(found) or url
        except ValidationError as error:
            once.failed()
            for message in error.messages:
                messages.error(request, message)
        else:
            once.done(url)
        return go(request, url)


class Discard(Step):
    """Throw the draft away, or decline the offer."""

    def act(self, found: Checklist) -> str | None:
        edition = get_object_or_404(
            found.editions, pk=whole(self.request.POST.get("edition")), state__in=(DRAFT, OFFERED)
        )
        editions.discard(self.request.user, edition)
        messages.success(self.request, _("Declined") if edition.state == OFFERED else _("Draft thrown away"))
        return None


class Retire(Step):
    """Offer it to no new plan, or again."""

    def act(self, found: Checklist) -> str | None:
        again = not found.active
        editions.retire(self.request.user, found, active=again)
        messages.success(self.request, _("In use again") if again else _("No longer in use"))
        return None


class Publish(SignedIn, View):
    """What a draft or an offer alters, for whom; then it is put in force."""

    def find(self, pk: int, number: int, states: tuple[str, ...] = (DRAFT, OFFERED)) -> tuple[Checklist, Edition]:
        found = CHECKLIST.get(self.request.user, pk, perm.CHECKLIST_CHANGE)
        return found, get_object_or_404(found.editions, number=number, state__in=states)

    def show(self, found: Checklist, edition: Edition, form: PublishForm, status: int = 200) -> HttpResponse:
        every, items = list(found.editions.all()), list(edition.items.all())
        reached = changes.what_it_alters(edition)
        facts = {
            "object": found,
            "edition": edition,
            "form": form,
            "count": len(items),
            "differs": _against(every, edition, items),
            "reached": reached,
            "rounds": sum(each.rounds for each in reached),
        }
        return render(self.request, "inspections/checklist_publish.html", facts, status=status)

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        found, edition = self.find(pk, number)
        return self.show(found, edition, PublishForm(actor=request.user, obj=edition))

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        (found, edition), once = self.find(pk, number, (*STATES, OLD)), Once(request)
        form, url = PublishForm(request.POST, actor=request.user, obj=edition), CHECKLIST.url_of(found)
        if edition.state in (CURRENT, OLD):  # the button pressed twice, or somebody was quicker
            messages.info(request, _("Edition %(number)s is published already.") % {"number": edition.number})
            return go(request, url)
        if form.is_valid():
            if (first := once.earlier(url)) is not None:
                return go(request, first)
            try:
                editions.publish(request.user, edition, form.cleaned_data["note"])
            except ValidationError as error:
                once.failed()
                form.refuse(error)
            else:
                once.done(url)
                messages.success(request, _("Edition %(number)s is in force") % {"number": edition.number})
                return go(request, url)
        return self.show(found, edition, form, 422)


urls = [
    path(
        "checklists/",
        include(
            [
                path("<int:pk>/", checklist, name="checklist"),
                path("<int:pk>/discard/", Discard.as_view(), name="checklist_discard"),
                path("<int:pk>/retire/", Retire.as_view(), name="checklist_retire"),
                path("<int:pk>/publish/<int:number>/", Publish.as_view(), name="checklist_publish"),
                *CHECKLIST.urls,
            ]
        ),
    ),
]
