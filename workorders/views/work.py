"""Do: the worker's phone: the list of the day, one job, one large button for the next step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from flow.queries import attachments_of, history_of, told
from tenancy.access import can, hospitals
from ui.pages import Once, SignedIn, go, next_url
from workorders import domain, journey, pulse, working
from workorders import permissions as perm
from workorders.forms import ReasonForm, ScreenSignatureForm, WaitForm
from workorders.machine import ORDERS
from workorders.models import WorkOrder
from workorders.states import ARRIVED, DONE
from workorders.views.report import keep_photos
from workorders.work_forms import HelperForm, JobFinishForm, JobPhotoForm, JobRemarkForm, PartForm

PLAIN = "plain"
YEAR = 365 * 24 * 3600
AT_ONCE = ("accept", "arrive", "resume")
FORMS: dict[str, Any] = {
    "finish": JobFinishForm,
    "wait": WaitForm,
    "send_back": ReasonForm,
    "sign_on_screen": ScreenSignatureForm,
}
PAGES = {"finish": "workorders/work_finish.html", "sign_on_screen": "workorders/work_sign.html"}


class WorkView(SignedIn, View):
    """For those who do the work anywhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, perm.ORDER_WORK):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: int) -> WorkOrder:
        """404 for what one may not see; 403 for what one sees but does not work on."""
        related = ("service", "place", "unit", "team", "assignee", "asset", "reporter")
        orders = WorkOrder.objects.for_user(self.request.user, perm.ORDER_VIEW).select_related(*related)
        order = get_object_or_404(orders, pk=pk)
        if not can(self.request.user, perm.ORDER_WORK, order):
            raise PermissionDenied
        return order


def job_url(order: WorkOrder) -> str:
    return reverse("workorders:work_job", args=[order.pk])


class Home(WorkView):
    """Today's list; the same part answers the poll when something moved."""

    def facts(self, request: HttpRequest) -> dict[str, Any]:
        hospital = getattr(request, "hospital", None)
        return {"jobs": working.jobs(request.user, hospital["id"] if hospital else None), "version": self.version}

    @cached_property
    def version(self) -> str:
        return pulse.version(hospital["id"] for hospital in hospitals(self.request.user))

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "workorders/work_home.html", self.facts(request))


