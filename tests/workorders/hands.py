"""What the tests of the phones share: a phone that counts taps, and an order brought to any step."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

from django.test import Client
from PIL import Image

from tenancy.scope import scope
from workorders import domain
from workorders.machine import ORDERS
from workorders.models import Problem, WorkOrder

WAY = ("reported", "dispatch", "accept", "arrive", "finish", "sign")


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(out, "PNG")
    return out.getvalue()


PNG = png()


class Phone:
    """A person's telephone: every page opened and every button sent is a tap."""

    def __init__(self, user: Any = None):
        self.client, self.taps, self.page = Client(headers={"accept-language": "zh-Hans"}), 0, None
        if user is not None:
            self.client.force_login(user)

    def tap(self, url: str) -> Any:
        self.taps += 1
        self.page = self.client.get(url, follow=True)
        assert self.page.status_code == 200, (url, self.page.status_code)
        return self.page

    def post(self, url: str, data: dict[str, Any] | None = None) -> Any:
        self.taps += 1
        self.page = self.client.post(url, data or {}, follow=True)
        assert self.page.status_code == 200, (url, self.page.status_code, self.page.content.decode()[:3000])
        return self.page

    def follow(self, *words: str) -> Any:
        """Tap the link or tile that says one of these."""
        html = self.page.content.decode()
        links = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
        for href, inner in links:
            if any(word in inner for word in words):
                return self.tap(unescape(href))
        raise AssertionError(f"nothing says {words}")

    def send(self, **data: Any) -> Any:
        """Send the sheet one is looking at."""
        return self.post(self.page.wsgi_request.get_full_path(), data)


def problem(world: Any, key: str) -> Problem:
    with scope([world.a.id]):
        return Problem.objects.get(hospital=world.a.hospital, key=key)


def order_of(world: Any) -> WorkOrder:
    with scope([world.a.id]):
        related = ("place", "unit", "reporter", "assignee")
        return WorkOrder.objects.select_related(*related).order_by("-id")[0]


def done_order(world: Any, *, until: str = "finish", key: str = "maintenance.water.tap", place: Any = None) -> Any:
    """An order of Rita's ward, brought by Dan and Tom as far as `until`. Call it inside a scope."""
    picture = Problem.objects.select_related("service").get(hospital=world.a.hospital, key=key)
    order = domain.open_order(
        world.rita,
        place=place or world.a.room,
        service=picture.service,
        problem=picture,
        unit=world.a.ward,
        phone="8301",
    )
    moves = {
        "dispatch": (world.dan, {"team": world.a.team, "assignee": world.tom}),
        "accept": (world.tom, {}),
        "arrive": (world.tom, {}),
        "finish": (world.tom, {"musts": order.service.musts, "minutes": 10, "remedy": "washer changed"}),
        "sign": (world.rita, {"attitude": 5}),
    }
    for name in WAY[1 : WAY.index(until) + 1]:
        actor, data = moves[name]
        order = ORDERS.move(order, name, actor, **data)
    return order
