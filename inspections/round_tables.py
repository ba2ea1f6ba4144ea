"""The list of rounds, column by column."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import RED, State
from inspections.states import ROUND_STATES, SKIP_REASONS, UNDONE
from ui import parts
from ui.tables import Badge, Choice, DateTime, Due, Made, Number, PlacePath, Table, Text, Title
from workorders import work_types

MISSED = State("missed", pgettext_lazy("state of a round", "Missed"), RED, "alarm")


def standing(state: str, late_from: Any) -> State:
    """How a round stands: missed is read off the clock."""
    return MISSED if state in UNDONE and late_from <= timezone.now() else ROUND_STATES[state]


class Standing(Badge):
    """The state, with what was missed in red."""

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key, "late_from")

    def show(self, row: Any) -> Any:
        state = standing(row[self.key], row["late_from"])
        return parts.badge(state.label, state.tone, state.icon)

    def export(self, row: Any) -> str:
        return str(standing(row[self.key], row["late_from"]).label)


class Found(Number):
    """A number that is known when the round is over."""

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key, "state")

    def show(self, row: Any) -> Any:
        return None if row["state"] in UNDONE else super().show(row)


def who(row: Any) -> str | None:
    """Who did it, or has it; the team while nobody has taken it."""
    return row["done_name"] or row["assignee__name"] or row["team__name"]


class RoundTable(Table):
    """Which plan, where, how it stands, who, when due, what was found."""

    order = "-due_at"
    columns = (
        Title("plan__name", _("Round"), url="inspections:round", second="asset__name"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        PlacePath("place__full_name", _("Place")),
        Made(("department",), _("Department"), make=lambda row: work_types.department_of(row["department"]).label),
        Standing("state", _("State"), states=ROUND_STATES),
        Made(("done_name", "assignee__name", "team__name"), _("Who"), make=who, whole=True),
        Due("due_at", _("Due"), done="done_at", grace="late_from", sort="due_at"),
        Found("points_done", _("Points done")),
        Found("found", _("Findings")),
        Found("fixed", _("Fixed on the spot"), extra=True),
        Number("too_fast", _("Too fast"), extra=True),
        Number("score", _("Points"), extra=True),
        DateTime("done_at", _("Done"), extra=True),
        Choice("skip_reason", _("Why it was skipped"), choices=[(s.value, s.label) for s in SKIP_REASONS.values()], extra=True),
    )  # fmt: skip
