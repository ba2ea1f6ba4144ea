"""What is measured each night though no record said so: the recent days, what only the clock has changed, figures that are new,
and one month of the past in turns, to see that what is stored is still so.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db.models import Min

from kpi.days import midnight, next_month
from kpi.measure import mark_days, measure
from kpi.models import DirtyDay, MonthFigure, Reckoned
from kpi.passes import plainly_counted
from kpi.registry import measured
from tenancy.scope import scope

RECENT = 35  # days: the running month and the one before it
log = logging.getLogger(__name__)


def prepare(hospital_id: int, today: date) -> None:
    """Mark what is to be measured tonight. The marks are rows: a worker that dies loses nothing."""
    with scope([hospital_id]):
        _mark_new_figures(hospital_id, today)
        _mark_ripened(hospital_id, today)
        mark_days(hospital_id, today - timedelta(days=RECENT), today)


def _mark_new_figures(hospital_id: int, today: date) -> None:
    """Figures that were declared since the last night have a past too: all days, once."""
    known = set(Reckoned.objects.filter(hospital=hospital_id).values_list("kpi", flat=True))
    new = [kpi.key for kpi in measured() if kpi.key not in known]
    first = MonthFigure.objects.filter(hospital=hospital_id).aggregate(first=Min("month"))["first"]
    if new and first:
        mark_days(hospital_id, first, today)
    Reckoned.objects.bulk_create(Reckoned(hospital_id=hospital_id, kpi=key) for key in new)


def _mark_ripened(hospital_id: int, today: date) -> None:
    """Records of older days that have begun to count, or to miss, since their time ran out: no record changed for it."""
    since, until = midnight(today - timedelta(days=RECENT)), midnight(today)
    ripe = {(c.book.model, c.at, c.over) for kpi in measured() if (c := plainly_counted(kpi)) and c.over}
    for model, at, over in ripe:
        late = {f"{over}__gte": since, f"{over}__lt": until}
        rows = model.objects.filter(hospital=hospital_id, **late).alias(moment=at).filter(moment__lt=since)
        for moment in rows.annotate(counts_on=at).values_list("counts_on", flat=True).distinct():
            DirtyDay.objects.create(hospital_id=hospital_id, moment=moment)


def recheck(hospital_id: int, today: date) -> int:
    """Measure the month of the past whose turn it is; answers how many stored rows were not so, and puts them right."""
    with scope([hospital_id]):
        months = MonthFigure.objects.filter(hospital=hospital_id, month__lt=today.replace(day=1))
        known = sorted(set(months.values_list("month", flat=True)))
        if not known:
            return 0
        first = known[today.toordinal() % len(known)]
        end = next_month(first)
        waiting = DirtyDay.objects.filter(hospital=hospital_id, moment__gte=midnight(first), moment__lt=midnight(end))
        wrong = 0 if waiting.exists() else measure(hospital_id, first, end)
    if wrong:
        log.warning(
            "%s stored figures of hospital %s in %s were not so; they are now", wrong, hospital_id, f"{first:%Y-%m}"
        )
    return wrong
