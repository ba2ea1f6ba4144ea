"""Ask: follow, sign and rate, send back, withdraw; for wards. Reporting and doors have modules of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View

from flow.models import Attachment
from flow.queries import attachments_of, history_of, told
from tenancy.access import can
from ui.pages import SignedIn, go, next_url
from workorders import domain, journey, reporting
from workorders import permissions as perm
from workorders.ask_forms import ObjectionForm, RatingForm, ReasonForm, RemarkForm, ReworkForm
from workorders.machine import ORDERS
from workorders.models import WorkOrder
from workorders.states import CANCELLED, CLOSED, DONE, OPEN, SIGNED
from workorders.views import door, report
from workorders.views.report import keep_photos

RELATED = ("service", "place", "team", "assignee", "unit", "duplicate_of")
PAST = 20


def orders_for(user: Any) -> Any:
    return WorkOrder.objects.for_user(user, perm.ORDER_VIEW).select_related(*RELATED)


def order_for(request: HttpRequest, pk: int) -> WorkOrder:
    return get_object_or_404(orders_for(request.user), pk=pk)


def people_for(user: Any, order: WorkOrder) -> list[str]:
    """Whose names a shared account offers: the ward that signs."""
    if not user.is_shared:
        return []
    member = reporting.member_of(user, order.hospital_id)
    return reporting.colleagues(order.unit or (member.unit if member else None), user)


class Home(SignedIn, View):
    """My unit's reports: what waits for a signature, what is under way, what is done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, hospital = request.user, getattr(request, "hospital", None)
        units = reporting.units_of(user, hospital["id"] if hospital else None)
        mine = orders_for(user).filter(Q(unit__in=units) | Q(reporter=user))
        mine = mine.filter(hospital_id=hospital["id"]) if hospital else mine
        done = list(mine.filter(state=DONE).order_by("finished_at", "id")[:50])
        facts = {
            "units": units,
            "to_sign": [order for order in done if can(user, perm.ORDER_SIGN, order)],
            "under_way": mine.filter(state__in=OPEN).order_by("-reported_at", "-id")[:100],
            "past": mine.filter(state__in=(SIGNED, CLOSED, CANCELLED)).order_by("-reported_at", "-id")[:PAST],
        }
        return render(request, "workorders/ask_home.html", facts)


