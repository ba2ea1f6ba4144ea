"""Two of the office write requests for returns at the very same moment, each with quantities nobody has named so far."""

from threading import Event, Thread
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from indicators import requests
from indicators.models import Quantity, ReturnRequest
from indicators.requests import Line
from tenancy.scope import scope_of
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def written(world, name, lines, inside=lambda: None):
    """A request, in a transaction that `inside` keeps open."""
    try:
        with scope_of(world.kim), transaction.atomic():
            request = ReturnRequest(consortium=world.consortium)
            requests.arrange(world.kim, request, lines, name=name, valid_from=timezone.localdate())
            inside()
    finally:
        connections.close_all()


def test_new_quantities_of_two_requests_at_once_have_keys_of_their_own():
    world, first_is_there, may_end = build(), Event(), Event()

    def wait():
        first_is_there.set()
        assert may_end.wait(20)

    one = Thread(target=written, args=(world, "a", [Line(None, "", "蒸汽", "t"), Line(None, "", "氧气", "m³")], wait))
    other = Thread(target=written, args=(world, "b", [Line(None, "", "氧气", "m³"), Line(None, "", "氮气", "m³")]))
    one.start()
    assert first_is_there.wait(20)
    other.start()
    sleep(0.5)
    assert other.is_alive()  # it waits for the first one's names
    may_end.set()
    for thread in (one, other):
        thread.join(20)

    with scope_of(world.kim):
        found = list(Quantity.objects.filter(consortium=world.consortium).order_by("key").values_list("key", "name"))
        assert ReturnRequest.objects.filter(name__in="ab").count() == 2
    assert found == [("q1", "蒸汽"), ("q2", "氧气"), ("q3", "氮气")]


def test_requests_of_one_name_at_once_are_one_and_the_other_is_told():
    world, told, first_is_there = build(), [], Event()

    def attempt(wait):
        try:
            written(world, "a", [Line(None, "", "蒸汽", "t")], wait)
        except ValidationError as error:
            told.append(list(error.error_dict))

    def linger():
        first_is_there.set()
        sleep(0.5)

    one, other = Thread(target=attempt, args=(linger,)), Thread(target=attempt, args=(lambda: None,))
    one.start()
    assert first_is_there.wait(20)
    other.start()
    for thread in (one, other):
        thread.join(20)

    assert told == [["name"]]
