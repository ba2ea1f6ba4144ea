"""A team of four with early, late and night shift at hospital A; every expected value is worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from people import domain
from tenancy import domain as tenancy
from tenancy.models import Membership
from tenancy.scope import scope

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """ "2026-03-02 23:30" in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def member_of(user, site) -> Membership:
    return Membership.objects.get(user=user, hospital=site.hospital)


def join(world, name: str, number: str, team, site=None, **fields) -> Membership:
    site = site or world.a
    return tenancy.add_person(
        world.setup, hospital=site.hospital, staff_number=number, name=name, team=team, starts_on=date(2026, 1, 1),
        **{"email": f"{number}{site.hospital.code}@example.org", **fields},
    )  # fmt: skip


@pytest.fixture
def crew(world):
    """Tom, Wang, Li and Zhao of the team 水电班, all there since 1 January 2026; shifts early, late, night."""
    with scope(world.hospitals()):
        team = world.a.team
        Membership.objects.filter(team=team).update(starts_on=date(2026, 1, 1))
        made = SimpleNamespace(team=team, tom=member_of(world.tom, world.a), lea=member_of(world.lea, world.a))
        for n, name in enumerate(("Wang", "Li", "Zhao")):
            setattr(made, name.lower(), join(world, name, f"51{n}", team))
        for name, starts, ends in (("early", 7, 15), ("late", 15, 22), ("night", 22, 7)):
            shift = domain.add_shift(world.lea, team, name=name, starts=time(starts), ends=time(ends))
            setattr(made, name, shift)
    return made


@pytest.fixture
def client_of(world):
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(world, name), backend="tenancy.backends.SignInBackend")
        return client

    return sign_in
