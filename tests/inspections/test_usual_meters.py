"""A generator's running hours: read by its shipped checklist, offered on its page with one tap, written down by a round."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from assets.models import Asset, Kind, Meter
from inspections import wording, working
from inspections.models import Checklist, Item, Plan, Point
from inspections.shipping import ship
from tenancy.scope import scope
from tests.factories import rounds as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def generator(world):
    with scope(world.hospitals()):
        ship(world.consortium)
        kind = Kind.objects.create(consortium=world.consortium, name="柴油发电机组", family="building")
        return Asset.objects.create(
            hospital=world.a.hospital,
            kind=kind,
            place=world.a.room,
            code="G1",
            name="一号发电机",
            department="maintenance",
        )


def test_every_meter_that_is_read_names_the_assets_meter(generator, world):
    with scope(world.hospitals()):
        read = Item.objects.filter(edition__state="current", kind="meter").values_list(
            "edition__checklist__key", "meter", "unit"
        )
        assert set(read) == {("maintenance.generator", "运行小时", "h"), ("maintenance.chiller", "运行小时", "h")}


def test_missing_meter_is_offered_with_one_tap_and_read_on_the_next_round(generator, world, client):
    client.force_login(world.ada)
    page = reverse("assets:asset", args=[generator.pk])
    assert 'name="name" value="运行小时"' in client.get(page).content.decode()
    assert (
        client.post(reverse("assets:meter_add", args=[generator.pk]), {"name": "运行小时", "unit": "h"}).status_code
        == 303
    )
    shown = client.get(page).content.decode()
    assert 'name="name" value="运行小时"' not in shown and "运行小时" in shown

    with scope(world.hospitals()):
        checklist = Checklist.objects.get(key="maintenance.generator")
        round = make.due(world, make.plan(world, checklist, subject="asset", asset=generator))
        round = working.start(world.tom, round)
        point, now = Point.objects.select_related("round", "asset", "place").get(round=round), timezone.now()
        items = Item.objects.filter(edition=round.edition_id)
        given = {item.pk: {"check": "1", "value": "50", "meter": "412"}[item.kind] for item in items}
        working.answer(world.tom, point, given, at=now)
        working.finish(world.tom, round)
        meter = Meter.objects.get(asset=generator)
        assert (meter.value, meter.read_at) == (Decimal(412), now)


def test_meter_the_platform_named_is_called_so_in_the_readers_language(generator, world, client):
    page, headers = reverse("assets:asset", args=[generator.pk]), {"HTTP_ACCEPT_LANGUAGE": "en"}
    world.ada.language = "en"
    world.ada.save()
    client.force_login(world.ada)
    offered = client.get(page, **headers).content.decode()
    assert "Add meter: Running hours" in offered and 'name="name" value="运行小时"' in offered
    client.post(reverse("assets:meter_add", args=[generator.pk]), {"name": "运行小时", "unit": "h"})
    client.post(reverse("assets:meter_add", args=[generator.pk]), {"name": "起动次数", "unit": ""})

    shown = client.get(page, **headers).content.decode()

    assert "Running hours" in shown and "起动次数" in shown and "运行小时" not in shown
    plan = Plan(meter="运行小时", meter_every=Decimal(250))
    with override("en"):
        assert "“Running hours”" in wording.rhythm(plan)
    with override("zh-hant"):
        assert "運行小時" in wording.rhythm(plan)


def test_pump_is_offered_no_running_hours(world, client):
    with scope(world.hospitals()):
        pump = make.asset(world, "P1")
    client.force_login(world.ada)
    assert 'value="运行小时"' not in client.get(reverse("assets:asset", args=[pump.pk])).content.decode()
