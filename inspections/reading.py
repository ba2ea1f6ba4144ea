"""Meters that are read on a round: judged against the last reading at once, written down at the asset when the round is done.

Until then an answer may be corrected. A phone that was without network may bring a reading that has been overtaken meanwhile: it
stays on the round's record, and the asset's readings stay as they are.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assets import meters
from assets.models import Meter
from inspections.models import Answer, Item, Point, Round
from inspections.states import METER


def meter_of(point: Point, item: Item) -> Meter | None:
    """The meter of the asset at this point which the item reads; None where the point has none of that name."""
    if item.kind != METER or point.asset_id is None or not item.meter:
        return None
    found: Meter | None = Meter.objects.filter(asset=point.asset_id, name=item.meter).first()
    return found


def check(point: Point, item: Item, value: Decimal | None, at: datetime) -> None:
    """Raises ValidationError by item where the meter stood higher before: it was misread, or it is a new one."""
    meter = meter_of(point, item)
    if meter is None or value is None or meter.value is None or meter.read_at is None:
        return
    if value < meter.value and meter.read_at <= at:
        words = _("It stood at %(value)s before. If it is a new meter, enter it on the asset's page first.")
        raise ValidationError({str(item.pk): ValidationError(words, params={"value": f"{meter.value:f}"})})


def enter(round: Round, by: Any) -> None:
    """Write down what was read on a round that is done, each at its moment, once."""
    answers = Answer.objects.filter(point__round=round, item__kind=METER, value__isnull=False)
    for answer in answers.select_related("point", "item").order_by("at", "pk"):
        meter = meter_of(answer.point, answer.item)
        if meter is None:
            continue
        try:
            with transaction.atomic():
                meters.enter(meter, answer.value, by=by, at=answer.at, source=f"inspections.answer:{answer.pk}")
        except ValidationError:
            continue  # overtaken by a later reading, as told above
