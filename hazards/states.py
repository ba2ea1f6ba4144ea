"""Grades, states and sources of a hazard, as people see them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.chains import Chain, declare
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

RESPONSIBLE, LEADER, HEAD, MANAGER, OFFICE = "responsible", "leader", "head", "manager", "office"
LEVELS = table(
    State(RESPONSIBLE, _("Responsible person"), icon="user"),
    State(LEADER, _("Team leader"), icon="users"),
    State(HEAD, _("Department head"), icon="users"),
    State(MANAGER, _("Logistics manager"), icon="users"),
    State(OFFICE, _("Consortium office"), icon="building"),
)
TO_RECTIFY = "rectify"
# House rules until the hospital sets others. Major ones are rectified sooner and climb faster.
DEADLINE = declare(
    Chain(
        "hazards.deadline",
        _("Days to rectify a hazard"),
        _("Days from when it was found, unless whoever assigns it sets another day. Hazards that have a day keep it."),
        table(State(TO_RECTIFY, _("To be rectified within"), icon="tools")),
        {GENERAL: ((TO_RECTIFY, 7),), MAJOR: ((TO_RECTIFY, 1),)},
        GRADES,
        head=_("Grade"),
        most=365,
    )
)
OVERDUE = declare(
    Chain(
        "hazards.overdue",
        _("Who hears of an overdue hazard"),
        _("Days past the last day to rectify it."),
        LEVELS,
        {
            GENERAL: ((RESPONSIBLE, 1), (LEADER, 2), (HEAD, 4), (MANAGER, 7), (OFFICE, 14)),
            MAJOR: ((RESPONSIBLE, 1), (LEADER, 1), (HEAD, 1), (MANAGER, 1), (OFFICE, 2)),
        },
        GRADES,
        least=1,
    )
)
