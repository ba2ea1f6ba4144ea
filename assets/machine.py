"""What becomes of an asset: in use, stand-by, out of order, sealed, condemned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assets import permissions as perm
from assets.states import BROKEN, CONDEMNED, IN_USE, SEALED, STANDBY, STATES
from flow.machine import Machine, Transition, sources


def _with_reason(asset: Any, actor: Any, at: datetime, *, reason: str) -> dict[str, Any]:
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Please say why.")})
    return {"reason": reason[:500]}


REASON = "assets.forms.ReasonForm"
ASSETS = Machine(
    states=STATES,
    select=("place", "custodian"),
    transitions=(
        Transition("break_down", sources(IN_USE, STANDBY), BROKEN, perm.ASSET_CHANGE, _("Out of order"), "alert-triangle"),
        Transition(
            "restore", sources(STANDBY, BROKEN, SEALED), IN_USE, perm.ASSET_CHANGE, _("Back in use"), "check", main=True
        ),
        Transition("stand_by", sources(IN_USE, BROKEN), STANDBY, perm.ASSET_CHANGE, _("To stand-by"), "player-pause"),
        Transition(
            "seal", sources(IN_USE, STANDBY, BROKEN), SEALED, perm.ASSET_CHANGE, _("Seal"), "lock",
            prepare=_with_reason, form=REASON,
        ),
        Transition(
            "condemn", sources(IN_USE, STANDBY, BROKEN, SEALED), CONDEMNED, perm.ASSET_CHANGE, _("Condemn"), "ban", "red",
            prepare=_with_reason, form=REASON,
        ),
    ),
)  # fmt: skip