class Order(SignedIn, View):
    """Where is my request: how far it has come, who has it, what I can do now."""

    def get(self, request: HttpRequest, pk: int, form: RemarkForm | None = None, status: int = 200) -> HttpResponse:
        order = order_for(request, pk)
        offered = {step.name for step in ORDERS.available(order, request.user)}
        original = order.duplicate_of
        steps = journey.steps(order, history_of(order))
        if original:  # how far it is stands with the order that goes on; of its people the reporter reads the roles
            steps = journey.steps(original, history_of(original), visitor=True)[:-1] + steps
        facts = {
            "order": order,
            "original": original,
            "stops": journey.stops(original or order),
            "steps": steps,
            "photos": attachments_of(order).exclude(kind=Attachment.Kind.SIGNATURE),
            "offered": offered,
            "sent": "sent" in request.GET,
            "form": form or RemarkForm(actor=request.user),
            "may_write": can(request.user, perm.ORDER_COMMENT, order),
        }
        return render(request, "workorders/ask_order.html", facts, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A word to the technician, or another photo."""
        order = order_for(request, pk)
        form = RemarkForm(request.POST, request.FILES, actor=request.user)
        if form.is_valid():
            try:
                with transaction.atomic():
                    if form.cleaned_data["text"].strip():
                        domain.comment(order, request.user, form.cleaned_data["text"])
                    keep_photos(order, request.user, form.cleaned_data["photos"])
                return go(request, reverse("workorders:ask_order", args=[pk]))
            except ValidationError as error:
                form.refuse(error)
        return self.get(request, pk, form, 422)


class StepView(SignedIn, View):
    """A step of the reporter: asked for on a page, taken by a tap; taken twice it is one step."""

    step = ""
    template = "workorders/ask_step.html"
    form_class: Any = ReasonForm

    def form(self, order: WorkOrder, *data: Any, **initial: Any) -> Any:
        return self.form_class(*data, actor=self.request.user, initial=initial)

    def find(self, pk: int) -> WorkOrder:
        order = order_for(self.request, pk)
        if not can(self.request.user, ORDERS.by_name[self.step].permission, order):
            raise PermissionDenied
        return order

    def show(self, order: WorkOrder, form: Any, status: int = 200) -> HttpResponse:
        facts = {"order": order, "form": form, "step": ORDERS.by_name[self.step]}
        return render(self.request, self.template, facts, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.find(pk)
        if order.state not in ORDERS.by_name[self.step].sources:
            return go(request, reverse("workorders:ask_order", args=[pk]))
        return self.show(order, self.form(order))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.find(pk)
        form = self.form(order, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(order, form, 422)
        try:
            with transaction.atomic():
                self.take(order, dict(form.cleaned_data))
        except ValidationError as error:
            if getattr(error, "code", "") == "stale":
                return too_late(request, order, self.step, error)
            form.refuse(error)
            return self.show(order, form, 422)
        return self.done(order)

    def take(self, order: WorkOrder, data: dict[str, Any]) -> None:
        ORDERS.move(order, self.step, self.request.user, **data)

    def done(self, order: WorkOrder) -> HttpResponse:
        messages.success(self.request, _("%(what)s: %(step)s") % {"what": order.title, "step": self.label()})
        return go(self.request, next_url(self.request, reverse("workorders:ask_order", args=[order.pk])))

    def label(self) -> Any:
        return ORDERS.by_name[self.step].label


def too_late(request: HttpRequest, order: WorkOrder, step: str, error: ValidationError) -> HttpResponse:
    """My own second tap leads on; when somebody else was faster, the page says who did what."""
    last = told().filter(subject="workorders.workorder", subject_id=order.pk, target__gt="").order_by("-id")[:1]
    url = reverse("workorders:ask_order", args=[order.pk])
    if last and last[0].verb == step and last[0].actor_id == request.user.pk:
        return go(request, next_url(request, url))
    order.refresh_from_db()
    facts = {"object": order, "reason": error.messages[0], "state": order.status, "url": url}
    return render(request, "ui/stale.html", facts, status=409)


class Sign(StepView):
    """One tap on a star signs and rates; the page asks for each rating apart, and on a shared account who signs."""

    step = "sign"
    template = "workorders/ask_rate.html"
    form_class = RatingForm

    def form(self, order: WorkOrder, *data: Any, **initial: Any) -> RatingForm:
        if data and (stars := data[0].get("stars", "")) in ("1", "2", "3", "4", "5"):
            asked = data[0].copy()
            asked.update(dict.fromkeys(("attitude", "skill", "speed"), stars))
            data = (asked, *data[1:])
        people = people_for(self.request.user, order)
        return RatingForm(*data, actor=self.request.user, people=people, initial=initial)

    def done(self, order: WorkOrder) -> HttpResponse:
        undo = f"undo:{reverse('workorders:ask_undo', args=[order.pk])}"
        messages.success(self.request, _("Signed: %(what)s. Thank you.") % {"what": order.title}, extra_tags=undo)
        return go(self.request, next_url(self.request, reverse("workorders:ask")))


class Rework(StepView):
    """It is not done after all: why, and how it looks now."""

    step = "reopen"
    form_class = ReworkForm

    def take(self, order: WorkOrder, data: dict[str, Any]) -> None:
        photos = data.pop("photos", [])
        keep_photos(order, self.request.user, photos)
        super().take(order, data)


class Object(StepView):
    """The answer to a complaint does not satisfy: why."""

    step = "object"
    form_class = ObjectionForm


class Withdraw(StepView):
    """The report is not needed any more."""

    step = "withdraw"


class Undo(SignedIn, View):
    """Takes the reporter's own last step back, for ten seconds."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = order_for(request, pk)
        try:
            ORDERS.undo(order, request.user)
        except ValidationError as error:
            return too_late(request, order, "undo", error)
        messages.success(request, _("%(what)s: taken back") % {"what": order.title})
        return go(request, next_url(request, reverse("workorders:ask")))


urls = [
    path("ask/", Home.as_view(), name="ask"),
    *report.urls,
    *door.urls,
    path("ask/<int:pk>/", Order.as_view(), name="ask_order"),
    path("ask/<int:pk>/sign/", Sign.as_view(), name="ask_sign"),
    path("ask/<int:pk>/rework/", Rework.as_view(), name="ask_rework"),
    path("ask/<int:pk>/object/", Object.as_view(), name="ask_object"),
    path("ask/<int:pk>/withdraw/", Withdraw.as_view(), name="ask_withdraw"),
    path("ask/<int:pk>/undo/", Undo.as_view(), name="ask_undo"),
]
