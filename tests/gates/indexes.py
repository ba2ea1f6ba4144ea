"""Queries of the product that no gated page asks: jobs, searches, filters. Each is built as the product builds it.

Behind the wall an index serves only conditions that are leakproof. So for every index of a fenced table that is not of a
constraint there is a plan, made as the application's role, that uses it: of a gated page, or of a query declared here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, QuerySet
from django.utils import timezone

from exchange import domain as exchange
from inspections.models import Round
from kpi import measure
from notices import claiming
from people import board, queries
from tenancy.scope import scope
from tests.gates.statements import able
from workorders import domain
from workorders.models import WorkOrder

OF_FENCED = """
SELECT i.relname, t.relname, a.attname, array_length(x.indkey::int[], 1) FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_policies p ON p.tablename = t.relname AND p.schemaname = 'public'
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
WHERE NOT x.indisunique AND NOT x.indisexclusion ORDER BY 1
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
    ("desk", "hazards:hazard_list", {"search": "水"}),
    ("desk", "hazards:hazard_list", {"mine": "rectify"}),
    ("desk", "hazards:hazard_list", {"overdue": "yes", "sort": "due_on"}),
    ("office", "hazards:hazard_list", {"overdue": "yes", "sort": "due_on"}),
    ("desk", "administration:place_list", {"search": "病房"}),
    ("desk", "administration:unit_list", {"search": "护理"}),
    ("desk", "administration:person_list", {"search": "Nurse"}),
    ("desk", "people:absence_list", {}),
    ("office", "people:absence_list", {}),
    ("desk", "workorders:handover_list", {}),
    ("office", "workorders:handover_list", {}),
    ("desk", "lists:files", {}),
    ("desk", "notices:announcement_list", {}),
    ("administrator", "notices:delivery_list", {}),
    ("office", "administration:event_list", {}),
    ("desk", "workorders:order_list", {"sort": "due_at", "state": "open"}),
    ("desk", "inspections:round_list", {"team": "1"}),
    ("desk", "inspections:round_list", {"plan": "1"}),
    ("desk", "inspections:round_list", {"state": "missed"}),
    ("desk", "inspections:round_list", {"asset": "1"}),
    ("administrator", "indicators:due_list", {}),
    *(
        (who, f"assessment:{name}_list", {})
        for who in ("administrator", "office")
        for name in ("appeal", "exclusion", "action")
    ),
    ("administrator", "assessment:action_list", {"overdue": "yes", "sort": "due_on"}),
    ("office", "assessment:desk", {}),
    ("office", "assessment:published", {}),
    ("administrator", "assessment:month", {}),
)
BY_MONTH = "tests/assessment/test_indexes.py"
SPARE = {
    "asset_duty_due": "duties that end soon, among all of a hospital's equipment; here there is a handful",
    "event_actor": "what one person did: among the few events here their table's order serves as well; tests/flow/test_origin.py",
    "delivery_due": "which deliveries are due, of tens of thousands that were sent; here all of them are",
    "delivery_claimed": "claims that a worker who died has left; here none is claimed",
    "delivery_trouble": "what did not arrive, over all hospitals; here as many as there are of one",
    "worked_shift_all": "shifts that need a certificate, over all hospitals; here none was worked",
    "handover_all": "handovers over all hospitals; here as many as there are of one",
    "hazard_responsible": "hazards of one person; here one person has them all",
    "round_team": "what a team still has to do; here one team has it all",
    "order_alarm": "orders whose reminder is due; here a handful, all of one hospital",
    "export_unfinished": "workbooks that are being written; here none",
    "export_until": "workbooks whose time is over; here none",
    "frozen_month": f"a hospital's figures of one month, among years of months; here none is closed: {BY_MONTH}",
    "published_month": f"what is published of a month for all hospitals, among years of months; here none is: {BY_MONTH}",
    "report_month": f"the newest monthly reports over all hospitals; here none is written: {BY_MONTH}",
    "view_shared": "views that others share, beside one's own; here none is shared",
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
        board.in_use(here.team, now.date())
        list(
            WorkOrder.objects.filter(unit=made.reported.unit).order_by("-reported_at", "-pk").values("pk")[:51]
        )  # a ward's
        list(Round.objects.filter(unit=here.ward).order_by("-due_at", "-pk").values("pk")[:51])


def all_indexes() -> dict[str, tuple[str, str, int]]:
    """index → (table, its first column, how many columns), for every index of a fenced table that is not of a constraint."""
    with connection.cursor() as cursor:
        cursor.execute(OF_FENCED)
        return {name: tuple(rest) for name, *rest in cursor.fetchall()}


@contextmanager
def scanning(served: set[str]) -> Iterator[None]:
    """Adds the indexes that are really read meanwhile, wherever: in a statement, in a function of the database, in a check
    of a constraint. No table is read as a whole where an index can serve, as in a hospital of any size."""
    with connection.cursor() as cursor:
        before = _scans(cursor)
        cursor.execute("SET enable_seqscan = off")
        yield
        cursor.execute("RESET enable_seqscan")
        after = _scans(cursor)
    served |= {name for name, count in after.items() if count > before.get(name, 0)}


def _scans(cursor: Any) -> dict[str, int]:
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute("SELECT indexrelname, idx_scan FROM pg_stat_user_indexes")
    return dict(cursor.fetchall())


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
