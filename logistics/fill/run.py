"""Filling an empty database: the organisation, then all orders month by month, in one transaction."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from flow.models import Event
from kpi.measure import measure, midnight, next_month
from kpi.models import DirtyDay, Reckoned
from kpi.registry import measured
from logistics import crews
from logistics.fill import (
    bulk,
    closing,
    desk,
    equipment,
    events,
    facts,
    orders,
    organisation,
    people,
    pools,
    problems,
    returns,
    rows,
    upkeep,
    words,
)
from logistics.fill.plan import Plan, hours
from tenancy import domain
from tenancy.actors import System
from tenancy.models import Consortium, Hospital
from tenancy.permissions import declared
from tenancy.scope import scope
from workorders.models import Line, WorkOrder

LARGE = ("workorders_workorder", "workorders_line", "flow_event", "assets_asset", *upkeep.TABLES)
FILLED = (
    *("accounts_user", "tenancy_place", "tenancy_unit", "tenancy_team", "tenancy_membership", "tenancy_grant"),
    *("tenancy_hospital", "workorders_service", "workorders_problem", "workorders_numberblock"),
    *("assessment_frozenfigure", "assessment_frozenrows", "assessment_publishedfigure", "assessment_action"),
    *("reporting_standing", "reporting_report"),
)
COUNTED = ("hazards_hazard", "indicators_return", "indicators_returndue")
Say = Callable[[str], None]


class FilledError(RuntimeError):
    """There are hospitals already."""


@transaction.atomic
def fill(plan: Plan, password: str, say: Say = lambda text: None) -> None:
    """The whole consortium or nothing. Works as the owner of the tables.

    Raises FilledError where there are hospitals already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demonstration'))")
    if Hospital.objects.exists():
        raise FilledError
    clock = time.monotonic()

    def told(what: str) -> None:
        say(f"  {time.monotonic() - clock:6.1f} s  {what}")

    with bulk.taken_down(LARGE):
        tables, builts = _organise(plan, password)
        pools.create(tables)
        told("organisation")
        upkeep.before(plan, builts)
        told("rounds and answers")
        for month in _months(plan):
            _write_month(plan, month)
            if month.month == 12:
                told(f"orders until the end of {month.year}")
        told("orders and events")
        upkeep.after(plan)
        told("findings, hazards, equipment")
    told("indexes and constraints, every row checked")
    desk.arrange(plan)
    returns.arrange(plan)
    told("people on duty, handovers, announcements, bells, returns")
    with connection.cursor() as cursor:  # the planner must know what is there before the figures of a month are counted
        cursor.execute(f"ANALYZE {', '.join((*LARGE, *FILLED, *COUNTED))}")
    closing.arrange(plan)
    told("months closed, published, answered")
    _mark_days(plan)


def _organise(plan: Plan, password: str) -> tuple[dict[str, list[tuple[Any, ...]]], list[organisation.Built]]:
    """Hospitals with everybody and everything in them; answers what orders choose from, and how each hospital stands."""
    actor, begun = System("fill", frozenset(declared())), timezone.now()
    consortium = Consortium.objects.create(name=words.CONSORTIUM)
    roles = domain.sync_roles(consortium)
    firms, known = organisation.firms(actor, consortium), equipment.kinds(consortium)
    tables, taken, shared = pools.of_plan(plan), set[str](), dict[str, User]()
    builts = []
    with scope([]):  # each hospital that opens joins it
        for number in range(plan.hospitals):
            built = organisation.hospital(actor, plan, consortium, number, taken)
            builts.append(built)
            organisation.teams(actor, plan, built, firms)
            staff = people.staff(actor, plan, built, roles, shared, firms[0])
            pools.add_hospital(tables, plan, built, staff, equipment.register(actor, plan, built, known))
            organisation.move_some(actor, plan, built)
            crews.rates(built.hospital, organisation.morning(plan).date(), timezone.localdate(plan.until))
    people.set_passwords(password)
    _date_back(plan, begun)
    return tables, builts


def _date_back(plan: Plan, begun: datetime) -> None:
    """What was arranged a moment ago was arranged before the first report; wards moved half way."""
    just_now, half_way = (
        Event.objects.filter(at__gte=begun),
        organisation.morning(plan) + timedelta(days=180 * plan.years),
    )
    just_now.filter(verb="moved").update(at=half_way)
    just_now.update(at=organisation.morning(plan))


