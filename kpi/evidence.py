"""Which records a figure counted, one by one: for what is frozen and has to be compared with them later.

A figure declared by `kpi.counting` names its records by itself. One that counts in another way says so here, in its
`kpis.py`: `evidence.declare(key, model, rows)`, where `rows(hospital_id, start, end)` answers a queryset, or SQL, whose only
values are `pk`, `above` (what the record adds to the numerator; NULL: nothing) and `below` (the same for the denominator).
A figure that does neither is kept by its days: the day as a number (20261122) stands for a record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Case, DecimalField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from kpi.counting import Counting, counting_of
from kpi.registry import Kpi
from kpi.written import Written

Rows = Callable[[int, datetime, datetime], QuerySet[Any] | Written]
AMOUNT = DecimalField(max_digits=20, decimal_places=4)
NONE = Value(None, output_field=AMOUNT)
DAYS = "kpi.day"  # the subject of what is kept by days
_declared: dict[str, tuple[Any, Rows]] = {}

BY_DAY = """
SELECT to_char(day, 'YYYYMMDD')::bigint AS pk, sum(numerator::numeric(20, 4)) AS above, sum(denominator::numeric(20, 4)) AS below
FROM ({rows}) r GROUP BY day
"""


def declare(key: str, model: Any, rows: Rows) -> None:
    """Make known which records a figure counts that is not declared by `kpi.counting`."""
    _declared[key] = (model, rows)


def statement(kpi: Kpi, hospital_id: int, start: datetime, end: datetime) -> tuple[str, str, list[Any]]:
    """(subject, SQL, parameters): the records of a hospital that the figure counts in this time, as pk, above, below."""
    if kpi.key in _declared:
        model, rows = _declared[kpi.key]
        sql, params = rows(hospital_id, start, end).order_by().query.sql_with_params()
        return model._meta.label_lower, sql, list(params)
    try:
        counting = counting_of(kpi.key)
    except KeyError:
        found = kpi.rows(start, end, ()).filter(hospital_id=hospital_id).order_by()
        sql, params = found.query.sql_with_params()
        return DAYS, BY_DAY.format(rows=sql), list(params)
    sql, params = counted(counting, hospital_id, start, end).query.sql_with_params()
    return counting.book.model._meta.label_lower, sql, list(params)


def counted(counting: Counting, hospital_id: int, start: datetime, end: datetime) -> QuerySet[Any]:
    """What each record of a counting adds; as `Counting.sums` adds it up."""
    rows = counting.counted(counting.within(counting.book.model.objects.filter(hospital_id=hospital_id), start, end))
    amount: Any = Value(1, AMOUNT)
    if counting.total is not None:
        amount = Coalesce(Cast(counting.total, AMOUNT), Value(0, AMOUNT))
    elif counting.hits is not None:
        amount = Case(When(counting.hits, then=Value(1, AMOUNT)), default=NONE, output_field=AMOUNT)
    below = Value(1, AMOUNT) if counting.ratio else NONE
    found: Any = rows.order_by().annotate(above=amount, below=below)
    found = found.annotate(record=F("pk")).values_list("record", "above", "below")
    return found  # type: ignore[no-any-return]
