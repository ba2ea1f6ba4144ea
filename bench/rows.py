"""The floor's rows: which orders a person's grants reach, written by hand as SQL and as one plain filter.

The floor asks nobody for permission: whose rows they are stands in the statement as literals. The wall of the database
(row-level security) stands before it as before the site.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

OPEN = ("reported", "dispatched", "accepted", "arrived", "waiting")
COLUMNS = {"department": "o.department", "contractor": "o.contractor_id", "unit": "o.unit_id", "team": "o.team_id"}
JOINS = """
JOIN tenancy_hospital h ON h.id = o.hospital_id
JOIN workorders_service s ON s.id = o.service_id
JOIN tenancy_place p ON p.id = o.place_id
LEFT JOIN assets_asset a ON a.id = o.asset_id
LEFT JOIN tenancy_unit u ON u.id = o.unit_id
LEFT JOIN tenancy_team t ON t.id = o.team_id
LEFT JOIN accounts_user w ON w.id = o.assignee_id
"""
LIST = """
SELECT o.id, o.number, o.hospital_id, h.code, o.title, o.state, o.waiting_reason, o.urgency, o.channel, o.department,
       o.service_id, s.own_name, s.key, o.place_id, p.full_name, o.asset_id, a.name, o.unit_id, u.name,
       o.reporter_name, o.team_id, t.name, o.assignee_id, w.name, o.contractor_id, o.reported_at, o.respond_by,
       o.due_at, o.responded_at, o.arrived_at, o.finished_at, o.signed_at, o.closed_at, o.waited_seconds, o.returned,
       o.minutes, o.cost
FROM workorders_workorder o {joins}
WHERE ({reach}) {narrow} ORDER BY o.reported_at DESC, o.id DESC LIMIT 50
"""


def after(path: str) -> str:
    """The first path after everything below this one ("/" follows "." in ASCII)."""
    return path[:-1] + "/"


def as_sql(rows: list[dict[str, Any]], person: int) -> tuple[str, list[Any]]:
    """The grants as a condition on `o` and `p`."""
    parts, params = [], []  # type: list[str], list[Any]
    for reach in rows:
        one, values = ["o.hospital_id = ANY(%s)"], [reach["hospitals"]]  # type: list[str], list[Any]
        if reach["path"]:
            one.append("p.path >= %s AND p.path < %s")
            values += [reach["path"], after(reach["path"])]
        for name, column in COLUMNS.items():
            if reach[name]:
                one.append(f"{column} = %s")
                values.append(reach[name])
        if reach["own"]:
            one.append("%s IN (o.reporter_id, o.assignee_id)")
            values.append(person)
        parts.append(" AND ".join(one))
        params += values
    return " OR ".join(f"({part})" for part in parts) or "false", params


def as_q(rows: list[dict[str, Any]], person: int) -> Q:
    """The same as a filter of Django's."""
    found = Q(pk__in=[])
    for reach in rows:
        one = Q(hospital_id__in=reach["hospitals"])
        if reach["path"]:
            one &= Q(place__path__gte=reach["path"], place__path__lt=after(reach["path"]))
        for name in COLUMNS:
            if reach[name]:
                one &= Q(**{name: reach[name]})
        if reach["own"]:
            one &= Q(reporter=person) | Q(assignee=person)
        found |= one
    return found


def newest(
    rows: list[dict[str, Any]],
    person: int,
    hospital: int | None,
    *,
    only_open: bool = True,
    narrow: str = "",
    more: tuple[Any, ...] = (),
) -> tuple[str, list[Any]]:
    """The newest 50 orders of a person by one statement."""
    reach, params = as_sql(rows, person)
    if hospital:
        narrow += " AND o.hospital_id = %s"
        more = (*more, hospital)
    if only_open:
        narrow += f" AND o.state IN {OPEN!r}"
    return LIST.format(joins=JOINS, reach=reach, narrow=narrow), [*params, *more]
