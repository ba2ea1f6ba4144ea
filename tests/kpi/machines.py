"""A random past of equipment (moved, sealed in the middle of a month, out of order over midnight, duties renewed late) and of
shifts that need a certificate."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assets.models import Asset, AssetDuty, AssetState, Downtime, DutyTerm
from people.models import Shift, WorkedShift
from tenancy.models import Membership

DAYS = 70


def moments(dice: random.Random, number: int) -> list[datetime]:
    """So many moments of the last ten weeks in their order, some exactly at, or a microsecond before, local midnight."""
    found = set()
    while len(found) < number:
        at = timezone.now() - timedelta(seconds=dice.randrange(60, DAYS * 86400))
        if dice.random() < 0.3:
            at = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
            at -= timedelta(microseconds=dice.randrange(2))
        found.add(at)
    return sorted(found)


def write(site: Any, assets: list[Asset], dice: random.Random) -> None:
    AssetState.objects.filter(asset__in=assets).delete()
    for asset in assets:
        _states(site, asset, dice)
        _faults(asset, dice)
        _duties(asset, dice)


def _states(site: Any, asset: Asset, dice: random.Random) -> None:
    begun = moments(dice, dice.choice([1, 2, 5, 9]))
    for at, over in zip(begun, [*begun[1:], None], strict=True):
        AssetState.objects.create(
            hospital_id=asset.hospital_id, asset=asset, began_at=at, ended_at=over,
            state=dice.choice(["in_use", "in_use", "standby", "broken", "sealed", "condemned"]),
            department=dice.choice(["maintenance", "maintenance", "security"]),
            place=dice.choice([site.room, site.other_room, site.floor]),
            custodian=dice.choice([site.ward, site.other_ward, None]),
        )  # fmt: skip


def _faults(asset: Asset, dice: random.Random) -> None:
    begun = moments(dice, dice.choice([0, 2, 6]))
    for at, over in zip(begun[::2], begun[1::2], strict=True):
        goes_on = over == begun[-1] and dice.random() < 0.3
        Downtime.objects.create(
            hospital_id=asset.hospital_id, asset=asset, began_at=at, ended_at=None if goes_on else over,
            planned=dice.random() < 0.2,
        )  # fmt: skip


def _duties(asset: Asset, dice: random.Random) -> None:
    today = timezone.localdate()
    for kind in dice.choice([(), ("periodic",), ("periodic", "gauge")]):
        since = today - timedelta(days=dice.randrange(5, 120))
        duty = AssetDuty.objects.create(hospital_id=asset.hospital_id, asset=asset, kind=kind, due_on=today)
        for _number in range(dice.choice([1, 2, 4])):
            until = since + timedelta(days=dice.choice([0, 7, 20, 30]))
            DutyTerm.objects.create(hospital_id=asset.hospital_id, duty=duty, valid_from=since, valid_until=until)
            since = until + timedelta(days=dice.choice([-3, 0, 1, 2, 9]))  # before the end, on it, the next day, late
            if DutyTerm.objects.filter(duty=duty, valid_from=since).exists():
                break


def shifts(world: Any, site: Any, dice: random.Random) -> None:
    """Shifts of several teams that needed a certificate, by our own people and a firm's; some without one."""
    today = timezone.localdate()
    people = (world.tom, world.lea) if site is world.a else (world.tom_b, world.lea_b)
    for team in (site.team, site.cleaners):
        shift = Shift.objects.create(hospital=site.hospital, team=team, name="夜班", starts="22:00", ends="06:00")
        for person in people:
            member = Membership.objects.get(hospital=site.hospital, user=person)
            for number in dice.sample(range(1, DAYS), 12):
                WorkedShift.objects.create(
                    hospital=site.hospital, member=member, person=person, shift=shift,
                    worked_on=today - timedelta(days=number),
                    team=team, department=team.department, contractor=dice.choice([None, world.firm]),
                    certified=dice.random() < 0.7,
                )  # fmt: skip
