"""B1, N1, P1: the board with 5,000 open orders, how long a notice is on its way, two hundred people at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench import cpu
from bench.arithmetic import percentile
from bench.client import always
from bench.crowd import SHARES, WORDS, Someone, together
from bench.measuring import Bench, Row
from bench.scenarios import scenario
from launch import commands

OPEN = 5_000
NOTICES = 60
MINUTES = 2
SMALLEST = 200_000  # two hundred people are not the staff of three small hospitals
REOPEN = """
UPDATE workorders_workorder SET state = CASE WHEN id %% 4 = 0 THEN 'reported' ELSE 'accepted' END, closed_at = NULL,
    finished_at = NULL, signed_at = NULL, signed_by_id = NULL, signed_name = '', signed_way = '',
    reported_at = now() - (id %% 2880) * interval '1 minute', respond_by = now() - (id %% 2880 - 60) * interval '1 minute',
    due_at = now() + (id %% 7 * 480 - id %% 2880 + 60) * interval '1 minute'
WHERE id IN (SELECT id FROM workorders_workorder WHERE hospital_id = %s AND state = 'closed' ORDER BY id DESC LIMIT %s)
"""


@scenario("B1", "the desk and its board with 5,000 open orders")
def board(bench: Bench) -> Iterator[Row]:
    """At the largest hospital as many closed orders are opened again as are missing."""
    desk = bench.people["desk"]
    here, live = desk.hospitals[0], "state IN ('reported','dispatched','accepted','arrived','waiting')"
    bench.admin.execute(f"SELECT count(*) FROM workorders_workorder WHERE hospital_id = %s AND {live}", [here])
    (count,) = bench.admin.fetchone()
    bench.admin.execute(REOPEN, [here, max(0, OPEN - count)])
    bench.admin.execute("VACUUM ANALYZE workorders_workorder")
    for path in ("/board/", "/board/?by=team", "/desk/queue/"):
        yield bench.compare("B1", desk, path, always(bench.site.port, path, desk.page))


@scenario("N1", "a notice by mail, from the commit until it is handed over")
def notice(bench: Bench) -> Iterator[Row]:
    """One after the other, as they happen; a worker as in a hospital, mails into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "MAIL_ROOT": str(Path(folder) / "mail")}
        command = [str(Path(sys.executable).parent / commands.WORKER[0]), *commands.WORKER[1:]]
        worker = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            times = list(_on_their_way(bench))
        finally:
            worker.terminate()
            worker.wait(20)
    row = Row("N1", "reporter", f"{len(times)} mails")
    row.ours = {"p50": 1000 * median(times), "p95": 1000 * percentile(times, 0.95), "requests": len(times)}
    yield row.at_most("lost", NOTICES - len(times), 0)


def _on_their_way(bench: Bench) -> Iterator[float]:
    from accounts.models import User
    from notices.models import Delivery, Preference
    from tenancy.models import Membership
    from tenancy.scope import scope
    from workorders import domain
    from workorders.models import WorkOrder

    desk = bench.people["desk"]
    with scope(desk.hospitals):
        order = WorkOrder.objects.filter(hospital=desk.hospitals[0], state="reported").order_by("-id")[0]
        member = Membership.objects.filter(hospital=order.hospital_id, ends_on=None, user__is_active=True)[0]
        User.objects.filter(pk=member.user_id).update(email="reporter@bench.example")
        WorkOrder.objects.filter(pk=order.pk).update(reporter=member.user_id)
        choices = {"workorders.workorder:commented": "mail"}
        Preference.objects.update_or_create(user_id=member.user_id, defaults={"choices": choices})

    def say(number: int) -> None:
        with scope(desk.hospitals):
            domain.comment(WorkOrder.objects.get(pk=order.pk), User.objects.get(pk=desk.pk), f"{WORDS} {number}")

    def arrived(wanted: int) -> list[tuple[Any, Any]]:
        """When each was committed and handed over; waits until so many were."""
        until = time.monotonic() + 60
        while True:
            with scope(desk.hospitals):
                sent = Delivery.objects.filter(subject_id=order.pk, user=member.user_id, sent_at__isnull=False)
                found = list(sent.order_by("id").values_list("created_at", "sent_at"))
            if len(found) >= wanted or time.monotonic() > until:
                return found
            time.sleep(0.2)

    say(0)  # the worker is up when this one has gone
    arrived(1)
    for number in range(NOTICES):
        say(number + 1)
        time.sleep(0.05)
    yield from ((ended - begun).total_seconds() for begun, ended in arrived(NOTICES + 1)[1:])


