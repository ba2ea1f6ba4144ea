"""What the orders choose from, as temporary tables: one row per hospital, unit, team, picture, piece of equipment, day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import connection
from django.utils import timezone, translation
from psycopg2.extras import execute_values

from assets.models import Asset
from logistics.fill import problems
from logistics.fill.organisation import Built
from logistics.fill.people import FOREVER, Seat, Staff
from logistics.fill.plan import Plan, days_of, open_orders
from workorders import work_types
from workorders.models import Problem, Service

SEATS = "seats int, first bigint[], second bigint[], first_name text[], second_name text[], changed timestamptz[]"
TABLES = {
    "fill_hospital": f"h int, id bigint, code text, units int, quality float8, {SEATS}",
    "fill_unit": f"h int, i int, id bigint, place bigint, phone text, rooms bigint[], labels text[], {SEATS}",
    "fill_team": f"id bigint, name text, contractor bigint, {SEATS}",
    "fill_problem": "h int, p int, service bigint, problem bigint, department text, label text, urgency text, respond int[],"
    " complete int[], is_safety boolean, team bigint, musts text[], phrases text[], details text[], remedies text[],"
    " waits float8, for_patients boolean, kind text, asset_share float8, assets int",
    "fill_asset": "h int, kind text, i int, id bigint, place bigint, unit int, name text",
    "fill_day": "day date, first int, count int, seconds int",
    "fill_open": "n int, stage int",
}
STAGES = ("reported", "dispatched", "accepted", "arrived", "waiting")
REPAIRS = {  # what is wrong with which equipment: all pictures of a service, or one
    **{"电梯": "lift", "分体空调": "climate", "中央空调机组": "climate", "风机盘管": "climate"},
    **{"心电监护仪": "device.monitor", "输液泵": "device.pump", "注射泵": "device.pump", "呼吸机": "device.device"},
    **{"除颤仪": "device.device", "心电图机": "device.device", "超声诊断仪": "device.device"},
    **{"病床": "joinery.bed", "配电柜": "power.outage", "电视机": "network.tv"},
}
NAMED = {
    "device": 1.0,
    "lift": 1.0,
    "climate": 0.35,
    "joinery": 0.3,
    "power": 0.5,
    "network": 0.4,
}  # in how many reports
WAITS = {"maintenance": 0.08, "procurement": 0.06}


def create(tables: dict[str, list[tuple[Any, ...]]]) -> None:
    with connection.cursor() as cursor:
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
            execute_values(cursor.cursor, f"INSERT INTO {name} VALUES %s", tables[name], page_size=500)
            cursor.execute(f"ANALYZE {name}")


def _seats(seats: Iterable[Seat]) -> tuple[Any, ...]:
    found = list(seats)
    changed = [
        None if s.changed == FOREVER else timezone.make_aware(datetime.combine(s.changed, time())) for s in found
    ]
    return (
        len(found), [s.first.pk for s in found], [s.second.pk for s in found], [s.first.name for s in found],
        [s.second.name for s in found], [at or datetime.max.replace(tzinfo=timezone.get_default_timezone()) for at in changed],
    )  # fmt: skip


def of_plan(plan: Plan) -> dict[str, list[tuple[Any, ...]]]:
    """Empty pools of hospitals, with the days and the open orders of the plan."""
    tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
    tables["fill_day"] = [(day.day, day.first, day.count, day.seconds) for day in days_of(plan)]
    tables["fill_open"] = [(n, STAGES.index(state)) for n, state in open_orders(plan)]
    return tables


def add_hospital(
    tables: dict[str, list[tuple[Any, ...]]], plan: Plan, built: Built, staff: Staff, assets: list[tuple[Asset, int]]
) -> None:
    quality = plan.dice(f"quality {built.number}").uniform(0.75, 1.3)
    tables["fill_hospital"].append(
        (built.number, built.hospital.pk, built.hospital.code, len(built.units), quality, *_seats(staff.desk))
    )
    for i, unit in enumerate(built.units):
        rooms = [room.pk for room in built.rooms[i]]
        tables["fill_unit"].append(
            (built.number, i, unit.pk, unit.place_id, unit.phone, rooms, built.labels[i], *_seats(staff.wards[i]))
        )
    for team in built.teams:
        tables["fill_team"].append((team.pk, team.name, team.contractor_id, *_seats(staff.crews[team.pk])))
    counts: dict[str, int] = {}
    for asset, unit_number in assets:
        key = REPAIRS.get(asset.kind.name, "")
        number = counts.get(key, 0)
        counts[key] = number + 1
        tables["fill_asset"].append((built.number, key, number, asset.pk, asset.place_id, unit_number, asset.name))
    tables["fill_problem"] += _problems(built, counts)


def _problems(built: Built, counts: dict[str, int]) -> Iterable[tuple[Any, ...]]:
    services = {s.key: s for s in Service.objects.filter(hospital=built.hospital)}
    pictures = {p.key: p for p in Problem.objects.filter(hospital=built.hospital)}
    with translation.override("zh-hans"):  # what is written down is in the hospital's language
        for p, key in enumerate(problems.PHRASES):
            picture = pictures.get(key)
            service = services[key if picture is None else key.rpartition(".")[0]]
            department, short = service.key.split(".")
            kind = short if short in counts else key.partition(".")[2]
            assets = counts.get(kind, 0) if department == "maintenance" else 0
            yield (
                built.number, p, service.pk, picture and picture.pk, department, str(picture or service),
                (picture and picture.urgency) or service.urgency,
                [service.respond_normal, service.respond_urgent, service.respond_critical],
                [service.complete_normal, service.complete_urgent, service.complete_critical], service.is_safety,
                service.team_id, service.musts, problems.phrases(key), problems.DETAILS[department].split(),
                problems.REMEDIES[department].split(), WAITS.get(department, 0.005), work_types.is_for_patients(service.key),
                kind, NAMED.get(short, 0.0) if assets else 0.0, assets,
            )  # fmt: skip


def slots(month: int) -> list[int]:
    """The pictures of a month, each as often as it is tapped: a department's share, and within it the season's."""
    found: list[int] = []
    for department, share in problems.DEPARTMENTS.items():
        own = {p: problems.seasonal(key, month) for p, key in enumerate(problems.PHRASES) if key.startswith(department)}
        total = sum(own.values())
        for p, often in own.items():
            found += [p] * max(1, round(1500 * share / 100 * often / total))
    return found
