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


class MarkDays(migrations.RunSQL):
    """Mark the days of these times of a hospital's table whenever its rows are added or changed."""

    def __init__(self, table: str, times: tuple[str, ...]) -> None:
        new, old = (
            " UNION ALL ".join(f"SELECT hospital_id, {time} AS moment FROM {rows}" for time in times)
            for rows in ("new_rows", "old_rows")
        )
        super().__init__(FUNCTION.format(table=table, step=STEP, new=new, old=old), DROP.format(table=table))
