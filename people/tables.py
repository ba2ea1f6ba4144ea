"""Absences as a list."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.states import Reason
from ui import tables


class AbsenceTable(tables.Table):
    columns = (
        tables.Title("member__name", pgettext_lazy("of a person", "Name"), url="people:absence", second="note"),
        tables.Choice("reason", _("Reason"), choices=Reason.choices),
        tables.Text("member__team__name", _("Team")),
        tables.Text("hospital__short_name", _("Hospital"), only_all=True),
        tables.Date("first_day", _("From"), sort="first_day"),
        tables.Date("last_day", _("Until")),
        tables.YesNo("withdrawn", _("Withdrawn")),
    )
    order = "-first_day"


class WorkedTable(tables.Table):
    columns = (
        tables.Title("member__name", pgettext_lazy("of a person", "Name"), url="people:worked"),
        tables.Date("worked_on", _("Day"), sort="worked_on"),
        tables.Text("shift__name", _("Shift")),
        tables.Text("team__name", _("Team")),
        tables.Text("hospital__short_name", _("Hospital"), only_all=True),
        tables.YesNo("certified", _("Certified")),
        tables.Text("lacks", _("Missing or run out")),
    )
    order = "-worked_on"
