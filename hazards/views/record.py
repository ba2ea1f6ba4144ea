"""One hazard: facts, photos before and after, what happened, its notice on paper, its work order."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from flow.models import Attachment
from flow.queries import attachments_of, history_of
from hazards import domain, papers, timeline
from hazards import permissions as perm
from hazards.crud import HAZARD
from hazards.forms import OrderForm
from hazards.models import Hazard
from hazards.states import FINAL, GRADES, LIVE, SOURCES
from hazards.tables import deadline
from tenancy.access import can
from ui.pages import Once, SignedIn, go
from workorders import states as order_states
from workorders.permissions import ORDER_REPORT, ORDER_VIEW
from workorders.work_types import department_of


def may_open_order(user: object, hazard: Hazard) -> bool:
    """While somebody has to do something, and no work order is under way."""
    steers = can(user, perm.HAZARD_ASSIGN, hazard) or can(user, perm.HAZARD_RECTIFY, hazard)
    free = hazard.order is None or hazard.order.state in order_states.FINAL
    return steers and free and hazard.state in LIVE and can(user, ORDER_REPORT)


@login_required
@require_GET
def hazard(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one hazard."""
    found, user = HAZARD.get(request.user, pk), request.user
    files, told = list(attachments_of(found)), timeline.tell(history_of(found), user)
    facts = {
        "object": found,
        "state": found.status,
        "grade": GRADES[found.grade],
        "source": SOURCES[found.source],
        "department": department_of(found.department).label,
        "deadline": deadline(found.due_on, found.state),
        "before": [file for file in files if file.kind == Attachment.Kind.BEFORE],
        "after": [file for file in files if file.kind == Attachment.Kind.AFTER],
        "timeline": told,
        "round_url": next((entry.url for entry in told if entry.url), ""),
        "may_change": can(user, perm.HAZARD_ASSIGN, found) and found.state not in FINAL,
        "may_order": may_open_order(user, found),
        "sees_order": found.order is not None and can(user, ORDER_VIEW, found.order),
        "order_done": found.order is not None and found.order.finished_at and found.state in ("open", "assigned"),
    }
    return HAZARD.render(request, "detail", **facts)


@login_required
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The rectification notice on paper."""
    found = HAZARD.get(request.user, pk)
    name = f'inline; filename="{found.number}.pdf"'
    return HttpResponse(papers.notice(found), "application/pdf", headers={"Content-Disposition": name})


class Order(SignedIn, View):
    """Have a work order remove it."""

    def find(self, pk: int) -> Hazard:
        found: Hazard = HAZARD.get(self.request.user, pk)
        if not may_open_order(self.request.user, found):
            raise PermissionDenied(perm.HAZARD_ASSIGN)
        return found

    def show(self, found: Hazard, form: OrderForm, status: int = 200) -> HttpResponse:
        return HAZARD.render(self.request, "order", "form", status=status, object=found, form=form)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.find(pk)
        return self.show(found, OrderForm(actor=request.user, obj=found))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found, once = self.find(pk), Once(request)
        form, url = OrderForm(request.POST, actor=request.user, obj=found), HAZARD.url_of(found)
        if not form.is_valid():
            return self.show(found, form, 422)
        if (earlier := once.earlier(url)) is not None:
            return go(request, earlier)
        try:
            made = domain.open_order(request.user, found, **form.cleaned_data)
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(found, form, 422)
        once.done(url)
        messages.success(request, _("%(what)s: opened") % {"what": made})
        return go(request, url)


urls = [
    path("<int:pk>/notice.pdf", notice, name="hazard_notice"),
    path("<int:pk>/order/", Order.as_view(), name="hazard_order"),
    path("<int:pk>/", hazard, name="hazard"),
    path("", include(HAZARD.urls)),
]
