"""What is asked to write a plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Kind
from flow.states import choices
from inspections import permissions as perm
from inspections.catalogue import shipped
from inspections.models import Checklist, Plan
from inspections.plan_queries import checklists_to_plan, teams_to_plan
from inspections.states import MONTH, ONE_ASSET, STEPS, YEAR
from inspections.wording import DAYS
from people.models import Skill
from tenancy.access import can, hospitals_with
from tenancy.models import Hospital, Place, Team, Unit
from tenancy.permissions import PLACE_VIEW, UNIT_VIEW
from ui.forms import DateInput, Form, RowField
from workorders.widgets import PlaceInput

NTH = [("", "—"), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (-1, _("the last"))]
DAY_OF_MONTH = [("", "—"), *((day, str(day)) for day in range(1, 32)), (-1, _("the last day"))]
MOST_HOURS = 366 * 24  # of the window of a round
MONTHS = [(month, str(month)) for month in range(1, 13)]
WEEKDAYS = list(enumerate(DAYS))
SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("What"), ("name", "checklist", "subject", "asset", "kind", "place", "ordered")),
    (
        _("How often"),
        (
            *("every", "step", "weekdays", "month_day", "nth", "weekday", "at", "until", "starts_on", "ends_on"),
            *("basis", "on_holiday", "offset_days", "months", "spread_days", "meter_every", "meter"),
        ),
    ),
    (
        _("By whom"),
        (
            *("team", "skill", "minutes", "opens_before", "grace"),
            *("unit", "needs_signature", "statutory"),
        ),
    ),
)
# A field is shown where another one has one of these values (plans.js); without a script all are.
SHOWN_FOR = {
    "asset": "subject=asset",
    "kind": "subject=assets",
    "place": "subject=assets place route",
    "ordered": "subject=route",
    "spread_days": "subject=assets",
    "weekdays": "step=week",
    "month_day": "step=month year",
    "nth": "step=month year",
    "weekday": "step=month year",
    "until": "step=hour",
    "meter": "subject=asset assets",
    "meter_every": "subject=asset assets",
}


def _field(name: str, **options: Any) -> Any:
    """The field of the model, with its words and limits."""
    return Plan._meta.get_field(name).formfield(**options)  # type: ignore[union-attr]


def _number(**options: Any) -> Any:
    return forms.TypedChoiceField(coerce=int, empty_value=None, required=False, **options)


def _several(**options: Any) -> Any:
    widget = forms.CheckboxSelectMultiple
    return forms.TypedMultipleChoiceField(coerce=int, required=False, widget=widget, empty_value=[], **options)


class PlanForm(Form):
    """A plan as a whole. What does not go with what was chosen is left out by the domain."""

    name = _field("name")
    checklist = forms.ModelChoiceField(Checklist.objects.none(), label=_("Checklist"), empty_label=_("Choose"))
    subject = _field("subject", widget=forms.RadioSelect)
    asset = forms.CharField(label=_("Asset code"), max_length=30, required=False)
    kind = forms.ModelChoiceField(
        Kind.objects.none(), label=_("Kind of asset"), required=False, empty_label=_("Choose")
    )
    place = RowField(Place, PLACE_VIEW, order_by="path", label=_("Place"), required=False, widget=PlaceInput())
    ordered = _field("ordered")

    every = _field("every", min_value=1, max_value=366)
    step = forms.ChoiceField(
        label=_("Step"), choices=[*choices(STEPS), ("", _("by the meter only"))], required=False, initial=MONTH
    )
    weekdays = _several(label=_("Weekdays"), choices=WEEKDAYS)
    month_day = _number(
        label=_("Day of the month"), choices=DAY_OF_MONTH, help_text=_("In a shorter month its last day.")
    )
    nth = _number(label=_("Or which of the month"), choices=NTH)
    weekday = _number(label=_("weekday"), choices=[("", "—"), *WEEKDAYS])
    at = _field("at", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    until = _field("until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    starts_on = _field("starts_on", widget=DateInput())
    ends_on = _field("ends_on", widget=DateInput())
    basis = _field("basis", widget=forms.RadioSelect)
    on_holiday = _field("on_holiday", help_text=_("Weekends are days off too, unless the rhythm names the weekday."))
    offset_days = _field("offset_days", required=False, min_value=-60, max_value=60)
    months = _several(label=_("Only in these months"), choices=MONTHS)
    spread_days = _field(
        "spread_days", required=False, max_value=366, help_text=_("Each asset on a day of its own. 0: all on one day.")
    )
    meter_every = _field(
        "meter_every",
        min_value=Decimal("0.1"),
        help_text=_("Whichever comes first; both count from the last completion."),
    )
    meter = _field("meter", help_text=_("Its name at the asset."))

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=_("Choose"))
    skill = forms.ModelChoiceField(Skill.objects.none(), label=_("Skill needed"), required=False, empty_label="—")
    minutes = _field("minutes", min_value=1, max_value=1440)
    opens_before = _field("opens_before", max_value=MOST_HOURS)
    grace = _field("grace", max_value=MOST_HOURS)
    unit = RowField(Unit, UNIT_VIEW, label=_("Unit visited"), required=False, empty_label="—")
    needs_signature = _field("needs_signature")
    statutory = _field("statutory")

    def prepare(self) -> None:
        mine = self.mine()
        fields: dict[str, Any] = self.fields
        shared_or_ours = Q(home=None) | Q(home__in=mine)
        lists = checklists_to_plan(self.actor).filter(shared_or_ours)
        fields["checklist"].queryset = lists.order_by("department", "key")
        fields["kind"].queryset = Kind.objects.order_by("family", "name")
        teams = Team.objects.filter(teams_to_plan(self.actor), hospital__in=mine, closed_on=None)
        fields["team"].queryset = teams.order_by("department", "name")
        fields["skill"].queryset = Skill.objects.filter(hospital__in=mine, active=True).order_by("key")
        for name in ("place", "unit"):
            fields[name].queryset = fields[name].queryset.filter(closed_on=None, hospital__in=mine)
        for name, when in SHOWN_FOR.items():
            fields[name].widget.attrs["data-shown-for"] = when

    def mine(self) -> list[int]:
        """Where the plan may stand: its hospital, the one of the switch, else all where the person plans."""
        if self.obj:
            return [self.obj.hospital_id]
        return [self.hospital["id"]] if self.hospital else sorted(hospitals_with(self.actor, perm.PLAN_CHANGE))

    def initial_from(self, obj: Any) -> dict[str, Any]:
        if obj is None:
            return {"starts_on": timezone.localdate(), "subject": ONE_ASSET}
        return {**super().initial_from(obj), "asset": obj.asset.code if obj.asset else ""}

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def clean_asset(self) -> Asset | None:
        code = self.cleaned_data["asset"].strip()
        if not code:
            return None
        found: Asset | None = Asset.objects.filter(hospital__in=self.mine(), code=code).select_related("place").first()
        if found is None:
            raise ValidationError(_("No asset has this code."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["offset_days"] = cleaned.get("offset_days") or 0
        cleaned["spread_days"] = cleaned.get("spread_days") or 0
        asset = cleaned.get("asset") if cleaned.get("subject") == ONE_ASSET else None
        cleaned["place"] = asset.place if asset else cleaned.get("place")
        if cleaned["place"] is None and "asset" not in self.errors and "place" not in self.errors:
            one = cleaned.get("subject") == ONE_ASSET
            words = _("Please choose the asset.") if one else _("Please choose the place.")
            self.add_error("asset" if one else "place", words)
        if cleaned.get("step") in (MONTH, YEAR) and (cleaned.get("nth") is None) != (cleaned.get("weekday") is None):
            name = "weekday" if cleaned.get("weekday") is None else "nth"
            self.add_error(name, _("Which of the month and its weekday go together: please choose both, or neither."))
        if cleaned.get("place") and cleaned.get("team") and not self._reached(cleaned):
            self.add_error("place", _("You may not plan for this team at this place."))
        return cleaned

    def _reached(self, cleaned: dict[str, Any]) -> bool:
        place, team = cleaned["place"], cleaned["team"]
        row = Plan(hospital_id=place.hospital_id, place=place, team=team, unit=cleaned.get("unit"))
        row.department = team.department
        return can(self.actor, perm.PLAN_CHANGE, row)

    def draft(self) -> Plan:
        """The plan as far as it is written, with usual values for the rest; not saved."""
        known = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        plan = Plan(**{"starts_on": timezone.localdate(), **known})
        plan.step = self.cleaned_data.get("step", MONTH)
        if plan.place_id:
            plan.hospital_id = plan.place.hospital_id
        else:
            plan.hospital = Hospital.objects.get(pk=self.mine()[0])
        return plan


def from_template(checklist: Checklist) -> dict[str, Any]:
    """What a plan of this checklist is set to at first: as its template says; nothing of it binds."""
    known = shipped().get(checklist.key)
    first: dict[str, Any] = {"checklist": checklist.pk, "name": str(checklist)[:60]}
    if known is None:
        return first
    rhythm = known.rhythm
    taken = ("every", "step", "grace", "opens_before", "minutes", "needs_signature", "meter")
    first |= {name: getattr(rhythm, name) for name in taken}
    first |= {"weekdays": list(rhythm.weekdays), "months": list(rhythm.months), "statutory": known.statutory}
    return {**first, "meter_every": rhythm.meter_every or None}