class Poll(Home):
    """Anything new? 204 while nothing moved."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("version") == self.version:
            return HttpResponse(status=204)
        return render(request, "workorders/work_home.html#jobs", self.facts(request))


class Plain(WorkView):
    """Larger type, for bad light; kept on this telephone."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = go(request, next_url(request, reverse("workorders:work")))
        if request.COOKIES.get(PLAIN):
            response.delete_cookie(PLAIN)
        else:
            response.set_cookie(PLAIN, "1", max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
        return response


class Job(WorkView):
    """One job: where, what, whom to call, and the next step."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.find(pk)
        offered = [step for step in ORDERS.available(order, request.user) if step.name in (*AT_ONCE, *FORMS)]
        main = next((step for step in offered if step.main or step.name == "sign_on_screen"), None)
        photos = list(attachments_of(order))
        facts = {
            "order": order,
            "main": main,
            "main_at_once": bool(main and main.name in AT_ONCE),
            "others": [step for step in offered if step is not main],
            "phone": order.phone or (order.unit.phone if order.unit else "") or order.place.phone,
            "photos": [photo for photo in photos if photo.kind != "signature"],
            "steps": journey.steps(order, history_of(order)),
            "lines": order.lines.order_by("id") if can(request.user, perm.COST_VIEW, order) else [],
            "mine": order.assignee_id == request.user.pk,
            "at_work": order.state in (ARRIVED, DONE),
        }
        return render(request, "workorders/work_job.html", facts)


class Step(WorkView):
    """A step of the worker: at once, or from a short form. Tapped twice it is one step."""

    def form(self, order: WorkOrder, name: str, *data: Any) -> Any:
        user = self.request.user
        if name != "finish":
            return FORMS[name](*data, actor=user, obj=order)
        causes, remedies = (working.usual_words(user, order, what) for what in ("cause", "remedy"))
        minutes = {"minutes": working.minutes_at_work(history_of(order), timezone.now())}
        return JobFinishForm(*data, actor=user, obj=order, initial=minutes, causes=causes, remedies=remedies)

    def show(self, order: WorkOrder, name: str, form: Any, status: int = 200) -> HttpResponse:
        page = PAGES.get(name, "workorders/work_step.html")
        return render(self.request, page, {"order": order, "step": ORDERS.by_name[name], "form": form}, status=status)

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        order = self.find(pk)
        if name not in FORMS or order.state not in ORDERS.by_name[name].sources:
            return go(request, job_url(order))
        return self.show(order, name, self.form(order, name))

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        if name not in (*AT_ONCE, *FORMS):
            raise Http404
        order = self.find(pk)
        form = None
        try:
            with transaction.atomic():
                form = self.form(order, name, request.POST, request.FILES) if name in FORMS else None
                if form is None or form.is_valid():
                    row = self.take(order, name, dict(form.cleaned_data) if form else {})
                    return self.done(row, name)
        except ValidationError as error:
            if getattr(error, "code", "") == "stale" or form is None:
                return too_late(request, order, name, error)
            form.refuse(error)
        return self.show(order, name, form, 422)

    def take(self, order: WorkOrder, name: str, data: dict[str, Any]) -> WorkOrder:
        """The minutes of helpers stand on the order already; the worker's own come on top."""
        keep_photos(order, self.request.user, data.pop("photos", []), kind="after")
        if name == "finish":
            data["minutes"] += order.minutes
        return ORDERS.move(order, name, self.request.user, **data)

    def done(self, order: WorkOrder, name: str) -> HttpResponse:
        """Say it, offer to take it back for ten seconds, and lead on."""
        step, kept = ORDERS.by_name[name], can(self.request.user, perm.ORDER_VIEW, order)
        undo = f"undo:{reverse('workorders:work_undo', args=[order.pk])}" if step.undoable and kept else ""
        said = _("%(what)s: %(step)s") % {"what": order.title, "step": step.label}
        messages.success(self.request, said, extra_tags=undo)
        stay = kept and name not in ("wait", "send_back", "sign_on_screen")
        return go(self.request, job_url(order) if stay else reverse("workorders:work"))


def too_late(request: HttpRequest, order: WorkOrder, name: str, error: ValidationError) -> HttpResponse:
    """My own second tap leads on; when somebody else was faster, the page says who did what."""
    moves = told().filter(subject="workorders.workorder", subject_id=order.pk, target__gt="")
    last = moves.order_by("-id").first()
    if last and last.verb == name and last.actor_id == request.user.pk:
        return go(request, job_url(order))
    order.refresh_from_db()
    facts = {"object": order, "reason": error.messages[0], "state": order.status, "url": job_url(order)}
    return render(request, "ui/stale.html", facts, status=409)


class Undo(WorkView):
    """Takes the worker's own last step back, for ten seconds."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.find(pk)
        try:
            ORDERS.undo(order, request.user)
        except ValidationError as error:
            return too_late(request, order, "undo", error)
        messages.success(request, _("%(what)s: taken back") % {"what": order.title})
        return go(request, job_url(order))


class Entry(WorkView):
    """Something written down beside the steps: a part, a helper, a word, a photo. Sent twice it stands once."""

    title: Any = ""
    form_class: Any = None

    def form(self, order: WorkOrder, *data: Any) -> Any:
        return self.form_class(*data, actor=self.request.user)

    def show(self, order: WorkOrder, form: Any, status: int = 200) -> HttpResponse:
        facts = {"order": order, "form": form, "title": self.title}
        return render(self.request, "workorders/work_entry.html", facts, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.find(pk)
        return self.show(order, self.form(order))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order, once = self.find(pk), Once(request)
        form = self.form(order, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(order, form, 422)
        if (first := once.earlier(job_url(order))) is not None:
            return go(request, first)
        try:
            with transaction.atomic():
                self.save(order, form.cleaned_data)
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(order, form, 422)
        once.done(job_url(order))
        return go(request, job_url(order))


class Part(Entry):
    """A part or another cost."""

    title, form_class = gettext_lazy("Part or cost"), PartForm

    def save(self, order: WorkOrder, data: dict[str, Any]) -> None:
        domain.add_line(order, self.request.user, kind="part", **data)


class Helper(Entry):
    """Who of the team helped, and how long."""

    title = gettext_lazy("Helper")

    def form(self, order: WorkOrder, *data: Any) -> HelperForm:
        return HelperForm(*data, actor=self.request.user, mates=working.mates(order, self.request.user))

    def save(self, order: WorkOrder, data: dict[str, Any]) -> None:
        mate = next(mate for mate in working.mates(order, self.request.user) if mate.user_id == data["person"])
        domain.add_line(
            order, self.request.user, kind="labour", text=mate.name, minutes=data["minutes"], person=mate.user
        )


class Remark(Entry):
    """A word on the timeline, with photos if one likes."""

    title, form_class = gettext_lazy("Remark"), JobRemarkForm

    def save(self, order: WorkOrder, data: dict[str, Any]) -> None:
        if data["text"].strip():
            domain.comment(order, self.request.user, data["text"])
        keep_photos(order, self.request.user, data["photos"])


class Photo(Entry):
    """Straight from the camera: before the work, or after it."""

    title, form_class = gettext_lazy("Photo"), JobPhotoForm

    def form(self, order: WorkOrder, *data: Any) -> JobPhotoForm:
        return JobPhotoForm(*data, actor=self.request.user, initial={"kind": self.request.GET.get("kind", "before")})

    def save(self, order: WorkOrder, data: dict[str, Any]) -> None:
        keep_photos(order, self.request.user, data["photos"], kind=data["kind"])


urls = [
    path("work/", Home.as_view(), name="work"),
    path("work/poll/", Poll.as_view(), name="work_poll"),
    path("work/plain/", Plain.as_view(), name="work_plain"),
    path("work/<int:pk>/", Job.as_view(), name="work_job"),
    path("work/<int:pk>/undo/", Undo.as_view(), name="work_undo"),
    path("work/<int:pk>/part/", Part.as_view(), name="work_part"),
    path("work/<int:pk>/helper/", Helper.as_view(), name="work_helper"),
    path("work/<int:pk>/remark/", Remark.as_view(), name="work_remark"),
    path("work/<int:pk>/photo/", Photo.as_view(), name="work_photo"),
    path("work/<int:pk>/<slug:name>/", Step.as_view(), name="work_step"),
]
