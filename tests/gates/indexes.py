"""Queries of the product that no gated page asks: jobs, searches, filters. Each is built as the product builds it.

Behind the wall an index serves only conditions that are leakproof. So for every index of a fenced table that is not of a
constraint there is a plan, made as the application's role, that uses it: of a gated page, or of a query declared here.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, QuerySet
from django.utils import timezone

from exchange import domain as exchange
from kpi import measure
from notices import claiming
from people import queries
from tenancy.scope import scope
from tests.gates.statements import able
from workorders import domain

OF_FENCED = """
SELECT i.relname, t.relname, a.attname, array_length(x.indkey::int[], 1) FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_policies p ON p.tablename = t.relname AND p.schemaname = 'public'
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
WHERE NOT x.indisunique ORDER BY 1
"""
# Pages asked in another way than the gates ask them: (who, address, what is asked).
WAYS = (
    ("desk", "workorders:order_list", {"unit": "1"}),
    ("desk", "workorders:order_list", {"place": "4"}),
    ("desk", "workorders:order_list", {"search": "漏水"}),
    ("office", "workorders:order_list", {"search": "漏水"}),
    ("desk", "workorders:order_list", {"closed_from": "2026-11-01", "closed_to": "2026-11-02"}),
    ("desk", "workorders:board", {"team": "1"}),
    ("desk", "assets:asset_list", {"place": "4"}),
    ("desk", "assets:asset_list", {"search": "循环"}),
    ("desk", "hazards:hazard_list", {"mine": "rectify"}),
    ("desk", "hazards:hazard_list", {"overdue": "yes", "sort": "due_on"}),
    ("office", "hazards:hazard_list", {"overdue": "yes", "sort": "due_on"}),
    ("desk", "administration:place_list", {"search": "病房"}),
    ("desk", "administration:unit_list", {"search": "护理"}),
    ("desk", "administration:person_list", {"search": "Nurse"}),
)
EVENTS = "of the page of all events, which has too few rows here; tests/flow/test_origin.py"
PAGE = "its page is not there"
INSIDE = "read inside a search function, where EXPLAIN does not look; tests/search"
FEW = "the tables have too few rows here for the planner to tell it from the others"
COMING = "the list it serves comes with the pages of the inspections"
ROUNDS = ("asset", "assignee", "due", "hospital_due", "plan", "team", "undone")
SPARE = {
    **dict.fromkeys((f"round_{name}" for name in ROUNDS), COMING),
    **dict.fromkeys(("downtime_hospital", "plan_all", "plan_hospital"), COMING),
    "workorders_workorder_follow_token_c816c638_like": "Django adds it to a unique text; LIKE is not leakproof, nothing uses it",
    **dict.fromkeys(("event_at", "event_actor", "event_rare"), EVENTS),
    **dict.fromkeys((f"delivery_{name}" for name in ("robot", "trouble", "trouble_hospital")), FEW),
    **dict.fromkeys((f"announcement_{name}" for name in ("ends", "newest_hospital")), FEW),
    **dict.fromkeys(("absence_all", "absence_hospital"), PAGE),
    **dict.fromkeys(("handover_all", "handover_hospital", "hazard_responsible"), FEW),
    **dict.fromkeys(
        (f"{table}_search" for table in ("assets_asset", "hazards_hazard", "order", "tenancy_place", "tenancy_unit")),
        INSIDE,
    ),
    "tenancy_membership_search": INSIDE,
    **dict.fromkeys(
        ("day_change_shift", "shift_team", "delivery_claimed", "delivery_due", "job_unfinished", "order_alarm"), FEW
    ),
    **dict.fromkeys(("export_mine", "export_unfinished", "export_until", "view_shared"), FEW),
    **dict.fromkeys(("order_place", "order_unit"), "no query of the product was found that needs it"),
}


def acts(made: Any) -> None:
    """What jobs and other rooms ask, one after the other."""
    now, here = timezone.now(), made.world.a
    claiming.hospitals_due()
    claiming.claim(here.id, "gates")
    measure.measure_next(here.id)
    with scope(made.hospitals):
        exchange.waiting(now)
        domain.close_what_nobody_signed(here.hospital, now)
        queries.on_duty(here.hospital, now, here.team)
        queries.on_call(here.hospital, now)
        queries.week(queries.crew(here.team, now.date(), now.date()), now.date())
        queries.absent(here.hospital, now.date())


def all_indexes() -> dict[str, tuple[str, str, int]]:
    """index → (table, its first column, how many columns), for every index of a fenced table that is not of a constraint."""
    with connection.cursor() as cursor:
        cursor.execute(OF_FENCED)
        return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def plan_of(rows: QuerySet[Any]) -> list[str]:
    sql, params = rows.query.get_compiler("default").as_sql()
    with connection.connection.cursor() as cursor:
        return sorted(able(cursor, sql, params))


def pointers() -> dict[tuple[str, str], tuple[Any, str]]:
    """(table, column) → (model, field) of every foreign key for which Django made an index by itself."""
    return {
        (model._meta.db_table, field.column): (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.db_index
    }


def foreign(made: Any) -> dict[str, list[str]]:
    """For every index of a single pointer: the plan that looks for the rows that point at one row."""
    known, plans = pointers(), {}
    with scope(made.hospitals):
        for name, (table, column, width) in all_indexes().items():
            if width == 1 and (table, column) in known:
                model, field = known[table, column]
                plans[name] = plan_of(model.objects.filter(**{field: 1}).order_by().values("pk"))
    return plans
