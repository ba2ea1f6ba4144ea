"""Where a job stands, as people see it."""

from django.utils.translation import gettext_lazy as _

from flow.states import BLUE, GREEN, GREY, RED, State, table

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
NEW = "new"

STATES = table(
    State(NEW, _("Columns to be assigned"), GREY, "table"),
    State(QUEUED, _("Waiting its turn"), GREY, "hourglass"),
    State(RUNNING, _("At work"), BLUE, "loader-2"),
    State(DONE, _("Done"), GREEN, "check"),
    State(FAILED, _("Failed"), RED, "alert-triangle"),
)
CHECK, WRITE = "check", "write"
EXPORTS = table(
    State(QUEUED, _("Waiting its turn"), GREY, "hourglass"),
    State(RUNNING, _("Being written"), BLUE, "loader-2"),
    State(DONE, _("Ready"), GREEN, "check"),
    State(FAILED, _("Failed"), RED, "alert-triangle"),
)
