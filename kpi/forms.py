"""The form of a target."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi import registry
from kpi.permissions import TARGET_CHANGE
from kpi.registry import PERCENT, STARS, WATCH
from tenancy.models import Hospital
from ui.forms import DateInput, Form, RowField


class TargetForm(Form):
    """What a figure should reach, from when, for whom, decided by whom."""

    kpi = forms.ChoiceField(label=_("Figure"))
    hospital = RowField(
        Hospital, TARGET_CHANGE, order_by="code", label=_("Hospital"), required=False,
        empty_label=_("All hospitals of the consortium"),
    )  # fmt: skip
    target = forms.DecimalField(
        label=_("Target"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        help_text=_("In the unit of the figure: %, stars."),
    )
    floor = forms.DecimalField(
        label=_("Lowest acceptable value"), max_digits=12, decimal_places=2, min_value=0, required=False,
        help_text=_("Between it and the target the figure is amber, beyond it red."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From"), widget=DateInput(), initial=timezone.localdate)
    decided = forms.CharField(
        label=_("Decided by"),
        max_length=200,
        required=False,
        help_text=_("Date of the meeting and number of the minutes."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["kpi"]
        field.choices = [
            (kpi.key, kpi.label) for kpi in registry.measured() if kpi.unit in (PERCENT, STARS) and kpi.good != WATCH
        ]
