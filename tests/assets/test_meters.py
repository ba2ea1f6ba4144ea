"""Meters only rise, go on when they are replaced, and say how much an asset is used."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assets import meters
from assets.models import Reading
from tenancy.scope import scope
from tests.factories import inspections as make
from tests.factories.inspections import local


@pytest.fixture
def meter(world):
    with scope(world.hospitals()):
        yield meters.add_meter(world.max, make.asset(world), name=" 运行小时 ", unit="h")


def read(world, meter, at, value, **more):
    return meters.read(world.max, meter, Decimal(value), at=local(at), **more)


def test_meter_of_one_name_is_one(world, meter):
    assert meters.add_meter(world.max, meter.asset, name="运行小时") == meter
    assert (meter.name, meter.unit, meter.value) == ("运行小时", "h", None)


def test_readings_rise_and_the_newest_stands_at_the_meter(world, meter):
    read(world, meter, "2026-03-01 08:00", "1000.5")
    read(world, meter, "2026-03-03 08:00", "1020.5")
    with pytest.raises(ValidationError, match="1020"):
        read(world, meter, "2026-03-04 08:00", 1020)
    meter.refresh_from_db()
    assert (meter.value, meter.read_at) == (Decimal("1020.5"), local("2026-03-03 08:00"))


def test_late_arrival_fits_between_its_neighbours(world, meter):
    read(world, meter, "2026-03-01 08:00", 1000)
    read(world, meter, "2026-03-03 08:00", 1020)
    assert read(world, meter, "2026-03-02 08:00", 1010).total == 1010
    with pytest.raises(ValidationError):
        read(world, meter, "2026-03-02 09:00", 1021)
    meter.refresh_from_db()
    assert meter.value == 1020


def test_replaced_meter_goes_on(world, meter):
    read(world, meter, "2026-03-01 08:00", 1000)
    assert read(world, meter, "2026-03-02 08:00", 3, replaced=True).total == 1000
    assert read(world, meter, "2026-03-03 08:00", 13).total == 1010


def test_same_reading_that_arrives_again_is_one(world, meter):
    first = read(world, meter, "2026-03-01 08:00", 1000, source="inspections.answer:7")
    assert read(world, meter, "2026-03-01 09:00", 1000, source="inspections.answer:7") == first
    assert read(world, meter, "2026-03-01 08:00", 1000) == first
    with pytest.raises(ValidationError, match="value"):
        read(world, meter, "2026-03-01 08:00", 1001)
    assert Reading.objects.filter(meter=meter).count() == 1


@pytest.mark.parametrize("value", [-1, 10**12])
def test_what_no_meter_shows_is_refused(world, meter, value):
    with pytest.raises(ValidationError):
        meters.read(world.max, meter, Decimal(value))


def test_reading_of_tomorrow_is_refused(world, meter):
    with pytest.raises(ValidationError):
        meters.read(world.max, meter, Decimal(1), at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ValidationError, match=r"year|年"):  # or every later reading would be less than before
        meters.read(world.max, meter, Decimal(1), at=timezone.now().replace(year=1))


def test_only_who_may_reads(world, meter):
    with pytest.raises(PermissionDenied):
        meters.read(world.rita, meter, Decimal(1))
    with pytest.raises(PermissionDenied):
        meters.add_meter(world.rita, meter.asset, name="起动次数")
    with pytest.raises(PermissionDenied):
        meters.read(world.max_b, meter, Decimal(1))


def test_use_is_reckoned_since_a_moment_and_a_day(world, meter):
    for at, value in (("2026-01-01", 0), ("2026-02-10", 400), ("2026-02-20", 450), ("2026-03-02", 500)):
        read(world, meter, f"{at} 08:00", value)
    asset = meter.asset_id

    def since(at):
        return meters.use_since([(asset, "运行小时", local(at))])[asset, "运行小时"]

    use = since("2026-02-15 12:00")
    assert (use.since, use.read_at) == (100, local("2026-03-02 08:00"))
    assert float(use.per_day) == pytest.approx(500 / 60)
    assert since("2025-06-01 00:00").since == 500
    assert since("2026-03-05 00:00").since == 0
    assert use.reaches(Decimal(100)) == local("2026-03-02 08:00")
    assert use.reaches(Decimal(150)) == local("2026-03-08 08:00")  # 50 more, at 8.33 a day
    assert meters.use_since([(asset, "another", local("2026-01-01 00:00"))]) == {}


def test_meter_that_stands_still_reaches_nothing(world, meter):
    read(world, meter, "2026-03-01 08:00", 10)
    use = meters.use_since([(meter.asset_id, meter.name, local("2026-03-01 09:00"))])[meter.asset_id, meter.name]
    assert use.reaches(Decimal(1)) is None
