"""Meters and downtimes on the asset's page."""

from __future__ import annotations

from django.urls import reverse

from assets.machine import ASSETS
from assets.models import Downtime, Meter, Reading
from tenancy.scope import scope, scope_of
from tests.factories import inspections as make


def test_meter_is_added_read_and_shown(world, client):
    with scope(world.hospitals()):
        pump = make.asset(world)
    client.force_login(world.max)
    home = reverse("assets:asset", args=[pump.pk])
    assert (
        client.post(reverse("assets:meter_add", args=[pump.pk]), {"name": "运行小时", "unit": "h"}).status_code == 303
    )
    with scope_of(world.max):
        meter = Meter.objects.get()
    read = reverse("assets:meter_read", args=[pump.pk, meter.pk])
    assert client.post(read, {"value": "120.5"}).status_code == 303
    assert client.post(read, {"value": "119"}).status_code == 422
    assert client.post(read, {"value": "3", "replaced": "on"}).status_code == 303
    page = client.get(home).content.decode()
    assert "运行小时" in page
    assert "3.0 h" in page
    with scope_of(world.max):
        assert list(Reading.objects.order_by("at").values_list("value", "total")) == [(120.5, 120.5), (3, 120.5)]
    client.force_login(world.max_b)
    assert client.get(read).status_code == 404


def test_downtime_runs_from_out_of_order_until_back_in_use(world):
    with scope(world.hospitals()):
        pump = make.asset(world)
        for step in ("break_down", "restore", "break_down"):
            pump = ASSETS.move(pump, step, world.max)
        first, second = Downtime.objects.filter(asset=pump).order_by("began_at")
        assert first.ended_at >= first.began_at
        assert second.ended_at is None
