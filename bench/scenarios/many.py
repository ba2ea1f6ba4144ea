"""K5: the office's pages of figures once 236 hospitals have joined: the number a real file of returns has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.measuring import Bench, Row
from bench.scenarios import scenario
from bench.scenarios.pages import opened

HOSPITALS = 236
PAGES = (
    "/figures/",
    "/figures/workorders.on_time/",
    "/reports/hospitals/",
    "/reports/leagues/",
    "/reports/leagues/workorders.on_time/",
    "/indicators/",
    "/indicators/library/",
)
COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'NO' AND is_generated = 'NEVER' AND column_name <> ALL (%s)
"""
NAMED = ("code", "name", "short_name")
JOINED = """
INSERT INTO tenancy_hospital (code, name, short_name, {rest})
SELECT 'K5-' || n, '第' || n || '医院', '第' || n || '医院', {rest}
FROM generate_series(1, %s) n, (SELECT * FROM tenancy_hospital ORDER BY id LIMIT 1) h
"""
COPIED = {  # table → which of the first hospital's columns the others do not get
    "kpi_monthfigure": ("hospital_id",),
    "reporting_standing": ("hospital_id",),
    "indicators_return": ("hospital_id", "due_id", "file_id"),
}
COPY = """
INSERT INTO {table} (hospital_id, {rest}) SELECT h.id, {rest} FROM {table} r, tenancy_hospital h
WHERE r.hospital_id = (SELECT min(id) FROM tenancy_hospital) AND h.code LIKE 'K5-%'
"""


def join(cursor: Any) -> None:
    """Hospitals beside those that were filled, with the first one's months, standings and returns."""
    cursor.execute("SELECT set_config('app.hospitals', array_agg(n)::text, false) FROM generate_series(1, 2000) n")
    cursor.execute("SELECT count(*) FROM tenancy_hospital")
    missing = HOSPITALS - cursor.fetchone()[0]
    cursor.execute(JOINED.format(rest=_columns(cursor, "tenancy_hospital", NAMED)), [missing])
    for table, left_out in COPIED.items():
        cursor.execute(COPY.format(table=table, rest=_columns(cursor, table, left_out)))
    cursor.execute(f"VACUUM ANALYZE tenancy_hospital, {', '.join(COPIED)}")


def _columns(cursor: Any, table: str, left_out: tuple[str, ...]) -> str:
    cursor.execute(COLUMNS, [table, list(left_out)])
    found: str = cursor.fetchone()[0]
    return found


@scenario("K5", "the pages of figures with 236 hospitals")
def many(bench: Bench) -> Iterator[Row]:
    """The last one: everybody after it would have so many hospitals."""
    join(bench.admin)
    yield from opened(bench, "K5", bench.people["office"], PAGES)
