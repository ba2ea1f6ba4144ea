"""The lists of absences and of shifts that need a certificate, and their records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from people import permissions as perm
from people.filters import AbsenceFilters, WorkedFilters
from people.models import Absence, WorkedShift
from people.tables import AbsenceTable, WorkedTable
from ui.crud import Crud

ABSENCE = Crud(
    name="people:absence",
    title=_("Absences"),
    queryset=lambda: Absence.objects.select_related("hospital", "member__team", "member__user"),
    view=perm.ABSENCE_VIEW,
    table=AbsenceTable,
    filterset=AbsenceFilters,
    tabs=((_("Absent today"), "now=today"), (_("Coming"), "now=coming"), (_("All"), "")),
    empty=_("Nobody is absent."),
    icon="user-off",
)
WORKED = Crud(
    name="people:worked",
    title=_("Shifts that need a certificate"),
    queryset=lambda: WorkedShift.objects.select_related("hospital", "member__user", "shift", "team"),
    view=perm.SKILL_VIEW,
    table=WorkedTable,
    filterset=WorkedFilters,
    tabs=((_("All"), ""), (_("Without a valid certificate"), "certified=no")),
    empty=_(
        "No shift that needs a certificate has been worked. Which shifts need one is set at the shifts of a team's roster."
    ),
    icon="certificate",
)
