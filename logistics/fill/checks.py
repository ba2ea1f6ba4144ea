"""What rounds and hazards choose from, as temporary tables: items with their words, services, who steers, who hears of delays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg2.extras import execute_values

from assets.models import Kind
from hazards import catalogue
from hazards import states as hazard_states
from inspections.judging import limits
from inspections.models import Item
from inspections.states import CHECK, CURRENT, MISSED, VALUE
from logistics.fill.organisation import Built
from tenancy.models import Grant, Membership, Team
from workorders import work_types
from workorders.models import Service
from workorders.states import HEAD, LEADER, MANAGER, OFFICE

TABLES = {
    # an item; what is written of it where it fails stands before and behind the value
    "fill_item": "id bigint, edition bigint, number int, checklist bigint, place int, items int, kind text, low numeric,"
    " high numeric, options text[], passing text[], points numeric, weight text, on_fail text, ahead text, behind text,"
    " text text, cited text, service_key text",
    "fill_service": "hospital bigint, key text, department text, family text, p int, urgency text",
    "fill_boss": "hospital bigint, h int, id bigint, name text",
    "fill_climb": "hospital bigint, department text, team bigint, what text, step int, level text, after int, people bigint[],"
    " names text[]",
    "fill_danger": "i int, department text, title text, major boolean",
}


def create(builts: list[Built]) -> None:
    with connection.cursor() as cursor:
        with translation.override("zh-hans"):
            rows = {
                "fill_item": list(_items()), "fill_service": list(_services(builts)), "fill_boss": list(_bosses(builts)),
                "fill_climb": list(_climbs()), "fill_danger": list(_dangers()),
            }  # fmt: skip
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
            execute_values(cursor.cursor, f"INSERT INTO {name} VALUES %s", rows[name], page_size=500)
            cursor.execute(f"ANALYZE {name}")


def _items() -> Iterator[tuple[Any, ...]]:
    """Items of the editions in force; photos that are asked for anyway are left out, nobody has taken them."""
    by_edition: dict[int, list[Item]] = defaultdict(list)
    rows = Item.objects.filter(edition__state=CURRENT).select_related("edition").order_by("edition", "order")
    for item in rows:
        by_edition[item.edition_id].append(item)
    for items in by_edition.values():
        for place, item in enumerate(items, 1):
            ahead, behind = item.words, ""
            if item.kind == VALUE:
                facts = {"what": item.words, "value": "\0", "limits": limits(item)}
                ahead, _mark, behind = (_("%(what)s: %(value)s (wanted: %(limits)s)") % facts).partition("\0")
                behind = f" {item.unit}{behind}" if item.unit else behind
            elif item.kind != CHECK:
                ahead = (_("%(what)s: %(choice)s") % {"what": item.words, "choice": "\0"}).partition("\0")[0]
            yield (
                item.pk, item.edition_id, item.edition.number, item.edition.checklist_id, place, len(items), item.kind, item.low,
                item.high, item.options, item.passing, item.points, item.weight, item.on_fail, ahead, behind,
                item.words, " ".join(filter(None, (item.standard, item.clause))), item.service_key,
            )  # fmt: skip


def _services(builts: list[Built]) -> Iterator[tuple[Any, ...]]:
    """Whose work a failed item is: by the service it names, by the kind of asset, else the department's first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT service, min(p) FROM fill_problem GROUP BY service")
        p_of = dict(cursor.fetchall())
    families = [value for value, _label in Kind.Family.choices]
    for built in builts:
        offered = list(Service.objects.filter(hospital=built.hospital, active=True, internal=False).order_by("id"))
        first: dict[tuple[str, str], Service] = {}
        for service in offered:
            first.setdefault((service.department, ""), service)
            for family in families:
                if work_types.repairs(service.key, family):
                    first.setdefault((service.department, family), service)
        for service in offered:
            yield built.hospital.pk, service.key, "", "", p_of.get(service.pk), service.urgency
        for (department, family), service in first.items():
            yield built.hospital.pk, "", department, family, p_of.get(service.pk), service.urgency


def _bosses(builts: list[Built]) -> Iterator[tuple[Any, ...]]:
    """The logistics manager of each hospital: grades, assigns, approves."""
    number = {built.hospital.pk: built.number for built in builts}
    for grant in Grant.objects.filter(role__key=MANAGER, hospital__in=number).select_related("user"):
        yield grant.hospital_id, number[grant.hospital_id], grant.user_id, grant.user.name


def _climbs() -> Iterator[tuple[Any, ...]]:
    """Who hears of what is late, level by level; a level nobody stands at passes its word on to the next at once."""
    people = _people()
    chains = {**MISSED.defaults, **hazard_states.OVERDUE.defaults}
    for team in Team.objects.filter(closed_on=None):
        here: dict[str, list[tuple[int, str]]] = {
            LEADER: people.get((LEADER, team.pk, ""), []),
            HEAD: people.get((HEAD, team.hospital_id, team.department), []),
            MANAGER: people.get((MANAGER, team.hospital_id, ""), []),
            OFFICE: people.get((OFFICE, team.hospital.consortium_id, ""), []),
        }
        for what, chain in chains.items():
            vacant, before = False, 0
            for step, (level, days) in enumerate(chain, 1):
                after = before if vacant else days
                told = sorted(here.get(level, []), key=lambda one: (one[1], one[0]))
                yield (
                    team.hospital_id, team.department, team.pk, what, step, level, after,
                    [pk for pk, _name in told], [name for _pk, name in told],
                )  # fmt: skip
                vacant, before = not told and level != hazard_states.RESPONSIBLE, after


def _people() -> dict[tuple[str, int, str], list[tuple[int, str]]]:
    found: dict[tuple[str, int, str], list[tuple[int, str]]] = defaultdict(list)
    for member in Membership.objects.filter(is_leader=True, ends_on=None, team__isnull=False).select_related("user"):
        found[LEADER, member.team_id, ""].append((member.user_id, member.user.name))
    held = Grant.objects.filter(role__key__in=(HEAD, MANAGER, OFFICE), ends_on=None).select_related("user", "role")
    for grant in held:
        at = grant.consortium_id if grant.role.key == OFFICE else grant.hospital_id
        found[grant.role.key, at, grant.department or ""].append((grant.user_id, grant.user.name))
    return found


def _dangers() -> Iterator[tuple[Any, ...]]:
    """What staff report, by the departments' pictures."""
    known = sorted(catalogue.known(), key=lambda one: one.key)
    for i, one in enumerate(known):
        yield i, one.department, one.title, one.major
