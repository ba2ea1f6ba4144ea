"""What a form asks, what stood there before, and whether a new value is so different that it needs a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators import request_spans as periods
from indicators.models import Quantity, RequestedQuantity, Return, ReturnDue
from indicators.request_states import DEVIATION
from ui.forms import mark

Values = dict[str, Decimal]


@dataclass
class Asked:
    """A form: its quantities in order, their words of help, and the values of three periods by key."""

    quantities: dict[str, Quantity] = field(default_factory=dict)
    help: dict[str, str] = field(default_factory=dict)
    now: Values = field(default_factory=dict)
    before: Values = field(default_factory=dict)  # the period before
    year_ago: Values = field(default_factory=dict)


def asked(due: ReturnDue) -> Asked:
    """The form of a period, in two statements."""
    found, spans = Asked(), of(due)
    for line in RequestedQuantity.objects.filter(request=due.request_id).select_related("quantity"):
        found.quantities[line.quantity.key], found.help[line.quantity.key] = line.quantity, line.help
    rows = Return.objects.filter(hospital=due.hospital_id, quantity__in=found.quantities.values())
    rows = rows.filter(first__in=[span[0] for span in spans if span])
    for key, first, last, value in rows.values_list("quantity__key", "first", "last", "value"):
        for span, values in zip(spans, (found.now, found.before, found.year_ago), strict=True):
            if span == (first, last):
                values[key] = value
    return found


def of(due: ReturnDue) -> tuple[periods.Span, periods.Span, periods.Span | None]:
    """The period itself, the one before, the one a year ago."""
    span, rhythm = (due.first, due.last), due.request.rhythm
    return span, periods.before(span, rhythm), periods.year_before(span, rhythm)


def standing(due: ReturnDue, asked: Asked) -> str:
    """A mark of what stands there now: whoever corrects from a page drawn before somebody else did, shows another."""
    values = sorted((key, f"{value:f}") for key, value in asked.now.items())
    return mark([values, sorted(due.unknown), sorted(due.notes.items())])


def unusual(value: Decimal | None, before: Decimal | None) -> bool:
    """More than half away from the period before. Without one there is nothing to compare with."""
    if value is None or before is None:
        return False
    return abs(value - before) * 100 > before * DEVIATION


def share(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The change against the period before, 0.5 for half more; None where there is nothing to divide by."""
    return (value - before) / before if value is not None and before else None


def settled(due: ReturnDue) -> list[tuple[Quantity, Decimal | None, str, bool]]:
    """What was handed in: quantity, value, the word beside it, and whether the hospital said that it does not know."""
    notes: Mapping[str, str] = due.notes
    values = dict(
        Return.objects.filter(
            hospital=due.hospital_id, first=due.first, last=due.last, quantity__key__in=due.asked
        ).values_list("quantity__key", "value")
    )
    quantities = Quantity.objects.filter(consortium=due.request.consortium_id, key__in=due.asked)
    known = {quantity.key: quantity for quantity in quantities}
    return [
        (known[key], values.get(key), notes.get(key, ""), key in due.unknown)
        for key in due.asked if key in known
    ]  # fmt: skip
