"""The figures of keeping equipment: services qualified (保养合格率), lifts serviced every 15 days, time to restore."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from inspections.kpis import BY_DONE, BY_DUE, COUNTS, DUE, FINISHED, IN_WINDOW, NOT_SKIPPED, WINDOW, of_rounds
from inspections.kpis import Counting as Rounds
from inspections.models import Round
from inspections.states import DONE
from kpi.registry import DOWN, DURATION, PERCENT, UP, Explain
from maintenance.checklists import LIFT
from workorders import kpis as workorders
from workorders.counting import Counting as Orders

PASSED = IN_WINDOW & Q(found__lte=F("fixed")) & (Q(needs_signature=False) | Q(signed_at__isnull=False))
LIFT_SERVICE = Q(checklist__key=LIFT.key, state=DONE, part=0, asset__isnull=False)
SERVICED_BEFORE = Round.objects.filter(LIFT_SERVICE, asset=OuterRef("asset"), done_at__lt=OuterRef("done_at"))
THAT_DAY = TruncDate(ExpressionWrapper(OuterRef("done_at"), DateTimeField()))
IN_15_DAYS = SERVICED_BEFORE.filter(done_at__date__gte=THAT_DAY - timedelta(days=15))
HOUR = 3600

FIGURES = (
    of_rounds(
        "maintenance.qualified", Rounds(DUE, COUNTS & Q(department="maintenance"), PASSED, ratio=True, over=WINDOW),
        _("Maintenance qualified"), PERCENT, UP,
        Explain(
            _("Of the services that were due and whose time is over, the share that was done in time, signed and passed."),
            _("Done in their window, signed where the place visited signs, nothing left to repair"),
            _("Services whose time is over"), NOT_SKIPPED, BY_DUE, _("S4, indicator Z3: at least 90 %"),
        ),
        target=Decimal(90), order=68,
    ),
    of_rounds(
        "maintenance.lift_interval",
        Rounds(FINISHED, LIFT_SERVICE & Q(Exists(SERVICED_BEFORE)), Q(Exists(IN_15_DAYS)), ratio=True),
        _("Lifts serviced every 15 days"), PERCENT, UP,
        Explain(
            _("Of the intervals between two services of a lift, the share of at most 15 days."),
            _("Services at most 15 days after the one before"), _("Services of a lift that had been serviced before"),
            _("The first service of a lift; the rest of a service that was done in parts."), BY_DONE,
            "特种设备安全监察条例 第三十一条",
        ),
        target=Decimal(100), order=69,
    ),
    workorders.of_orders(
        "maintenance.restore",
        Orders(
            workorders.FINISHED, workorders.LIVED & Q(asset__isnull=False, department="maintenance"),
            total=workorders.TO_RESTORE, ratio=True,
        ),
        _("Time to restore"), DURATION, DOWN,
        Explain(
            _("From the report of a failure of equipment until it worked again, time on hold included, on average."),
            _("Time until finished, summed"), _("Finished orders about an asset"), workorders.NOT_LIVED,
            workorders.BY_FINISH, "EN 15341",
        ),
        target=Decimal(8 * HOUR), order=38,
    ),
)  # fmt: skip