def _months(plan: Plan) -> Iterator[date]:
    """The first day of every month there are orders of."""
    month, today = plan.since.replace(day=1), timezone.localdate(plan.until)
    while month <= today:
        yield month
        month = next_month(month)


def _write_month(plan: Plan, month: date) -> None:
    with connection.cursor() as cursor:
        if month == plan.since.replace(day=1):
            _prepare(plan, cursor)
        cursor.execute("SELECT coalesce(max(id), 0) FROM fill_last")
        base = cursor.fetchone()[0]
        given = {
            **_words(plan),
            "month": month,
            "next": next_month(month),
            "slots": pools.slots(month.month),
            "base": base,
        }
        for table, sql in (("fill_fact", facts.MONTH), ("fill_row", orders.ROW)):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {sql}", given)
        rows.insert(cursor, WorkOrder, orders.ORDER_COLUMNS, orders.ORDERS, given)
        rows.insert(cursor, Line, orders.LINE_COLUMNS, orders.LINES, given)
        rows.insert(cursor, Event, events.EVENT_COLUMNS, events.EVENTS, given)
        cursor.execute(orders.NUMBERS, given)
        cursor.execute("INSERT INTO fill_raised SELECT fault, id FROM fill_row WHERE finder IS NOT NULL")
        cursor.execute("INSERT INTO fill_last SELECT max(id) FROM fill_row")
        cursor.execute("SELECT setval(pg_get_serial_sequence('workorders_workorder', 'id'), max(id)) FROM fill_last")


def _prepare(plan: Plan, cursor: Any) -> None:
    cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
    cursor.execute("CREATE TEMPORARY TABLE fill_last (id bigint) ON COMMIT DROP")
    cursor.execute("INSERT INTO fill_last SELECT nextval(pg_get_serial_sequence('workorders_workorder', 'id'))")


def _words(plan: Plan) -> dict[str, Any]:
    shares = plan.shares()
    return {
        "shares": list(itertools.accumulate(shares))[:-1],
        "hours": hours(),
        "zone": settings.TIME_ZONE,
        "until": plan.until,
        "seed": plan.seed,
        "parts": [name for name, _price in problems.PARTS],
        "prices": [price for _name, price in problems.PARTS],
        "descriptions": list(problems.DESCRIPTIONS),
        "causes": problems.CAUSES.split(),
        "comments": problems.COMMENTS.split(),
        **{verb: reasons.split() for verb, reasons in problems.REASONS.items()},
    }


def _mark_days(plan: Plan) -> None:
    """Every day there is something to measure on, from the first report to the last limit; in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kpi_dirtyday (hospital_id, moment) SELECT h.id, d AT TIME ZONE %(zone)s FROM tenancy_hospital h,"
            " generate_series(%(since)s::date::timestamp, (SELECT max(due_at) FROM workorders_workorder) AT TIME ZONE"
            " %(zone)s, interval '1 day') d",
            {"zone": settings.TIME_ZONE, "since": plan.since},
        )


def measure_all(plan: Plan, say: Say = lambda text: None) -> None:
    """Measure every day of every hospital, a year at a time; the marks of days that are over go."""
    clock, today = time.monotonic(), timezone.localdate(plan.until)
    for number, hospital in enumerate(Hospital.objects.order_by("id").values_list("pk", flat=True), 1):
        with scope([hospital]):
            since = min([plan.since, *_marked(hospital)])  # returns reach further back than orders
            for year in range(since.year, today.year + 1):
                first, end = max(since, date(year, 1, 1)), min(today, date(year + 1, 1, 1))
                measure(hospital, first, end)
            Reckoned.objects.bulk_create(Reckoned(hospital_id=hospital, kpi=kpi.key) for kpi in measured())
            DirtyDay.objects.filter(hospital=hospital, moment__lt=midnight(today)).delete()
        if number % 10 == 0:
            say(f"  {time.monotonic() - clock:6.1f} s  {number} hospitals measured")


def _marked(hospital: int) -> list[date]:
    """The first day that is marked to be measured, if any is."""
    marks = DirtyDay.objects.filter(hospital=hospital).order_by("moment").values_list("moment", flat=True)
    return [timezone.localdate(moment) for moment in marks[:1]]


def analyze() -> None:
    """Tell the planner what it has to deal with; outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"VACUUM ANALYZE {', '.join((*LARGE, *FILLED, 'kpi_dirtyday', 'kpi_measurement', 'kpi_monthfigure'))}"
        )
