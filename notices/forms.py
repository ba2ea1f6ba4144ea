"""What a person, an administrator or the desk is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices import rules
from notices.models import DAILY, Preference
from notices.states import BELL, CHOICES, MAIL
from ui.forms import Form


class TimeInput(forms.TimeInput):
    """The device's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PreferenceForm(Form):
    """`obj` is the person's present preference."""

    digest = forms.ChoiceField(
        label=_("E-mail comes"), choices=Preference._meta.get_field("digest").choices, required=False
    )
    digest_at = forms.TimeField(label=_("Once a day at"), widget=TimeInput, required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=TimeInput, required=False)
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        widget=TimeInput,
        required=False,
        help_text=_("What is to be mailed meanwhile waits until then. Emergencies come at once."),
    )

    def prepare(self) -> None:
        usual, chosen = rules.mailed(), self.obj.choices
        for kind, label in rules.kinds().items():
            field = forms.ChoiceField(label=label, choices=CHOICES, initial=MAIL if kind in usual else BELL)
            self.dress(field)
            self.fields[f"kind:{kind}"] = field
            self.initial.setdefault(f"kind:{kind}", chosen.get(kind, field.initial))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            raise ValidationError({"quiet_until": _("Quiet hours need a beginning and an end.")})
        if cleaned.get("digest") == DAILY and not cleaned.get("digest_at"):
            self.add_error("digest_at", _("When shall it come?"))
        usual = rules.mailed()
        names = [name for name in cleaned if name.startswith("kind:")]
        picked = {name.removeprefix("kind:"): cleaned.pop(name) for name in names}
        shipped = {kind: MAIL if kind in usual else BELL for kind in picked}
        return {**cleaned, "choices": {kind: choice for kind, choice in picked.items() if choice != shipped[kind]}}

    @property
    def when(self) -> list[Any]:
        return [self[name] for name in self.base_fields]

    @property
    def kinds(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("kind:")]
