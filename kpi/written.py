"""Counted rows in SQL of their own, for what no queryset says: spans laid out day by day, what stood at the end of a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NARROWED = {
    "hospital_id": "w.hospital_id = %s",
    "hospital_id__in": "w.hospital_id IN ({})",
    "department__in": "w.department IN ({})",
}


@dataclass(frozen=True)
class Written:
    """A statement that answers the columns of a figure's rows. Narrowed and read as a queryset is."""

    sql: str
    params: tuple[Any, ...]

    def filter(self, **narrow: Any) -> Written:
        """Only the rows of a hospital, of some hospitals, of some departments."""
        conditions, params = [], list(self.params)
        for name, value in narrow.items():
            values = list(value) if name.endswith("__in") else [value]
            conditions.append(NARROWED[name].format(", ".join(["%s"] * len(values)) or "NULL"))
            params += values
        if not conditions:
            return self
        return Written(f"SELECT w.* FROM ({self.sql}) w WHERE {' AND '.join(conditions)}", tuple(params))

    def order_by(self, *_names: str) -> Written:
        """Sums have no order."""
        return self

    @property
    def query(self) -> Written:
        return self

    def sql_with_params(self) -> tuple[str, tuple[Any, ...]]:
        return self.sql, self.params
