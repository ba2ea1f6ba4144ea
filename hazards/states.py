"""Grades, states and sources of a hazard, as people see them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import AMBER, BLUE, GREEN, GREY, RED, State, table

OPEN, ASSIGNED, RECTIFIED, CLOSED, VOID = "open", "assigned", "rectified", "closed", "void"
STATES = table(
    State(OPEN, pgettext_lazy("of a hazard", "Found"), AMBER, "flag"),
    State(ASSIGNED, pgettext_lazy("of a hazard", "To be rectified"), BLUE, "tools"),
    State(RECTIFIED, pgettext_lazy("of a hazard", "Rectified, to be verified"), GREEN, "check"),
    State(CLOSED, pgettext_lazy("of a hazard", "Verified"), GREY, "shield-check", final=True),
    State(VOID, pgettext_lazy("of a hazard", "Not a hazard"), GREY, "ban", final=True),
)
FINAL = (CLOSED, VOID)
LIVE = (OPEN, ASSIGNED, RECTIFIED)  # somebody still has to do something

GENERAL, MAJOR = "general", "major"
GRADES = table(
    State(GENERAL, pgettext_lazy("grade of a hazard", "General"), AMBER, "alert-triangle"),
    State(MAJOR, pgettext_lazy("grade of a hazard", "Major"), RED, "alarm"),
)
ROUND, REPORT, CAMPAIGN, AUTHORITY = "round", "report", "campaign", "authority"
SOURCES = table(
    State(ROUND, _("Inspection round"), GREY, "route"),
    State(REPORT, _("Reported by staff"), GREY, "user"),
    State(CAMPAIGN, _("Safety campaign"), GREY, "speakerphone"),
    State(AUTHORITY, _("Authority"), GREY, "building"),
)
