"""Answers, appeals, exclusions and actions as people see them; coded reasons; who hears of what is late."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.chains import WHOLE, Chain, declare
from flow.states import AMBER, BLUE, GREEN, GREY, RED, State, table

NEW, SEEN, ACCEPTED, TACIT = "new", "seen", "accepted", "tacit"
ANSWERS = table(
    State(NEW, pgettext_lazy("of published figures", "Not seen yet"), AMBER, "bell"),
    State(SEEN, pgettext_lazy("of published figures", "Seen"), BLUE, "eye"),
    State(ACCEPTED, pgettext_lazy("of published figures", "Accepted"), GREEN, "check", final=True),
    State(TACIT, pgettext_lazy("of published figures", "Accepted by silence"), GREY, "clock", final=True),
)
UNANSWERED = (NEW, SEEN)

FILED, UPHELD, REJECTED, WITHDRAWN = "filed", "upheld", "rejected", "withdrawn"
APPEALS = table(
    State(FILED, pgettext_lazy("of an appeal", "To be decided"), AMBER, "hourglass"),
    State(UPHELD, pgettext_lazy("of an appeal", "Upheld"), GREEN, "check", final=True),
    State(REJECTED, pgettext_lazy("of an appeal", "Rejected"), RED, "x", final=True),
    State(WITHDRAWN, pgettext_lazy("of an appeal", "Withdrawn"), GREY, "ban", final=True),
)
WRONG_RECORD, BY_RULE, FORCE, WRONG_TARGET, LATE, OTHER = "record", "rule", "force", "target", "late", "other"
REASONS = table(
    State(WRONG_RECORD, _("A record is wrong"), icon="edit"),
    State(BY_RULE, _("Excluded by the rule of the indicator"), icon="list"),
    State(FORCE, _("Force majeure"), icon="bolt"),
    State(WRONG_TARGET, _("Wrong target"), icon="scale"),
    State(LATE, _("Records have changed since the closing"), icon="history"),
    State(OTHER, pgettext_lazy("reason", "Another reason"), icon="dots"),
)
EXCLUDES = (WRONG_RECORD, BY_RULE, FORCE, OTHER)  # why a record may be left out

ASKED, APPROVED, REFUSED = "asked", "approved", "refused"
EXCLUSIONS = table(
    State(ASKED, pgettext_lazy("of an exclusion", "To be decided"), AMBER, "hourglass"),
    State(APPROVED, pgettext_lazy("of an exclusion", "Left out"), GREEN, "check", final=True),
    State(REFUSED, pgettext_lazy("of an exclusion", "Counts"), RED, "x", final=True),
)

FROZEN, ANEW = "frozen", "anew"  # what a restatement starts from
WAYS = (
    (FROZEN, _("The frozen records without those left out")),
    (ANEW, _("Counted anew from the records as they stand now, without those left out")),
)
CLOSING, LATECOMER, APPEAL = "closing", "late", "appeal"
CAUSES = table(
    State(CLOSING, _("Closing of the month"), icon="lock"),
    State(LATECOMER, _("Reported after the closing"), icon="clock"),
    State(APPEAL, _("Restated after an appeal"), icon="refresh"),
)

COMMENT, CORRECTIVE, IMPROVEMENT = "comment", "corrective", "improvement"
KINDS = table(
    State(COMMENT, _("Comment"), AMBER, "message"),
    State(CORRECTIVE, _("Corrective action"), RED, "alert-triangle"),
    State(IMPROVEMENT, _("Improvement action"), BLUE, "trending-up"),
)
WANTED, OPEN, DONE, DROPPED = "wanted", "open", "done", "dropped"
ACTIONS = table(
    State(WANTED, pgettext_lazy("of an action", "Asked for"), AMBER, "hourglass"),
    State(OPEN, pgettext_lazy("of an action", "Under way"), BLUE, "player-play"),
    State(DONE, pgettext_lazy("of an action", "Done"), GREEN, "check", final=True),
    State(DROPPED, pgettext_lazy("of an action", "Dropped"), GREY, "ban", final=True),
)
LIVE = (WANTED, OPEN)

OWNER, MANAGER, SOON, OFFICE, ADMINISTRATOR = "owner", "manager", "soon", "office", "administrator"
LEVELS = table(
    State(OWNER, _("Owner"), icon="user"),
    State(MANAGER, _("Logistics manager"), icon="users"),
    State(SOON, _("Consortium office, before the day"), icon="building"),
    State(OFFICE, _("Consortium office"), icon="building"),
    State(ADMINISTRATOR, _("Administrator"), icon="settings"),
)
# House rules until the hospital sets others.
LATE_ACTIONS = declare(
    Chain(
        "assessment.actions",
        _("Who hears of an overdue improvement action"),
        _("Days past its last day."),
        LEVELS,
        {WHOLE: ((OWNER, 1), (MANAGER, 3), (OFFICE, 7))},
        least=1,
    )
)
LATE_APPEALS = declare(
    Chain(
        "assessment.appeals",
        _("Who hears of an appeal that nobody has decided"),
        _("Days past the day by which it was to be decided."),
        LEVELS,
        {WHOLE: ((OFFICE, 1), (ADMINISTRATOR, 4))},
        least=1,
    )
)
LATE_EXCLUSIONS = declare(
    Chain(
        "assessment.exclusions",
        _("Who hears of a record asked to be left out that nobody has decided"),
        _("Days past the day by which it was to be decided; before it: negative."),
        LEVELS,
        {WHOLE: ((SOON, -2), (OFFICE, 1), (ADMINISTRATOR, 3))},
        least=-30,
    )
)
