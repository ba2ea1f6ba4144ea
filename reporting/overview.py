"""Which hospital needs a call: what is off target there, what grows worse, what is late. For the consortium's office."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import Appeal, MonthClose, Rules
from assessment.permissions import FROZEN_VIEW
from assessment.states import FILED
from indicators.library import Definition, definitions
from kpi.control import RULES
from kpi.figures import written
from kpi.measure import next_month
from kpi.periods import earlier
from kpi.permissions import FIGURE_VIEW
from kpi.registry import DENOMINATOR, NUMERATOR, PERCENT, Figure, Standpoint
from kpi.steadiness import WORSE
from reporting.models import Standing
from reporting.permissions import OVERVIEW_VIEW
from reporting.states import OFF
from tenancy.access import hospitals, hospitals_with, permissions_of
from ui import formats

MOST = 4  # indicators named of a hospital; the rest is counted
WEIGHT = {"red": 4, "amber": 1}
GETTING_WORSE, LATE, APPEAL = 2, 3, 2


def value_text(definition: Definition, value: Any) -> str:
    """A value in its unit."""
    if definition.kpi is not None:
        text = written(definition.kpi, value)
        return f"{text}{formats.THIN}%" if definition.kpi.unit == PERCENT and value is not None else text
    if str(definition.unit) == _("yuan"):
        return formats.money(value)
    text = formats.number(value, 2)
    return f"{text}{formats.THIN}{definition.unit}" if definition.unit and value is not None else text


@dataclass(frozen=True)
class Concern:
    """One indicator of a hospital that is off its target or grows worse."""

    definition: Definition
    row: dict[str, Any]

    @property
    def tone(self) -> str:
        return str(self.row["tone"]) if self.row["tone"] in OFF else "blue"

    @property
    def value(self) -> str:
        return value_text(self.definition, self.row["value"])

    @property
    def rules(self) -> list[Any]:
        """The control rules that fired, if it grows worse."""
        return [RULES[rule] for rule in self.row["rules"]] if self.row["tendency"] == WORSE else []

    @property
    def weight(self) -> int:
        return WEIGHT.get(self.row["tone"], 0) + (GETTING_WORSE if self.rules else 0)

    @property
    def records(self) -> str:
        """The list of the hospital's records behind it, where the platform has them."""
        kpi = self.definition.kpi
        if kpi is None:
            return ""
        month: date = self.row["month"]
        figure = Figure(kpi, Standpoint((self.row["hospital_id"],)), month, next_month(month) - timedelta(days=1))
        return figure.url(DENOMINATOR) or figure.url(NUMERATOR)


@dataclass
class Need:
    """A hospital with what speaks for calling it."""

    hospital: dict[str, Any]
    concerns: list[Concern] = field(default_factory=list)
    reckoned_at: datetime | None = None
    appeals: int = 0  # that wait for a decision
    is_late: bool = False  # the last month should have been closed by now
    is_known: bool = False  # the last month has been reckoned: silence means that all is well

    @property
    def weight(self) -> int:
        return sum(one.weight for one in self.concerns) + APPEAL * self.appeals + LATE * self.is_late

    @property
    def red(self) -> int:
        return sum(one.row["tone"] == "red" for one in self.concerns)

    @property
    def amber(self) -> int:
        return sum(one.row["tone"] == "amber" for one in self.concerns)

    @property
    def worse(self) -> int:
        return sum(bool(one.rules) for one in self.concerns)

    @property
    def named(self) -> list[Concern]:
        return sorted(self.concerns, key=lambda one: (-one.weight, str(one.definition.label)))[:MOST]

    @property
    def more(self) -> int:
        return max(0, len(self.concerns) - MOST)


def needs(user: Any) -> list[Need]:
    """Every hospital of the office, whoever needs a call first; one statement, and one for the indicators' names."""
    seen = hospitals_with(user, OVERVIEW_VIEW) & hospitals_with(user, FIGURE_VIEW)
    found = {one["id"]: Need(one) for one in hospitals(user) if one["id"] in seen}
    known = _known(user, {int(one.hospital["consortium"]) for one in found.values()})
    rows = Standing.objects.for_user(user, FIGURE_VIEW).filter(Q(tone__in=OFF) | Q(tendency=WORSE), hospital__in=seen)
    columns = ("hospital_id", "key", "month", "value", "target", "tone", "rules", "tendency", "reckoned_at")
    for row in rows.values(*columns):
        need, definition = found.get(row["hospital_id"]), known.get(row["key"])
        if need is not None and definition is not None:
            need.concerns.append(Concern(definition, row))
            need.reckoned_at = min(need.reckoned_at or row["reckoned_at"], row["reckoned_at"])
    _with_the_loop(user, found)
    return sorted(found.values(), key=lambda need: (-need.weight, need.hospital["code"]))


def _with_the_loop(user: Any, found: dict[int, Need]) -> None:
    """Appeals that wait, and months that should be closed; three statements."""
    here = {"hospital__in": list(found)}
    waiting = Appeal.objects.for_user(user, FROZEN_VIEW).filter(state=FILED, **here).order_by()
    for hospital, count in waiting.values_list("hospital").annotate(Count("pk")):
        found[hospital].appeals = count
    today = timezone.localdate()
    month = earlier(today.replace(day=1), 1)
    closed = MonthClose.objects.for_user(user, FROZEN_VIEW).filter(month=month, **here)
    done = set(closed.values_list("hospital", flat=True))
    days = {rules.consortium_id: rules.close_day for rules in Rules.objects.all()}
    began = set(
        Standing.objects.for_user(user, FIGURE_VIEW).filter(month=month, **here).values_list("hospital", flat=True)
    )
    for pk, need in found.items():
        day = days.get(int(need.hospital["consortium"]), Rules().close_day)
        need.is_known = pk in began
        need.is_late = pk in began and pk not in done and today.day > day


def _known(user: Any, consortia: set[int]) -> dict[str, Definition]:
    """The indicators this person may see."""
    mine = permissions_of(user)
    known: dict[str, Definition] = {}
    for consortium in sorted(consortia):
        known |= definitions(consortium)
    return {key: one for key, one in known.items() if one.kpi is None or not one.kpi.needs or one.kpi.needs in mine}


def groups(found: list[Need]) -> dict[str, int]:
    """How many hospitals need what."""
    counts: dict[str, int] = defaultdict(int)
    for need in found:
        counts["red"] += bool(need.red)
        counts["worse"] += bool(need.worse)
        counts["late"] += need.is_late
        counts["appeals"] += need.appeals
        counts["calm" if need.is_known else "unknown"] += not need.weight
    return counts
