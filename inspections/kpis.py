"""The figures of inspection rounds: planned, done, in their window, missed, skipped; what they found, what was fixed at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections.models import Round
from inspections.states import DONE, DROPPED, SKIPPED, UNDONE
from kpi import counting, registry
from kpi.counting import Book, declare, records
from kpi.registry import COUNT, DENOMINATOR, DOWN, NUMERATOR, PERCENT, UP, WATCH, Explain, Kpi

DIMENSIONS = {"unit": "unit_id", "team": "team_id", "place": "place_id", "person": "done_by_id"}
ROUNDS = Book(Round, "inspections:round_list", DIMENSIONS)
DUE, FINISHED = F("due_at"), F("done_at")
WINDOW = "late_from"  # rounds count from when their time is over
PLANNED = ~Q(state=DROPPED)
COUNTS = ~Q(state__in=(DROPPED, SKIPPED))
IN_WINDOW = Q(state=DONE, done_at__lt=F("late_from"))


@dataclass(frozen=True)
class Counting(counting.Counting):
    """How a figure counts rounds."""

    book: ClassVar[Book] = ROUNDS


def of_rounds(key: str, how: Counting, label: Any, unit: str, good: str, explain: Explain, **options: Any) -> Kpi:
    """A figure that counts rounds. Departments declare theirs by it too."""
    declare(key, how)
    parts = (*([NUMERATOR] if how.total is None else []), *([DENOMINATOR] if how.ratio else []))
    return Kpi(key, label, unit, good, how.rows, explain, DIMENSIONS, records, parts, **options)


def _kpi(name: str, *facts: Any, **options: Any) -> None:
    registry.register(of_rounds(f"inspections.{name}", *facts, **options))


BY_DUE, BY_DONE = _("the day the round was due"), _("the day the round was done")
NOT_PLANNED = _("Rounds that are no longer planned.")
NOT_SKIPPED = _("Rounds skipped with approval, and those no longer planned.")
_kpi(
    "planned", Counting(DUE, PLANNED), _("Rounds planned"), COUNT, WATCH,
    Explain(_("How many inspection rounds were due."), _("Rounds due"), exclusions=NOT_PLANNED, period=BY_DUE),
    order=60,
)  # fmt: skip
_kpi(
    "done", Counting(FINISHED, Q(state=DONE)), _("Rounds done"), COUNT, WATCH,
    Explain(_("How many inspection rounds were done, in their window or not."), _("Rounds done"), period=BY_DONE),
    order=61,
)  # fmt: skip
_kpi(
    "in_window", Counting(DUE, COUNTS, IN_WINDOW, ratio=True, over=WINDOW), _("Rounds done in their window"), PERCENT, UP,
    Explain(
        _("Of the rounds whose time is over, the share that was done inside it: preventive compliance."),
        _("Rounds done in their window"), _("Rounds whose time is over"),
        NOT_SKIPPED, BY_DUE,
    ),
    target=Decimal(100), order=62,
)  # fmt: skip
_kpi(
    "missed", Counting(DUE, Q(state__in=UNDONE), over=WINDOW), _("Rounds missed"), COUNT, DOWN,
    Explain(_("How many rounds were not done though their time is over."), _("Missed rounds"), period=BY_DUE),
    order=63,
)  # fmt: skip
_kpi(
    "skipped", Counting(DUE, Q(state=SKIPPED)), _("Rounds skipped"), COUNT, WATCH,
    Explain(_("How many rounds were skipped, with a reason and approval."), _("Skipped rounds"), period=BY_DUE),
    order=64,
)  # fmt: skip
_kpi(
    "found", Counting(FINISHED, Q(state=DONE), total=F("found"), ratio=False), _("Found by rounds"), COUNT, WATCH,
    Explain(_("How many faults the rounds found."), _("Faults found, summed"), period=BY_DONE),
    order=65,
)  # fmt: skip
_kpi(
    "fixed", Counting(FINISHED, Q(state=DONE), total=F("fixed"), ratio=False), _("Fixed on the spot"), COUNT, UP,
    Explain(
        _("How many faults were fixed during the round."), _("Faults fixed on the spot, summed"), period=BY_DONE,
        source=_("S3: 216 fixed on the spot"),
    ),
    order=66,
)  # fmt: skip
_kpi(
    "qualified", Counting(FINISHED, Q(state=DONE), Q(found__lte=F("fixed")), ratio=True), _("Rounds that left nothing"),
    PERCENT, UP,
    Explain(
        _("Of the rounds done, the share after which nothing was left to repair."),
        _("Rounds without a fault, or with all faults fixed on the spot"), _("Rounds done"), period=BY_DONE,
    ),
    order=67,
)  # fmt: skip
