"""Setting targets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kpi import registry
from kpi.models import Target
from kpi.permissions import TARGET_CHANGE
from kpi.registry import DOWN, PERCENT
from tenancy import history
from tenancy.access import can
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
    floor: Decimal | None = None,
    decided: str = "",
) -> Target:
    """Set what a figure should reach from a day on, for one hospital or for all of the consortium.

    The target in force until then ends the day before; one that was to begin later still begins. Earlier targets stay as
    they were, so old periods keep being judged by what held then. Raises PermissionDenied, or ValidationError by field.
    """
    made = Target(
        consortium=consortium, kpi=kpi, hospital=hospital, target=target, floor=floor, valid_from=valid_from,
        decided=decided.strip(), set_by_id=actor.pk,
    )  # fmt: skip
    if not can(actor, TARGET_CHANGE, made):
        raise PermissionDenied(TARGET_CHANGE)
    _check(made)
    with connection.cursor() as cursor:  # one at a time, or two could hold on the same day
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kpi.target'), %s)", [consortium.pk])
    others = Target.objects.filter(consortium=consortium, kpi=kpi, hospital=hospital)
    if others.filter(valid_from=valid_from).exists():
        raise ValidationError({"valid_from": _("A target already begins on this day.")})
    before = others.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    after = others.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if before is not None:
        before.valid_to = valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    made.valid_to = after.valid_from - timedelta(days=1) if after else None
    made.save()
    history.note(
        made, "target_set", actor, {"kpi": kpi, "target": str(target), "from": str(valid_from), "decided": decided}
    )
    return made


def _check(made: Target) -> None:
    wrong: dict[str, Any] = {}
    kpi = {k.key: k for k in registry.measured()}.get(made.kpi)
    if kpi is None:
        wrong["kpi"] = _("This figure is not known.")
    elif kpi.unit == PERCENT and not 0 <= made.target <= 100:
        wrong["target"] = _("A share lies between 0 and 100 %.")
    elif made.floor is not None and (made.floor < made.target if kpi.good == DOWN else made.floor > made.target):
        wrong["floor"] = _("What is acceptable cannot be stricter than the target.")
    if made.hospital is not None and made.hospital.consortium_id != made.consortium_id:
        wrong["hospital"] = _("This belongs to another consortium.")
    if len(made.decided) > 200:
        wrong["decided"] = _("At most 200 characters, please.")
    if wrong:
        raise ValidationError(wrong)
