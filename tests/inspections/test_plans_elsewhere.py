"""Plans on the page of an asset and in the API; meters in the API."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.domain import give_token
from assets.models import Meter
from inspections import asset_plans
from inspections.models import PlanPoint
from tenancy.scope import scope
from tests.factories import inspections as make
from tests.factories import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def pump(world):
    """A pump with a plan of its own, one of its kind, a route that comes by; and plans that do not."""
    with scope(world.hospitals()):
        pump, other = make.asset(world), make.asset(world)
        now = timezone.now()
        every = {"step": "week", "starts_on": timezone.localdate() - timedelta(days=30)}
        world.own = make.plan(world, name="月检", subject="asset", asset=pump, began=now, **every)
        world.of_kind = make.plan(world, name="泵类季检", subject="assets", kind=pump.kind, began=now, **every)
        world.route = make.plan(world, name="泵房巡检", subject="route", began=now, **every)
        PlanPoint.objects.create(hospital=pump.hospital, plan=world.route, order=1, place=pump.place, asset=pump)
        make.plan(
            world, name="别处", subject="assets", kind=pump.kind, place=world.a.other_building, began=now, **every
        )
        make.plan(world, name="另一台", subject="asset", asset=other, began=now, **every)
        make.plan(world, name="未启动", subject="asset", asset=pump, **every)
        for plan in (world.own, world.of_kind, world.route):
            make.rounds_until(plan, now)
        world.pump = pump
    return world


def test_asset_shows_what_is_planned_for_it_and_when_next(pump, client):
    with scope([pump.a.id]):
        shown = asset_plans.of_asset(pump.max, pump.pump)["plans"]
        assert {one.plan.name for one in shown} == {"月检", "泵类季检", "泵房巡检"}
        for one in shown:
            mine = [row for row in one.plan.rounds.filter(state="due") if row.asset_id in (None, pump.pump.pk)]
            first = min(mine, key=lambda row: row.due_at)
            assert (one.round, one.due_at) == (first.pk, first.due_at) and str(one.standing.label)
    client.force_login(pump.max)
    page = client.get(reverse("assets:asset", args=[pump.pump.pk])).content.decode()
    assert 'id="plans"' in page and "泵类季检" in page and "别处" not in page and "未启动" not in page


def test_panel_is_for_who_may_see_plans_and_gone_with_the_asset(pump, django_assert_num_queries):
    with scope([pump.a.id]):
        asset_plans.of_asset(pump.max, pump.pump)  # what one may is known from here on
        with django_assert_num_queries(1):
            asset_plans.of_asset(pump.max, pump.pump)
        assert asset_plans.of_asset(pump.tom, pump.pump) is None
        pump.pump.state = "condemned"
        assert asset_plans.of_asset(pump.max, pump.pump) is None


@pytest.fixture
def program():
    def of(user):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {give_token(user, 'test')}")
        return client

    return of


def test_plans_are_read_with_their_next_dates(pump, program):
    max = program(pump.max)
    rows = {row["name"]: row for row in max.get("/api/v1/plans/?state=running").data["results"]}
    assert (rows["月检"]["asset"], rows["月检"]["step"], rows["月检"]["every"]) == (pump.pump.pk, "week", 1)
    told = max.get(f"/api/v1/plans/{pump.of_kind.pk}/dates/?count=3").data
    assert (len(told["dates"]), told["rounds"]) == (3, 2)
    days = [timezone.datetime.fromisoformat(at).date() for at in told["dates"]]
    assert [after - before for before, after in pairwise(days)] == [timedelta(days=7)] * 2
    assert len(max.get(f"/api/v1/plans/{pump.own.pk}/dates/").data["dates"]) == 12
    assert max.get(f"/api/v1/plans/{pump.own.pk}/dates/?count=61").status_code == 422
    assert program(pump.tom).get("/api/v1/plans/").data["results"] == []
    assert program(pump.max_b).get(f"/api/v1/plans/{pump.own.pk}/dates/").status_code == 404


def test_readings_are_added_once_and_read(pump, program):
    with scope([pump.a.id]):
        meter = Meter.objects.create(hospital=pump.a.hospital, asset=pump.pump, name="小时", unit="h")
    hal = program(pump.hal)
    at, url = timezone.now().replace(microsecond=0).isoformat(), f"/api/v1/meters/{meter.pk}/readings/"
    for _twice in range(2):
        told = hal.post(url, {"value": "12.5", "at": at, "source": "gateway:7"}, format="json")
        assert (told.status_code, told.data["value"], told.data["total"]) == (201, "12.5", "12.5")
    assert [row["value"] for row in hal.get(url).data] == ["12.5"]
    assert hal.get(f"/api/v1/meters/?asset={pump.pump.pk}").data["results"][0]["value"] == "12.5"

    assert hal.post(url, {"value": "3"}, format="json").status_code == 422  # less than before
    assert hal.post(url, {"value": "-1"}, format="json").status_code == 422
    assert hal.post(url, {"value": "0", "replaced": True}, format="json").data["total"] == "12.5"
    assert program(pump.audrey).post(url, {"value": "99"}, format="json").status_code == 403
    assert program(pump.hal_b).get(url).status_code == 404


def test_route_of_places_is_no_plan_of_an_asset(pump, world):
    with scope([pump.a.id]):
        rounds.plan(world, rounds.edition(world).checklist, "楼道巡视", subject="route")
        assert "楼道巡视" not in {one.plan.name for one in asset_plans.of_asset(pump.max, pump.pump)["plans"]}
