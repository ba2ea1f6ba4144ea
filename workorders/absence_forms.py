"""Marking somebody absent, and who takes which of their orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.queries import skills_of_services
from people.states import Reason
from tenancy.models import Membership, Team
from ui.forms import DateInput, Form
from ui.pages import whole
from workorders import absence
from workorders.absence import Target
from workorders.advice import reasons, told
from workorders.models import WorkOrder
from workorders.suggestion import Candidate, Suggestion, rank

SHARE, BACK = "share", "back"
MOST = 200  # orders on the page; nobody has more in hand


@dataclass(frozen=True)
class Row:
    """A line of the page: an order, who may take it, and whom the ranking names with what speaks for them."""

    order: WorkOrder
    field: forms.BoundField
    named: Candidate | None
    why: tuple[str, ...]


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
        self.crews = absence.crews(self.member, self.teams) if self.orders else []
        self.needed = skills_of_services(self.member.hospital_id) if self.orders else {}
        self.shared = absence.share_out(self.orders, self.crews, self.needed)
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
        """Teams with their people, as groups, the best first; for one order those of its department."""
        if order is None:
            found = rank((who for crew in self.crews for who in crew.people), frozenset(), "")
        else:
            found = absence.best_first(order, self.crews, self.needed.get(order.service.key, {}))
        teams = [team for team in self.teams if order is None or team.department == order.department]
        return [(team.name, list(self._people(team, found))) for team in teams]

    def _people(self, team: Team, found: list[Suggestion]) -> Iterable[tuple[str, str]]:
        yield f"t{team.pk}", str(_("%(team)s: who is free takes it") % {"team": team.name})
        for one in found:
            if one.who.team_id == team.pk:
                yield f"u{one.who.user_id}", told(one.who)

    def rows(self) -> list[Row]:
        """Each order with its field, who gets it when all are shared out, and why."""
        return [Row(order, self[f"to_{order.pk}"], *self._share(order)) for order in self.orders]

    def _share(self, order: WorkOrder) -> tuple[Candidate | None, tuple[str, ...]]:
        best = self.shared[order.pk]
        return (best.who, reasons(best, self.needed.get(order.service.key, {}))[0]) if best else (None, ())

    def top_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("to_")]

    def targets(self) -> dict[int, Target]:
        """Who takes which order, of those that were on the page when it was sent."""
        sent = {pk for text in self.data.getlist("order")[:MOST] if (pk := whole(text))}
        people = [who for crew in self.crews for who in crew.people if not who.absent]
        self.users = User.objects.in_bulk([who.user_id for who in people])
        self.team_of = {who.user_id: who.team_id for who in people}
        plan = {}
        for order in self.orders:
            if order.pk in sent:
                choice = self.cleaned_data.get(f"to_{order.pk}") or self.cleaned_data.get("to") or SHARE
                plan[order.pk] = self._shared(order) if choice == SHARE else self._target(order, choice)
        seen = WorkOrder.objects.filter(pk__in=sent - plan.keys(), hospital_id=self.member.hospital_id)
        return {**plan, **{order.pk: Target(order.team) for order in seen}}

    def _shared(self, order: WorkOrder) -> Target:
        """Whom the page named; somebody else, as things stand now, should they have gone meanwhile."""
        named, best = whole(self.data.get(f"share_{order.pk}", "")), self.shared[order.pk]
        user = named if named in self.users else best.who.user_id if best else None
        return self._target(order, f"u{user}" if user else BACK)

    def _target(self, order: WorkOrder, choice: str) -> Target:
        if choice == BACK:
            return Target(order.team)
        if choice.startswith("t"):
            return Target(next(team for team in self.teams if f"t{team.pk}" == choice))
        user = int(choice[1:])
        return Target(next(team for team in self.teams if team.pk == self.team_of[user]), self.users[user])


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
