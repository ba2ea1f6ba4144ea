"""Setting targets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.aims import Aim, aims
from kpi.models import Target
from kpi.permissions import TARGET_CHANGE
from kpi.registry import DOWN, WATCH
from tenancy import history
from tenancy.access import can
from tenancy.locks import hold
from tenancy.models import Consortium, Hospital


@transaction.atomic
def set_target(
    actor: Any,
    *,
    consortium: Consortium,
    kpi: str,
    target: Decimal,
    valid_from: date,
    hospital: Hospital | None = None,
    group: str = "",
    floor: Decimal | None = None,
    stretch: Decimal | None = None,
    decided: str = "",
    decided_on: date | None = None,
    minutes: str = "",
) -> Target:
    """Set what an indicator should reach from a day on, for one hospital, a group of like hospitals, or the consortium.

    The target in force until then ends the day before; one that was to begin later still begins. Earlier targets stay as
    they were, so old periods keep being judged by what held then. Raises PermissionDenied, or ValidationError by field.
    """
    made = Target(
        consortium=consortium, kpi=kpi, hospital=hospital, group=group.strip(), target=target, floor=floor, stretch=stretch,
        valid_from=valid_from, decided=decided.strip(), decided_on=decided_on, minutes=minutes.strip(), set_by_id=actor.pk,
    )  # fmt: skip
    if not can(actor, TARGET_CHANGE, made):
        raise PermissionDenied(TARGET_CHANGE)
    _check(made)
    hold("kpi.target", consortium.pk)  # one at a time, or two could hold on the same day
    others = Target.objects.filter(consortium=consortium, kpi=kpi, hospital=hospital, group=made.group)
    if others.filter(valid_from=valid_from).exists():
        raise ValidationError({"valid_from": _("A target already begins on this day.")})
    before = others.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    after = others.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if before is not None:
        before.valid_to = valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    made.valid_to = after.valid_from - timedelta(days=1) if after else None
    made.save()
    facts = {"kpi": kpi, "target": str(target), "from": str(valid_from), "decided": _decision(made)}
    history.note(made, "target_set", actor, facts | ({"group": made.group} if made.group else {}))
    return made


def _decision(made: Target) -> str:
    return " · ".join(str(fact) for fact in (made.decided, made.decided_on, made.minutes) if fact)


def _check(made: Target) -> None:
    wrong: dict[str, Any] = {}
    aim = aims(made.consortium_id).get(made.kpi)
    if aim is None:
        wrong["kpi"] = _("This figure is not known.")
    elif aim.good == WATCH:
        wrong["kpi"] = _("This figure is only watched: neither more nor less of it is better.")
    else:
        wrong |= _steps(made, aim)
    if made.hospital is not None and made.hospital.consortium_id != made.consortium_id:
        wrong["hospital"] = _("This belongs to another consortium.")
    if made.hospital is not None and made.group:
        wrong["group"] = _("A target holds for one hospital or for a group, not for both.")
    if made.decided_on and made.decided_on > timezone.localdate():
        wrong["decided_on"] = _("This day has not come yet.")
    for name, most in (("decided", 200), ("minutes", 80), ("group", 80)):
        if len(getattr(made, name)) > most:
            wrong[name] = _("At most %(most)s characters, please.") % {"most": most}
    if wrong:
        raise ValidationError(wrong)


def _steps(made: Target, aim: Aim) -> dict[str, Any]:
    """Floor, target and stretch in the direction of the indicator; a share lies between 0 and 100 %."""
    wrong: dict[str, Any] = {}
    sign = -1 if aim.good == DOWN else 1
    if made.floor is not None and sign * made.floor > sign * made.target:
        wrong["floor"] = _("What is acceptable cannot be stricter than the target.")
    if made.stretch is not None and sign * made.stretch < sign * made.target:
        wrong["stretch"] = _("The stretch cannot be easier than the target.")
    for name in ("target", "floor", "stretch"):
        value = getattr(made, name)
        if aim.is_share and value is not None and not 0 <= value <= 100:
            wrong[name] = _("A share lies between 0 and 100 %.")
    return wrong
