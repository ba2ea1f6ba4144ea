"""A round of the night shift crosses midnight: points keep their times, walking is reckoned across, it is done on the new day."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from inspections import receiving, today, working
from inspections.models import Item, Point, Round
from tenancy.scope import scope
from tests.factories import rounds as make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def entries(round: Round, point: Point, at) -> list[dict[str, object]]:
    said = {"point": point.pk, "at": at.isoformat()}
    items = zip(Item.objects.filter(edition=round.edition_id).order_by("order"), ("1", "0.4"), strict=True)
    answers = [{"key": str(uuid.uuid4()), "kind": "answer", "item": item.pk, "raw": raw, **said} for item, raw in items]
    return [{"key": str(uuid.uuid4()), "kind": "reach", "way": "hand", **said}, *answers]


def test_round_of_the_night_shift_keeps_its_times_across_midnight(world):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with scope(world.hospitals()):
        round = make.route(world, 3, walk=120)
        times = {"opens_at": midnight - 60 * MINUTE, "due_at": midnight - MINUTE, "late_from": timezone.now() + MINUTE}
        Round.objects.filter(pk=round.pk).update(**times)
        round.refresh_from_db()
        round = working.start(world.tom, round, at=midnight - 10 * MINUTE)
        stops = list(Point.objects.filter(round=round).order_by("order"))
        moments = [midnight - 2 * MINUTE, midnight + MINUTE, midnight + 2 * MINUTE]  # three minutes' walk, then one
        for point, at in zip(stops, moments, strict=True):
            taken = receiving.receive(world.tom, round, entries(round, point, at))
            assert [one["taken"] for one in taken] == [True] * 3
        assert [card.pk for card in today.day_of(world.tom, world.a.id).going] == [round.pk]
        ending = {"key": str(uuid.uuid4()), "kind": "finish", "at": (midnight + 3 * MINUTE).isoformat()}
        assert receiving.receive(world.tom, round, [ending])[0]["taken"]

        assert list(Point.objects.order_by("order").values_list("reached_at", flat=True)) == moments
        assert list(Point.objects.order_by("order").values_list("too_fast", flat=True)) == [False, False, True]
        round.refresh_from_db()
        assert (round.state, round.points_done, round.done_at) == ("done", 3, midnight + 3 * MINUTE)
