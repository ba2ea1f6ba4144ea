"""The fixed lists of requests for returns: how often, of whom, how far a hospital's answer has come, who hears when."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.chains import WHOLE, Chain, declare
from flow.states import AMBER, BLUE, GREEN, RED, State, table

MONTH, QUARTER, YEAR = "month", "quarter", "year"
RHYTHMS = table(
    State(MONTH, _("Every month"), icon="calendar"),
    State(QUARTER, _("Every quarter"), icon="calendar"),
    State(YEAR, _("Every year"), icon="calendar"),
)
EVERYBODY, GROUP, SOME = "all", "group", "some"
AUDIENCES = table(
    State(EVERYBODY, pgettext_lazy("whom a request asks", "All hospitals"), icon="building"),
    State(GROUP, pgettext_lazy("whom a request asks", "The hospitals of a peer group"), icon="users"),
    State(SOME, pgettext_lazy("whom a request asks", "Some hospitals"), icon="list-check"),
)

OPEN, HANDED, RETURNED, ACCEPTED = "open", "handed", "returned", "accepted"
DUE_STATES = table(
    State(OPEN, pgettext_lazy("of a return that is asked for", "To be filled in"), AMBER, "hourglass"),
    State(HANDED, pgettext_lazy("of a return that is asked for", "Handed in"), BLUE, "send"),
    State(RETURNED, pgettext_lazy("of a return that is asked for", "To be corrected"), RED, "refresh"),
    State(ACCEPTED, pgettext_lazy("of a return that is asked for", "Accepted"), GREEN, "check", final=True),
)
TO_FILL = (OPEN, RETURNED)  # the hospital has to do something
GIVEN = (HANDED, ACCEPTED)  # its figures count

CLERK = "returns_clerk"
SOON, TODAY, LATE, MANAGER, OFFICE = "soon", "today", "late", "manager", "office"
LEVELS = table(
    State(SOON, _("Who fills it in, before the day"), icon="user"),
    State(TODAY, _("Who fills it in, on the day"), icon="user"),
    State(LATE, _("Who fills it in, after the day"), icon="user"),
    State(MANAGER, _("Logistics manager"), icon="users"),
    State(OFFICE, _("Consortium office"), icon="building"),
)
# A house rule until the hospital sets another.
REMINDERS = declare(
    Chain(
        "indicators.returns",
        _("Who hears of a return that is asked for"),
        _("Days past its last day; before it: negative."),
        LEVELS,
        {WHOLE: ((SOON, -3), (TODAY, 0), (LATE, 1), (MANAGER, 3), (OFFICE, 7))},
        least=-30,
    )
)
AT_LEAST = 7  # days between a new request and the first day it is due: nobody is late on the day they are asked
DEVIATION = 50  # per cent against the period before from which on a word of confirmation is asked for
