"""League tables: one indicator of a period, every hospital one may compare, by like groups and fairly normalised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.queries import published
from indicators import spans, values
from indicators.library import QUANTITY, Definition, definitions
from indicators.models import Return
from indicators.permissions import RETURN_VIEW
from kpi.models import PeerMember, Target
from kpi.periods import Period, containing, earlier, parse
from kpi.permissions import FIGURE_VIEW
from kpi.queries import standpoints
from kpi.registry import DENOMINATOR, NUMERATOR, PERCENT, Words
from reporting.models import Standing
from reporting.permissions import LEAGUE_VIEW
from reporting.ranking import FEW, LACKING, NOTHING, Place, banded, median, ranked
from reporting.states import OFF
from tenancy.access import hospitals, hospitals_with, permissions_of
from tenancy.models import Hospital

Span = tuple[date, date]  # first day, day after the last
WHOLE: tuple[tuple[str, ...], str, tuple[Any, ...]] = ((), "", ())
MONTHS_OFFERED = 13


@dataclass(frozen=True)
class Basis:
    """What a count is divided by, so that a large and a small hospital can be compared."""

    key: str
    label: Words
    quantity: str  # as hospitals report it
    per: int = 1
    column: str = ""  # of the hospital's own data, where no hospital has reported the quantity


BASES = {
    basis.key: basis
    for basis in (
        Basis("bed", _("per bed"), "beds", column="beds"),
        Basis("bed-days", _("per 1,000 bed-days"), "bed_days", 1000),
        Basis("m2", _("per m²"), "floor_area", column="area"),
        Basis("person", _("per person of the staff"), "staff", column="staff"),
        Basis("visits", _("per 1,000 visits"), "outpatient_visits", 1000),
    )
}


def known(user: Any) -> dict[str, Definition]:
    """The indicators this person may compare, in the order of the library."""
    mine: frozenset[str] = permissions_of(user)
    found: dict[str, Definition] = {}
    for consortium in sorted({int(one["consortium"]) for one in hospitals(user)}):
        found |= definitions(consortium)
    return {
        key: one
        for key, one in found.items()
        if not one.is_now and (one.kpi is None or not one.kpi.needs or one.kpi.needs in mine)
    }


def comparable(user: Any, definition: Definition) -> frozenset[int]:
    """The hospitals whose figures of this kind the person sees whole."""
    whole = {pk for pk, view in standpoints(user).items() if view == WHOLE}
    seen = hospitals_with(user, LEAGUE_VIEW)
    needs = hospitals_with(user, definition.kpi.needs) if definition.kpi and definition.kpi.needs else seen
    returned = hospitals_with(user, RETURN_VIEW)
    if definition.quantities:
        whole = whole & returned if definition.kpis else set(returned)
    return frozenset(whole) & seen & needs


class League:
    """One indicator of one period among the hospitals of a group."""

    def __init__(self, user: Any, definition: Definition, asked: Any) -> None:
        self.user, self.definition = user, definition
        self.pks = comparable(user, definition)
        self.published_groups: dict[int, str] = {}
        self.basis = self._basis(asked.get("per", ""))
        self.period, self.span = self._span(asked.get("period", ""))
        self.group = asked.get("group", "") if asked.get("group", "") in self.groups else ""

    def _basis(self, asked: str) -> Basis | None:
        return BASES.get(asked) if self.may_normalise else None

    @property
    def may_normalise(self) -> bool:
        """Only sums are divided by something; a ratio is fair already."""
        return not self.definition.denominator

    # period ----------------------------------------------------------------------------------------------------------

    @cached_property
    def reported(self) -> list[Span]:
        """The periods hospitals reported for, the newest first; for indicators that come from returns."""
        if not self.definition.quantities:
            return []
        rows = Return.objects.for_user(self.user, RETURN_VIEW).filter(quantity__key__in=self.definition.quantities)
        found = rows.order_by("-last", "-first").values_list("first", "last").distinct()
        return [
            (first, last + timedelta(days=1))
            for first, last in found
            if first.day == 1 and (last + timedelta(1)).day == 1
        ]

    def _span(self, asked: str) -> tuple[Period | None, Span]:
        by_key = {span_key(span): span for span in self.reported}
        if asked in by_key:
            return None, by_key[asked]
        if self.reported and not asked:
            return None, self.reported[0]
        if asked:
            period = parse(asked)
        else:  # the last whole month, quarter or year
            running = containing(self.definition.period, timezone.localdate())
            period = running.previous
        return period, (period.first, period.end)

    @property
    def period_key(self) -> str:
        return self.period.key if self.period else span_key(self.span)

    def __str__(self) -> str:
        return str(self.period) if self.period else spans.written(self.span[0], self.span[1] - timedelta(days=1))

    @property
    def is_running(self) -> bool:
        return self.span[1] > timezone.localdate()

    @property
    def offered(self) -> list[tuple[str, str]]:
        """(address, words) of the periods to choose from: those reported, else the last months, quarters and years."""
        if self.reported:
            return [(span_key(span), spans.written(span[0], span[1] - timedelta(days=1))) for span in self.reported]
        this = timezone.localdate().replace(day=1)
        months = [Period("month", earlier(this, n)) for n in range(MONTHS_OFFERED)]
        longer = [containing("quarter", earlier(this, 3 * n)) for n in range(5)]
        longer += [containing("year", earlier(this, 12 * n)) for n in range(3)]
        return [(period.key, str(period)) for period in (*months, *longer)]

    # places ----------------------------------------------------------------------------------------------------------

    @cached_property
    def hospitals(self) -> dict[int, Hospital]:
        rows = Hospital.objects.filter(pk__in=self.pks | set(self.published), is_open=True).order_by("code")
        return {hospital.pk: hospital for hospital in rows}

    @cached_property
    def published(self) -> dict[int, values.Pair]:
        """Hospital → sums that were published of this period, where others than one's own were; else nothing.

        They stand for all then, one's own too: what is compared was frozen alike.
        """
        ours = {int(one["consortium"]) for one in hospitals(self.user)}
        every = Hospital.objects.filter(consortium__in=ours, is_open=True).values_list("pk", flat=True)
        if set(every) <= self.pks:
            return {}
        rows = published(self.user, [self.definition.key], list(every), *self.span)
        sums: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            if self.span[0] <= row.first and row.last < self.span[1]:
                sums[row.hospital_id].append(row)
                self.published_groups[row.hospital_id] = row.group  # the newest month's, as they come in their order
        found = {pk: _added(held, self.span) for pk, held in sums.items()}
        whole = {pk: pair for pk, pair in found.items() if pair is not None}
        return whole if set(whole) - self.pks else {}

    @cached_property
    def groups_of(self) -> dict[int, str]:
        """Hospital → its group of like hospitals: of those seen as it is now, of the others as when they were published."""
        others = {pk: self.published_groups[pk] for pk in self.published if self.published_groups[pk]}
        return others | dict(PeerMember.objects.filter(hospital__in=self.pks).values_list("hospital", "group"))

    @property
    def groups(self) -> list[str]:
        return sorted(set(self.groups_of.values()))

    @cached_property
    def formula(self) -> Definition:
        """The indicator as it is compared: as it is, or divided by the basis."""
        if self.basis is None:
            return self.definition
        below = (f"{QUANTITY}{self.basis.quantity}",)
        return replace(self.definition, denominator=below, factor=self.definition.factor * self.basis.per)

    @cached_property
    def pairs(self) -> dict[int, values.Pair]:
        """Hospital → sums of the period."""
        if self.published:
            if self.basis is None:
                return self.published
            return {pk: (pair[0], self._own_data(pk)) for pk, pair in self.published.items() if self.basis.column}
        found = values.sums([self.formula], self.hospitals, *self.span, by=("hospital",))
        sums = {key[1]: pair for key, pair in found.items()}
        if sums or self.basis is None or not self.basis.column:
            return sums
        plain = values.sums([self.definition], self.hospitals, *self.span, by=("hospital",))
        return {key[1]: (pair[0], self._own_data(key[1])) for key, pair in plain.items()}

    def _own_data(self, hospital: int) -> Decimal | None:
        own = getattr(self.hospitals[hospital], self.basis.column) if self.basis else 0
        return Decimal(own) if own else None

    @property
    def uses_own_data(self) -> bool:
        """Nobody reported the basis for this period: the hospitals' own data stand in."""
        if self.basis is None or not self.pairs:
            return False
        return bool(self.basis.column) and all(pair[1] in (None, self._own_data(pk)) for pk, pair in self.pairs.items())

    @cached_property
    def places(self) -> list[Place]:
        """Every hospital of the group, by rank."""
        chosen = [h for h in self.hospitals.values() if not self.group or self.groups_of.get(h.pk) == self.group]
        return ranked([self._place(hospital) for hospital in chosen], self.definition.good)

    def _place(self, hospital: Hospital) -> Place:
        pair = self.pairs.get(hospital.pk)
        above, below = pair if pair else (None, None)
        value = self._value(pair)
        why = ""
        if value is None:
            why = LACKING if self.basis is not None or self.definition.quantities else NOTHING
        elif self._is_few(below):
            why = FEW
        place = Place(hospital, self.groups_of.get(hospital.pk, ""), above, below, value, why)
        return banded(place, self.is_share, self.formula.factor)

    def _value(self, pair: values.Pair | None) -> Decimal | None:
        return values.value(self.formula, pair)

    @property
    def is_share(self) -> bool:
        """So many of so many records."""
        kpi = self.definition.kpi
        return kpi is not None and kpi.unit == PERCENT and NUMERATOR in kpi.parts and not self.basis

    def _is_few(self, below: Decimal | None) -> bool:
        kpi = self.definition.kpi
        counts = self.basis is None and kpi is not None and DENOMINATOR in kpi.parts
        return counts and below is not None and below < self.definition.minimum

    @property
    def middle(self) -> Decimal | None:
        return median(self.places)

    @cached_property
    def whole(self) -> Decimal | None:
        """All together: the ratio of the sums of those with a value."""
        counted = [place for place in self.places if place.value is not None]
        if not counted:
            return None
        above = sum((place.numerator or Decimal(0) for place in counted), Decimal(0))
        below = sum((place.denominator or Decimal(0) for place in counted), Decimal(0))
        return self._value((above, below or None))

    @cached_property
    def target(self) -> Decimal | None:
        """What holds for all, or for the group that is shown; nothing for a normalised count."""
        if self.basis is not None:
            return None
        day = self.span[1] - timedelta(days=1)
        rows = Target.objects.filter(
            kpi=self.definition.key, hospital=None, group__in=("", self.group), valid_from__lte=day
        )
        ours = {hospital.consortium_id for hospital in self.hospitals.values()}
        held = [row for row in rows.filter(consortium__in=ours) if row.valid_to is None or row.valid_to >= day]
        best = max(held, key=lambda row: (row.rank, row.valid_from), default=None)
        return best.target if best else self.definition.target

    @property
    def out(self) -> dict[str, int]:
        """How many get no rank, and why."""
        return {why: n for why in (FEW, LACKING, NOTHING) if (n := sum(place.why == why for place in self.places))}


