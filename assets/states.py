"""States and criticality of an asset."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import AMBER, GREEN, GREY, RED, State, table

KEEPER = "maintenance"  # the department that keeps an asset in order, unless its kind or somebody names another

IN_USE, STANDBY, BROKEN, SEALED, CONDEMNED = "in_use", "standby", "broken", "sealed", "condemned"

STATES = table(
    State(IN_USE, _("In use"), GREEN, "check"),
    State(STANDBY, _("Stand-by"), GREY, "player-pause"),
    State(BROKEN, _("Out of order"), RED, "alert-triangle"),
    State(SEALED, _("Sealed"), AMBER, "lock"),
    State(CONDEMNED, _("Condemned"), GREY, "ban", final=True),
)
CRITICALITY = table(
    State("life", _("Life support"), RED, "alert-triangle"),
    State("high", _("Important"), AMBER, "star"),
    State("normal", _("Ordinary"), GREY, "circle"),
)

PERIODIC, FIRE_TEST, CALIBRATION, OTHER_DUTY = "periodic", "fire", "gauge", "other"
DUTIES = table(
    State(PERIODIC, pgettext_lazy("dated duty of an asset", "Periodic inspection of special equipment"), icon="certificate"),
    State(FIRE_TEST, pgettext_lazy("dated duty of an asset", "Full test of fire equipment"), icon="fire-extinguisher"),
    State(CALIBRATION, pgettext_lazy("dated duty of an asset", "Calibration"), icon="gauge"),
    State(OTHER_DUTY, pgettext_lazy("dated duty of an asset", "Another duty"), icon="calendar-due"),
)  # fmt: skip
# What a duty is entered with: law, clause, how many months it lasts, how many days before its end it has to be applied for.
# The hospital may write otherwise; standards change.
DUTY_LAWS = {
    PERIODIC: ("特种设备安全法 (2013)", "第四十条", 12, 30),
    FIRE_TEST: ("消防法 (2021)", "第十六条", 12, 0),
}
