"""The list of absences and their records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from people import permissions as perm
from people.filters import AbsenceFilters
from people.models import Absence
from people.tables import AbsenceTable
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
