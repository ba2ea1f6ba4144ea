"""The fixed lists of checklists, plans and rounds, as people see them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.chains import Chain, declare
from flow.states import AMBER, BLUE, GREEN, GREY, RED, State, table
from workorders.states import HEAD, LEADER, LEVELS, MANAGER, OFFICE

# What an item of a checklist asks for.
CHECK, VALUE, CHOICE, TEXT, PHOTO, METER = "check", "value", "choice", "text", "photo", "meter"
KINDS = table(
    State(CHECK, pgettext_lazy("item of a checklist", "Pass or fail"), GREEN, "check"),
    State(VALUE, pgettext_lazy("item of a checklist", "Measured value"), BLUE, "gauge"),
    State(CHOICE, pgettext_lazy("item of a checklist", "Choice"), BLUE, "list-check"),
    State(TEXT, pgettext_lazy("item of a checklist", "Text"), GREY, "edit"),
    State(PHOTO, pgettext_lazy("item of a checklist", "Photo"), GREY, "camera"),
    State(METER, pgettext_lazy("item of a checklist", "Meter reading"), BLUE, "gauge"),
)
MINOR, SERIOUS, DANGEROUS = "minor", "serious", "dangerous"
WEIGHTS = table(
    State(MINOR, pgettext_lazy("criticality of an item", "Ordinary"), GREY, "circle"),
    State(SERIOUS, pgettext_lazy("criticality of an item", "Important"), AMBER, "alert-triangle"),
    State(DANGEROUS, pgettext_lazy("criticality of an item", "Dangerous"), RED, "alarm"),
)
NEVER, ON_FAIL, ALWAYS = "never", "on_fail", "always"
PHOTOS = table(
    State(NEVER, pgettext_lazy("photo of an item", "No photo"), GREY, "minus"),
    State(ON_FAIL, pgettext_lazy("photo of an item", "When it fails"), AMBER, "camera"),
    State(ALWAYS, pgettext_lazy("photo of an item", "Always"), BLUE, "camera"),
)
# What a failed item leads to.
ASK, ORDER, HAZARD = "ask", "order", "hazard"
ACTIONS = table(
    State(ASK, pgettext_lazy("after a failed item", "The worker decides"), GREY, "help-circle"),
    State(ORDER, pgettext_lazy("after a failed item", "A work order"), BLUE, "tools"),
    State(HAZARD, pgettext_lazy("after a failed item", "A hazard"), RED, "alert-triangle"),
)
DRAFT, OFFERED, CURRENT, OLD = "draft", "offered", "current", "old"
EDITIONS = table(
    State(DRAFT, pgettext_lazy("edition of a checklist", "Draft"), AMBER, "edit"),
    State(OFFERED, pgettext_lazy("edition of a checklist", "Offered"), BLUE, "bell"),
    State(CURRENT, pgettext_lazy("edition of a checklist", "In force"), GREEN, "check"),
    State(OLD, pgettext_lazy("edition of a checklist", "Replaced"), GREY, "archive", final=True),
)
NEARLY = timedelta(days=30)  # an edition whose standard runs out within it is flagged

# How often.
HOUR, DAY, WORKDAY, WEEK, MONTH, YEAR = "hour", "day", "workday", "week", "month", "year"
STEPS = table(
    State(HOUR, pgettext_lazy("every n", "hours")),
    State(DAY, pgettext_lazy("every n", "days")),
    State(WORKDAY, pgettext_lazy("every n", "working days")),
    State(WEEK, pgettext_lazy("every n", "weeks")),
    State(MONTH, pgettext_lazy("every n", "months")),
    State(YEAR, pgettext_lazy("every n", "years")),
)
KEEP, SKIP, EARLIER, LATER = "keep", "skip", "earlier", "later"
HOLIDAYS = table(
    State(KEEP, pgettext_lazy("on a holiday", "Done as usual")),
    State(SKIP, pgettext_lazy("on a holiday", "Left out")),
    State(EARLIER, pgettext_lazy("on a holiday", "On the working day before")),
    State(LATER, pgettext_lazy("on a holiday", "On the working day after")),
)
BY_DATE, BY_DONE = "date", "done"
BASES = table(
    State(BY_DATE, _("From the due date")),
    State(BY_DONE, _("From the last completion")),
)
ONE_ASSET, EVERY_ASSET, PLACE, ROUTE = "asset", "assets", "place", "route"
SUBJECTS = table(
    State(ONE_ASSET, _("One asset"), icon="box"),
    State(EVERY_ASSET, _("Every asset of a kind"), icon="package"),
    State(PLACE, _("One place"), icon="map-pin"),
    State(ROUTE, _("A route of points"), icon="route"),
)
RUNNING, PAUSED, ENDED = "running", "paused", "ended"
PLAN_STATES = table(
    State(DRAFT, pgettext_lazy("state of a plan", "Draft"), AMBER, "edit"),
    State(RUNNING, pgettext_lazy("state of a plan", "Running"), GREEN, "check"),
    State(PAUSED, pgettext_lazy("state of a plan", "Paused"), AMBER, "player-pause"),
    State(ENDED, pgettext_lazy("state of a plan", "Ended"), GREY, "archive", final=True),
)

# A round. "Missed" is not a state: it is read off the clock.
DUE, STARTED, SKIPPING, DONE, SKIPPED, DROPPED = "due", "started", "skipping", "done", "skipped", "dropped"
ROUND_STATES = table(
    State(DUE, pgettext_lazy("state of a round", "Due"), BLUE, "calendar"),
    State(STARTED, pgettext_lazy("state of a round", "Under way"), BLUE, "player-play"),
    State(SKIPPING, pgettext_lazy("state of a round", "Skip asked for"), AMBER, "help-circle"),
    State(DONE, pgettext_lazy("state of a round", "Done"), GREEN, "check", final=True),
    State(SKIPPED, pgettext_lazy("state of a round", "Skipped"), GREY, "ban", final=True),
    State(DROPPED, pgettext_lazy("state of a round", "No longer planned"), GREY, "ban", final=True),
)
UNDONE = (DUE, STARTED, SKIPPING)
SETTLED = (DONE, SKIPPED, DROPPED)
OUT_OF_USE, CLOSED_AREA, OUTSIDE_FIRM, DOUBLE, OTHER = "out_of_use", "closed", "firm", "double", "other"
SKIP_REASONS = table(
    State(OUT_OF_USE, pgettext_lazy("why a round is skipped", "Out of use")),
    State(CLOSED_AREA, pgettext_lazy("why a round is skipped", "Area closed")),
    State(OUTSIDE_FIRM, pgettext_lazy("why a round is skipped", "Done by an outside firm")),
    State(DOUBLE, pgettext_lazy("why a round is skipped", "Just done in another round")),
    State(OTHER, pgettext_lazy("why a round is skipped", "Other")),
)
OPEN, IN_USE, NOT_FOUND = "open", "in_use", "not_found"
POINT_STATES = table(
    State(OPEN, pgettext_lazy("state of a point", "To do"), GREY, "circle"),
    State(DONE, pgettext_lazy("state of a point", "Done"), GREEN, "check"),
    State(IN_USE, pgettext_lazy("state of a point", "In use, not checked"), AMBER, "lock"),
    State(NOT_FOUND, pgettext_lazy("state of a point", "Not found"), AMBER, "help-circle"),
)
NOT_COUNTED = (IN_USE, NOT_FOUND)  # neither for nor against
SCAN, HAND, PAPER = "scan", "hand", "paper"
WAYS = table(
    State(SCAN, pgettext_lazy("how a point was reached", "Scanned"), GREEN, "qrcode"),
    State(HAND, pgettext_lazy("how a point was reached", "By hand"), GREY, "edit"),
    State(PAPER, pgettext_lazy("how a point was reached", "On paper"), GREY, "file-text"),
)
FIXED = "fixed"
FINDINGS = table(
    State(ASK, pgettext_lazy("what became of a finding", "To be decided"), AMBER, "help-circle"),
    State(FIXED, pgettext_lazy("what became of a finding", "Fixed on the spot"), GREEN, "check"),
    State(ORDER, pgettext_lazy("what became of a finding", "Work order"), BLUE, "tools"),
    State(HAZARD, pgettext_lazy("what became of a finding", "Hazard"), RED, "alert-triangle"),
)

ORDINARY, STATUTORY = "ordinary", "statutory"
# House rules until the hospital sets others: a round that the law wants reaches each level one step sooner.
MISSED = declare(
    Chain(
        "inspections.missed",
        _("Who hears of a missed round"),
        _("Days past the time in which it still counts as done in time."),
        {level: LEVELS[level] for level in (LEADER, HEAD, MANAGER, OFFICE)},
        {
            ORDINARY: ((LEADER, 0), (HEAD, 1), (MANAGER, 3), (OFFICE, 7)),
            STATUTORY: ((LEADER, 0), (HEAD, 0), (MANAGER, 1), (OFFICE, 3)),
        },
        table(
            State(ORDINARY, pgettext_lazy("kind of a round", "Ordinary"), icon="route"),
            State(STATUTORY, pgettext_lazy("kind of a round", "Required by law"), RED, "scale"),
        ),
    )
)
