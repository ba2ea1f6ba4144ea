"""Rows as they lie in the tables, by plain SQL: nothing of the product is asked."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

Row = dict[str, Any]
TABLES = {
    "orders": """
        SELECT o.*, s.needs_signature, s.internal, s.key AS service_key
        FROM workorders_workorder o JOIN workorders_service s ON s.id = o.service_id
    """,
    "rounds": """
        SELECT r.*, c.key AS checklist_key, p.subject
        FROM inspections_round r JOIN inspections_checklist c ON c.id = r.checklist_id
        JOIN inspections_plan p ON p.id = r.plan_id
    """,
    "hazards": "SELECT * FROM hazards_hazard",
    "assets": "SELECT * FROM assets_asset",
    "states": "SELECT * FROM assets_assetstate",
    "downtimes": "SELECT * FROM assets_downtime",
    "terms": "SELECT t.*, d.asset_id FROM assets_dutyterm t JOIN assets_assetduty d ON d.id = t.duty_id",
    "worked": "SELECT * FROM people_workedshift",
    "returns": "SELECT *, '' AS department FROM indicators_returndue",
    "appeals": "SELECT *, '' AS department FROM assessment_appeal",
    "actions": "SELECT * FROM assessment_action",
}


def rows(sql: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(r)::text FROM ({sql}) r")
        return [json.loads(text) for (text,) in cursor.fetchall()]


def tables() -> dict[str, list[Row]]:
    """Every table that figures are counted from, as JSON."""
    return {name: rows(sql) for name, sql in TABLES.items()}
