"""How every indicator of a hospital stood in the last whole month: reckoned once and kept, for pages of many hospitals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.utils import timezone

from indicators import values
from indicators.library import Definition, definitions
from kpi.control import EVENTS, SINGLE, Control, Pair, controlled
from kpi.figures import tone_of
from kpi.measure import measured_versions
from kpi.models import Target
from kpi.periods import earlier
from kpi.queries import targets
from kpi.registry import Standpoint
from kpi.steadiness import judged, last_months, tendency, unfinished
from reporting.models import Standing
from tenancy.models import Hospital

PER_MANY = 1000  # a rate per so many units, or more, counts happenings
KEPT = 24 * 3600  # seconds until a hospital is reckoned anew though nothing was measured


def course(definition: Definition, months: list[date], pairs: list[Pair | None]) -> Control:
    """The months of an indicator with their control limits."""
    if definition.kpi is not None:
        return judged(definition.kpi, months, pairs)
    if not definition.denominator:
        pairs = [pair and (pair[0], None) for pair in pairs]
    kind = EVENTS if definition.denominator and definition.factor >= PER_MANY else SINGLE
    return controlled(pairs, kind, definition.factor, unfinished(months, pairs))


def reckon(hospital: Hospital) -> int:
    """Write down how each indicator stood in the last whole month. Runs in the hospital's scope; answers how many."""
    month = earlier(timezone.localdate().replace(day=1), 1)
    months = last_months(month)
    known = definitions(hospital.consortium_id)
    sums = values.sums(known.values(), [hospital.pk], months[0], earlier(month, -1), by=("month",))
    goals = targets(Standpoint((hospital.pk,)), earlier(month, -1) - timedelta(days=1))
    found = [
        _standing(hospital, one, months, [sums.get((one.key, m)) for m in months], goals.get(one.key))
        for one in known.values()
        if (one.key, month) in sums
    ]
    Standing.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["hospital", "key"],
        update_fields=["month", "numerator", "denominator", "value", "target", "tone", "rules", "tendency", "reckoned_at"],
    )  # fmt: skip
    Standing.objects.filter(hospital=hospital).exclude(key__in=[row.key for row in found]).delete()
    return len(found)


def _standing(
    hospital: Hospital, one: Definition, months: list[date], pairs: list[Pair | None], goal: Target | None
) -> Standing:
    last = pairs[-1] or (Decimal(0), None)
    value, target = values.value(one, last), goal.target if goal else one.target
    small = values.is_small(one, last)
    latest = [] if small else course(one, months, pairs).latest
    ways = [way for signal in latest if (way := tendency(one.good, signal.up))]
    return Standing(
        hospital=hospital, key=one.key, month=months[-1], numerator=last[0], denominator=last[1], value=value, target=target,
        tone="" if small or value is None else _tone(one, value, target, goal.floor if goal else None),
        rules=list(dict.fromkeys(signal.rule for signal in latest)), tendency=ways[0] if ways else "",
        reckoned_at=timezone.now(),
    )  # fmt: skip


def _tone(one: Definition, value: Decimal, target: Decimal | None, floor: Decimal | None) -> str:
    return tone_of(one, value, target, floor)  # type: ignore[arg-type]  # of both it asks which way is better


def _mark(hospital: int) -> str:
    return f"standing:{hospital}"


def stale(hospitals: Iterable[int]) -> list[int]:
    """Those measured since they were last reckoned, or not reckoned for a day."""
    kept = {pk: cache.get(_mark(pk)) for pk in hospitals}
    return [pk for pk, mark in kept.items() if mark is None or mark != fresh(pk)]


def fresh(hospital: int) -> str:
    """What a hospital's standings were reckoned from: the day, and the last measurement."""
    return f"{timezone.localdate()} {''.join(measured_versions([hospital]))}"


def refresh(hospital: Hospital) -> int:
    """Reckon a hospital if its figures have moved."""
    if not stale([hospital.pk]):
        return 0
    mark = fresh(hospital.pk)  # what is measured while we reckon makes it stale again
    number = reckon(hospital)
    cache.set(_mark(hospital.pk), mark, KEPT)
    return number
