"""A hospital's form: opened from a notice, filled in on the phone or the desk, kept as it is typed, handed in once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View

from flow.queries import history_of
from indicators import due_sheets, due_timeline, plausibility, requests
from indicators import permissions as perm
from indicators.machine import DUES
from indicators.models import ReturnDue
from indicators.request_crud import DUE
from indicators.request_forms import AssignForm, FillForm, SheetForm
from indicators.request_states import DEVIATION, GIVEN, TO_FILL
from indicators.request_tables import deadline
from tenancy.access import can
from ui.listing import EXCEL
from ui.pages import Once, SignedIn, go


class DueView(SignedIn, View):
    """What the pages of one return share."""

    def find(self, pk: int, *, fills: bool = False) -> ReturnDue:
        """404 for what one may not see; 403 where one may not fill in."""
        due: ReturnDue = DUE.get(self.request.user, pk)
        if fills and not can(self.request.user, perm.RETURN_FILL, due):
            raise PermissionDenied(perm.RETURN_FILL)
        return due

    def form(self, due: ReturnDue, *data: Any) -> FillForm:
        asked = plausibility.asked(due)
        corrects = "reason" in data[0] if data else due.state in GIVEN
        return FillForm(*data, actor=self.request.user, obj=due, asked=asked, corrects=corrects)

    def show(self, due: ReturnDue, form: FillForm, status: int = 200, **more: Any) -> HttpResponse:
        history = list(history_of(due))
        back = next((event for event in reversed(history) if event.verb == "send_back"), None)
        facts = {
            "object": due, "form": form, "deadline": deadline(due.due_on, due.state), "deviation": DEVIATION,
            "back": back if due.state not in GIVEN else None, "draft": due.draft,
            "timeline": due_timeline.tell(history, form.asked.quantities.values()),
            "sheet": SheetForm(actor=self.request.user), **more,
        }  # fmt: skip
        return TemplateResponse(self.request, "indicators/due_form.html", facts, status=status)


class Due(DueView):
    """The form while the hospital has to do something, and to correct; else what was handed in."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        due = self.find(pk)
        fills = can(request.user, perm.RETURN_FILL, due)
        if fills and (due.state in TO_FILL or "correct" in request.GET):
            return self.show(due, self.form(due))
        values = plausibility.settled(due)
        facts = {
            "crud": DUE, "object": due, "state": due.status, "deadline": deadline(due.due_on, due.state), "fills": fills,
            "values": values, "timeline": due_timeline.tell(history_of(due), [line[0] for line in values]),
            "steps": [step for step in DUES.available(due, request.user) if step.name in ("accept", "send_back")],
        }  # fmt: skip
        return TemplateResponse(request, "indicators/due.html", facts)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        due, once = self.find(pk, fills=True), Once(request)
        form = self.form(due, request.POST)
        if not form.is_valid():
            return self.show(due, form, 422)
        if (first := once.earlier(DUE.url_of(due))) is not None:
            return go(request, first)
        try:
            row = DUES.move(due, "correct" if form.corrects else "hand_in", request.user, **form.cleaned_data)
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(due, form, 409 if getattr(error, "code", "") == "stale" else 422)
        messages.success(request, _("%(what)s: handed in. Thank you.") % {"what": row})
        once.done(DUE.url_of(row))
        return go(request, DUE.url_of(row))


class Draft(DueView):
    """Keeps what was typed: by script as one types, by the button without."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        due = self.find(pk, fills=True)
        typed = {name: str(text) for name, text in request.POST.items() if name.startswith(requests.TYPED)}
        script = "application/json" in request.headers.get("Accept", "")
        try:
            row = requests.keep_draft(request.user, due, typed, request.POST.get("seen", ""))
        except ValidationError as error:
            if script:
                return JsonResponse({"why": error.messages[0]}, status=409)
            messages.error(request, error.messages[0])
            return go(request, DUE.url_of(due))
        if script:
            return JsonResponse({"seen": row.draft["at"], "said": _("Kept as a draft")})
        messages.success(request, _("Kept as a draft. Whoever opens this form goes on from here."))
        return go(request, DUE.url_of(due))


class Sheet(DueView):
    """The form as a workbook: fetched, and handed in again into the draft."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        due = self.find(pk, fills=True)
        content = due_sheets.template(due, plausibility.asked(due))
        headers = {"Content-Disposition": f'attachment; filename="{due_sheets.sheet_of(due)}.xlsx"'}
        return HttpResponse(content, EXCEL, headers=headers)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        due = self.find(pk, fills=True)
        form, sheet = self.form(due), SheetForm(request.POST, request.FILES, actor=request.user)
        faults: list[dict[str, str]] = []
        if sheet.is_valid():
            file = sheet.cleaned_data["file"]
            try:
                found = due_sheets.read(due, form.asked, file.read(), file.name)
                faults = found.faults
                if not faults:
                    requests.keep_draft(request.user, due, found.typed, request.POST.get("seen", ""))
                    messages.success(request, _("Read from the file. Please look through it and hand it in."))
                    return go(request, DUE.url_of(due))
                sheet.add_error("file", _("Nothing was read. These cells are to be corrected first:"))
            except ValidationError as error:
                sheet.refuse(error)
        return self.show(due, form, 422, sheet=sheet, faults=faults)


class Assign(DueView):
    """Somebody else fills it in from now on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        due = self.find(pk, fills=True)
        return self.ask(due, AssignForm(actor=request.user, obj=due))

    def ask(self, due: ReturnDue, form: AssignForm, status: int = 200) -> HttpResponse:
        facts = {"object": due, "form": form}
        return TemplateResponse(self.request, "indicators/due_assign.html", facts, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        due = self.find(pk, fills=True)
        form = AssignForm(request.POST, actor=request.user, obj=due)
        if form.is_valid():
            try:
                requests.assign(request.user, due, **form.cleaned_data)
                return go(request, DUE.url_of(due))
            except ValidationError as error:
                form.refuse(error)
        return self.ask(due, form, 422)
