"""The running hours read on a round stand at the asset once the round is done; a reading below the last is told at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from assets import meters
from assets.models import Meter, Reading
from inspections import working
from inspections.models import Item, Point
from tenancy.scope import scope
from tests.factories import rounds as make

pytestmark = pytest.mark.django_db
LINES = ({"text": "运行小时", "kind": "meter", "meter": "运行小时"},)


@pytest.fixture
def going(world):
    with scope(world.hospitals()):
        round = make.one(world, LINES)
        meter = Meter.objects.create(hospital=world.a.hospital, asset=round.asset, name="运行小时", unit="h")
        meters.enter(meter, Decimal(1000), by=world.ada, at=timezone.now() - timedelta(days=7))
        round = working.start(world.tom, round)
        yield (
            round,
            Point.objects.select_related("round").get(round=round),
            Item.objects.get(edition=round.edition),
            meter,
        )


def values(meter):
    return list(Reading.objects.filter(meter=meter).order_by("at").values_list("value", flat=True))


def test_what_was_read_counts_when_the_round_is_done_and_as_it_was_corrected(world, going):
    round, point, item, meter = going
    working.answer(world.tom, point, {item.pk: "1200"}, at=timezone.now())
    working.answer(world.tom, point, {item.pk: "1020"}, at=timezone.now())  # a slip of the thumb, corrected
    assert values(meter) == [1000]

    working.finish(world.tom, round)

    meter.refresh_from_db()
    assert values(meter) == [1000, 1020] and meter.value == 1020


def test_less_than_before_is_told_beside_the_item(world, going):
    _round, point, item, meter = going
    with pytest.raises(ValidationError) as told:
        working.answer(world.tom, point, {item.pk: "999"}, at=timezone.now())
    assert list(told.value.message_dict) == [str(item.pk)] and "1000" in str(told.value)
    assert values(meter) == [1000]


def test_a_reading_that_was_overtaken_meanwhile_stays_on_the_round_only(world, going):
    round, point, item, meter = going
    working.answer(world.tom, point, {item.pk: "1020"}, at=timezone.now() - timedelta(hours=1))
    meters.enter(meter, Decimal(1010), by=world.ada)

    done = working.finish(world.tom, round)

    assert done.state == "done" and values(meter) == [1000, 1010]
