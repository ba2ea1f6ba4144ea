"""Two people enter the same duty of an asset at the very same moment."""

from datetime import timedelta
from threading import Event, Thread
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from assets import domain, duties
from assets.models import AssetDuty
from tenancy.scope import scope_of
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_same_duty_entered_twice_at_once_is_one_and_the_other_is_told():
    world, told, first_is_there = build(), [], Event()
    with scope_of(world.ada):
        kind = domain.add_kind(world.ada, consortium=world.consortium, name="Lift", family="building")
        lift = domain.add_asset(world.ada, kind=kind, place=world.a.building, code="L-1", name="1 号客梯")

    def enter(inside):
        try:
            with scope_of(world.ada), transaction.atomic():
                duties.enter(world.ada, lift, kind="periodic", due_on=timezone.localdate() + timedelta(days=300))
                inside()
        except ValidationError as error:
            told.append(list(error.error_dict))
        finally:
            connections.close_all()

    def linger():
        first_is_there.set()
        sleep(0.5)

    one, other = Thread(target=enter, args=(linger,)), Thread(target=enter, args=(lambda: None,))
    one.start()
    assert first_is_there.wait(20)
    other.start()
    for thread in (one, other):
        thread.join(20)

    with scope_of(world.ada):
        assert AssetDuty.objects.count() == 1
    assert told == [["name"]]
