"""The call sheet: a telephone report, written down while the caller speaks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from flow.states import choices
from tenancy.models import Hospital, Place
from tenancy.pinyin import initials
from ui.forms import Form
from workorders import reporting
from workorders.models import Problem, Service
from workorders.states import PHONE, URGENCIES
from workorders.widgets import PlaceInput


class Pictures(forms.RadioSelect):
    """All problems at a glance; typing a few letters leaves those that fit."""

    template_name = "workorders/widgets/pictures.html"

    groups: list[reporting.Group] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["chosen"] = str(value or "")
        context["widget"]["groups"] = [
            (group, [(key_of(tile), tile, f"{tile.label} {initials(str(tile.label))}") for tile in group.tiles])
            for group in self.groups
        ]
        return context


def key_of(tile: reporting.Tile) -> str:
    return f"p{tile.problem}" if tile.problem else f"s{tile.service}"


class CallForm(Form):
    """Where, what, who: the rest is known from the extension."""

    stores_key = True
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Extension or place"), widget=PlaceInput(attrs={"autofocus": True})
    )
    what = forms.ChoiceField(label=_("What is wrong"), widget=Pictures)
    title = forms.CharField(label=_("In the caller's words"), max_length=80, required=False)
    reporter_name = forms.CharField(label=_("Who calls"), max_length=60, required=False)
    phone = forms.CharField(label=_("Call back"), max_length=30, required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[("", _("As usual")), *choices(URGENCIES)],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def prepare(self) -> None:
        self.fields["place"].queryset = reporting.reportable(self.actor)  # type: ignore[attr-defined]
        groups = reporting.groups(Hospital.objects.get(pk=self.hospital["id"])) if self.hospital else []
        field: Any = self.fields["what"]
        field.widget.groups = groups
        field.choices = [(key_of(tile), tile.label) for group in groups for tile in group.tiles]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        what, place = data.pop("what", ""), data.get("place")
        if self.errors or not place:
            return data
        if self.hospital and place.hospital_id != self.hospital["id"]:
            raise ValidationError({"place": _("This place is in another hospital.")})
        problem = Problem.objects.filter(pk=what[1:]).select_related("service").first() if what[0] == "p" else None
        service = problem.service if problem else Service.objects.get(pk=what[1:])
        unit = reporting.unit_at(place)
        phone = data["phone"] or place.phone or (unit.phone if unit else "")
        name = data["reporter_name"] or (unit.name if unit else str(place)[:60])
        facts = {"problem": problem, "service": service, "unit": unit, "channel": PHONE}
        return {**data, **facts, "phone": phone, "reporter_name": name}
