"""From where somebody acted: kept with every event, whichever way it came, and shown to auditor and administrator only."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from administration.filters import EventFilter
from exchange import domain as exchange
from exchange.importers import importers
from flow.models import Event
from tenancy import domain as tenancy
from tenancy.models import Hospital
from tenancy.scope import scope, scope_of
from tests.api.conftest import program
from tests.conftest import as_owner
from tests.factories import workorders as make
from tests.workorders.hands import problem
from workorders.tasks import watch_limits

HERE, FAR = "192.0.2.7", "2001:db8::7"


def browser(user, **extra):
    client = Client(**extra)
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def order_at_a(world, *way, **facts):
    with scope([world.a.id]):
        return make.order(world, *way, **facts)


def last(world, **asked):
    with scope(world.hospitals()):
        event = Event.objects.filter(**asked).order_by("id").last()
        return event.channel, event.address


def comment(client, order, **extra):
    return client.post(f"/orders/{order.pk}/comment/", {"text": "on my way", "form_key": str(uuid.uuid4())}, **extra)


@pytest.mark.django_db
def test_page_api_and_visitor_are_told_apart_with_their_addresses(world):
    order = order_at_a(world, "dispatch")
    comment(browser(world.dan, REMOTE_ADDR=HERE), order)
    assert last(world, verb="commented") == ("page", HERE)

    moved = program(world.tom).post(f"/api/v1/work-orders/{order.pk}/moves/accept/", {}, format="json", REMOTE_ADDR=FAR)
    assert moved.status_code == 200
    assert last(world, verb="accept") == ("api", FAR)

    picture = problem(world, "maintenance.power.light")
    with scope([world.a.id]):
        door = tenancy.door_for(place=world.a.room)
    way = reverse("workorders:door_report", args=[door.token, picture.pk])
    Client(REMOTE_ADDR=HERE).post(way, {"form_key": str(uuid.uuid4()), "reporter_name": "Bed 12"})
    assert last(world, verb="reported", actor=None) == ("door", HERE)


@pytest.mark.django_db
def test_import_says_so(world):
    with scope_of(world.ada):
        facts = {"content": "编码,名称,类别\nX1,Night ward,临床科室\n".encode(), "name": "units.csv"}
        job = exchange.hand_in(
            world.ada, importer=importers()["units"], hospital=Hospital.objects.get(pk=world.a.id), **facts
        )
        exchange.arrange(world.ada, job, columns=job.params["columns"], options={})
        job = exchange.run(world.a.id, job.pk)
        assert job.faults == []
        exchange.run(world.a.id, exchange.bring_in(world.ada, job).pk)
    assert last(world, subject="tenancy.unit") == ("import", None)


@pytest.mark.django_db
def test_the_platforms_own_job_says_so_and_what_follows_it_does_not(world):
    order = order_at_a(world, at=timezone.now() - timedelta(days=9))
    watch_limits.apply(throw=True)
    assert last(world, verb="alarmed", subject_id=order.pk) == ("task", None)
    order_at_a(world)
    assert last(world, verb="reported") == ("command", None)


@pytest.mark.django_db
def test_only_what_a_proxy_of_ours_wrote_is_believed(world, settings):
    order, forged = order_at_a(world), {"HTTP_X_FORWARDED_FOR": f"6.6.6.6, {FAR}"}
    for proxies, seen in ((0, HERE), (1, FAR)):
        settings.PROXY_COUNT = proxies
        comment(browser(world.dan, REMOTE_ADDR=HERE), order, **forged)
        assert last(world, verb="commented") == ("page", seen)
    settings.PROXY_COUNT = 1
    comment(browser(world.dan, REMOTE_ADDR=HERE), order, HTTP_X_FORWARDED_FOR="no address")
    assert last(world, verb="commented") == ("page", HERE)


@pytest.mark.django_db
def test_addresses_are_shown_filtered_and_exported_for_auditor_and_administrator_only(world):
    order = order_at_a(world)
    comment(browser(world.dan, REMOTE_ADDR=HERE), order)
    for who in (world.ada, world.audrey):
        page = browser(who).get("/office/events/", {"address": HERE, "channel": "page"}).content.decode()
        assert page.count(HERE) >= 2  # in the filter and in the row
        assert HERE not in browser(who).get("/office/events/", {"channel": "task"}).content.decode()
    for who in (world.dan, world.lea, world.hal, world.max, world.ada, world.rita):
        assert HERE not in browser(who).get(f"/orders/{order.pk}/").content.decode()

    book = browser(world.audrey).get("/office/events/", {"export": "xlsx", "address": HERE})
    lines = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert [line[4:6] for line in lines[1:]] == [("页面", HERE)]
    assert browser(world.ada).get("/office/events/", {"address": "nowhere"}).status_code == 200


@pytest.mark.django_db
def test_from_where_is_never_changed_afterwards(world):
    order_at_a(world)
    with scope([world.a.id]), pytest.raises(ProgrammingError, match="permission denied"):
        Event.objects.update(address=HERE)


@pytest.mark.django_db(transaction=True)
def test_events_of_a_person_and_of_a_rare_step_are_read_by_their_indexes(world):
    """A year of everyday steps, and now and then something else; whoever may see both hospitals asks for all of it."""
    now, people = timezone.now(), [world.tom, world.dan, world.lea, world.hal]
    with scope(world.hospitals()):
        facts = {"subject": "workorders.workorder", "actor_name": "x"}
        Event.objects.bulk_create(
            Event(
                hospital_id=(world.a.id, world.b.id)[n % 2], subject_id=n, at=now - timedelta(minutes=n),
                verb="void" if n % 900 == 0 else ("accept", "arrive", "finish")[n % 3],
                actor=world.max if n % 700 == 0 else people[n % 4], **facts,
            )
            for n in range(9000)
        )  # fmt: skip
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE flow_event")
    with scope(world.hospitals()):
        for asked, index, count in (({"who": "max"}, "event_actor", 13), ({"verb": "void"}, "event_rare", 10)):
            rows = EventFilter(asked, Event.objects.all()).qs.order_by("-at", "-id")
            assert f" {index} " in rows[:51].explain()
            assert rows.count() == count
        everyday = EventFilter({"verb": "finish"}, Event.objects.all()).qs.order_by("-at", "-id")
        assert " event_at " in everyday[:51].explain()
