"""Arranging the service catalogue: what is promised, what must be ticked, which pictures wards choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flow.states import choices
from people import queries as people
from people.models import Skill
from tenancy.models import Team
from tenancy.permissions import TEAM_VIEW
from ui.forms import Form, RowField, Tiles
from workorders.models import Problem, Service
from workorders.states import RUNNINGS, URGENCIES
from workorders.widgets import LimitField

# What a picture may show; names of ui/icons.
PICTURES = (
    *("tool", "droplet", "bulb", "bolt", "plug", "bath", "door", "lock", "window", "bed", "armchair", "snowflake"),
    *(
        "temperature",
        "elevator",
        "phone",
        "wifi",
        "device-tv",
        "printer",
        "stethoscope",
        "wheelchair",
        "spray",
        "trash",
    ),
    *("biohazard", "hanger", "bug", "soup", "shield", "key", "car", "package", "truck", "flame", "alert-triangle"),
)


class NeededSkillsForm(Form):
    """The skills of the hospital's list that one person must have to do this work."""

    skills = forms.ModelMultipleChoiceField(
        Skill.objects.none(), label=_("Skills"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        field: Any = self.fields["skills"]
        offered = people.skills(self.actor, self.obj.hospital_id)
        field.queryset = Skill.objects.filter(pk__in=[skill.pk for skill in offered])

    def initial_from(self, obj: Any) -> dict[str, Any]:
        needed = Skill.objects.filter(hospital=obj.hospital_id, services__service_key=obj.key)
        return {"skills": list(needed)}


class ServiceForm(Form):
    """One service. Open orders keep the limits they were promised."""

    own_name = forms.CharField(label=_("Name"), max_length=40, required=False)
    team = RowField(Team, TEAM_VIEW, label=_("Usual team"), required=False, empty_label=_("None"))
    urgency = forms.ChoiceField(label=_("Usual urgency"), choices=choices(URGENCIES), widget=forms.RadioSelect)
    respond_normal = LimitField(label=_("Respond within, normal"))
    respond_urgent = LimitField(label=_("Respond within, urgent"))
    respond_critical = LimitField(label=_("Respond within, emergency"))
    complete_normal = LimitField(label=_("Complete within, normal"))
    complete_urgent = LimitField(label=_("Complete within, urgent"))
    complete_critical = LimitField(label=_("Complete within, emergency"))
    clock_normal = forms.ChoiceField(label=_("Clock, normal"), choices=choices(RUNNINGS), widget=forms.RadioSelect)
    clock_urgent = forms.ChoiceField(label=_("Clock, urgent"), choices=choices(RUNNINGS), widget=forms.RadioSelect)
    clock_critical = forms.ChoiceField(label=_("Clock, emergency"), choices=choices(RUNNINGS), widget=forms.RadioSelect)
    needs_signature = forms.BooleanField(label=_("Signed off by the ward"), required=False)
    is_safety = forms.BooleanField(label=_("Concerns safety: never closed unsigned"), required=False)
    usual_minutes = forms.IntegerField(label=_("Usual minutes of work"), min_value=1, max_value=1440)
    points = forms.DecimalField(label=_("Relative value points"), min_value=0, max_digits=6, decimal_places=2)
    own_musts = forms.CharField(
        label=_("The musts"), required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text=_("One a line.")
    )
    own_question = forms.CharField(label=_("What the reporter is asked"), max_length=80, required=False)
    active = forms.BooleanField(label=_("Offered"), required=False)

    def prepare(self) -> None:
        teams: Any = self.fields["team"]
        teams.queryset = teams.queryset.filter(
            hospital_id=self.obj.hospital_id, department=self.obj.department, closed_on=None
        )
        shipped = Service(key=self.obj.key)
        self.fields["own_name"].help_text = _("If left empty: %(name)s") % {"name": shipped}
        self.fields["own_musts"].help_text = _("One a line. Empty: %(musts)s") % {"musts": "; ".join(shipped.musts)}

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {**super().initial_from(obj), "own_musts": "\n".join(obj.own_musts)}

    def clean_own_musts(self) -> list[str]:
        musts = [line.strip() for line in self.cleaned_data["own_musts"].splitlines() if line.strip()]
        if any(len(must) > 80 for must in musts):
            raise forms.ValidationError(_("At most 80 characters a line, please."))
        return musts


class ProblemForm(Form):
    """A picture on the report page."""

    own_name = forms.CharField(label=_("Name"), max_length=40, required=False)
    icon = forms.ChoiceField(
        label=_("Picture"),
        choices=[(name, "") for name in PICTURES],
        widget=Tiles(pictures={name: name for name in PICTURES}),
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[("", _("As the service")), *choices(URGENCIES)],
        widget=forms.RadioSelect,
        required=False,
    )
    order = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=999, initial=50, help_text=_("Small numbers stand first.")
    )
    active = forms.BooleanField(label=_("Shown"), required=False, initial=True)

    def prepare(self) -> None:
        field: Any = self.fields["icon"]
        shown = (self.obj.icon, *PICTURES) if self.obj and self.obj.icon not in PICTURES else PICTURES
        field.choices = [(name, "") for name in shown]
        field.widget.pictures = {name: name for name in shown}
        if self.obj is None:
            self.fields["own_name"].required = True
            del self.fields["active"]
        else:
            self.fields["own_name"].help_text = _("If left empty: %(name)s") % {"name": Problem(key=self.obj.key)}


class MergeForm(Form):
    """Stop offering a service; its open orders go on under the other one."""

    into = forms.ModelChoiceField(Service.objects.none(), label=_("Goes on as"), empty_label=_("Choose"))

    def prepare(self) -> None:
        field: Any = self.fields["into"]
        others = Service.objects.filter(hospital_id=self.obj.hospital_id, department=self.obj.department, active=True)
        if self.obj.is_safety:
            others = others.filter(is_safety=True)
        field.queryset = others.exclude(pk=self.obj.pk).order_by("key")

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}
