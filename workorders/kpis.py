"""The figures of work orders: how many, how fast, in time, signed, how well, at what cost. Declared once, each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, DecimalField, DurationField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Extract, NullIf, Round
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from kpi import names, registry
from kpi.registry import COUNT, DENOMINATOR, DOWN, DURATION, MONEY, NUMERATOR, PERCENT, STARS, UP, WATCH, Explain, Kpi
from workorders import work_types
from workorders.counting import DIMENSIONS, Counting, Snapshot, declare, records
from workorders.models import HELD, Service, settled_at
from workorders.permissions import COST_VIEW
from workorders.states import CANCELLED, CLOSED, IMPORTED, OPEN, WAITING, WAITING_REASONS

REPORTED, FINISHED, DUE = F("reported_at"), F("finished_at"), F("due_at")
SETTLED = settled_at()

LIVED = ~Q(channel=IMPORTED)  # what came from an older system has no times of its own worth judging
IN_TIME = Q(finished_at__isnull=False, finished_at__lte=F("due_at"), returned=0)
ASKED = LIVED & Q(service__needs_signature=True)
RATED = Q(attitude__isnull=False) | Q(skill__isnull=False) | Q(speed__isnull=False)


def _mean_stars() -> Any:
    """The mean of what was answered of the three ratings, to four digits, so that sums are exact."""
    names = ("attitude", "skill", "speed")
    stars, one = DecimalField(max_digits=6, decimal_places=4), Value(1)
    total = Cast(sum((Coalesce(F(name), 0) for name in names), Value(0)), stars)
    answers = sum((Case(When(**{f"{name}__isnull": False}, then=one), default=Value(0)) for name in names), Value(0))
    return Round(ExpressionWrapper(total / Cast(NullIf(answers, Value(0)), stars), output_field=stars), 4)


def _seconds(until: str) -> Any:
    length = ExpressionWrapper(F(until) - F("reported_at"), output_field=DurationField())
    return Cast(Extract(length, "epoch"), BigIntegerField())


MEAN_STARS = _mean_stars()
TO_RESPOND = _seconds("responded_at")
TO_REPAIR = ExpressionWrapper(_seconds("finished_at") - F("waited_seconds"), output_field=BigIntegerField())


def _kpi(
    name: str, counting: Counting | Snapshot, label: Any, unit: str, good: str, explain: Explain, **options: Any
) -> Kpi:
    key = f"workorders.{name}"
    declare(key, counting)
    parts = (NUMERATOR,) * (counting.total is None) + (DENOMINATOR,) * counting.ratio
    kpi = Kpi(
        key, label, unit, good, counting.rows, explain, DIMENSIONS, records, parts,
        snapshot=isinstance(counting, Snapshot), **options,
    )  # fmt: skip
    registry.register(kpi)
    return kpi


def _services(refs: Any) -> dict[Any, str]:
    return {service.pk: str(service) for service in Service.objects.filter(pk__in=refs).only("own_name", "key")}


def _departments(refs: Any) -> dict[Any, str]:
    return {slug: str(work_types.department_of(slug).label) for slug in refs}


names.register("service", _("Service"), _services)
names.register("department", _("Department"), _departments)

BY_REPORT = _("the day of the report")
BY_FINISH = _("the day the work was finished")
NOT_LIVED = _("Orders brought in from an older system.")

RECEIVED = _kpi(
    "received", Counting(REPORTED), _("Received"), COUNT, WATCH,
    Explain(
        _("How many faults were reported and services asked for."), _("All orders"), period=BY_REPORT,
        source=_("S3: 3,802 received in a year, 4,536 the year before"),
    ),
    order=10, front=True,
    questions={
        "": _("Are there more reports than a year before?"),
        "department": _("Which departments are asked most?"),
        "service": _("What is asked for most?"),
    },
)  # fmt: skip
DONE = _kpi(
    "done", Counting(FINISHED), _("Handled"), COUNT, WATCH,
    Explain(
        _("How many orders were finished, whether inside their limit or not."), _("Finished orders"),
        exclusions=_("Work sent back for rework counts when it is finished again."), period=BY_FINISH,
        source=_("S3: 3,772 handled at once"),
    ),
    order=11, front=True,
)  # fmt: skip
ON_HOLD = {
    reason: _kpi(
        f"waiting_{reason}", Counting(REPORTED, Q(state=WAITING, waiting_reason=reason)), state.label, COUNT, DOWN,
        Explain(
            _("How many of the orders received in the period are still on hold for this reason."),
            _("Orders on hold for this reason"), period=BY_REPORT,
            source=_("S3: 30 waiting for material") if reason == "material" else "",
        ),
        order=12 + number, front=reason == "material",
    )
    for number, (reason, state) in enumerate(WAITING_REASONS.items())
}  # fmt: skip
ON_TIME = _kpi(
    "on_time",
    Counting(DUE, LIVED & ~Q(state=CANCELLED) & ~HELD, IN_TIME, ratio=True, over="due_at"),
    _("Finished on time"), PERCENT, UP,
    Explain(
        _("Of the orders whose time limit ended, the share that was finished inside it and never sent back."),
        _("Finished inside the limit and not sent back for rework"), _("Orders whose limit ended"),
        _(
            "Cancelled orders and orders on hold; time on hold for a coded reason has moved the limit. "
            "Orders brought in from an older system."
        ),
        _("the day the limit ended"), _("S4, indicator Z2: at least 95 %"),
    ),
    target=Decimal(95), order=20, front=True,
    questions={"unit": _("Which units' reports overrun most?"), "hospital": _("Which hospitals finish on time?")},
)  # fmt: skip
SIGNED = _kpi(
    "signed",
    Counting(SETTLED, ASKED & (Q(signed_at__isnull=False) | Q(state=CLOSED)), Q(signed_at__isnull=False), ratio=True),
    _("Records signed"), PERCENT, UP,
    Explain(
        _("Of the records that need the other side's signature and were signed or closed, the share that was signed."),
        _("Signed records"), _("Records that need a signature, signed or closed"), NOT_LIVED,
        _("the day of the signature, or of closing without one"), _("S4, indicator Z9: at least 98 %"),
    ),
    target=Decimal(98), order=21, front=True,
)  # fmt: skip
STARRED = _kpi(
    "stars", Counting(FINISHED, ASKED & RATED, total=MEAN_STARS, ratio=True), _("Satisfaction"), STARS, UP,
    Explain(
        _("The mean of the wards' answers on attitude, skill and speed, one to five stars."),
        _("Stars (mean of each answer)"), _("Orders with an answer"), NOT_LIVED, BY_FINISH, "S4",
    ),
    order=22, front=True,
)  # fmt: skip
SATISFIED = _kpi(
    "satisfied",
    Counting(FINISHED, ASKED & RATED, Q(GreaterThanOrEqual(MEAN_STARS, 4)), ratio=True),
    _("Satisfied answers"), PERCENT, UP,
    Explain(
        _("Of the answers, the share with four or five stars on average."),
        _("Answers of four stars or more"), _("Orders with an answer"), NOT_LIVED, BY_FINISH, "S4",
    ),
    target=Decimal(90), order=23,
)  # fmt: skip
ANSWERED = _kpi(
    "answered", Counting(FINISHED, ASKED, RATED, ratio=True), _("Answered when asked"), PERCENT, UP,
    Explain(
        _("Of the wards that were asked how the work was done, the share that answered."),
        _("Orders with an answer"), _("Finished orders that need a signature"), NOT_LIVED, BY_FINISH,
    ),
    order=24,
)  # fmt: skip
RESPONSE = _kpi(
    "response",
    Counting(REPORTED, LIVED & Q(responded_at__isnull=False), total=TO_RESPOND, ratio=True),
    _("Time to respond"), DURATION, DOWN,
    Explain(
        _("From the report until somebody accepted the work, on average."),
        _("Time until accepted, summed"), _("Accepted orders"), NOT_LIVED, BY_REPORT,
    ),
    order=30,
)  # fmt: skip
REPAIR = _kpi(
    "repair",
    Counting(FINISHED, LIVED, total=TO_REPAIR, ratio=True),
    _("Time to repair"), DURATION, DOWN,
    Explain(
        _("From the report until the work was finished, without time on hold, on average."),
        _("Time until finished without time on hold, summed"), _("Finished orders"), NOT_LIVED, BY_FINISH,
    ),
    order=31,
)  # fmt: skip
REWORK = _kpi(
    "rework", Counting(FINISHED, LIVED, Q(returned__gt=0), ratio=True), _("Rework"), PERCENT, DOWN,
    Explain(
        _("Of the finished orders, the share that had been sent back at least once."),
        _("Finished orders sent back at least once"), _("Finished orders"), NOT_LIVED, BY_FINISH,
    ),
    target=Decimal(3), order=32,
)  # fmt: skip
COST = _kpi(
    "cost", Counting(FINISHED, total=F("cost"), ratio=True), _("Cost"), MONEY, WATCH,
    Explain(
        _("What the finished work cost: labour at the rates of its day, parts, outside firms and other lines of the orders."),
        _("Cost of finished orders, summed"), _("Finished orders"), period=BY_FINISH,
    ),
    order=40, needs=COST_VIEW,
)  # fmt: skip
BACKLOG = _kpi(
    "open", Snapshot(REPORTED, Q(state__in=OPEN)), _("Open now"), COUNT, DOWN,
    Explain(_("How many orders are open at this moment, whenever they were reported."), _("Open orders")),
    order=50,
)  # fmt: skip
OVERDUE = _kpi(
    "overdue", Snapshot(REPORTED, Q(state__in=OPEN) & ~HELD, overdue=True), _("Overdue now"), COUNT, DOWN,
    Explain(
        _("How many orders are open past their limit at this moment."), _("Open orders past their limit"),
        exclusions=_("Orders on hold for a coded reason."),
    ),
    order=51,
)  # fmt: skip
