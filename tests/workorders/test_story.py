"""From the report to the signature through the domain functions, as the people who do it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from flow.models import Event
from tenancy import access
from tenancy.models import Consortium, Grant, Hospital, Membership, Place, Role, Team, Unit
from tenancy.roles import shipped
from tenancy.scope import scope
from workorders import catalogue, domain
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder

pytestmark = pytest.mark.django_db


def person(hospital, name, number, grants, **membership):
    user = User.objects.create_user(name, email=f"{name}@x.example")
    Membership.objects.create(hospital=hospital, user=user, staff_number=number, name=name, **membership)
    for role, narrowing in grants:
        role, _ = Role.objects.get_or_create(
            consortium=hospital.consortium, key=role, defaults={"permissions": sorted(shipped()[role].permissions)}
        )
        Grant.objects.create(user=user, role=role, hospital=hospital, **narrowing)
    return user


@pytest.fixture
def story():
    consortium = Consortium.objects.create(name="c")
    hospital = Hospital.objects.create(
        consortium=consortium, code="A", name="A", short_name="A", modules=["maintenance", "cleaning"]
    )
    with scope([hospital.pk]):
        place = Place(hospital=hospital, kind="hospital", name="A")
        place.save()
        place.path = f"{place.pk:08d}."
        place.save()
        unit = Unit.objects.create(hospital=hospital, code="u", name="Ward 3")
        team = Team.objects.create(hospital=hospital, department="maintenance", name="Plumbers")
        catalogue.install(hospital)
        cast = {
            "nurse": person(hospital, "rita", "1", [("staff", {}), ("requester", {"unit": unit})], unit=unit),
            "desk": person(hospital, "dan", "2", [("desk", {})]),
            "tech": person(hospital, "tom", "3", [("worker", {"team": team}), ("staff", {})], team=team),
        }
        yield {"hospital": hospital, "place": place, "unit": unit, "team": team, **cast}


def test_order_is_reported_dispatched_done_and_signed(story):
    service = Service.objects.get(key="maintenance.water")
    problem = service.problems.get(key="maintenance.water.tap")

    order = domain.open_order(
        story["nurse"], place=story["place"], service=service, problem=problem, unit=story["unit"]
    )
    ORDERS.move(order, "dispatch", story["desk"], team=story["team"], assignee=story["tech"])
    ORDERS.move(order, "accept", story["tech"])
    ORDERS.move(order, "arrive", story["tech"])
    with pytest.raises(ValidationError):
        ORDERS.move(order, "finish", story["tech"], musts=[])
    ORDERS.move(order, "finish", story["tech"], musts=order.service.musts, minutes=20)
    with pytest.raises(PermissionDenied):
        ORDERS.move(order, "sign", story["tech"])
    ORDERS.move(order, "sign", story["nurse"], attitude=5, skill=5, speed=4)
    order = ORDERS.move(order, "close", story["desk"])

    assert order.state == "closed"
    assert order.title == "水龙头滴水" or order.title == "Tap drips"
    assert order.number.startswith("A-")
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "reported", "dispatch", "accept", "arrive", "finish", "sign", "close",
    ]  # fmt: skip
    assert list(WorkOrder.objects.for_user(story["nurse"], "workorders.order.view")) == [order]
    assert access.can(story["nurse"], "workorders.order.view", order)


def test_last_step_is_undone_within_ten_seconds(story):
    service = Service.objects.get(key="maintenance.water")
    order = domain.open_order(story["nurse"], place=story["place"], service=service, unit=story["unit"])
    ORDERS.move(order, "dispatch", story["desk"], team=story["team"])
    ORDERS.move(order, "accept", story["tech"])

    order = ORDERS.undo(order, story["tech"])

    assert (order.state, order.assignee_id, order.responded_at) == ("dispatched", None, None)