def _added(rows: list[Any], span: Span) -> values.Pair | None:
    """The published sums of a hospital, if they cover the whole span."""
    days = sum((row.last - row.first).days + 1 for row in rows)
    if days != (span[1] - span[0]).days or any(row.numerator is None for row in rows):
        return None
    below = [row.denominator for row in rows if row.denominator is not None]
    return sum((row.numerator for row in rows), Decimal(0)), sum(below, Decimal(0)) if below else None


def span_key(span: Span) -> str:
    return f"{span[0]}_{span[1] - timedelta(days=1)}"


def searched(places: Collection[Place], text: str) -> list[Place]:
    words = text.strip().lower()
    return [p for p in places if not words or words in p.hospital.name.lower() or words in p.hospital.code.lower()]


def in_order(places: list[Place], by: str) -> list[Place]:
    if by == "name":
        return sorted(places, key=lambda place: place.hospital.name)
    if by == "group":
        return sorted(places, key=lambda place: (place.group, place.rank is None, place.rank or 0))
    if by == "value":
        return sorted(places, key=lambda place: (place.value is None, -(place.value or 0)))
    return places


def stood(user: Any, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Indicator → how many hospitals had it in the last whole month, and how many of them were off their target."""
    rows = Standing.objects.for_user(user, FIGURE_VIEW).filter(key__in=keys).order_by().values("key")
    found = rows.annotate(hospitals=Count("pk"), off=Count("pk", filter=Q(tone__in=OFF)))
    return {row["key"]: row for row in found}
