"""Steer: somebody is ill today, and their orders go to others, in one step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from people import permissions as people_perm
from people import queries as duty
from people.models import Absence
from tenancy.access import can
from tenancy.models import Membership
from ui.pages import Once, SignedIn, go
from workorders import absence, domain
from workorders import permissions as perm
from workorders.absence_forms import MOST, AbsenceForm, HandOverForm
from workorders.models import WorkOrder

NAMED = 5  # orders somebody else moved that are named one by one


class MarkAbsent(SignedIn, View):
    """The person's orders, why they are away, who takes over. Already absent: only what is still in their hands."""

    def find(self, pk: int) -> Membership:
        """404 for people one knows nothing of, 403 for those one may see but not mark absent."""
        member = Membership.objects.select_related("team", "user", "hospital").filter(pk=pk).first()
        if member is None or not duty.working(member.hospital_id, timezone.localdate()).filter(pk=pk).exists():
            raise Http404
        row = Absence(hospital_id=member.hospital_id, member=member)
        if not can(self.request.user, people_perm.ABSENCE_CHANGE, row):
            if can(self.request.user, people_perm.ABSENCE_VIEW, row):
                raise PermissionDenied(people_perm.ABSENCE_CHANGE)
            raise Http404
        return member

    def form(self, member: Membership, *data: Any) -> HandOverForm:
        mine = WorkOrder.objects.for_user(self.request.user, perm.ORDER_DISPATCH)
        orders = list(absence.in_hand(member.user_id, member.hospital_id).filter(pk__in=mine.values("pk"))[:MOST])
        self.absence = Absence.objects.filter(
            member=member, withdrawn=False, first_day__lte=timezone.localdate(), last_day__gte=timezone.localdate()
        ).first()
        kind = HandOverForm if self.absence else AbsenceForm
        return kind(*data, actor=self.request.user, member=member, orders=orders)

    def page(self, member: Membership, form: HandOverForm, status: int = 200) -> HttpResponse:
        others = domain.open_work_of(member.user, member.hospital_id) - len(form.orders)
        facts = {"member": member, "form": form, "absence": self.absence, "others": others, "back": self.back()}
        return render(self.request, "workorders/absence.html", facts, status=status)

    def back(self) -> str:
        return reverse("people:absence_list")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        member = self.find(pk)
        return self.page(member, self.form(member))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        member = self.find(pk)
        form, once = self.form(member, request.POST), Once(request)
        here = reverse("workorders:absence", args=[pk])
        if not form.is_valid():
            return self.page(member, form, 422)
        if (first := once.earlier(here)) is not None:
            return go(request, first)
        try:
            answer = self.act(member, form)
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.page(member, form, 422)
        except BaseException:
            once.failed()
            raise
        self.tell(member, answer)
        once.done(url := here if answer.left else self.back())
        return go(request, url)

    def act(self, member: Membership, form: HandOverForm) -> absence.Answer:
        if isinstance(form, AbsenceForm):
            return absence.mark_absent(self.request.user, member, form.targets(), **form.absence())
        why = f"{member.name}: {self.absence.get_reason_display()}" if self.absence else member.name
        return absence.hand_over(self.request.user, member, form.targets(), why)

    def tell(self, member: Membership, answer: absence.Answer) -> None:
        """What was done, what somebody else had done before, what is still there."""
        count = len(answer.moved)
        said = ngettext("%(count)s order handed over.", "%(count)s orders handed over.", count) % {"count": count}
        entered = _("%(name)s is marked absent.") % {"name": member.name} if answer.absence else ""
        messages.success(self.request, " ".join(part for part in (entered, said if count else "") if part) or said)
        for line in answer.missed[:NAMED]:
            messages.warning(self.request, line)
        if rest := len(answer.missed[NAMED:]):
            messages.warning(self.request, _("%(count)s more had been moved meanwhile.") % {"count": rest})


urls = [path("absence/<int:pk>/", MarkAbsent.as_view(), name="absence")]
