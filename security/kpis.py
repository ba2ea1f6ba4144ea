"""The figures of security: patrols completed, by night too, fire equipment found fit."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections.kpis import (
    BY_DONE,
    BY_DUE,
    COUNTS,
    DUE,
    FINISHED,
    IN_WINDOW,
    NOT_SKIPPED,
    WINDOW,
    Counting,
    of_rounds,
)
from inspections.states import DONE, ROUTE
from kpi.registry import PERCENT, UP, Explain
from security.checklists import FIRE_MONTHLY, FIRE_PATROL, FIRE_YEARLY, LEAVING

OURS = Q(department="security")
PATROLS = OURS & COUNTS & (Q(checklist__key__in=(FIRE_PATROL.key, LEAVING.key)) | Q(plan__subject=ROUTE))
BY_NIGHT = Q(due_at__hour__gte=22) | Q(due_at__hour__lt=6)
COMPLETE = IN_WINDOW & Q(points_done=F("points"))
CHECKS = Q(checklist__key__in=(FIRE_MONTHLY.key, FIRE_YEARLY.key), state=DONE)

FIGURES = (
    of_rounds(
        "security.patrol", Counting(DUE, PATROLS, COMPLETE, ratio=True, over=WINDOW), _("Patrols completed"), PERCENT, UP,
        Explain(
            _("Of the patrols whose time is over, the share that was done inside it with every point reached."),
            _("Patrols done in their window with all points"), _("Patrols whose time is over"), NOT_SKIPPED, BY_DUE,
            "消防法 第十七条",
        ),
        target=Decimal(98), order=76,
    ),
    of_rounds(
        "security.night_patrol", Counting(DUE, PATROLS & BY_NIGHT, COMPLETE, ratio=True, over=WINDOW),
        _("Night patrols done"), PERCENT, UP,
        Explain(
            _("The same of patrols that were due between 22:00 and 6:00."),
            _("Night patrols done in their window with all points"), _("Night patrols whose time is over"), NOT_SKIPPED,
            BY_DUE, "公安部令第61号 第二十五条",
        ),
        target=Decimal(100), order=77,
    ),
    of_rounds(
        "security.fire_fit", Counting(FINISHED, CHECKS, Q(found=0), ratio=True), _("Fire equipment fit"), PERCENT, UP,
        Explain(
            _("Of the monthly and yearly checks of fire equipment, the share that found nothing wrong."),
            _("Checks without a fault"), _("Checks done"), period=BY_DONE,
        ),
        target=Decimal(99), order=78,
    ),
)  # fmt: skip
