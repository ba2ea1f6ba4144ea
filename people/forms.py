"""Forms of shifts, changes of a day, duties, skills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import board, queries
from people.domain import usual_times
from people.models import Shift, ShiftSkill, Skill
from people.states import Level
from tenancy.models import Membership, Team
from ui.forms import DateInput, Form


class TimeInput(forms.TimeInput):
    """The device's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ShiftForm(Form):
    """A shift's short name and hours."""

    name = forms.CharField(label=_("Name"), max_length=12, help_text=_("Short: it stands in every cell of the week."))
    starts = forms.TimeField(label=_("From"), widget=TimeInput())
    ends = forms.TimeField(
        label=_("Until"), widget=TimeInput(), help_text=_("Earlier than the beginning: the next morning.")
    )
    needs = forms.ModelMultipleChoiceField(
        Skill.objects.none(), label=_("Certificates needed"), required=False, widget=forms.CheckboxSelectMultiple(),
        help_text=_("From today on, who works this shift is counted as certified only with all of these, valid that day."),
    )  # fmt: skip

    def __init__(self, *args: Any, team: Team, **kwargs: Any):
        self.team = team
        super().__init__(*args, **kwargs)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        if obj is None:
            return {}
        asked = ShiftSkill.objects.filter(shift=obj, last_day=None).values_list("skill", flat=True)
        return {"name": obj.name, "starts": obj.starts, "ends": obj.ends, "needs": list(asked)}

    def prepare(self) -> None:
        field: Any = self.fields["needs"]
        field.queryset = Skill.objects.filter(hospital=self.team.hospital_id, active=True).order_by("key")
        if not field.queryset:
            del self.fields["needs"]


class ChangeForm(Form):
    """Change places with a colleague for a day, or work one more shift. `obj` is the membership."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    other = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Change places with"), required=False, empty_label=_("Nobody")
    )
    shift = forms.ModelChoiceField(
        Shift.objects.none(), label=_("One more shift"), required=False, empty_label=_("None")
    )

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        fields: Any = self.fields
        today = timezone.localdate()
        team = self.obj.team
        fields["other"].queryset = queries.crew(team, today, today).exclude(pk=self.obj.pk)
        fields["shift"].queryset = Shift.objects.filter(pk__in=[shift.pk for shift in board.in_use(team, today)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("other")) == bool(cleaned.get("shift")):
            self.add_error("other", _("Please choose a colleague, or one more shift."))
        return cleaned


class DutyForm(Form):
    """Who is called in one night. `people` are those who may be chosen."""

    member = forms.ModelChoiceField(Membership.objects.none(), label=_("Who"), required=False, empty_label=_("Nobody"))
    starts = forms.TimeField(label=_("From"), widget=TimeInput())
    ends = forms.TimeField(
        label=_("Until"), widget=TimeInput(), help_text=_("Not later than the beginning: the next day.")
    )

    def __init__(self, *args: Any, people: Any, day: date, **kwargs: Any):
        self.people, self.day = people, day
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        field: Any = self.fields["member"]
        field.queryset = self.people
        if self.obj is None:
            self.initial["starts"], self.initial["ends"] = usual_times(self.day)


class SkillForm(Form):
    """A skill of the hospital's own."""

    name = forms.CharField(label=_("Name"), max_length=40)


class PersonSkillForm(Form):
    """A skill somebody has. `obj` is the membership."""

    skill = forms.ModelChoiceField(Skill.objects.none(), label=_("Skill"), empty_label=_("Choose"))
    level = forms.TypedChoiceField(
        label=_("Level"), choices=[("", "—"), *Level.choices], coerce=int, empty_value=None, required=False
    )
    valid_from = forms.DateField(
        label=_("Valid from"), widget=DateInput(), required=False,
        help_text=_("The first day on the certificate. Without one it counts from today on."),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("Valid until"), widget=DateInput(), required=False, help_text=_("The last day on the certificate.")
    )
    document = forms.CharField(label=_("Number of the certificate"), max_length=60, required=False)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        field: Any = self.fields["skill"]
        field.queryset = Skill.objects.filter(hospital=self.obj.hospital_id, active=True).order_by("key")

    def clean_valid_from(self) -> date | None:
        return self._day("valid_from")

    def clean_valid_until(self) -> date | None:
        return self._day("valid_until")

    def _day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and abs(day - timezone.localdate()) > timedelta(days=36525):
            self.add_error(name, _("Please check the year."))
        return day
