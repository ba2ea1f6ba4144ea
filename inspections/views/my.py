"""Do: the rounds of the day on a phone, and one round from point to point, with or without network."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from flow.queries import told
from inspections import permissions as perm
from inspections import receiving, round_forms, sheet, today
from inspections.machine import ROUNDS
from inspections.models import Finding, Round
from inspections.round_tables import standing
from inspections.states import DONE, STARTED
from tenancy.access import can
from ui.pages import SignedIn, go

WORKER = Path(settings.BASE_DIR) / "static" / "js" / "round-worker.js"
AT_ONCE = ("start", "take")
FORMS: dict[str, Any] = {"ask_skip": round_forms.SkipForm, "sign_on_screen": round_forms.ScreenForm}


class WorkView(SignedIn, View):
    """For those who do rounds anywhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, perm.ROUND_WORK):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: int) -> Round:
        """404 for what one may not see; 403 for what one sees but does not do."""
        rounds = Round.objects.for_user(self.request.user, perm.ROUND_VIEW).select_related(*today.RELATED)
        round: Round = get_object_or_404(rounds, pk=pk)
        if not can(self.request.user, perm.ROUND_WORK, round):
            raise PermissionDenied
        return round


def my_url(round: Round) -> str:
    return reverse("inspections:my", args=[round.pk])


class Today(WorkView):
    """What is under way, what is late, what is due today; mine and my team's."""

    def get(self, request: HttpRequest) -> HttpResponse:
        hospital = getattr(request, "hospital", None)
        day = today.day_of(request.user, hospital["id"] if hospital else None)
        return render(request, "inspections/today.html", {"day": day})


@method_decorator(csp_update({"script-src": [SELF, "'wasm-unsafe-eval'"]}), name="get")  # the lent reader of labels
class My(WorkView):
    """One round: before it is begun, from point to point, and when it is done."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = self.find(pk)
        mine = round.assignee_id == request.user.pk
        offered = [step for step in ROUNDS.available(round, request.user) if step.name in (*AT_ONCE, *FORMS)]
        facts = {"round": round, "steps": offered, "mine": mine, "state": standing(round.state, round.late_from)}
        if round.state == STARTED and mine and not round.on_paper:
            return render(
                request, "inspections/my_round.html", {**facts, "sheet": sheet.for_phone(round, request.user)}
            )
        if round.state == DONE:
            found = Finding.objects.filter(round=round).select_related("order", "hazard", "answer__item")
            facts |= {"findings": found.order_by("id"), "rest": round.rests.order_by("id").first()}
        return render(request, "inspections/my_card.html", facts)


class Step(WorkView):
    """Start, take, ask to skip, the ward's signature. Tapped twice it is one step."""

    def show(self, round: Round, name: str, form: Any, status: int = 200) -> HttpResponse:
        page = "inspections/my_sign.html" if name == "sign_on_screen" else "inspections/my_step.html"
        facts = {"round": round, "step": ROUNDS.by_name[name], "form": form}
        return render(self.request, page, facts, status=status)

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        round = self.find(pk)
        if name not in FORMS or round.state not in ROUNDS.by_name[name].sources:
            return go(request, my_url(round))
        return self.show(round, name, FORMS[name](actor=request.user, obj=round))

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        if name not in (*AT_ONCE, *FORMS):
            raise Http404
        round, form = self.find(pk), None
        try:
            with transaction.atomic():
                form = FORMS[name](request.POST, actor=request.user, obj=round) if name in FORMS else None
                if form is not None and not form.is_valid():
                    return self.show(round, name, form, 422)
                row = ROUNDS.move(round, name, request.user, **(form.cleaned_data if form else {}))
        except ValidationError as error:
            return self.refused(round, name, form, error)
        if name != "start":
            undo = f"undo:{reverse('inspections:my_undo', args=[pk])}" if ROUNDS.by_name[name].undoable else ""
            said = _("%(what)s: %(step)s") % {"what": row.plan.name, "step": ROUNDS.by_name[name].label}
            messages.success(request, said, extra_tags=undo)
        return go(request, my_url(round))

    def refused(self, round: Round, name: str, form: Any, error: ValidationError) -> HttpResponse:
        if getattr(error, "code", "") == "stale":
            return too_late(self.request, round, name, error)
        if form is None:
            messages.error(self.request, error.messages[0])
            return go(self.request, my_url(round))
        form.refuse(error)
        return self.show(round, name, form, 422)


def too_late(request: HttpRequest, round: Round, name: str, error: ValidationError) -> HttpResponse:
    """My own second tap leads on; when somebody else was faster, the page says who did what."""
    moves = told().filter(subject="inspections.round", subject_id=round.pk, target__gt="")
    last = moves.order_by("-id").first()
    if last and last.verb == name and last.actor_id == request.user.pk:
        return go(request, my_url(round))
    round.refresh_from_db()
    facts = {"object": round, "reason": error.messages[0], "state": round.status, "url": my_url(round)}
    return render(request, "ui/stale.html", facts, status=409)


class Undo(WorkView):
    """Takes the person's own last step back, for ten seconds."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = self.find(pk)
        try:
            ROUNDS.undo(round, request.user)
        except ValidationError as error:
            return too_late(request, round, "undo", error)
        messages.success(request, _("%(what)s: taken back") % {"what": round.plan.name})
        return go(request, my_url(round))


class Send(WorkView):
    """What the phone has gathered. Says of each entry whether it was taken; a batch of somebody else's is refused whole."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = self.find(pk)
        if request.POST.get("user") != str(request.user.pk):
            return JsonResponse({"why": _("These answers belong to somebody else.")}, status=409)
        try:
            entries = json.loads(request.POST.get("entries") or "null")
        except (ValueError, RecursionError):
            entries = None
        try:
            taken = receiving.receive(request.user, round, entries, request.FILES, request.POST.get("sent_at", ""))
        except ValidationError as error:
            return JsonResponse({"why": " ".join(error.messages)}, status=422)
        return JsonResponse({"taken": taken, "now": timezone.now().isoformat()})


class Who(SignedIn, View):
    """Who is signed in on this phone now, and the token with which their page sends."""

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = JsonResponse({"user": request.user.pk, "token": get_token(request)})
        answer["Cache-Control"] = "no-store"
        return answer


@cache
def _worker() -> bytes:
    return WORKER.read_bytes()


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The part of the phone's page that stays when the network goes. It answers for the whole site, so it lies at its root."""
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


urls = [
    path("my/", Today.as_view(), name="today"),
    path("my/who/", Who.as_view(), name="my_who"),
    path("worker.js", worker, name="worker"),
    path("my/<int:pk>/", My.as_view(), name="my"),
    path("my/<int:pk>/send/", Send.as_view(), name="my_send"),
    path("my/<int:pk>/undo/", Undo.as_view(), name="my_undo"),
    path("my/<int:pk>/<slug:name>/", Step.as_view(), name="my_step"),
]
