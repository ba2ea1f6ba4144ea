"""What is asked at each step of the loop."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from assessment import queries
from assessment.states import ANEW, EXCLUDES, FROZEN, LATE, REASONS, WAYS, WRONG_TARGET
from flow.states import choices
from kpi.aims import Aim, aims
from tenancy.models import Hospital
from ui.forms import DateInput, Form


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """A list of uploads; what is wrong with one of them is said when it is kept."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=FilesInput(attrs={"accept": "image/*,application/pdf", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(file, initial) for file in data or []]


def _words(label: Any, most: int = 1000, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 3}), **options)


class AppealForm(Form):
    """Why the figure is wrong, with what shows it."""

    stores_key = False
    reason = forms.ChoiceField(label=_("Reason"), choices=(), widget=forms.RadioSelect)
    text = _words(pgettext_lazy("of a figure", "What is wrong?"))
    files = FilesField(label=_("Files that show it"), required=False)

    def prepare(self) -> None:
        offered = [(key, label) for key, label in choices(REASONS) if key != LATE or queries.late_of([self.obj.pk])]
        self.fields["reason"].choices = offered  # type: ignore[attr-defined]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class _Deciding(Form):
    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class UpholdForm(_Deciding):
    """How the figure is restated, and why the hospital is right."""

    decision = _words(_("Reason of the decision"))
    leave_out = forms.TypedMultipleChoiceField(
        label=_("Records that do not count"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    way = forms.ChoiceField(label=_("What is restated"), choices=WAYS, widget=forms.RadioSelect)
    target = forms.DecimalField(label=_("The target that holds"), max_digits=20, decimal_places=4, required=False)
    field_order = ("leave_out", "way", "target", "decision")

    def prepare(self) -> None:
        records = [(n, name) for n, (_subject, _pk, name) in enumerate(self.obj.records)]
        if records:
            self.fields["leave_out"].choices = records  # type: ignore[attr-defined]
            self.fields["leave_out"].initial = [n for n, _name in records]
        else:
            del self.fields["leave_out"]
        self.fields["way"].initial = FROZEN if records or self.obj.reason == WRONG_TARGET else ANEW
        if self.obj.reason != WRONG_TARGET:
            del self.fields["target"]


class RejectForm(_Deciding):
    decision = _words(_("Reason of the decision"), 500)


class ApproveForm(_Deciding):
    decision = _words(_("Remark"), 500, required=False)


def _owner_choices(hospital: Hospital) -> list[tuple[int, str]]:
    return [(user.pk, user.name) for user, _department in queries.owners(hospital)]


class PlanForm(Form):
    """What is done, by whom, until when, and what the figure should become."""

    what = _words(_("What is done?"), 500)
    owner = forms.TypedChoiceField(label=_("Owner"), coerce=int, choices=())
    due_on = forms.DateField(label=pgettext_lazy("deadline", "By"), widget=DateInput())
    expected = forms.DecimalField(
        label=_("Expected value"), max_digits=20, decimal_places=4, required=False,
        help_text=_("What the figure should become by then."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["owner"].choices = [("", _("Choose")), *_owner_choices(self.obj.hospital)]  # type: ignore[attr-defined]
        if self.aim and self.aim.unit:
            self.fields["expected"].label = f"{self.fields['expected'].label} ({self.aim.unit})"

    @cached_property
    def aim(self) -> Aim | None:
        """In which unit people write a value of this figure, and where its scale ends."""
        return aims(self.obj.hospital.consortium_id).get(self.obj.key)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        target = getattr(obj, "target", None) or getattr(getattr(obj, "figure", None), "target", None)
        if target is not None:
            target = f"{(target / (self.aim.scale if self.aim else 1)).normalize():f}"
        return {"due_on": timezone.localdate() + timedelta(days=30), "expected": target}

    def clean_expected(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["expected"]
        if value is None or self.aim is None:
            return value
        if words := self.aim.refused(value):
            raise ValidationError(words)
        return value * self.aim.scale

    def clean_owner(self) -> User:
        return User.objects.get(pk=self.cleaned_data["owner"])


class DoneForm(_Deciding):
    note = _words(_("What came of it?"), 500)


class CommentForm(_Deciding):
    note = _words(_("Why is the target missed, and what follows?"), 500)


class PostponeForm(_Deciding):
    due_on = forms.DateField(label=pgettext_lazy("deadline", "By"), widget=DateInput())
    reason = _words(_("Reason"), 500)


class DropForm(_Deciding):
    reason = _words(_("Reason"), 500)


class PublishForm(Form):
    """The last look before all members read it."""

    note = _words(_("What the office says to it"), 500, required=False)


class RulesForm(Form):
    """When months close and how long people have."""

    close_day = forms.IntegerField(label=_("A month closes on this day of the next"), min_value=1, max_value=28)
    close_hour = forms.IntegerField(label=_("At this hour"), min_value=0, max_value=23)
    answer_days = forms.IntegerField(label=_("Days to accept or appeal"), min_value=1, max_value=60)
    decide_days = forms.IntegerField(label=_("Days to decide an appeal"), min_value=1, max_value=60)
    comment_days = forms.IntegerField(
        label=_("Days to comment on amber, to plan against red"), min_value=1, max_value=60
    )


class ExclusionForm(Form):
    """Why these records should not count; the records themselves are ticked in the list below."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(key, REASONS[key].label) for key in EXCLUDES], widget=forms.RadioSelect
    )
    text = _words(_("In words"), 500, required=False)


def month_of(text: str) -> date:
    """The month an address names: "2026-10". Raises ValidationError."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ValidationError({"month": _("Please choose a month.")}) from error
