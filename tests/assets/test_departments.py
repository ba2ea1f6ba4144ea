"""Every asset is kept in order by one department: whose head sees it, reads its meters and finds it on the red list."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assets import domain, duties, meters
from assets.deadlines import lines
from assets.models import Asset, AssetDuty, Downtime, Meter, Reading
from assets.permissions import ASSET_CHANGE, ASSET_VIEW, METER_READ
from tenancy import domain as tenancy
from tenancy.access import can
from tenancy.scope import scope_of
from tests.factories import tenancy as make
from tests.world import role

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(register):
    """The lift is maintenance's; the fire panel, by its kind, security's."""
    actor = make.setup()
    with scope_of(register.ada):
        kind = domain.add_kind(
            actor, consortium=register.consortium, name="Fire panel", family="building", department="security"
        )
        register.panel = domain.add_asset(actor, kind=kind, place=register.a.building, code="F-1", name="消防主机")
        grants = [{"role": role(register, "head"), "department": "security"}]
        facts = {"staff_number": "2077", "name": "Sam", "email": "sam@example.org", "grants": grants}
        register.sam = tenancy.add_person(actor, hospital=register.a.hospital, **facts).user
        for asset in (register.lift, register.panel):
            meter = meters.add_meter(actor, asset, name="小时", unit="h")
            meters.enter(meter, Decimal(10), by=register.ada)
            day = timezone.localdate()
            duties.enter(actor, asset, kind="periodic", due_on=day - timedelta(days=2), law="法", clause="1")
            Downtime.objects.create(hospital=register.a.hospital, asset=asset, began_at=timezone.now())
    return register


def test_kind_says_who_keeps_it_unless_somebody_else_does(kept):
    with scope_of(kept.ada):
        assert (kept.lift.department, kept.panel.department) == ("maintenance", "security")
        facts = {"kind": kept.panel.kind, "place": kept.a.room}
        assert (
            domain.add_asset(kept.ada, **facts, code="F-2", name="甲", department="maintenance").department
            == "maintenance"
        )
        moved = domain.edit_asset(kept.ada, kept.panel, department="maintenance")
        assert moved.department == "maintenance"
        assert domain.edit_asset(kept.ada, moved, department="").department == "security"  # as its kind has it
        with pytest.raises(ValidationError) as refused:
            domain.edit_asset(kept.ada, kept.panel, department="kitchenware")
        assert "department" in refused.value.message_dict


def test_head_sees_and_arranges_what_the_department_keeps(kept):
    for head, mine, other in ((kept.hal, kept.lift, kept.panel), (kept.sam, kept.panel, kept.lift)):
        with scope_of(head):
            assert set(Asset.objects.for_user(head, ASSET_VIEW).filter(code__in=("L-1", "F-1"))) == {mine}
            assert can(head, ASSET_CHANGE, mine) and not can(head, ASSET_CHANGE, other)
            with pytest.raises(PermissionDenied):
                domain.edit_asset(head, other, name="偷换")
            with pytest.raises(PermissionDenied):  # nor give away what one keeps to see it no more, nor take
                domain.edit_asset(head, mine, department=other.department)


@pytest.mark.parametrize("model", [Asset, Meter, Reading, Downtime, AssetDuty])
def test_one_may_what_the_list_shows(kept, model):
    """The rule on a row and the rule on the table are the same, for heads of two departments and for the manager."""
    for user in (kept.hal, kept.sam, kept.max, kept.tom, kept.rita):
        with scope_of(user):
            rows = list(model.objects.all())
            for permission in (ASSET_VIEW, ASSET_CHANGE, METER_READ):
                shown = set(model.objects.for_user(user, permission))
                assert shown == {row for row in rows if can(user, permission, row)}
    with scope_of(kept.hal):
        assert model.objects.for_user(kept.hal, ASSET_VIEW).exists()


def test_head_reads_the_meters_of_what_the_department_keeps(kept):
    with scope_of(kept.hal):
        of_lift, of_panel = (Meter.objects.get(asset=asset) for asset in (kept.lift, kept.panel))
        assert meters.read(kept.hal, of_lift, Decimal(12)).total == 12
        with pytest.raises(PermissionDenied):
            meters.read(kept.hal, of_panel, Decimal(12))


def test_red_list_of_a_head_is_the_departments(kept):
    until = timezone.localdate() + timedelta(days=30)
    for head, code, department in ((kept.hal, "L-1", "maintenance"), (kept.sam, "F-1", "security")):
        with scope_of(head):
            found = list(lines(head, until, kept.a.hospital.pk))
            assert [(line.department, code in line.what) for line in found] == [(department, True)]


def test_form_offers_departments_and_the_list_is_narrowed_by_them(kept, client):
    client.force_login(kept.ada)
    page = client.get(reverse("assets:asset_edit", args=[kept.panel.pk])).content.decode()
    assert 'name="department"' in page and 'value="security" selected' in page
    client.force_login(kept.hal)
    assert client.get(reverse("assets:asset", args=[kept.lift.pk])).status_code == 200
    assert client.get(reverse("assets:asset", args=[kept.panel.pk])).status_code == 404
