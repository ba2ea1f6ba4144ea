"""Setting targets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow.facts import believable
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
    they were, so old periods keep being judged by what held then. What begins today or later may be put right: another one
    from the same day stands in its place. Raises PermissionDenied, or ValidationError by field.
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
    same = others.filter(valid_from=valid_from).first()
    if same is not None:
        return _correct(same, made, actor)
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


SAYS = ("target", "floor", "stretch", "decided", "decided_on", "minutes")


def _correct(row: Target, made: Target, actor: Any) -> Target:
    """What was written wrongly, before a day was judged by it; the history keeps both."""
    if row.valid_from < timezone.localdate():
        raise ValidationError({"valid_from": _("A target already begins on this day.")})
    changes = {name: [str(getattr(row, name)), str(getattr(made, name))] for name in SAYS}
    for name in SAYS:
        setattr(row, name, getattr(made, name))
    row.set_by_id, row.set_at = actor.pk, timezone.now()
    row.save()
    told = {name: values for name, values in changes.items() if values[0] != values[1]}
    history.note(row, "target_corrected", actor, {"kpi": row.kpi, "from": str(row.valid_from), "changes": told})
    return row


def _decision(made: Target) -> str:
    return " · ".join(str(fact) for fact in (made.decided, made.decided_on, made.minutes) if fact)


def _check(made: Target) -> None:
    believable(valid_from=made.valid_from, decided_on=made.decided_on)
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
    """Floor, target and stretch in the direction of the indicator, and on its scale."""
    wrong: dict[str, Any] = {}
    sign = -1 if aim.good == DOWN else 1
    if made.floor is not None and sign * made.floor > sign * made.target:
        wrong["floor"] = _("What is acceptable cannot be stricter than the target.")
    if made.stretch is not None and sign * made.stretch < sign * made.target:
        wrong["stretch"] = _("The stretch cannot be easier than the target.")
    for name in ("target", "floor", "stretch"):
        value = getattr(made, name)
        if value is not None and (words := aim.refused(value)):
            wrong[name] = words
    return wrong
