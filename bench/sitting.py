"""One size, measured in one sitting: the people sign in, then every scenario has its turn."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import django

from bench import people, servers
from bench.databases import Server, asking


def say(text: str) -> None:
    print(text, flush=True)


def facts_of(server: Server) -> tuple[dict[str, Any], dict[str, people.Person]]:
    """Who they are and what they reach, asked once."""
    found = {}
    with asking(server.application) as cursor:
        for name, email in people.EMAILS.items():
            cursor.execute("SELECT id FROM accounts_user WHERE email = %s", [email])
            (pk,) = cursor.fetchone()
            reach, rows = people.reach_of(cursor, pk)
            found[name] = people.Person(name, pk, [h["id"] for h in reach["hospitals"]], rows)
            consortia = reach["consortia"]
    with asking(server.owner) as cursor:
        cursor.execute("SELECT set_config('app.hospitals', %s, false)", [_array(found["office"].hospitals)])
        cursor.execute("SELECT hospital_id, count(*) FROM workorders_workorder GROUP BY 1 ORDER BY 2 DESC")
        counts = cursor.fetchall()
    facts = {"consortia": consortia, "local": server.is_local, "orders": sum(count for _pk, count in counts)}
    return facts | {"largest": counts[0][0]}, found


def _array(ids: list[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"


def writer(facts: dict[str, Any], office: people.Person) -> people.Person:
    """Somebody who may report at every hospital; made for this database by the product's own verbs."""
    from accounts.domain import give_token
    from accounts.models import User
    from tenancy.actors import System
    from tenancy.domain import grant
    from tenancy.models import Hospital, Role
    from tenancy.permissions import declared
    from tenancy.scope import scope

    actor = System("bench", frozenset(declared()))
    with scope(office.hospitals):
        user = User.objects.create_user("Bench writer", email="writer@bench.example")
        for hospital in Hospital.objects.filter(pk__in=office.hospitals):
            role = Role.objects.get(consortium=hospital.consortium_id, key="desk")
            grant(actor, user=user, role=role, hospital=hospital)
        return people.Person("writer", user.pk, office.hospitals, [], token=give_token(user, "bench"))


def sit(given: argparse.Namespace) -> dict[str, Any]:
    from bench.measuring import Bench
    from bench.scenarios import all_scenarios

    server = Server(os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"])
    facts, persons = facts_of(server)
    facts["writer"] = writer(facts, persons["office"])
    shared = {name: {"pk": p.pk, "hospitals": p.hospitals, "rows": p.rows} for name, p in persons.items()}
    env = {"BENCH_PEOPLE": json.dumps({"people": shared, "consortia": facts["consortia"]})}
    webs = {
        name: make(env, Path(given.folder) / f"{name}.log")
        for name, make in (("site", servers.site), ("floor", servers.floor), ("counter", servers.counter))
    }
    ready = {"site": "/account/sign-in/", "floor": "/ready", "counter": "/account/sign-in/"}
    found = []
    with servers.running(*((web, ready[name]) for name, web in webs.items())), asking(server.owner) as admin:
        for name, person in persons.items():
            person.session = people.sign_in(webs["site"].port, people.EMAILS[name], people.PASSWORD)
            person.token = people.token(webs["site"].port, people.EMAILS[name], people.PASSWORD)
        bench = Bench(given.size, persons, facts, webs, url=server.application, admin=admin, seconds=given.seconds)
        for id, (title, scenario) in all_scenarios().items():
            if given.only and id not in given.only.split(","):
                continue
            say(f"{given.size} {id}: {title}")
            for row in scenario(bench):
                if id in ("L1", "D1"):
                    row.tail()
                found.append(dataclasses.asdict(row))
        memory = webs["site"].memory()
    facts["hospitals"] = len(persons["office"].hospitals)
    return {"orders": facts["orders"], "hospitals": facts["hospitals"], "memory_mb": round(memory), "rows": found}


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("size", "only", "out", "folder"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--seconds", type=float, default=2.4)
    given = parser.parse_args()
    django.setup()
    Path(given.out).write_text(json.dumps(sit(given), default=str))


if __name__ == "__main__":
    main()
