"""The fixed lists of indicators: which way is better, and the four sides of the scorecard as logistics reads them (S3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import AMBER, BLUE, GREEN, GREY, RED, State, table

UP, DOWN, WATCH = "up", "down", "watch"
DIRECTIONS = table(
    State(UP, pgettext_lazy("of an indicator", "More is better"), GREEN, "arrow-up"),
    State(DOWN, pgettext_lazy("of an indicator", "Less is better"), GREEN, "arrow-down"),
    State(WATCH, pgettext_lazy("of an indicator", "To be watched"), GREY, "eye"),
)
SIDES = table(
    State("F", _("Energy and efficiency"), GREEN, "bolt"),
    State("C", _("Those served"), BLUE, "users"),
    State("P", _("Internal management"), AMBER, "settings"),
    State("L", _("Development"), GREY, "trending-up"),
)
PERIODS = table(
    State("month", pgettext_lazy("of an indicator", "Every month"), GREY, "calendar"),
    State("quarter", pgettext_lazy("of an indicator", "Every quarter"), GREY, "calendar"),
    State("year", pgettext_lazy("of an indicator", "Every year"), GREY, "calendar"),
)
CHECKED, TAKEN = "checked", "taken"
FILES = table(
    State(CHECKED, pgettext_lazy("of a file of returns", "Checked, not taken in"), AMBER, "hourglass"),
    State(TAKEN, pgettext_lazy("of a file of returns", "Taken in"), GREEN, "check", final=True),
)
LOW, HIGH = "low", "high"
OUTLIERS = table(
    State(LOW, pgettext_lazy("outlier", "Unusually low"), RED, "trending-down"),
    State(HIGH, pgettext_lazy("outlier", "Unusually high"), RED, "trending-up"),
)
