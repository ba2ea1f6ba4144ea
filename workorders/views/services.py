"""Steer: the service catalogue of a hospital, and the pictures wards choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_GET

from people import domain as people
from people.queries import skills_of_service
from tenancy.access import can
from ui.pages import Once, SignedIn, go
from workorders import catalogue, promises, work_types
from workorders import permissions as perm
from workorders.catalogue_forms import MergeForm, NeededSkillsForm, ProblemForm
from workorders.crud import SERVICE
from workorders.models import Service
from workorders.states import URGENCIES


@login_required
@require_GET
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """What is promised, what must be ticked, which pictures lead here."""
    found = SERVICE.get(request.user, pk)
    problems = found.problems.order_by("order", "id")
    may_change = can(request.user, perm.SERVICE_CHANGE, found)
    facts = {
        "object": found,
        "limits": promises.lines(found),
        "urgency": URGENCIES[found.urgency],
        "department": work_types.department_of(found.department),
        "problems": list(problems if may_change else problems.filter(active=True)),
        "may_change": may_change,
        "skills": skills_of_service(found.hospital_id, found.key),
    }
    return SERVICE.render(request, "detail", **facts)


class ServicePart(SignedIn, View):
    """A form about a part of a service; back to the service afterwards."""

    title: Any = ""
    kind: Any = ProblemForm

    def find(self, **keys: int) -> tuple[Service, Any]:
        found = SERVICE.get(self.request.user, keys["pk"], perm.SERVICE_CHANGE)
        return found, self.part(found, **keys)

    def part(self, found: Service, **keys: int) -> Any:
        return None

    def save(self, found: Service, part: Any, data: dict[str, Any]) -> str:
        raise NotImplementedError

    def show(self, found: Service, form: Any, status: int = 200) -> HttpResponse:
        facts = {"object": found, "form": form, "title": self.title}
        return render(self.request, "workorders/service_part.html", facts, status=status)

    def get(self, request: HttpRequest, **keys: int) -> HttpResponse:
        found, part = self.find(**keys)
        return self.show(found, self.kind(actor=request.user, obj=part))

    def post(self, request: HttpRequest, **keys: int) -> HttpResponse:
        (found, part), once = self.find(**keys), Once(request)
        form, url = self.kind(request.POST, actor=request.user, obj=part), SERVICE.url_of(found)
        if form.is_valid():
            if once.earlier(url) is not None:
                return go(request, url)
            try:
                form.still_stands()
                said = self.save(found, part, form.cleaned_data)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
            else:
                once.done(url)
                messages.success(request, said)
                return go(request, url)
        return self.show(found, form, 422)


class AddProblem(ServicePart):
    title = gettext_lazy("Add a picture")

    def save(self, found: Service, part: Any, data: dict[str, Any]) -> str:
        return _("%(what)s: added") % {"what": catalogue.add_problem(found, self.request.user, **data)}


class EditProblem(ServicePart):
    title = gettext_lazy("Edit the picture")

    def part(self, found: Service, **keys: int) -> Any:
        return get_object_or_404(found.problems.select_related("service"), pk=keys["problem"])

    def save(self, found: Service, part: Any, data: dict[str, Any]) -> str:
        return _("%(what)s: saved") % {"what": catalogue.edit_problem(part, self.request.user, **data)}


class Skills(ServicePart):
    """Who is sent must have these; the desk's suggestion names who lacks one."""

    title = gettext_lazy("Skills that the work needs")
    kind = NeededSkillsForm

    def part(self, found: Service, **keys: int) -> Any:
        return found

    def save(self, found: Service, part: Any, data: dict[str, Any]) -> str:
        user = self.request.user
        people.need_skills(user, found.hospital, found.key, found.department, data["skills"])
        return _("%(what)s: saved") % {"what": found}


class Merge(ServicePart):
    title = gettext_lazy("Merge into another service")
    kind = MergeForm

    def part(self, found: Service, **keys: int) -> Any:
        return found

    def save(self, found: Service, part: Any, data: dict[str, Any]) -> str:
        catalogue.merge_services(found, data["into"], self.request.user)
        return _("%(what)s goes on as %(into)s") % {"what": found, "into": data["into"]}


urls = [
    path("services/<int:pk>/", service, name="service"),
    path("services/<int:pk>/pictures/new/", AddProblem.as_view(), name="problem_add"),
    path("services/<int:pk>/pictures/<int:problem>/", EditProblem.as_view(), name="problem_edit"),
    path("services/<int:pk>/skills/", Skills.as_view(), name="service_skills"),
    path("services/<int:pk>/merge/", Merge.as_view(), name="service_merge"),
    path("services/", include(SERVICE.urls)),
]
