"""Forms about checklists as a whole: a new one, its name, its standard, its publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections import permissions as perm
from inspections.models import Checklist
from tenancy import access
from tenancy.models import Consortium, Hospital
from tenancy.modules import choices as departments
from ui.forms import Form

ALL = "all"


class ChecklistForm(Form):
    """A new checklist, or another name for one."""

    name = forms.CharField(label=_("Name"), max_length=60)
    department = forms.ChoiceField(label=_("Department"), choices=departments)
    whose = forms.ChoiceField(label=_("For"), widget=forms.RadioSelect)
    assesses = forms.BooleanField(
        label=_("An assessment with points"), required=False, help_text=_("Each item gives points when it passes.")
    )

    def prepare(self) -> None:
        if self.obj is not None:
            del self.fields["department"], self.fields["whose"]
            if self.obj.shipped_name:
                self.fields["name"].required = False
                self.fields["name"].help_text = _("Empty: %(name)s") % {"name": Checklist(key=self.obj.key)}
            return
        self.offered = self._offered()
        field: Any = self.fields["whose"]
        field.choices = [(key, str(label)) for key, (label, _row) in self.offered.items()]
        field.initial = next(iter(self.offered), "")

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


class PublishForm(Form):
    """What is new, for those who work with it."""

    note = forms.CharField(
        label=_("What is new"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
