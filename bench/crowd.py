"""Two hundred people at once: who they are, what they do next, and what they saw. A closed loop with time to think."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.client import Answer, Connection, request

THINK = (5.0, 15.0)  # seconds between what one person does and the next
# Of 200 people; what each kind does, by weight.
SHARES = {"requester": 100, "worker": 70, "desk": 20, "manager": 10}
WORDS = "压力测试"
RACED = (409,)  # somebody else took the step a moment before: an answer, not an error


@dataclass
class Someone:
    """One of the crowd, signed in, with a hospital, and a key for the API."""

    kind: str
    pk: int
    hospital: int
    session: str
    token: str
    spot: dict[str, Any]  # where they report, for what; which team the desk sends

    @property
    def page(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}", "Accept": "text/html", "Accept-Language": "zh-CN"}

    @property
    def api(self) -> dict[str, str]:
        return {
            "Authorization": f"Token {self.token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }


@dataclass
class Seen:
    """What the crowd saw: seconds by kind of request, errors, the keys of accepted reports, races lost."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    raced: int = 0
    moved: int = 0
    lock: Any = field(default_factory=threading.Lock)

    @property
    def all(self) -> list[float]:
        return [one for found in self.times.values() for one in found]


class Visit:
    """One person at work until the time is over."""

    def __init__(self, port: int, who: Someone, seen: Seen, seed: int) -> None:
        self.way, self.who, self.seen, self.dice = Connection(port), who, seen, random.Random(seed)
        self.deeds: dict[str, list[tuple[int, Callable[[], None]]]] = {
            "requester": [(5, self.look("/ask/")), (2, self.look("/notices/bell/")), (3, self.report)],
            "worker": [(5, self.look("/work/")), (2, self.look("/notices/bell/")), (3, self.step)],
            "desk": [(4, self.look("/desk/")), (3, self.look("/desk/queue/")), (3, self.dispatch)],
            "manager": [(5, self.look("/figures/")), (5, self.look("/orders/?state=open"))],
        }

    def run(self, until: float) -> None:
        weights, deeds = zip(*self.deeds[self.who.kind], strict=True)
        time.sleep(self.dice.uniform(0, THINK[1]))  # they do not all come through the door at once
        while time.monotonic() < until:
            try:
                self.dice.choices(deeds, weights)[0]()
            except OSError as error:
                self.fail(f"{self.who.kind}: {error!r}")
            time.sleep(max(0.0, min(self.dice.uniform(*THINK), until - time.monotonic())))
        self.way.close()

    def ask(self, what: str, raw: bytes, good: tuple[int, ...]) -> Answer:
        begun = time.perf_counter()
        answer = self.way.send(raw)
        spent = time.perf_counter() - begun
        with self.seen.lock:
            self.seen.times.setdefault(what, []).append(spent)
        if answer.status not in good:
            self.fail(f"{what}: {answer.status} {answer.body[:200].decode(errors='replace')}")
        return answer

    def fail(self, text: str) -> None:
        with self.seen.lock:
            self.seen.errors.append(text)

    def look(self, path: str) -> Callable[[], None]:
        return lambda: void(self.ask(path.partition("?")[0], request(path, self.who.page), (200, 204)))

    def report(self) -> None:
        key = str(uuid4())
        facts = {"place": self.who.spot["place"], "service": self.who.spot["service"], "title": f"{WORDS} {key[:8]}"}
        head = {**self.who.api, "Idempotency-Key": key}
        raw = request("/api/v1/work-orders/", head, json.dumps(facts).encode(), "POST")
        if self.ask("report", raw, (201,)).status == 201:
            with self.seen.lock:
                self.seen.reported.append(key)

    def first(self, query: str) -> int | None:
        """One of the newest orders that fit, as the page would show them."""
        answer = self.ask("list", request(f"/api/v1/work-orders/?{query}", self.who.api), (200,))
        rows = answer.json()["results"] if answer.status == 200 else []
        return int(self.dice.choice(rows)["id"]) if rows else None

    def move(self, order: int, name: str, facts: dict[str, Any]) -> None:
        path = f"/api/v1/work-orders/{order}/moves/{name}/"
        answer = self.ask(name, request(path, self.who.api, json.dumps(facts).encode(), "POST"), (200, *RACED))
        with self.seen.lock:
            self.seen.raced += answer.status in RACED
            self.seen.moved += answer.status == 200

    def dispatch(self) -> None:
        spot = self.who.spot
        if order := self.first(f"hospital={self.who.hospital}&state=reported&department={spot['department']}"):
            self.move(order, "dispatch", {"team": spot["team"]})

    def step(self) -> None:
        for state, name in (("accepted", "arrive"), ("dispatched", "accept")):
            if order := self.first(f"state={state}&assignee={self.who.pk}"):
                return self.move(order, name, {})
        return None


def void(_answer: Answer) -> None:
    return None


def together(port: int, people: list[Someone], seconds: float) -> Seen:
    """Everybody at work for so long."""
    seen, until = Seen(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=Visit(port, who, seen, number).run, args=[until]) for number, who in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen
