"""Forms of the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, AssetDuty, Kind
from assets.states import DUTY_LAWS, OTHER_DUTY, PERIODIC
from flow.models import Attachment
from tenancy import modules
from tenancy.models import Place, Unit
from tenancy.permissions import PLACE_VIEW, UNIT_VIEW
from ui.forms import DateInput, Form, RowField


def _field(name: str, **options: Any) -> Any:
    """The field of the model, with its words and limits."""
    return Asset._meta.get_field(name).formfield(**options)  # type: ignore[union-attr]


class AssetForm(Form):
    """Everything the register knows of a thing. Moving it is choosing another place."""

    name = _field("name")
    code = _field("code", help_text=_("The number on its plate; no other asset of the hospital has it."))
    kind = forms.ModelChoiceField(Kind.objects.none(), label=_("Kind"), required=False, empty_label=_("Choose"))
    new_kind = forms.CharField(
        label=_("New kind"), max_length=60, required=False, help_text=_("Only if none of the kinds above fits.")
    )
    family = forms.ChoiceField(
        label=_("Family of the new kind"), choices=[("", "—"), *Kind.Family.choices], required=False
    )
    place = RowField(Place, PLACE_VIEW, order_by="path", label=_("Place"))
    custodian = RowField(Unit, UNIT_VIEW, label=_("Custodian unit"), required=False)
    department = forms.ChoiceField(
        label=_("Kept by the department"),
        required=False,
        help_text=_("Empty: the department that keeps this kind of thing."),
    )
    criticality = _field("criticality")
    maker = _field("maker")
    model = _field("model")
    serial = _field("serial")
    supplier = _field("supplier")
    bought_on = _field("bought_on", widget=DateInput())
    warranty_until = _field("warranty_until", widget=DateInput())
    value = _field("value", min_value=0)
    note = _field("note", widget=forms.Textarea())

    def prepare(self) -> None:
        department: Any = self.fields["department"]
        department.choices = [("", "—"), *modules.choices()]
        kind: Any = self.fields["kind"]
        kind.queryset = Kind.objects.order_by("family", "name")  # the consortium's, by the wall
        hospital = self.obj.hospital_id if self.obj else self.hospital["id"] if self.hospital else None
        for name in ("place", "custodian"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.filter(closed_on=None)
            if hospital:
                field.queryset = field.queryset.filter(hospital_id=hospital)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("kind") and not cleaned.get("new_kind"):
            self.add_error("kind", ValidationError(_("Please choose what kind of thing it is, or enter a new kind.")))
        if cleaned.get("new_kind") and not cleaned.get("kind") and not cleaned.get("family"):
            self.add_error("family", ValidationError(_("Please choose the family of the new kind.")))
        return cleaned


class ReasonForm(Form):
    """Why an asset is sealed or condemned."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea())


class FileForm(Form):
    """A photo or document for the asset's file."""

    file = forms.FileField(label=_("Photo or PDF"), widget=forms.ClearableFileInput(attrs={"accept": "image/*,.pdf"}))
    kind = forms.ChoiceField(
        label=_("What it shows"),
        choices=[
            (Attachment.Kind.DOCUMENT, Attachment.Kind.DOCUMENT.label),
            (Attachment.Kind.BEFORE, _("Photo of its state")),
        ],
    )


class MeterForm(Form):
    """What counts on an asset: running hours, starts, kilowatt-hours."""

    name = forms.CharField(label=_("Name of the meter"), max_length=40)
    unit = forms.CharField(label=_("Unit of measurement"), max_length=12, required=False)


class ReadingForm(Form):
    """What a meter shows."""

    value = forms.DecimalField(
        label=_("Reading"),
        min_value=0,
        max_digits=13,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autofocus": True}),
    )
    replaced = forms.BooleanField(label=_("It is a new meter"), required=False)


class LabelsForm(Form):
    """Which labels, how large."""

    SIZES = (("a4", _("A4 sheet, 24 labels of 70 × 37 mm")), ("40x30", _("Label printer, 40 × 30 mm")))
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("At"),
        help_text=_("Everything at this place and below it."),
        empty_label=_("Choose"),
    )
    size = forms.ChoiceField(label=_("Size"), choices=SIZES, widget=forms.RadioSelect, initial="a4")

    def prepare(self) -> None:
        field: Any = self.fields["place"]
        wide = (Place.Kind.HOSPITAL, Place.Kind.CAMPUS, Place.Kind.BUILDING, Place.Kind.FLOOR)
        field.queryset = Place.objects.for_user(self.actor, PLACE_VIEW).filter(kind__in=wide, closed_on=None)
        if self.hospital:
            field.queryset = field.queryset.filter(hospital_id=self.hospital["id"])
        field.queryset = field.queryset.order_by("hospital_id", "path")


def _of_duty(name: str, **options: Any) -> Any:
    return AssetDuty._meta.get_field(name).formfield(**options)  # type: ignore[union-attr]


class DutyForm(Form):
    """By when the law wants what; renewed with the number of the new certificate."""

    name = _of_duty("name")
    done_on = _of_duty("done_on", widget=DateInput())
    due_on = _of_duty("due_on", widget=DateInput())
    apply_by = _of_duty("apply_by", widget=DateInput(), help_text=_("Where it has to be applied for before it ends."))
    applied_on = _of_duty("applied_on", widget=DateInput())
    document = _of_duty("document")
    law = _of_duty("law")
    clause = _of_duty("clause")

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        self.kind = kind
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if self.kind != OTHER_DUTY:
            del self.fields["name"]
        if self.kind != PERIODIC:
            del self.fields["apply_by"], self.fields["applied_on"]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        """A new one is entered with the law of its kind and the days that follow from it; the hospital may write otherwise."""
        if obj is not None:
            return super().initial_from(obj)
        law, clause, months, before = DUTY_LAWS.get(self.kind, ("", "", 0, 0))
        facts: dict[str, Any] = {"law": law, "clause": clause}
        if months:
            due_on = timezone.localdate() + timedelta(days=365 * months // 12)
            facts |= {"due_on": due_on, "apply_by": due_on - timedelta(days=before) if before else None}
        return facts
