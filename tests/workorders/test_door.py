"""Doors: a printed code lets colleagues and visitors report; patients follow and sign without an account."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from flow.models import Event
from tenancy import domain as tenancy
from tenancy.models import Door
from tenancy.scope import scope
from tests.workorders.hands import Phone, order_of, problem
from workorders.machine import ORDERS
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(world):
    with scope([world.a.id]):
        return tenancy.door_for(place=world.a.room)


def report(phone, door, picture, **data):
    url = reverse("workorders:door_report", args=[door.token, picture.pk])
    return phone.client.post(url, {"form_key": str(uuid.uuid4()), **data})


def test_colleague_scans_and_sends_in_two_taps(world, door):
    """Rita scans the code at the door: a tap on the picture, a tap on send."""
    rita = Phone(world.rita)
    rita.tap(reverse("workorders:door", args=[door.token]))
    taps = rita.taps

    rita.follow("Light out", "灯不亮")
    rita.send(form_key=str(uuid.uuid4()))

    assert rita.taps - taps == 2
    assert (order_of(world).channel, order_of(world).place) == ("scan", world.a.room)


def test_patient_reports_follows_and_signs_without_account(world, door):
    """A patient in bed 12: scan, picture, send; then the follow page until it is done."""
    picture, patient = problem(world, "maintenance.power.light"), Phone()
    patient.tap(reverse("workorders:door", args=[door.token]))
    patient.follow("Light out", "灯不亮")
    patient.send(form_key=str(uuid.uuid4()), reporter_name="Bed 12")
    order = order_of(world)
    follow = reverse("workorders:follow", args=[order.follow_token])
    assert patient.page.wsgi_request.path == follow
    assert (order.channel, order.reporter, order.reporter_name) == ("patient", None, "Bed 12")
    assert (order.unit, order.problem_id) == (world.a.ward, picture.pk)

    with scope([world.a.id]):
        ORDERS.move(order, "dispatch", world.dan, team=world.a.team, assignee=world.tom)
        ORDERS.move(order, "accept", world.tom)
        ORDERS.move(order, "arrive", world.tom)
        ORDERS.move(order, "finish", world.tom, musts=order.service.musts, remedy="new tube")
    page = patient.tap(follow).content.decode()
    for name in ("Tom", "Dan", world.a.team.name):
        assert name not in page
    patient.post(follow, {"attitude": "4", "skill": "5"})

    signed = order_of(world)
    assert (signed.state, signed.signed_way, signed.attitude, signed.skill) == ("signed", "visitor", 4, 5)
    with scope([world.a.id]):
        assert Event.objects.get(verb="sign").actor_kind == "visitor"


def test_visitor_is_offered_only_what_patients_may_report(world, door):
    visitor = Phone()
    page = visitor.tap(reverse("workorders:door", args=[door.token]))
    offered = {tile.problem for group in page.context["groups"] for tile in group.tiles}

    refused = report(visitor, door, problem(world, "maintenance.gas.pressure"))

    assert problem(world, "maintenance.gas.pressure").pk not in offered
    assert problem(world, "security.help.violence").pk in offered
    assert refused.status_code == 404


def test_eleventh_report_within_an_hour_is_not_sent(world, door):
    """A child plays with the telephone."""
    visitor, picture = Phone(), problem(world, "maintenance.water.tap")
    answers = [report(visitor, door, picture).status_code for _ in range(11)]

    assert answers == [302] * 10 + [429]
    with scope([world.a.id]):
        assert WorkOrder.objects.count() == 10


def test_revoked_door_is_friendly_and_names_the_desk(world, door):
    with scope([world.a.id]):
        tenancy.edit_place(world.setup, world.a.root, phone="8000")
    Door.objects.filter(pk=door.pk).update(revoked_at=timezone.now())

    page = Phone().client.get(reverse("workorders:door", args=[door.token]))

    assert page.status_code == 410
    assert "tel:8000" in page.content.decode()


def test_unknown_door_and_unknown_order_are_not_found(world):
    visitor = Phone()
    for url in ("/d/nothing/", "/f/nothing/", f"/f/{world.a.id}-nothing/", "/f/99999999-x/"):
        assert visitor.client.get(url).status_code == 404


def test_door_of_another_hospital_lets_no_colleague_in(world, door):
    page = Phone(world.rita_b).client.get(reverse("workorders:door", args=[door.token]))

    assert page.status_code == 410


def test_door_leads_back_after_signing_in(world, door):
    """Rita scans before she has signed in: "I work here"."""
    url = reverse("workorders:door", args=[door.token])
    rita = Phone()
    page = rita.tap(url).content.decode()

    answer = rita.client.post(
        reverse("accounts:sign_in"), {"login": "rita@example.org", "password": world.password, "next": url}, follow=True
    )

    assert f"{reverse('accounts:sign_in')}?next={url}" in page
    assert answer.wsgi_request.path == reverse("workorders:ask_tiles", args=[world.a.room.pk])


def test_follow_token_signs_only_its_own_order(world, door):
    """The address of one report opens that report and nothing else, and never before it is done."""
    visitor = Phone()
    report(visitor, door, problem(world, "maintenance.water.tap"))
    order = order_of(world)

    visitor.client.post(reverse("workorders:follow", args=[order.follow_token]), {"attitude": "5"})

    assert order_of(world).state == "reported"
    assert visitor.client.get(reverse("workorders:ask_order", args=[order.pk])).status_code == 302
