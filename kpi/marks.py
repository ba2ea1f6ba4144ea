"""The migration operation by which a table tells the figures which days it touches.

A statement-level trigger, not code: whatever changes a record (a move, an edit, an import, a merge of units), its days
before and after are marked in the same transaction, at the price of one insert.
"""

from __future__ import annotations

from django.db import migrations

STEP = "date_bin('15 minutes', moment, 'epoch')"  # every midnight in the world is a multiple of it

FUNCTION = """
CREATE FUNCTION {table}_mark_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO kpi_dirtyday (hospital_id, moment)
        SELECT DISTINCT hospital_id, {step} FROM ({new}) touched WHERE moment IS NOT NULL;
    ELSE
        INSERT INTO kpi_dirtyday (hospital_id, moment)
        SELECT DISTINCT hospital_id, {step} FROM ({new} UNION ALL {old}) touched WHERE moment IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER mark_days_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_mark_days();
CREATE TRIGGER mark_days_of_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_mark_days();
"""
DROP = """
DROP TRIGGER mark_days_of_new ON {table};
DROP TRIGGER mark_days_of_changed ON {table};
DROP FUNCTION {table}_mark_days();
"""


# Half-days of the world's clock, each with its end, reach every local day of a span; a thousand spans of the same days make
# few marks.
SPANS = """
CREATE FUNCTION {table}_mark_{what}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE half CONSTANT interval := interval '12 hours';
BEGIN
    INSERT INTO kpi_dirtyday (hospital_id, moment)
    SELECT DISTINCT hospital_id, day FROM ({touched}) touched CROSS JOIN LATERAL generate_series(
        date_bin(half, least(since, now()), 'epoch'), date_bin(half, least(until, now()), 'epoch') + half, half
    ) day;
    RETURN NULL;
END
$$;
"""
SPAN = """
    SELECT id, hospital_id, {since} AS since, coalesce({until}, now()) AS until, to_jsonb(r) - '{until}' AS rest FROM {rows} r
"""
# One of which only the end is another: the days between the two. Else all days of both.
CHANGED = """
    SELECT n.hospital_id, CASE WHEN n.rest = o.rest THEN least(n.until, o.until) ELSE least(n.since, o.since) END AS since,
           greatest(n.until, o.until) AS until
    FROM ({new}) n JOIN ({old}) o USING (id)
"""
SPAN_TRIGGERS = """
CREATE TRIGGER mark_days_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_mark_new();
CREATE TRIGGER mark_days_of_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_mark_changed();
"""
DROP_SPANS = """
DROP TRIGGER mark_days_of_new ON {table};
DROP TRIGGER mark_days_of_changed ON {table};
DROP FUNCTION {table}_mark_new();
DROP FUNCTION {table}_mark_changed();
"""


GONE = """
CREATE FUNCTION {table}_mark_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kpi_dirtyday (hospital_id, moment)
    SELECT DISTINCT hospital_id, {step} FROM ({old}) touched WHERE moment IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER mark_days_of_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_mark_gone();
"""
DROP_GONE = """
DROP TRIGGER mark_days_of_gone ON {table};
DROP FUNCTION {table}_mark_gone();
"""


class MarkSpans(migrations.RunSQL):
    """Mark every day that spans of a hospital's table cover, or no longer cover, up to now, whenever its rows are added or
    changed. `until` names a column; where it is empty, or none, the span goes on."""

    def __init__(self, table: str, since: str, until: str = "NULL::timestamptz") -> None:
        new, old = (SPAN.format(since=since, until=until, rows=rows) for rows in ("new_rows", "old_rows"))
        functions = SPANS.format(table=table, what="new", touched=new)
        functions += SPANS.format(table=table, what="changed", touched=CHANGED.format(new=new, old=old))
        super().__init__(functions + SPAN_TRIGGERS.format(table=table), DROP_SPANS.format(table=table))


def _moments(times: tuple[str, ...], rows: str) -> str:
    return " UNION ALL ".join(f"SELECT hospital_id, {time} AS moment FROM {rows}" for time in times)


class MarkDays(migrations.RunSQL):
    """Mark the days of these times of a hospital's table whenever its rows are added or changed."""

    def __init__(self, table: str, times: tuple[str, ...]) -> None:
        new, old = (_moments(times, rows) for rows in ("new_rows", "old_rows"))
        super().__init__(FUNCTION.format(table=table, step=STEP, new=new, old=old), DROP.format(table=table))


class MarkDeleted(migrations.RunSQL):
    """Mark the days of these times also when rows of a hospital's table are deleted. The platform deletes none of them; whoever
    does, in a session of the database, moves figures."""

    def __init__(self, table: str, times: tuple[str, ...]) -> None:
        old = _moments(times, "old_rows")
        super().__init__(GONE.format(table=table, step=STEP, old=old), DROP_GONE.format(table=table))
