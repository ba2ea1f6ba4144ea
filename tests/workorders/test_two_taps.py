"""Two taps at the very same moment, each in a process of its own."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse

from flow.models import Event
from tenancy.scope import scope
from tests.workorders.hands import Phone, done_order, problem
from tests.world import build
from workorders.machine import ORDERS
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)


def together(*taps):
    """Let each thread wait for the other, then tap."""
    start = Barrier(len(taps))

    def run(tap):
        try:
            start.wait()
            return tap()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(taps)) as pool:
        return list(pool.map(run, taps))


def test_simultaneous_sends_make_one_order():
    """Rita's sheet is sent twice at once: both answers lead to the same order."""
    world, key = build(), str(uuid.uuid4())
    url = reverse("workorders:ask_send", args=[world.a.room.pk, problem(world, "maintenance.water.tap").pk])
    phones = [Phone(world.rita) for _ in range(2)]

    answers = together(*(lambda phone=phone: phone.client.post(url, {"form_key": key}) for phone in phones))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].url == answers[1].url
    with scope([world.a.id]):
        assert WorkOrder.objects.count() == Event.objects.filter(verb="reported").count() == 1


def test_simultaneous_accepts_are_one_event():
    """Tom's thumb trembles on a slow network."""
    world = build()
    with scope([world.a.id]):
        order = done_order(world, until="dispatch")
    url = reverse("workorders:work_step", args=[order.pk, "accept"])
    phones = [Phone(world.tom) for _ in range(2)]

    answers = together(*(lambda phone=phone: phone.client.post(url) for phone in phones))

    assert [answer.status_code for answer in answers] == [303, 303]
    with scope([world.a.id]):
        assert Event.objects.filter(verb="accept").count() == 1


def test_two_of_the_team_take_a_free_order_at_once_and_one_has_it():
    """Tom and his leader tap "accept" on the same free order: one has it, the other is told who."""
    world = build()
    with scope([world.a.id]):
        order = ORDERS.move(done_order(world, until="reported"), "dispatch", world.dan, team=world.a.team)
    url = reverse("workorders:work_step", args=[order.pk, "accept"])
    people = (world.tom, world.lea)
    phones = [Phone(person) for person in people]

    answers = together(*(lambda phone=phone: phone.client.post(url) for phone in phones))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    winner = people[[answer.status_code for answer in answers].index(303)]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert winner.name in loser.content.decode()
    with scope([world.a.id]):
        assert WorkOrder.objects.get().assignee == winner
        assert Event.objects.filter(verb="accept").count() == 1
