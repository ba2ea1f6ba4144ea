"""States and criticality of an asset."""

from django.utils.translation import gettext_lazy as _

from flow.states import AMBER, GREEN, GREY, RED, State, table

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
