"""How reliable a machine is: time between failures, time to repair, repeat failures, and what each year cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from assets.models import Asset
from flow.domain import subject_of
from flow.models import Event
from tenancy.access import can, where
from workorders.models import WorkOrder
from workorders.permissions import COST_VIEW, ORDER_VIEW
from workorders.states import CANCELLED, IMPORTED

REPEAT = timedelta(days=30)  # house rule: a failure within this time of the one before is a repeat
FAILURE = ("pk", "reported_at", "finished_at", "waited_seconds", "channel", "cost")


@dataclass
class Year:
    """One calendar year: how often it failed, what that cost."""

    year: int
    failures: int = 0
    cost: Decimal = Decimal(0)


@dataclass
class Reliability:
    """What the failures of one machine, or of all of a kind, say together. None where there is nothing to divide by."""

    failures: int = 0
    first: datetime | None = None
    last: datetime | None = None
    span: timedelta = timedelta()  # between first and last failure, summed over machines
    gaps: int = 0  # between neighbouring failures, summed over machines
    repeats: int = 0
    repaired: int = 0  # failures of which somebody wrote down begin and end
    repair: timedelta = timedelta()
    years: dict[int, Year] = field(default_factory=dict)

    @property
    def between(self) -> timedelta | None:
        """Mean time between failures: from the first to the last, by the number of gaps."""
        return self.span / self.gaps if self.gaps else None

    @property
    def to_repair(self) -> timedelta | None:
        """Mean time from the report until it worked again, without time on hold."""
        return self.repair / self.repaired if self.repaired else None

    @property
    def repeat_share(self) -> Decimal | None:
        """Of the failures that followed another one, in per cent."""
        return Decimal(100 * self.repeats) / self.gaps if self.gaps else None

    @property
    def cost(self) -> Decimal:
        return sum((year.cost for year in self.years.values()), Decimal(0))

    @property
    def by_year(self) -> list[Year]:
        return sorted(self.years.values(), key=lambda year: -year.year)


def reckon(rows: Iterable[dict[str, Any]]) -> Reliability:
    """Out of failures in the order of their report; each has `asset_id` and the facts of FAILURE."""
    found, before = Reliability(), {}  # type: Reliability, dict[int, datetime]
    for row in rows:
        at, previous = row["reported_at"], before.get(row["asset_id"])
        found.failures += 1
        found.first, found.last = min(found.first or at, at), max(found.last or at, at)
        if previous is not None:
            found.gaps += 1
            found.span += at - previous
            found.repeats += at - previous <= REPEAT
        before[row["asset_id"]] = at
        if row["finished_at"] and row["channel"] != IMPORTED:  # an older system knows the day, not how long it took
            found.repaired += 1
            found.repair += row["finished_at"] - at - timedelta(seconds=row["waited_seconds"])
        number = timezone.localtime(at).year
        year = found.years.setdefault(number, Year(number))
        year.failures += 1
        year.cost += row["cost"]
    return found


def failures(user: Any, assets: Any, old_kind: str = "") -> QuerySet[WorkOrder]:
    """What was reported on these assets; of an older system's orders only those of one kind, if it is given."""
    orders = WorkOrder.objects.for_user(user, ORDER_VIEW).filter(asset__in=assets).exclude(state=CANCELLED)
    if old_kind:
        events = Event.objects.filter(subject=subject_of(WorkOrder()), verb="imported", data__type=old_kind)
        orders = orders.filter(~Q(channel=IMPORTED) | Q(pk__in=events.values("subject_id")))
    return orders.order_by("reported_at", "pk")


def of_assets(user: Any, assets: Any, old_kind: str = "") -> Reliability:
    """Cost only as far as the person may see it: otherwise it is nothing, and the page leaves it out."""
    rows = list(failures(user, assets, old_kind).values("asset_id", *FAILURE))
    if not can(user, COST_VIEW):
        return reckon({**row, "cost": Decimal(0)} for row in rows)
    seen = set(
        WorkOrder.objects.filter(where(user, COST_VIEW, WorkOrder), asset__in=assets).values_list("pk", flat=True)
    )
    return reckon({**row, "cost": row["cost"] if row["pk"] in seen else Decimal(0)} for row in rows)


def old_kinds(asset: Asset) -> list[str]:
    """The kinds of work an older system knew, of this machine's orders."""
    ids = WorkOrder.objects.filter(asset=asset, channel=IMPORTED).values("pk")
    events = Event.objects.filter(subject=subject_of(WorkOrder()), verb="imported", subject_id__in=ids)
    return sorted({str(kind) for kind in events.values_list("data__type", flat=True).distinct() if kind})


def of_kind(user: Any, assets: Sequence[Asset]) -> list[tuple[Asset, Reliability]]:
    """Machine by machine, the one that fails most first."""
    rows = defaultdict(list)
    for row in failures(user, [asset.pk for asset in assets]).values("asset_id", *FAILURE):
        rows[row["asset_id"]].append(row)
    found = [(asset, reckon(rows[asset.pk])) for asset in assets]
    return sorted(found, key=lambda pair: (-pair[1].failures, pair[0].code))
