"""The forms of returns: a file with its mapping and period; an indicator."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import choices
from indicators import mapping, spans
from indicators.measures import offered
from indicators.models import SavedMapping
from indicators.queries import consortium_of
from indicators.states import DIRECTIONS, PERIODS, SIDES
from ui.forms import Form, SearchedChoices


class ReturnsForm(Form):
    """A file of returns. Its columns are assigned by a mapping that was kept, by one handed in beside it, or on the next page."""

    file = forms.FileField(label=_("File"), help_text=_("Excel (.xlsx) or CSV, one line a hospital."))
    period = forms.CharField(
        label=_("Period"),
        max_length=10,
        help_text=_("2026, 2026-27, 2026-Q4 or 2026-11. 2026-27 is a year of accounts."),
    )
    saved = forms.ModelChoiceField(
        SavedMapping.objects.none(),
        label=_("Columns as in"),
        required=False,
        empty_label=_("Assigned on the next page"),
    )
    mapping = forms.FileField(label=_("Mapping"), required=False, help_text=_("Or a JSON file: which column is which."))
    remember_as = forms.CharField(
        label=_("Keep the mapping as"), max_length=60, required=False, help_text=_("For the file of the next year.")
    )

    def prepare(self) -> None:
        field: Any = self.fields["saved"]
        field.queryset = SavedMapping.objects.filter(consortium=consortium_of(self.actor)).order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        assigned = self._mapping(cleaned)
        cleaned["assigned"] = None
        if assigned is not None:
            try:
                cleaned["assigned"] = mapping.check(assigned)
            except ValidationError as error:
                self.add_error("saved" if cleaned.get("saved") else "mapping", error)
                return cleaned
        if period := cleaned.get("period"):
            try:
                begins = (cleaned["assigned"] or {}).get("year_begins", spans.APRIL)
                cleaned["span"] = spans.parse(period, str(begins))
            except ValidationError as error:
                self.refuse(error)
        return cleaned

    def _mapping(self, cleaned: dict[str, Any]) -> Any:
        if handed := cleaned.get("mapping"):
            try:
                return json.loads(handed.read().decode("utf-8-sig"))
            except ValueError:
                self.add_error("mapping", _("This is no JSON file."))
                return None
        if kept := cleaned.get("saved"):
            return kept.mapping
        return None


class IndicatorForm(Form):
    """A ratio of two sums of measures: parts of the platform's own figures, and what hospitals report."""

    name = forms.CharField(label=_("Indicator"), max_length=120)
    meaning = forms.CharField(label=_("What it says"), max_length=300, required=False)
    numerator = forms.MultipleChoiceField(label=_("Sum of"), widget=SearchedChoices())
    denominator = forms.MultipleChoiceField(label=_("Divided by the sum of"), widget=SearchedChoices())
    factor = forms.DecimalField(
        label=_("Times"), max_digits=12, decimal_places=4, min_value=0, initial=1, help_text=_("100 for a share in %.")
    )
    unit = forms.CharField(label=_("Unit of measurement"), max_length=20, required=False)
    good = forms.ChoiceField(label=_("Direction"), choices=choices(DIRECTIONS), initial="watch")
    side = forms.ChoiceField(label=_("Side of the scorecard"), choices=choices(SIDES))
    period = forms.ChoiceField(label=_("Period"), choices=choices(PERIODS), required=False)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    owner = forms.CharField(label=_("Answered for by"), max_length=80, required=False)
    supervisor = forms.CharField(label=_("Supervised by"), max_length=80, required=False)
    on_breach = forms.CharField(label=_("What follows a breach"), max_length=200, required=False)
    active = forms.BooleanField(label=pgettext_lazy("of an indicator", "In use"), required=False)

    def prepare(self) -> None:
        consortium = self.obj.consortium if self.obj else consortium_of(self.actor)
        by_group: dict[str, list[tuple[str, str]]] = {}
        for one in offered(consortium.pk).values():
            by_group.setdefault(one.group, []).append((one.key, one.words))
        for part in ("numerator", "denominator"):
            field: Any = self.fields[part]
            field.choices = list(by_group.items())
        if self.obj is None:
            del self.fields["active"]

    def clean_period(self) -> str:
        return str(self.cleaned_data["period"] or "month")

    def clean_factor(self) -> Any:
        if not self.cleaned_data["factor"]:
            raise ValidationError(_("The factor must not be 0."))
        return self.cleaned_data["factor"]
