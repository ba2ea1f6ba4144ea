"""The office and managers set what figures should reach; what held at the time stays as it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from flow.models import Event
from kpi import registry
from kpi.domain import set_target
from kpi.figures import difference, tone_of
from kpi.models import Target
from kpi.queries import stand_of, targets
from tenancy.scope import scope_of

KEY = "workorders.on_time"
TODAY = date(2026, 6, 1)


def put(actor, world, **fields):
    facts = {"consortium": world.consortium, "kpi": KEY, "target": Decimal(95), "valid_from": TODAY, **fields}
    return set_target(actor, **facts)


def test_new_target_ends_the_one_before_and_is_noted(world):
    with scope_of(world.kim):
        first = put(world.kim, world)
        put(world.kim, world, target=Decimal(97), valid_from=TODAY + timedelta(days=30), decided="2026-06-20, no. 7")
        between = put(world.kim, world, target=Decimal(96), valid_from=TODAY + timedelta(days=10))

        first.refresh_from_db()
        assert first.valid_to == TODAY + timedelta(days=9)
        assert between.valid_to == TODAY + timedelta(days=29)
        stand = stand_of(world.kim)
        for days, expected in ((0, 95), (15, 96), (90, 97)):
            assert targets(stand, TODAY + timedelta(days=days))[KEY].target == expected
        assert Event.objects.filter(verb="target_set", hospital=world.a.id).count() == 3


def test_hospital_of_its_own_goes_before_the_consortium(world):
    with scope_of(world.kim):
        put(world.kim, world)
    with scope_of(world.max):
        put(world.max, world, target=Decimal(92), hospital=world.a.hospital)
        assert targets(stand_of(world.max), TODAY)[KEY].target == 92
    with scope_of(world.max_b):
        assert targets(stand_of(world.max_b), TODAY)[KEY].target == 95
    with scope_of(world.kim):
        assert targets(stand_of(world.kim), TODAY)[KEY].target == 95


def test_manager_may_set_the_own_hospital_only(world):
    with scope_of(world.max):
        with pytest.raises(PermissionDenied):
            put(world.max, world)
        with pytest.raises(PermissionDenied):
            put(world.max, world, hospital=world.b.hospital)
    with scope_of(world.audrey), pytest.raises(PermissionDenied):
        put(world.audrey, world)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kpi": "no.such"}, "kpi"),
        ({"target": Decimal(101)}, "target"),
        ({"floor": Decimal(96)}, "floor"),
        ({"decided": "x" * 201}, "decided"),
    ],
)
def test_nonsense_is_refused_beside_its_field(world, wrong, field):
    with scope_of(world.kim):
        with pytest.raises(ValidationError) as error:
            put(world.kim, world, **wrong)
        assert field in error.value.error_dict
        assert not Target.objects.exists()


def test_same_day_twice_is_refused(world):
    with scope_of(world.kim):
        put(world.kim, world)
        with pytest.raises(ValidationError):
            put(world.kim, world)


def test_office_sets_a_target_on_the_page(world, client):
    client.force_login(world.kim, backend="tenancy.backends.SignInBackend")
    form = {"kpi": KEY, "target": "96", "valid_from": str(timezone.localdate()), "decided": "no. 7", "form_key": "k1"}

    assert client.post("/figures/targets/new/", {**form, "target": "960"}).status_code == 422
    assert client.post("/figures/targets/new/", form).status_code == 303
    assert client.post("/figures/targets/new/", form).status_code == 303  # the second tap
    page = client.get("/figures/targets/").content.decode()

    assert page.count("no. 7") == 1
    client.force_login(world.max, backend="tenancy.backends.SignInBackend")
    assert "no. 7" in client.get("/figures/targets/").content.decode()
    assert client.post("/figures/targets/new/", {**form, "form_key": "k2"}).status_code == 422
    client.force_login(world.hal, backend="tenancy.backends.SignInBackend")
    assert client.get("/figures/targets/").status_code == 403
    assert client.get("/figures/targets/new/").status_code == 403


def test_tone_and_difference_in_words():
    share, received = registry.get(KEY), registry.get("workorders.received")
    rework = registry.get("workorders.rework")

    assert tone_of(share, Decimal(95), Decimal(95), None) == "green"
    assert tone_of(share, Decimal(94), Decimal(95), Decimal(90)) == "amber"
    assert tone_of(share, Decimal(89), Decimal(95), Decimal(90)) == "red"
    assert tone_of(rework, Decimal(4), Decimal(3), None) == "red"
    assert tone_of(share, None, Decimal(95), None) == ""
    assert difference(received, Decimal(3802), Decimal(4536)).startswith("−16.18")
    assert difference(received, Decimal(1), Decimal(0)) == ""
    assert difference(share, Decimal(96), None) == ""
