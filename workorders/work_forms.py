"""What a technician fills in with wet hands: ticks, chips and steppers before words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Form
from workorders.ask_forms import PhotosField, RemarkForm


class Stepper(forms.NumberInput):
    """A number with large buttons for less and more."""

    template_name = "workorders/work_stepper.html"


class JobFinishForm(Form):
    """The musts one by one, the minutes, what it was and what was done, a photo of how it looks now."""

    musts = forms.MultipleChoiceField(
        label=_("The musts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick each of the musts.")},
    )
    minutes = forms.IntegerField(label=_("Your minutes"), min_value=0, max_value=60 * 24 * 31, widget=Stepper)
    cause_pick = forms.ChoiceField(label=_("Cause"), widget=forms.RadioSelect, required=False)
    cause = forms.CharField(label=_("Cause, in words"), max_length=200, required=False)
    remedy_pick = forms.ChoiceField(label=_("What was done"), widget=forms.RadioSelect, required=False)
    remedy = forms.CharField(label=_("What was done, in words"), max_length=200, required=False)
    photos = PhotosField(label=_("Photo after the work"), required=False)

    def __init__(self, *args: Any, causes: list[str] = (), remedies: list[str] = (), **kwargs: Any):  # type: ignore[assignment]
        self.usual = {"cause": causes, "remedy": remedies}
        super().__init__(*args, **kwargs)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        musts: Any = self.fields["musts"]
        musts.choices = [(must, must) for must in self.obj.service.musts]
        for name, words in self.usual.items():
            pick: Any = self.fields[f"{name}_pick"]
            pick.choices = [(word, word) for word in words]
            if not words:
                del self.fields[f"{name}_pick"]
                self.fields[name].label = {"cause": _("Cause"), "remedy": _("What was done")}[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.usual:
            picked = cleaned.pop(f"{name}_pick", "")
            cleaned[name] = (cleaned.get(name) or "").strip() or picked
        return cleaned


class PartForm(Form):
    """A part or another cost: what, how many, at which price."""

    text = forms.CharField(label=_("Part or cost"), max_length=120)
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=0, max_digits=10, decimal_places=2, initial=1, widget=Stepper
    )
    price = forms.DecimalField(label=_("Price, yuan"), min_value=0, max_digits=12, decimal_places=2, initial=0)


class HelperForm(Form):
    """Who helped, and how long."""

    person = forms.TypedChoiceField(label=_("Who helped"), coerce=int, widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=60 * 24, initial=15, widget=Stepper)

    def __init__(self, *args: Any, mates: list[Any] = (), **kwargs: Any):  # type: ignore[assignment]
        self.mates = {mate.user_id: mate for mate in mates}
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        person: Any = self.fields["person"]
        person.choices = [(pk, mate.name) for pk, mate in self.mates.items()]


class JobRemarkForm(RemarkForm):
    """What colleagues and the ward should know."""

    def prepare(self) -> None:
        self.fields["text"].label = _("Remark")


class JobPhotoForm(Form):
    """A photo before or after the work, straight from the camera."""

    kind = forms.ChoiceField(choices=[("before", ""), ("after", "")], widget=forms.HiddenInput)
    photos = PhotosField(label=_("Photo"))