@scenario("P1", "two hundred people for two minutes, 5 to 15 seconds between what each does")
def crowd(bench: Bench) -> Iterator[Row]:
    if bench.facts["orders"] < SMALLEST:
        return
    people = list(_crowd(bench))
    known, mine = cpu.tree(bench.site.pid), os.times()
    before, behind = cpu.used(known), cpu.used(bench.backends(bench.site))
    seen = together(bench.site.port, people, MINUTES * 60)
    site, client = cpu.spent(before, cpu.used(known)), os.times()
    database = cpu.spent(behind, cpu.used(bench.backends(bench.site)))
    spent = client.user + client.system - mine.user - mine.system
    bench.admin.execute(
        "SELECT count(*), count(DISTINCT form_key) FROM workorders_workorder WHERE form_key = ANY(%s::uuid[])",
        [seen.reported],
    )
    there, different = bench.admin.fetchone()
    _tell(seen, len(people), site, database, spent)
    row = Row("P1", f"{len(people)} people", "pages and steps")
    row.ours = {"p50": 1000 * median(seen.all), "p95": 1000 * percentile(seen.all, 0.95), "requests": len(seen.all)}
    row.ours |= {"app_cpu": 1000 * site / len(seen.all), "pg_cpu": 1000 * database / len(seen.all)}
    row.rate = round(len(seen.all) / MINUTES / 60, 1)
    row.at_most("errors", len(seen.errors), 0).at_most("lost", len(seen.reported) - there, 0)
    yield row.at_most("doubled", there - different, 0)


def _tell(seen: Any, people: int, site: float, database: float, client: float) -> None:
    mix = ", ".join(f"{name} {len(times)}" for name, times in sorted(seen.times.items()))
    print(
        f"   {people} people: {len(seen.all)} requests ({mix}); {len(seen.reported)} reports, {seen.moved} steps,"
        f" {seen.raced} taken by somebody else first, {len(seen.errors)} errors;"
        f" CPU s: site {site:.1f}, database {database:.1f}, client {client:.1f}",
        flush=True,
    )
    for error in seen.errors[:5]:
        print(f"   {error}", flush=True)


WHO = """
SELECT DISTINCT ON (g.user_id) g.user_id, g.hospital_id, m.team_id FROM tenancy_grant g
JOIN tenancy_role r ON r.id = g.role_id JOIN accounts_user u ON u.id = g.user_id AND u.is_active
JOIN tenancy_membership m ON m.user_id = g.user_id AND m.hospital_id = g.hospital_id AND m.ends_on IS NULL
WHERE r.key = %s AND g.ends_on IS NULL ORDER BY g.user_id
"""
SPOT = """
SELECT s.id, s.department, t.id, p.id FROM workorders_service s
JOIN tenancy_hospital h ON h.id = s.hospital_id AND s.department = ANY (h.modules)
JOIN tenancy_team t ON t.hospital_id = h.id AND t.department = s.department AND t.closed_on IS NULL
    AND t.contractor_id IS NULL
JOIN tenancy_place p ON p.hospital_id = h.id AND p.kind = 'room' AND p.closed_on IS NULL
WHERE h.id = %s AND s.active AND NOT s.internal ORDER BY s.id, t.id, p.id LIMIT 1
"""


def _crowd(bench: Bench) -> Iterator[Someone]:
    """People of every kind, spread over the hospitals; signed in the way a browser stays signed in."""
    from accounts.domain import give_token
    from accounts.models import User

    spots: dict[int, dict[str, Any]] = {}
    for kind, wanted in SHARES.items():
        bench.admin.execute(WHO, [kind])
        found = bench.admin.fetchall()
        step = max(1, len(found) // wanted)
        for pk, hospital, _team in found[::step][:wanted]:
            if hospital not in spots:
                bench.admin.execute(SPOT, [hospital])
                service, department, team, place = bench.admin.fetchone()
                spots[hospital] = {"service": service, "department": department, "team": team, "place": place}
            user = User.objects.get(pk=pk)
            yield Someone(kind, pk, hospital, _session(user), give_token(user, "bench"), spots[hospital])


def _session(user: Any) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
