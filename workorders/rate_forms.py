"""Setting a labour rate: for whom, how much, from when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy import access
from tenancy.models import Engagement, Hospital, Team
from ui.forms import DateInput, Form
from workorders import permissions as perm
from workorders import work_types
from workorders.rates import may_set


class RateForm(Form):
    """Everything that was finished before keeps its cost."""

    whom = forms.ChoiceField(
        label=_("For whom"), help_text=_("The nearest rate counts: team or firm, department, hospital.")
    )
    price = forms.DecimalField(label=_("Yuan per hour"), min_value=0, max_digits=8, decimal_places=2)
    valid_from = forms.DateField(
        label=_("From"), widget=DateInput(), initial=timezone.localdate,
        help_text=_("Counts for work finished on this day or later. What was finished before keeps its cost."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.whose: dict[str, dict[str, Any]] = {}
        groups = [(h["name"], self._offered(h)) for h in self._hospitals()]
        field: Any = self.fields["whom"]
        field.choices = groups if len(groups) > 1 else [pair for _name, pairs in groups for pair in pairs]

    def _hospitals(self) -> list[dict[str, Any]]:
        may = access.hospitals_with(self.actor, perm.RATE_CHANGE)
        chosen = self.hospital["id"] if self.hospital else None
        found = [h for h in access.hospitals(self.actor) if h["id"] in may and chosen in (None, h["id"])]
        here = {"hospital_id__in": [h["id"] for h in found]}
        self.teams = list(Team.objects.filter(**here, closed_on=None).order_by("department", "name"))
        engaged = Engagement.objects.filter(**here).select_related("contractor").order_by("contractor__name")
        today = timezone.localdate()
        self.firms = [e for e in engaged if e.ends_on is None or e.ends_on >= today]
        return found

    def _offered(self, hospital: dict[str, Any]) -> list[tuple[str, str]]:
        pk, names = hospital["id"], work_types.departments()
        offered = [self._offer(pk, str(_("Everybody else")))]
        offered += [self._offer(pk, str(names[slug].label), slug) for slug in hospital["modules"] if slug in names]
        for team in self.teams:
            if team.hospital_id == pk:
                offered.append(self._offer(pk, f"{_named(team.department)} · {team.name}", team.department, team=team))
        for firm in {(e.department, e.contractor_id): e for e in self.firms if e.hospital_id == pk}.values():
            label = f"{_named(firm.department)} · {firm.contractor.name}"
            offered.append(self._offer(pk, label, firm.department, firm=firm.contractor))
        return [pair for pair in offered if pair is not None]

    def _offer(
        self, hospital: int, label: str, department: str = "", team: Any = None, firm: Any = None
    ) -> tuple[str, str] | None:
        if not may_set(self.actor, hospital, department, team, firm):
            return None
        key = f"{hospital}.{department}.{team.pk if team else ''}.{firm.pk if firm else ''}"
        self.whose[key] = {"hospital": hospital, "department": department, "team": team, "contractor": firm}
        return key, label

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        whose = self.whose[data.pop("whom")]
        return {**data, **whose, "hospital": Hospital.objects.get(pk=whose["hospital"])}


def _named(department: str) -> str:
    return str(work_types.department_of(department).label)
