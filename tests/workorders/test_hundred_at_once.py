"""A hundred programs take the same step of one order at the same moment, over HTTP, at the site's own server."""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from accounts.domain import give_token
from bench import client
from bench.servers import Web
from flow.models import Event
from launch import commands
from tenancy.scope import scope
from tests.browser.workers import url_of_tests
from tests.factories.workorders import order
from workorders.machine import ORDERS

HUNDRED = 100
AT_ONCE = {"WEB_WORKERS": "2", "WEB_THREADS": "16"}  # so many of them are inside the database at the same time


@pytest.fixture
def web(transactional_db, tmp_path):
    """gunicorn as the product starts it, on the tests' database."""
    urls = {key: url_of_tests(key) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    server = Web("race", commands.WEB, {**urls, **AT_ONCE, "PYTHONPATH": ":".join(sys.path)}, tmp_path / "web.log")
    server.start("/healthz")
    yield server
    server.stop()


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_moves_at_once_one_wins_and_the_others_are_told_who(world, web):
    """The team's free order: Tom and his leader, fifty programs each, all accept it. Every request is on the wire at once:
    each has a connection of its own and waits at the barrier until the hundredth is there; 32 are worked on at a time."""
    with scope([world.a.id]):
        free = ORDERS.move(order(world), "dispatch", world.dan, team=world.a.team)
    keys = [give_token(person, "race") for person in (world.tom, world.lea)]
    path, start = f"/api/v1/work-orders/{free.pk}/moves/accept/", Barrier(HUNDRED)

    def take(number):
        headers = {"Authorization": f"Token {keys[number % 2]}", "Content-Type": "application/json"}
        raw, way = client.request(path, headers, b"{}", "POST"), client.Connection(web.port)
        start.wait()
        try:
            return way.send(raw)
        finally:
            way.close()

    with ThreadPoolExecutor(HUNDRED) as programs:
        answers = list(programs.map(take, range(HUNDRED)))

    assert Counter(answer.status for answer in answers) == {200: 1, 409: 99}
    winner = (world.tom, world.lea)[next(n for n, answer in enumerate(answers) if answer.status == 200) % 2]
    assert all(winner.name in answer.json()["detail"] for answer in answers if answer.status == 409)
    with scope([world.a.id]):
        free.refresh_from_db()
        assert (free.state, free.assignee) == ("accepted", winner)
        assert list(Event.objects.filter(verb="accept").values_list("actor", "channel")) == [(winner.pk, "api")]
