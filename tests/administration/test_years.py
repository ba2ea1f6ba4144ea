"""Rows of years that cannot be are named with the page where they are put right, and are left as they are."""

from datetime import date, datetime
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve
from django.utils import timezone

from assets import meters
from assets.models import AssetDuty, Reading
from indicators.models import Return, ReturnRequest
from people.models import Skill, SkillTerm
from tenancy.models import Membership
from tenancy.scope import scope
from tests.factories import inspections as make
from tests.factories import requests
from tests.factories.indicators import returns

pytestmark = pytest.mark.django_db


def checked():
    """What is named; and by whose error it ends."""
    told = StringIO()
    try:
        call_command("check_years", stdout=StringIO(), stderr=told)
    except CommandError as error:
        return told.getvalue().splitlines(), str(error)
    return told.getvalue().splitlines(), ""


def test_rows_of_impossible_years_are_named_with_their_page(world):
    with scope(world.hospitals()):
        asset = make.asset(world)
        meter = meters.add_meter(world.max, asset, name="kWh")
        here = {"hospital": world.a.hospital}
        Reading.objects.create(
            meter=meter, at=timezone.make_aware(datetime(2025, 3, 1)), value=1, total=1, by=world.max, **here
        )
        member = Membership.objects.get(user=world.tom, **here)
        skill = Skill.objects.create(key="electrician_low", **here)
        SkillTerm.objects.create(member=member, skill=skill, valid_from=date(2025, 1, 1), **here)
    assert checked() == ([], "")

    with scope(world.hospitals()):
        Reading.objects.create(
            meter=meter, at=timezone.make_aware(datetime(202, 3, 1)), value=2, total=2, by=world.max, **here
        )
        AssetDuty.objects.create(asset=asset, kind="periodic", due_on=date(2925, 5, 1), **here)
        SkillTerm.objects.create(member=member, skill=skill, valid_from=date(1025, 1, 1), **here)
        returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
        Return.objects.filter(hospital=world.b.hospital).update(first=date(217, 1, 1))
        number = Return.objects.filter(first__year=217).count()
        assert number
        asked = requests.request(world)
        ReturnRequest.objects.filter(pk=asked.pk).update(valid_from=date(2206, 1, 1), valid_until=None)

    named, error = checked()

    assert error == f"{number + 4} rows of years that cannot be"
    opened = [resolve(urlsplit(line.rpartition(" → ")[2]).path).view_name for line in named]
    assert opened[:4] == ["indicators:request_edit", "assets:meter_read", "assets:asset", "people:person_skills"]
    assert set(opened[4:]) == {"indicators:files"}
    assert named[0].startswith(f"{world.consortium.name}: request ") and "2206-01-01" in named[0]
    assert "reading of kWh of" in named[1] and "0202-03-01" in named[1]
    with scope(world.hospitals()):
        assert (
            Reading.objects.filter(at__year=202).exists() and Return.objects.filter(first__year=217).count() == number
        )
