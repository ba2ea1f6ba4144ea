"""The figure of planned cleaning: what was done in its window."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.kpis import BY_DUE, COUNTS, DUE, IN_WINDOW, NOT_SKIPPED, WINDOW, Counting, of_rounds
from kpi.registry import PERCENT, UP, Explain

FIGURES = (
    of_rounds(
        "cleaning.planned", Counting(DUE, COUNTS & Q(department="cleaning"), IN_WINDOW, ratio=True, over=WINDOW),
        _("Planned cleaning done"), PERCENT, UP,
        Explain(
            _("Of the planned tasks of cleaning whose time is over, the share that was done inside it."),
            _("Tasks done in their window"), _("Tasks whose time is over"), NOT_SKIPPED, BY_DUE, "WS/T 512-2025",
        ),
        target=Decimal(98), order=75,
    ),
)  # fmt: skip
