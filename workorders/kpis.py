"""The figures of work orders: how many, how fast, in time, signed, how well, at what cost. Declared once, each."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract, Now, NullIf, Round
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from kpi import names, registry
from kpi.registry import COUNT, DENOMINATOR, DOWN, DURATION, MONEY, NUMERATOR, PERCENT, STARS, UP, WATCH, Explain, Kpi
from workorders import work_types
from workorders.counting import DIMENSIONS, Counting, Snapshot, declare, records
from workorders.models import HELD, Service, WorkOrder, settled_at
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
OLD = REPEAT = timedelta(days=30)
COMPLAINT = Q(service__internal=True, service__key__endswith=f".{work_types.COMPLAINT}") & ~Q(state=CANCELLED)
REPAIRED_BEFORE = WorkOrder.objects.filter(
    asset=OuterRef("asset"),
    service=OuterRef("service"),
    finished_at__lt=OuterRef("reported_at"),
    finished_at__gte=OuterRef("reported_at") - REPEAT,
).exclude(state=CANCELLED)
TO_RESPOND, TO_RESTORE = _seconds("responded_at"), _seconds("finished_at")
TO_REPAIR = ExpressionWrapper(_seconds("finished_at") - F("waited_seconds"), output_field=BigIntegerField())


def of_orders(
    key: str, how: Counting | Snapshot, label: Any, unit: str, good: str, explain: Explain, **options: Any
) -> Kpi:
    """A figure that counts orders. Departments declare theirs by it too."""
    declare(key, how)
    parts = (NUMERATOR,) * (how.total is None) + (DENOMINATOR,) * how.ratio
    standing = isinstance(how, Snapshot)
    return Kpi(key, label, unit, good, how.rows, explain, DIMENSIONS, records, parts, snapshot=standing, **options)


def _kpi(name: str, *facts: Any, **options: Any) -> Kpi:
    kpi = of_orders(f"workorders.{name}", *facts, **options)
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
RESPONSE_ON_TIME = _kpi(
    "response_on_time",
    Counting(REPORTED, LIVED & ~Q(state=CANCELLED), Q(responded_at__lte=F("respond_by")), ratio=True, over="respond_by"),
    _("Response on time"), PERCENT, UP,
    Explain(
        _("Of the orders whose limit to respond is over, the share that somebody accepted inside it."),
        _("Accepted inside the limit"), _("Orders whose limit to respond is over"),
        _("Cancelled orders. Orders brought in from an older system."), BY_REPORT, "ISO 41001",
    ),
    target=Decimal(95), order=33,
)  # fmt: skip
FIRST_TIME_FIX = _kpi(
    "first_time_fix", Counting(FINISHED, LIVED, Q(returned=0, waited_seconds=0), ratio=True),
    _("Fixed at the first visit"), PERCENT, UP,
    Explain(
        _("Of the finished orders, the share that was never on hold and never sent back."),
        _("Finished without being on hold or sent back"), _("Finished orders"), NOT_LIVED, BY_FINISH,
    ),
    target=Decimal(80), order=34,
)  # fmt: skip
REPEAT_30 = _kpi(
    "repeat_30", Counting(FINISHED, LIVED & Q(asset__isnull=False), Q(Exists(REPAIRED_BEFORE)), ratio=True),
    _("Repeat failures"), PERCENT, DOWN,
    Explain(
        _("Of the repairs of equipment, the share reported within 30 days after the same service had repaired the same asset."),
        _("Repairs of an asset the same service had repaired in the 30 days before the report"),
        _("Finished orders about an asset"), NOT_LIVED, BY_FINISH,
    ),
    target=Decimal(3), order=35,
)  # fmt: skip
COMPLAINTS = _kpi(
    "complaints", Counting(REPORTED, COMPLAINT), _("Complaints"), COUNT, DOWN,
    Explain(
        _("How many complaints about work were opened, by a bad rating or by work sent back a second time."),
        _("Complaints"), exclusions=_("Complaints taken back with the rating."), period=BY_REPORT,
    ),
    order=36,
)  # fmt: skip
COMPLAINT_REPLY = _kpi(
    "complaint_reply", Counting(DUE, COMPLAINT & ~HELD, Q(finished_at__lte=F("due_at")), ratio=True, over="due_at"),
    _("Complaints answered on time"), PERCENT, UP,
    Explain(
        _("Of the complaints whose limit ended, the share that was answered inside it; the limit is the catalogue's."),
        _("Answered inside the limit"), _("Complaints whose limit ended"), _("Complaints taken back with the rating."),
        _("the day the limit ended"),
    ),
    target=Decimal(100), order=37,
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
BACKLOG_OLD = _kpi(
    "backlog_old", Snapshot(REPORTED, Q(state__in=OPEN), Q(reported_at__lt=Now() - OLD), ratio=True),
    _("Old backlog"), PERCENT, DOWN,
    Explain(
        _("Of the orders that are open at this moment, the share that was reported more than 30 days ago."),
        _("Open orders older than 30 days"), _("Open orders"),
    ),
    target=Decimal(5), order=52,
)  # fmt: skip
OVERDUE = _kpi(
    "overdue", Snapshot(REPORTED, Q(state__in=OPEN) & ~HELD, overdue=True), _("Overdue now"), COUNT, DOWN,
    Explain(
        _("How many orders are open past their limit at this moment."), _("Open orders past their limit"),
        exclusions=_("Orders on hold for a coded reason."),
    ),
    order=51,
)  # fmt: skip
