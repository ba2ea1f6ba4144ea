"""What the comparison of hospitals reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from indicators import values
from indicators.comparing import Standing, of_sums, quantile, ratio
from indicators.library import written
from indicators.models import Indicator, Return, ReturnFile
from indicators.permissions import RETURN_CHANGE, RETURN_VIEW
from indicators.values import Pair
from kpi import registry
from kpi.measure import measured_versions
from kpi.models import PeerMember
from kpi.queries import standpoints
from tenancy.access import can, hospitals, hospitals_with, permissions_of, reaches
from tenancy.models import Consortium, Hospital

Span = tuple[date, date]


@dataclass(frozen=True)
class Summary:
    """One indicator of a period: all together, the middle hospital, and how many have a value."""

    indicator: Indicator
    value: Decimal | None
    median: Decimal | None
    count: int
    of: int


def consortium_of(user: Any, permission: str = RETURN_CHANGE) -> Consortium | None:
    """The consortium for which this person may do this, the first where there are several."""
    ids = sorted({hospital["consortium"] for hospital in hospitals(user)})
    return next(
        (one for one in Consortium.objects.filter(pk__in=ids).order_by("pk") if can(user, permission, one)), None
    )


def files_of(user: Any) -> QuerySet[ReturnFile]:
    """The files of returns whose pages this person may open."""
    ours = [one.consortium for one in reaches(user) if one.consortium and RETURN_CHANGE in one.permissions]
    return ReturnFile.objects.filter(consortium=min(ours, default=None))


def may_take_in(user: Any) -> bool:
    """May this person do so for a consortium at all? Asks nothing of the database."""
    ids = {hospital["consortium"] for hospital in hospitals(user)}
    return any(can(user, RETURN_CHANGE, Consortium(pk=pk)) for pk in ids)


def returns(user: Any) -> QuerySet[Return]:
    return Return.objects.for_user(user, RETURN_VIEW)


def spans(user: Any) -> list[Span]:
    """The periods for which anybody reported, the newest first."""
    return list(returns(user).values_list("first", "last").distinct().order_by("-last", "-first"))


def mark(user: Any, span: Span | None) -> tuple[Any, ...]:
    """Changes with what this person sees compared: whose returns and figures, and the newest of them."""
    seen = sorted(hospitals_with(user, RETURN_VIEW))
    rows = returns(user).filter(first=span[0], last=span[1]) if span else Return.objects.none()
    newest = rows.aggregate(newest=Max("changed_at"), count=Count("pk"))
    return seen, standpoints(user), sorted(permissions_of(user)), span, newest, measured_versions(seen)


def indicators(user: Any) -> QuerySet[Indicator]:
    ours = {hospital["consortium"] for hospital in hospitals(user)}
    return Indicator.objects.filter(consortium__in=ours, active=True).order_by("side", "name")


def standings(user: Any, found: list[Indicator], span: Span | None) -> dict[int, list[Standing]]:
    """Indicator → every visible hospital with its sums. A part that nobody reported is missing."""
    seen = hospitals_with(user, RETURN_VIEW)
    names = {h.pk: h for h in Hospital.objects.filter(pk__in=seen)}
    groups = dict(PeerMember.objects.filter(hospital__in=seen).values_list("hospital", "group"))
    keys = {key for one in found for key in (*one.numerator, *one.denominator)}
    sums: dict[tuple[int, str], Decimal] = {}
    if span:
        rows = returns(user).filter(quantity__key__in=keys, first=span[0], last=span[1]).order_by()
        for hospital, key, value in rows.values_list("hospital", "quantity__key").annotate(total=Sum("value")):
            sums[hospital, key] = value

    def total(hospital: int, parts: list[str]) -> Decimal | None:
        values = [sums.get((hospital, key)) for key in parts]
        return None if None in values else sum((v for v in values if v is not None), Decimal(0))

    mixed, in_order = _mixed(user, found, seen, span), sorted(names.items(), key=lambda item: item[1].code)
    answer: dict[int, list[Standing]] = {}
    for one in found:
        answer[one.pk] = []
        for pk, hospital in in_order:
            above, below = mixed.get((one.pk, pk)) or (total(pk, one.numerator), total(pk, one.denominator))
            value = ratio(above, below, one.factor)
            answer[one.pk].append(Standing(hospital, groups.get(pk, ""), above, below, value))
    return answer


def _mixed(user: Any, found: list[Indicator], seen: Collection[int], span: Span | None) -> dict[tuple[int, int], Pair]:
    """(indicator, hospital) → sums of those that are reckoned from the platform's own figures too, where the person may
    see the whole hospital's."""
    own = {f"own.{one.key}": one for one in found if any("/" in key for key in (*one.numerator, *one.denominator))}
    after = span[1] + timedelta(days=1) if span else None
    if not own or span is None or after is None or span[0].day != 1 or after.day != 1:
        return {}
    asked = [written(one) for one in own.values()]
    whole = [pk for pk, view in standpoints(user).items() if view == ((), "", ()) and pk in seen]
    needs = {key: {registry.get(kpi).needs for kpi in one.kpis} - {""} for key, one in ((d.key, d) for d in asked)}
    may = {need: hospitals_with(user, need) for found in needs.values() for need in found}
    sums = values.sums(asked, whole, span[0], after, (values.HOSPITAL,))
    return {
        (own[key].pk, hospital): pair
        for (key, hospital), pair in sums.items()
        if all(hospital in may[need] for need in needs[key])
    }


def summaries(user: Any, found: list[Indicator], span: Span | None) -> list[Summary]:
    """Every indicator of a period on one line."""
    rows = standings(user, found, span)
    return [summed(one, rows[one.pk]) for one in found]


def summed(indicator: Indicator, rows: list[Standing]) -> Summary:
    values = sorted(row.value for row in rows if row.value is not None)
    middle = quantile(values, Decimal("0.5"))
    return Summary(indicator, of_sums(rows, indicator.factor), middle, len(values), len(rows))
