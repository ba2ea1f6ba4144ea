"""Two people enter the same duty of an asset, or the same asset, at the very same moment."""

from datetime import timedelta
from threading import Event, Thread
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from assets import domain, duties
from assets.models import Asset, AssetDuty
from tenancy.scope import scope_of
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(enter):
    """`enter(inside)` by two: the second begins while the first is inside its transaction. What was told to whom by field."""
    told, first_is_there = [], Event()

    def tried(inside):
        try:
            enter(inside)
        except ValidationError as error:
            told.append(list(error.error_dict))
        finally:
            connections.close_all()

    def linger():
        first_is_there.set()
        sleep(0.5)

    one, other = Thread(target=tried, args=(linger,)), Thread(target=tried, args=(lambda: None,))
    one.start()
    assert first_is_there.wait(20)
    other.start()
    for thread in (one, other):
        thread.join(20)
    return told


def test_same_duty_entered_twice_at_once_is_one_and_the_other_is_told():
    world = build()
    with scope_of(world.ada):
        kind = domain.add_kind(world.ada, consortium=world.consortium, name="Lift", family="building")
        lift = domain.add_asset(world.ada, kind=kind, place=world.a.building, code="L-1", name="1 号客梯")

    def enter(inside):
        with scope_of(world.ada), transaction.atomic():
            duties.enter(world.ada, lift, kind="periodic", due_on=timezone.localdate() + timedelta(days=300))
            inside()

    assert at_once(enter) == [["name"]]
    with scope_of(world.ada):
        assert AssetDuty.objects.count() == 1


def test_same_code_entered_twice_at_once_is_one_asset_and_the_other_is_told():
    world = build()
    with scope_of(world.ada):
        kind = domain.add_kind(world.ada, consortium=world.consortium, name="Lift", family="building")

    def enter(inside):
        with scope_of(world.ada), transaction.atomic():
            domain.add_asset(world.ada, kind=kind, place=world.a.building, code="L-1", name="1 号客梯")
            inside()

    assert at_once(enter) == [["code"]]
    with scope_of(world.ada):
        assert Asset.objects.count() == 1
