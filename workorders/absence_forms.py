"""Marking somebody absent, and who takes which of their orders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.states import Reason
from tenancy.models import Membership, Team
from ui.forms import DateInput, Form
from ui.pages import whole
from workorders import absence
from workorders.absence import Candidate, Target
from workorders.models import WorkOrder

SHARE, BACK = "share", "back"
MOST = 200  # orders on the page; nobody has more in hand


class HandOverForm(Form):
    """Who takes the orders: one answer for all, and another one where an order needs it."""

    to = forms.ChoiceField(label=_("All orders go to"))

    def __init__(self, *args: Any, orders: list[WorkOrder], member: Membership, **kwargs: Any):
        self.orders, self.member = orders, member
        super().__init__(*args, obj=member, **kwargs)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        self.teams = absence.teams_for(self.actor, self.orders, self.member.team)
        self.people: list[Candidate] = absence.candidates(self.member, self.teams) if self.orders else []
        if not self.orders:
            del self.fields["to"]
            return
        first = [(SHARE, _("Shared out: who is on duty, has the skill and least to do")), (BACK, _("Back to the team"))]
        to: Any = self.fields["to"]
        to.choices = [*first, *self.choices()]
        self.initial.setdefault("to", SHARE)
        for order in self.orders:
            field = forms.ChoiceField(choices=[("", _("As above")), *first[1:], *self.choices(order)], required=False)
            field.widget.attrs["aria-label"] = f"{order.number} {order.title}"
            self.dress(field)
            self.fields[f"to_{order.pk}"] = field

    def choices(self, order: WorkOrder | None = None) -> list[tuple[str, Any]]:
        """Teams with their people, as groups; for one order those of its department."""
        teams = [team for team in self.teams if order is None or team.department == order.department]
        return [(team.name, list(self._people(team))) for team in teams]

    def _people(self, team: Team) -> Iterable[tuple[str, str]]:
        yield f"t{team.pk}", str(_("%(team)s: who is free takes it") % {"team": team.name})
        for one in self.people:
            if one.member.team_id == team.pk:
                yield f"u{one.member.user_id}", one.words

    def rows(self) -> list[tuple[WorkOrder, forms.BoundField]]:
        return [(order, self[f"to_{order.pk}"]) for order in self.orders]

    def top_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("to_")]

    def targets(self) -> dict[int, Target]:
        """Who takes which order, of those that were on the page when it was sent."""
        sent = {pk for text in self.data.getlist("order")[:MOST] if (pk := whole(text))}
        shared = absence.share_out(self.member, self.orders, self.people)
        plan = {}
        for order in self.orders:
            if order.pk in sent:
                choice = self.cleaned_data.get(f"to_{order.pk}") or self.cleaned_data.get("to") or SHARE
                plan[order.pk] = shared[order.pk] if choice == SHARE else self._target(order, choice)
        seen = WorkOrder.objects.filter(pk__in=sent - plan.keys(), hospital_id=self.member.hospital_id)
        return {**plan, **{order.pk: Target(order.team) for order in seen}}

    def _target(self, order: WorkOrder, choice: str) -> Target:
        if choice == BACK:
            return Target(order.team)
        if choice.startswith("t"):
            return Target(next(team for team in self.teams if f"t{team.pk}" == choice))
        one = next(one for one in self.people if f"u{one.member.user_id}" == choice)
        return Target(next(team for team in self.teams if team.pk == one.member.team_id), one.member.user)


class AbsenceForm(HandOverForm):
    """Why, from when until when, and who takes the work."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices, initial=Reason.ILL, widget=forms.RadioSelect)
    first_day = forms.DateField(label=_("From"), widget=DateInput())
    last_day = forms.DateField(label=_("Until, that day included"), widget=DateInput())
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    field_order = ("reason", "first_day", "last_day", "note", "to")

    def prepare(self) -> None:
        today = timezone.localdate()
        self.initial.setdefault("first_day", today)
        self.initial.setdefault("last_day", today)
        super().prepare()

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if abs(day - timezone.localdate()) > timedelta(days=366):
            raise ValidationError(_("At most a year back or ahead, please."))
        return day

    def absence(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "first_day", "last_day", "note")}
