"""Holding the phone's camera on a label opens its point; where there is no camera the code is typed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import segno
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import Point
from launch.browser import find
from tenancy import domain as tenancy
from tenancy.scope import scope
from tests.browser.person import Person
from tests.factories import rounds as make
from workorders import catalogue

WIDTH, HEIGHT, FRAMES = 640, 480, 5


def film(text: str, path: Path) -> Path:
    """A film of somebody holding the camera on a label, as a camera gives it: grey picture, then two planes without colour."""
    modules = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    scale = HEIGHT * 3 // 4 // len(modules)
    left, top = (WIDTH - scale * len(modules)) // 2, (HEIGHT - scale * len(modules)) // 2
    rows = []
    for y in range(HEIGHT):
        line = bytearray(b"\xb4" * WIDTH)
        if 0 <= (number := (y - top) // scale) < len(modules):
            for n, dark in enumerate(modules[number]):
                line[left + n * scale : left + (n + 1) * scale] = (b"\x10" if dark else b"\xeb") * scale
        rows.append(bytes(line))
    frame = b"FRAME\n" + b"".join(rows) + b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
    return path


@pytest.fixture
def round(site):
    with scope(site.hospitals()):
        catalogue.install(site.a.hospital)
        return make.route(site, 3, ({"text": "外观完好", "kind": "check"},))


def opened(site, round, browser) -> Person:
    tom = Person(browser, site.url, {"width": 390, "height": 844})
    tom.come_back(site.tom)
    tom.open(reverse("inspections:my", args=[round.pk]))
    tom.tap(".sticky-actions .btn-primary")
    expect(tom.page.locator(".round-list")).to_be_visible()
    return tom


def test_camera_held_on_a_label_opens_its_point(site, round, browser, tmp_path):
    with scope([site.a.id]):
        second = round.plan.points.select_related("place").get(order=2)
        door = tenancy.door_for(place=second.place, asset_id=second.asset_id)
    label = site.url + reverse("workorders:door", args=[door.token])
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox", "--disable-gpu",
              f"--use-file-for-fake-video-capture={film(label, tmp_path / 'label.y4m')}"]  # fmt: skip
    chromium = browser.browser_type.launch(executable_path=find(), args=camera, env=dict(os.environ))
    try:
        tom = opened(site, round, chromium)
        tom.tap("[data-foot] .big-action >> nth=0")
        expect(tom.page.locator(".round-here h1")).to_have_text("泵 P02", timeout=20_000)
        expect(tom.page.locator("dialog[data-scanner]")).to_be_hidden()
        expect(tom.page.locator("[data-waits]")).to_have_class("state tone-green", timeout=20_000)
        assert tom.complaints == []
    finally:
        chromium.close()
    with scope([site.a.id]):
        points = Point.objects.filter(round=round, reached_at__isnull=False)
        assert list(points.values_list("order", "way")) == [(2, "scan")]


def test_without_a_camera_the_code_on_the_label_is_typed(site, round, browser):
    tom = opened(site, round, browser)
    tom.tap("[data-foot] .big-action >> nth=0")
    expect(tom.page.locator("[data-no-camera]")).to_be_visible()
    expect(tom.page.locator("#typed-code")).to_be_focused()
    tom.page.keyboard.type("p03")
    tom.page.keyboard.press("Enter")
    expect(tom.page.locator(".round-here h1")).to_have_text("泵 P03")
    assert tom.complaints == []
    tom.context.close()
