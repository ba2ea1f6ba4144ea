"""Closing a month of a hospital: its figures are counted from the records, written once, and chained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment import chain, inputs
from assessment import permissions as perm
from assessment.inputs import Rows
from assessment.models import Exclusion, FrozenFigure, FrozenRows, MonthClose, Recheck
from assessment.states import APPROVED, CLOSING, LATECOMER
from indicators import values
from indicators.library import Definition, definitions
from indicators.models import Return
from kpi.days import next_month
from kpi.models import Target
from kpi.periods import MONTHS, containing
from kpi.queries import targets
from kpi.registry import DENOMINATOR, NUMERATOR, Standpoint
from tenancy import history
from tenancy.access import can
from tenancy.locks import hold
from tenancy.models import Hospital

Pair = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Frozen:
    """What is to be written: the figure and the rows behind it."""

    figure: FrozenFigure
    rows: Sequence[Rows]


def lock(hospital_id: int) -> None:
    """One at a time writes figures of a hospital: each is chained to the one before."""
    hold("assessment.freeze", hospital_id)


@transaction.atomic
def close_month(actor: Any, hospital: Hospital, month: date) -> MonthClose:
    """Freeze every figure of a month that is over. Again, or two at once: the same figures, once. All or nothing.

    Raises PermissionDenied, or ValidationError for a month that is not over.
    """
    if not can(actor, perm.MONTH_CLOSE, hospital):
        raise PermissionDenied(perm.MONTH_CLOSE)
    if month.day != 1 or next_month(month) > timezone.localdate():
        raise ValidationError({"month": _("This month is not over yet.")})
    lock(hospital.pk)
    if (closed := MonthClose.objects.filter(hospital=hospital, month=month).first()) is not None:
        return closed
    found = freeze(actor, hospital, month, due(hospital, month), cause=CLOSING)
    closed = MonthClose.objects.create(
        hospital=hospital, month=month, figures=len(found), head=chain.last_digest(hospital.pk), by_id=actor.pk,
        by_name=actor.name,
    )  # fmt: skip
    # what changed while we counted is compared once this can be seen
    Recheck.objects.bulk_create([Recheck(hospital=hospital, month=month)], ignore_conflicts=True)
    history.note(hospital, "month_closed", actor, {"month": f"{month:%Y-%m}", "figures": len(found)})
    return closed


def due(hospital: Hospital, month: date) -> list[Definition]:
    """What is frozen with this month: what ends with it, and is counted from records or was reported."""
    end = next_month(month)
    ending = [one for one in definitions(hospital.consortium_id).values() if containing(one.period, month).end == end]
    year = end - timedelta(days=366)
    reported = Return.objects.filter(hospital=hospital, first__gte=year, last__lt=end).values_list(
        "quantity__key", "first"
    )
    since: dict[str, date] = {}
    for key, first in reported:
        since[key] = max(first, since.get(key, first))
    return [one for one in ending if not one.is_now and _is_there(one, month, since)]


def _is_there(one: Definition, month: date, since: dict[str, date]) -> bool:
    first = containing(one.period, month).first
    return not one.quantities or any(since.get(key, date.min) >= first for key in one.quantities)


def freeze(
    actor: Any, hospital: Hospital, month: date, asked: Iterable[Definition], *, cause: str
) -> list[FrozenFigure]:
    """Count and write figures of a closed month. The hospital is locked."""
    asked = list(asked)
    left_out = approved(hospital.pk, month)
    given = reported(asked, hospital.pk, month)
    stamp, goals = timezone.now(), goals_of(hospital, month)
    with translation.override(settings.LANGUAGE_CODE):
        found = [count(one, hospital, month, left_out.get(one.key, []), given, goals) for one in asked]
    for one in found:
        one.figure.cause, one.figure.frozen_at = cause, stamp
        one.figure.frozen_by_id, one.figure.frozen_name = actor.pk, actor.name
    return write(found)


def approved(hospital_id: int, month: date) -> dict[str, list[Exclusion]]:
    """Indicator → the records that were approved not to count in this month."""
    found: dict[str, list[Exclusion]] = {}
    for row in Exclusion.objects.filter(hospital=hospital_id, month=month, state=APPROVED).order_by("pk"):
        found.setdefault(row.key, []).append(row)
    return found


def reported(asked: Iterable[Definition], hospital_id: int, month: date) -> dict[str, Pair]:
    """The sums of those that need returns, as the comparison of hospitals reckons them."""
    found: dict[str, Pair] = {}
    for period in MONTHS:
        ours = [one for one in asked if one.quantities and one.period == period]
        span = containing(period, month)
        if ours:
            for (key, *_rest), pair in values.sums(
                ours, [hospital_id], span.first, span.end, ("hospital", period)
            ).items():
                found[key] = pair
    return found


def goals_of(hospital: Hospital, month: date) -> dict[str, Target]:
    """Indicator → the target in force on the last day of the month: whatever is frozen with it ends that day."""
    found: dict[str, Target] = targets(Standpoint((hospital.pk,)), next_month(month) - timedelta(days=1))
    return found


def count(
    one: Definition,
    hospital: Hospital,
    month: date,
    left_out: Sequence[Exclusion],
    given: dict[str, Pair],
    goals: dict[str, Target],
) -> Frozen:
    """A figure as the records are now, not yet written."""
    span = containing(one.period, month)
    last = span.end - timedelta(days=1)
    without = {(row.subject, row.subject_id) for row in left_out}
    rows = inputs.rows_of(one, hospital.pk, span.first, last, without)
    hit = _hit(one, hospital.pk, span.first, last, left_out, rows) if left_out else []
    pair = given.get(one.key, (None, None)) if one.quantities else summed(one.denominator, rows)
    goal = goals.get(one.key)
    figure = FrozenFigure(
        hospital=hospital, key=one.key, label=str(one.label)[:120], kind=one.kind, month=month, first=span.first, last=last,
        unit=str(one.unit)[:30], good=one.good, factor=one.factor, needs=one.kpi.needs if one.kpi else "",
        minimum=one.minimum, target=goal.target if goal else one.target, floor=goal.floor if goal else None,
        stretch=getattr(goal, "stretch", None), version=one.version, definition=in_words(one),
    )  # fmt: skip
    fill(figure, pair, rows, hit)
    return Frozen(figure, rows)


def value_of(figure: FrozenFigure, pair: Pair) -> Decimal | None:
    """The value; None where a sum is missing, or there is nothing to divide by."""
    above, below = pair
    if above is None or not figure.definition["below"]:
        return None if above is None else above * figure.factor
    return above * figure.factor / below if below is not None and below > 0 else None


def fill(figure: FrozenFigure, pair: Pair, rows: Sequence[Rows], hit: Sequence[Exclusion]) -> None:
    """What the rows and the sums make of a figure."""
    figure.numerator, figure.denominator = pair
    figure.value = value_of(figure, pair)
    figure.small = pair[1] is not None and 0 < pair[1] < figure.minimum
    figure.inputs = {f"{row.part} {row.measure}": f"{row.total:.4f}" for row in rows}
    figure.records = len({(row.subject, pk) for row in rows for pk in row.ids})
    figure.rows_sha256 = chain.of_rows(rows)
    figure.excluded = len(hit)
    figure.exclusions = [
        {"id": row.pk, "subject": row.subject, "record": row.subject_id, "name": row.name, "reason": row.reason,
         "approved_by": row.decided_name, "words": row.text or row.decision}
        for row in hit
    ]  # fmt: skip


def summed(below: Collection[str], rows: Iterable[Rows]) -> Pair:
    """Numerator and denominator of what is counted from records."""
    totals = {NUMERATOR: Decimal(0), DENOMINATOR: Decimal(0)}
    for row in rows:
        totals[row.part] += row.total
    return totals[NUMERATOR], totals[DENOMINATOR] if below else None


def sums_now(one: Definition, hospital_id: int, month: date, rows: Iterable[Rows]) -> Pair:
    """The two sums as they are now."""
    if one.quantities:
        return reported([one], hospital_id, month).get(one.key, (None, None))
    return summed(one.denominator, rows)


def _hit(
    one: Definition, hospital_id: int, first: date, last: date, left_out: Sequence[Exclusion], rows: Sequence[Rows]
) -> list[Exclusion]:
    """Those of the exclusions that would have counted."""
    everything = inputs.rows_of(one, hospital_id, first, last)
    would = {(row.subject, pk) for row in everything for pk in row.ids}
    return [row for row in left_out if (row.subject, row.subject_id) in would]


def in_words(one: Definition) -> dict[str, Any]:
    """What the indicator was when it was frozen."""
    explain = one.explain
    words = {
        "meaning": explain.meaning, "numerator": explain.numerator, "denominator": explain.denominator,
        "exclusions": explain.exclusions, "period": explain.period, "source": one.source, "owner": one.owner,
        "supervisor": one.supervisor, "on_breach": one.on_breach, "unit": one.unit, "code": one.code,
    }  # fmt: skip
    said = {name: str(text) for name, text in words.items() if text}
    return said | {"above": list(one.numerator), "below": list(one.denominator), "factor": f"{one.factor:f}"}


def write(found: Sequence[Frozen]) -> list[FrozenFigure]:
    """Chain the figures to the hospital's last and write them with their rows."""
    if not found:
        return []
    previous = chain.last_digest(found[0].figure.hospital_id)
    for one in found:
        previous = chain.link(one.figure, previous)
    figures: list[FrozenFigure] = FrozenFigure.objects.bulk_create([one.figure for one in found])
    FrozenRows.objects.bulk_create(
        FrozenRows(
            hospital_id=figure.hospital_id, figure=figure, part=row.part, measure=row.measure, subject=row.subject,
            ids=list(row.ids), amounts=None if row.amounts is None else list(row.amounts), sha256=row.sha256,
        )
        for figure, one in zip(figures, found, strict=True)
        for row in one.rows
    )  # fmt: skip
    return figures


def take_latecomers(actor: Any, hospital: Hospital, month: date) -> list[FrozenFigure]:
    """Freeze what a hospital reported after its month was closed. The hospital is locked."""
    there: Collection[str] = set(
        FrozenFigure.objects.filter(hospital=hospital, month=month).values_list("key", flat=True)
    )
    missing = [one for one in due(hospital, month) if one.key not in there and one.quantities]
    return freeze(actor, hospital, month, missing, cause=LATECOMER) if missing else []
