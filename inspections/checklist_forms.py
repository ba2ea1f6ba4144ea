"""Forms about checklists as a whole: a new one, its name, its standard, its publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections import permissions as perm
from inspections.models import Checklist, Edition
from inspections.queries import checklists
from tenancy import access
from tenancy.models import Consortium, Hospital
from tenancy.modules import choices as departments
from ui.forms import DateInput, Form

ALL = "all"


class ChecklistForm(Form):
    """A new checklist, or another name for one."""

    name = forms.CharField(label=_("Name"), max_length=60)
    department = forms.ChoiceField(label=_("Department"), choices=departments)
    whose = forms.ChoiceField(label=_("For"), widget=forms.RadioSelect)
    like = forms.ModelChoiceField(
        Checklist.objects.none(), label=_("Begin with the items of"), required=False, empty_label=_("None")
    )
    assesses = forms.BooleanField(
        label=_("An assessment with points"), required=False, help_text=_("Each item gives points when it passes.")
    )

    def prepare(self) -> None:
        if self.obj is not None:
            del self.fields["department"], self.fields["whose"], self.fields["like"]
            if self.obj.shipped_name:
                self.fields["name"].required = False
                self.fields["name"].help_text = _("If left empty: %(name)s") % {"name": Checklist(key=self.obj.key)}
            return
        begun: Any = self.fields["like"]
        begun.queryset = checklists(self.actor).filter(active=True).order_by("department", "pk")
        self.offered = self._offered()
        field: Any = self.fields["whose"]
        field.choices = [(key, str(label)) for key, (label, _row) in self.offered.items()]
        field.initial = next(iter(self.offered), "")
        department: Any = self.fields["department"]
        department.choices = [(key, label) for key, label in departments() if self._writes(key)]

    def _writes(self, department: str) -> bool:
        """May the person write checklists of this department for any of those offered?"""
        homes = [row if isinstance(row, Hospital) else None for _label, row in self.offered.values()]
        whose = [row.consortium if isinstance(row, Hospital) else row for _label, row in self.offered.values()]
        rows = [Checklist(consortium=c, home=home, department=department) for c, home in zip(whose, homes, strict=True)]
        return any(access.can(self.actor, perm.CHECKLIST_CHANGE, row) for row in rows)

    def _offered(self) -> dict[str, tuple[Any, Any]]:
        """Key → (words, row): the consortium for its office, and every hospital whose checklists the person writes."""
        here = access.hospitals_with(self.actor, perm.CHECKLIST_CHANGE)
        found: dict[str, tuple[Any, Any]] = {}
        for hospital in Hospital.objects.filter(pk__in=here, is_open=True).select_related("consortium"):
            found[str(hospital.pk)] = (hospital.name, hospital)
        for consortium in Consortium.objects.filter(pk__in={h.consortium_id for _n, h in found.values()}):
            if access.can(self.actor, perm.CHECKLIST_CHANGE, Checklist(consortium=consortium, department="")):
                found = {ALL: (_("All hospitals"), consortium), **found}
        return found

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"name": obj.own_name, "assesses": obj.assesses} if obj else {}

    def clean_whose(self) -> Any:
        return self.offered[self.cleaned_data["whose"]][1]


def _field(model: Any, name: str, **options: Any) -> Any:
    return model._meta.get_field(name).formfield(**options)


class HeadForm(Form):
    """Which law or standard an edition follows."""

    standard = _field(Edition, "standard", help_text=_("With its number, such as GB 31654-2021."))
    clause = _field(Edition, "clause")
    standard_edition = _field(Edition, "standard_edition")
    valid_from = _field(Edition, "valid_from", widget=DateInput())
    valid_until = _field(
        Edition,
        "valid_until",
        widget=DateInput(),
        help_text=_("The list flags it 30 days before, so that it is looked at."),
    )
    statutory = _field(Edition, "statutory")
    to_confirm = _field(Edition, "to_confirm")


class PublishForm(Form):
    """What is new, for those who work with it."""

    note = forms.CharField(
        label=_("What is new"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
