"""What is asked when a hazard is reported, and at each of its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from flow.states import choices
from hazards import queries
from hazards.models import Hazard
from hazards.states import GENERAL, GRADES, HEAD, MANAGER, REPORT, SOURCES
from tenancy.access import hospitals
from tenancy.models import Place
from tenancy.permissions import PLACE_VIEW
from ui.forms import DateInput, Form, RowField
from workorders import work_types
from workorders.ask_forms import PhotosField, WhoForm
from workorders.models import Service
from workorders.widgets import PlaceInput


def _departments(slugs: Any) -> list[tuple[str, Any]]:
    return [(slug, name.label) for slug, name in work_types.departments().items() if slug in slugs]


class SendForm(WhoForm):
    """The last screen of a report: how serious, a photo, a few words. The usual danger needs no field at all."""

    who_field = "found_name"
    title = forms.CharField(label=_("What is dangerous?"), max_length=80)
    department = forms.ChoiceField(label=_("Who should look at it?"), widget=forms.RadioSelect)
    photos = PhotosField(label=_("Photo"), required=False)
    description = forms.CharField(
        label=_("Anything to add?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    grade = forms.ChoiceField(
        label=_("How serious is it?"), choices=choices(GRADES), widget=forms.RadioSelect, initial=GENERAL
    )

    def __init__(self, *args: Any, modules: list[str], known: Any = None, **kwargs: Any):
        self.modules, self.known = modules, known
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        super().prepare()
        self.fields["department"].choices = _departments(self.modules)  # type: ignore[attr-defined]
        if self.known is not None:  # the picture said what it is and who answers for it
            del self.fields["title"], self.fields["department"]


class HazardForm(Form):
    """A hazard written down at the desk: found on a campaign, named by an authority, or told by telephone."""

    stores_key = True
    title = forms.CharField(label=_("What is dangerous"), max_length=80)
    place = RowField(Place, PLACE_VIEW, order_by="path", label=_("Place"), widget=PlaceInput())
    department = forms.ChoiceField(label=_("Department"))
    grade = forms.ChoiceField(label=_("Grade"), choices=choices(GRADES), widget=forms.RadioSelect, initial=GENERAL)
    source = forms.ChoiceField(label=_("Brought up by"), choices=choices(SOURCES), initial=REPORT)
    source_note = forms.CharField(
        label=_("Which campaign, which authority, which letter"), max_length=120, required=False
    )
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=_("Photo"), required=False)

    def prepare(self) -> None:
        on = {slug for hospital in hospitals(self.actor) for slug in hospital["modules"]}
        self.fields["department"].choices = _departments(self.obj.hospital.modules if self.obj else on)  # type: ignore[attr-defined]
        if self.obj is not None:  # grade and department change by a step of their own, with a reason
            self.stores_key = False
            for name in ("grade", "department", "photos"):
                del self.fields[name]


class _WithDeadline(Form):
    """A day by which it has to be rectified."""

    due_on = forms.DateField(label=_("Rectify by"), widget=DateInput())

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"due_on": max(obj.due_on, timezone.localdate())} if obj else {}


class _WithPerson(Form):
    """Somebody of the department's teams, or who heads it."""

    responsible = forms.ChoiceField(
        label=_("Who rectifies it"),
        widget=forms.Select(attrs={"size": 8}),
        error_messages={"required": _("Please choose.")},
    )

    def prepare(self) -> None:
        super().prepare()
        groups = [(team.name, [(one.user_id, one.name) for one in people]) for team, people in queries.crews(self.obj)]
        heads = {user.pk: user.name for role in (HEAD, MANAGER) for user in queries.of_role(role, self.obj)}
        groups = [group for group in groups if group[1]]
        self.fields["responsible"].choices = [*groups, (_("Heads"), list(heads.items()))]  # type: ignore[attr-defined]

    def clean_responsible(self) -> User:
        return User.objects.get(pk=int(self.cleaned_data["responsible"]))


class AssignForm(_WithPerson, _WithDeadline):
    """Who, by when, how serious, and how people are protected until then."""

    grade = forms.ChoiceField(label=_("Grade"), choices=choices(GRADES), widget=forms.RadioSelect)
    interim = forms.CharField(
        label=_("Until then"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("How people are protected until it is gone: closed off, switched off, watched."),
    )
    field_order = ("responsible", "due_on", "grade", "interim")

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {**super().initial_from(obj), "grade": obj.grade, "interim": obj.interim} if obj else {}


class ReassignForm(_WithPerson):
    """To somebody else, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"responsible": obj.responsible_id} if obj else {}


class RectifyForm(Form):
    """What was done, and the proof."""

    measures = forms.CharField(label=_("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(label=_("Photo of how it looks now"))

    def initial_from(self, obj: Any) -> dict[str, Any]:
        done = obj.order.remedy if obj and obj.order_id else ""
        return {"measures": (obj.measures or done) if obj else ""}


class VerifyForm(Form):
    """Seen on the spot: it is gone."""

    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AgainForm(_WithDeadline):
    """Why it is not gone, and the new day."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("reason", "due_on")

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"due_on": queries.last_day(obj.hospital_id, obj.grade, timezone.localdate())} if obj else {}


class PostponeForm(_WithDeadline):
    """Another day, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RegradeForm(_WithDeadline):
    """Another grade, the day that follows from it, and why."""

    grade = forms.ChoiceField(label=_("Grade"), choices=choices(GRADES), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("grade", "due_on", "reason")

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {**super().initial_from(obj), "grade": obj.grade} if obj else {}


class VoidForm(Form):
    """Why it is no hazard."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class OrderForm(Form):
    """Which service removes it."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), empty_label=_("Choose"))

    def prepare(self) -> None:
        hazard: Hazard = self.obj
        offered = Service.objects.filter(hospital=hazard.hospital_id, active=True, internal=False)
        field: Any = self.fields["service"]
        field.queryset = offered.filter(department__in=hazard.hospital.modules).order_by("department", "key")
        field.label_from_instance = lambda one: f"{work_types.department_of(one.department).label} · {one}"

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and cleaned.get("service") is None:
            raise ValidationError({"service": _("Please choose.")})
        return cleaned
