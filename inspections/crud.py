"""The lists and records of the inspections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inspections import editions, queries
from inspections import permissions as perm
from inspections.checklist_forms import ChecklistForm
from inspections.filters import ChecklistFilters
from inspections.models import Checklist
from inspections.states import CURRENT, DRAFT, OFFERED
from inspections.tables import ChecklistTable
from ui.crud import Crud


def with_editions(rows: QuerySet[Checklist]) -> QuerySet[Checklist]:
    """Beside each: the edition in force, the draft and the offer; at most one of each."""
    states = (("in_force", CURRENT), ("drafted", DRAFT), ("offered", OFFERED))
    joined = {name: FilteredRelation("editions", condition=Q(editions__state=state)) for name, state in states}
    return rows.annotate(**joined)


@dataclass(frozen=True)
class ChecklistCrud(Crud):
    """Checklists of the consortium have no hospital: who sees them is said by `queries.checklists`."""

    def rows(self, user: Any) -> Any:
        return with_editions(queries.checklists(user, self.view).select_related("home"))


def create(actor: Any, *, whose: Any, like: Any = None, **facts: Any) -> Checklist:
    begun = queries.in_force(like) if like else None
    place = {"home": whose} if hasattr(whose, "code") else {"consortium": whose}
    return editions.write(actor, like=begun, **place, **facts)


CHECKLIST = ChecklistCrud(
    name="inspections:checklist",
    title=_("Checklists"),
    queryset=Checklist.objects.all,
    view=perm.CHECKLIST_VIEW,
    table=ChecklistTable,
    filterset=ChecklistFilters,
    form=ChecklistForm,
    create=create,
    add=perm.CHECKLIST_CHANGE,
    add_label=_("New checklist"),
    update=editions.rename,
    change=perm.CHECKLIST_CHANGE,
    tabs=(
        (_("All"), ""),
        (_("Required by law"), "law=True"),
        (_("Draft or offered"), "look=waiting"),
        (_("Standard runs out"), "look=ends"),
    ),
    empty=_("No checklist yet. Those of the platform come with the next update; write one of your own."),
    icon="list-check",
    by_hospital=False,
)
