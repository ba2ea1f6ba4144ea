"""Two who watch the clocks at once, and one that dies: every reminder goes out exactly once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from notices.models import Notice
from tenancy.scope import scope
from tests.conftest import as_owner
from tests.factories import workorders as make
from workorders import escalation, numbers
from workorders.models import Reminder
from workorders.tasks import watch_limits

ORDERS = 12


def late_orders(world):
    numbers._blocks.clear()  # what an earlier test took is gone with its rows
    at = timezone.now() - timedelta(days=30)
    with scope([world.a.id]):
        return [make.order(world, at=at, title=f"order {number}") for number in range(ORDERS)]


def told(world):
    with scope([world.a.id]):
        reminders = list(Reminder.objects.values_list("order_id", "promise", "clock", "step"))
        notices = list(Notice.objects.filter(verb__in=("alarmed", "escalated")).values_list("event_id", "user_id"))
    return reminders, notices


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_everybody_once(world):
    late_orders(world)
    start = Barrier(2)

    def work():
        try:
            start.wait()
            watch_limits()
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch_limits()

    reminders, notices = told(world)
    steps = {(clock, step) for _order, _promise, clock, step in reminders}
    assert len(reminders) == len(set(reminders)) == ORDERS * len(steps) > ORDERS
    assert len(notices) == len(set(notices)) > 0


@pytest.mark.django_db(transaction=True)
def test_one_killed_before_it_commits_leaves_nothing_and_the_next_tells_once(world):
    late_orders(world)
    with pytest.raises(OperationalError), scope([world.a.id]):
        assert escalation.watch(world.a.hospital, timezone.now()) == ORDERS
        assert Reminder.objects.count() > 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert told(world) == ([], [])

    watch_limits()
    first = told(world)
    watch_limits()
    assert first == told(world)
    assert len(first[0]) == len(set(first[0])) > ORDERS


@pytest.mark.django_db(transaction=True)
def test_tick_finds_its_orders_by_the_index(world):
    late_orders(world)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE workorders_workorder")
    with scope([world.a.id]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        due = escalation.WorkOrder.objects.filter(hospital=world.a.id, next_alarm_at__lte=timezone.now())
        assert "order_alarm" in due.order_by("next_alarm_at", "id")[:200].explain()
