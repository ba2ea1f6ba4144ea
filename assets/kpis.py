"""The figures of the register: how much of the equipment is intact, now and at the end of each day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from assets import standing
from assets.models import Asset
from assets.states import CONDEMNED, IN_USE, STANDBY
from kpi import counting, evidence, registry
from kpi.counting import Asked, Book, declare, records
from kpi.registry import DENOMINATOR, DURATION, NUMERATOR, PERCENT, UP, Explain, Kpi
from kpi.spans import Spans
from tenancy.access import path_end

DIMENSIONS = {"unit": "custodian_id", "place": "place_id"}
KEY, DAYS = "assets.intact", "assets.intact_days"
STATUTORY, FAILURES = "assets.statutory", "assets.time_between_failures"


@dataclass(frozen=True)
class Standing(counting.Standing):
    """How many assets stand like this at this moment, by the department that keeps them."""

    book: ClassVar[Book] = Book(Asset, "assets:asset_list", DIMENSIONS)


@dataclass(frozen=True)
class Lacking(counting.Counting):
    """The list behind machine-days: the assets that fell short on one of the days, by where they stood then."""

    book: ClassVar[Book] = Book(Asset, "assets:asset_list", DIMENSIONS)
    short: Callable[..., tuple[str, tuple[Any, ...]]] = standing.lacking

    def behind(self, rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
        conditions, params = ["s.hospital_id = ANY (%s)"], [list(asked.hospitals)]  # type: list[str], list[Any]
        if asked.departments:
            conditions.append("s.department = ANY (%s)")
            params.append(list(asked.departments))
        for kind, refs in asked.parts:
            condition, values = _of(kind, refs)
            conditions.append(condition)
            params += values
        sql, given = self.short(asked.start, asked.end, " AND ".join(conditions), params)
        return rows.filter(pk__in=RawSQL(sql, given))


COLUMNS = {"hospital": "s.hospital_id", "department": "s.department", "unit": "s.custodian_id", "place": "s.place_id"}


def _of(kind: str, refs: Sequence[str]) -> tuple[str, list[Any]]:
    """Spans of these departments, units, places; "-": of none. A place's path means everything below it."""
    column, found, params = COLUMNS[kind], [], []  # type: str, list[str], list[Any]
    for ref in refs:
        if ref == "-":
            found.append(f"{column} IS NULL")
        elif kind == "place" and ref.endswith("."):
            found.append("(p.path >= %s AND p.path < %s)")
            params += [ref, path_end(ref)]
        else:
            found.append(f"{column} = %s")
            params.append(ref if kind == "department" else int(ref))
    return f"({' OR '.join(found) or 'false'})", params


MACHINE_DAYS = Spans(standing.machine_days, DIMENSIONS, "asset_id")
BETWEEN_FAILURES = Spans(standing.between_failures, DIMENSIONS, "asset_id", day_over=True)
INTACT = Standing(F("bought_on"), ~Q(state=CONDEMNED), Q(state__in=(IN_USE, STANDBY)), ratio=True)
declare(KEY, INTACT)
for key, short, of_assets in (
    (DAYS, standing.lacking, MACHINE_DAYS.of_records),
    (STATUTORY, standing.expired, standing.statutory_of_assets),
    (FAILURES, standing.failed, BETWEEN_FAILURES.of_records),
):
    declare(key, Lacking(F("bought_on"), short=short))
    evidence.declare(key, Asset, of_assets)
registry.register(
    Kpi(
        KEY, _("Intact now"), PERCENT, UP, INTACT.rows,
        Explain(
            _("Of the equipment, the share that is in use or on stand-by at this moment."),
            _("Assets in use or on stand-by"), _("Assets in the register"), _("Condemned assets."),
            source=_("S4: at least 98 %"),
        ),
        DIMENSIONS, records, (NUMERATOR, DENOMINATOR), target=Decimal(98), snapshot=True, order=80,
    ),
    Kpi(
        DAYS, _("Intact rate of equipment"), PERCENT, UP, MACHINE_DAYS.rows,
        Explain(
            _("Of the days on which equipment was registered, the share at whose end it was intact."),
            _("Machine-days without a fault and with every legal inspection valid at 24:00"),
            _("Machine-days in use, on stand-by or out of order"),
            _("Sealed and condemned equipment. A fault that is repaired the same day does no harm."),
            _("The day at whose end, at 24:00, it stood so; today as it stands now."), _("S4, indicator Z1: at least 98 %"),
        ),
        DIMENSIONS, records, (), lacking=_("Equipment that was not intact"), target=Decimal(98), order=79,
    ),
    Kpi(
        STATUTORY, _("Legal inspections valid"), PERCENT, UP, standing.statutory,
        Explain(
            _("Of the inspections and tests the law wants of equipment, the share that was valid at the end of the month."),
            _("Inspections and tests whose last day was not over"), _("Inspections and tests of registered equipment"),
            _("Sealed and condemned equipment."),
            _("The last day of each month; of the running month, today. Longer periods sum their months."),
            "特种设备安全法 第四十条",
        ),
        DIMENSIONS, records, (), lacking=_("Equipment with an inspection that ran out"), target=Decimal(100), order=81,
    ),
    Kpi(
        FAILURES, _("Time between failures"), DURATION, UP, BETWEEN_FAILURES.rows,
        Explain(
            _("How long equipment was in use, on average, until it went out of order."),
            _("Time in use, summed over all equipment"), _("Times equipment went out of order"),
            _("Stand-by, time out of order, sealed and condemned equipment; planned downtime is no failure."),
            _("Days that are over: the hours by the clock in which its state was in use, not those a meter ran."),
            "EN 15341",
        ),
        DIMENSIONS, records, (), lacking=_("Equipment that failed"), order=82,
    ),
)  # fmt: skip
