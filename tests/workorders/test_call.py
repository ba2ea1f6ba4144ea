"""Beside a call: what is open there, what the caller reported lately, and the same fault with one tap."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from flow.models import Event
from tests.factories.workorders import order
from workorders.machine import ORDERS
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
CALLER = "/desk/call/place/"


def beside(answer):
    caller = answer.context["caller"]
    return [one.title for one in caller.also], [one.title for one in caller.last]


def test_typed_number_brings_the_callers_last_five_newest_first(world, act, browse):
    now = timezone.now()
    with act():
        for n in range(6):
            order(world, "sign", title=f"fault {n}", phone="8888", at=now - timedelta(days=6 - n))
        order(world, title="of another number", phone="8301")

    answer = browse(world.dan).get(CALLER, {"phone": "88 88"})

    assert beside(answer) == ([], ["fault 5", "fault 4", "fault 3", "fault 2", "fault 1"])


def test_place_brings_what_is_open_there_and_the_last_orders_of_its_number(world, act, browse):
    with act():
        order(world, title="open here")
        order(world, title="elsewhere", phone="8301", place=world.a.other_room)
        order(world, "sign", title="done here", phone="8301")
        order(world, "sign", title="other number", phone="9999")

    answer = browse(world.dan).get(CALLER, {"place": world.a.room.pk})

    assert beside(answer) == (["open here"], ["done here", "elsewhere"])
    assert answer.context["caller"].phone == "8301"
    assert not answer.context["caller"].of_unit


def test_unknown_number_falls_back_to_the_unit(world, act, browse):
    with act():
        order(world, "sign", title="the ward's", phone="9999")
        order(world, "finish", title="another ward's", unit=world.a.other_ward, place=world.a.other_room)

    answer = browse(world.dan).get(CALLER, {"place": world.a.room.pk, "phone": "139 0000 0000"})

    assert beside(answer) == ([], ["the ward's"])
    assert answer.context["caller"].of_unit


def test_what_lies_long_back_is_not_shown(world, act, browse):
    with act():
        order(world, "sign", title="old", phone="8888", at=timezone.now() - timedelta(days=91))

    answer = browse(world.dan).get(CALLER, {"phone": "8888"})

    assert beside(answer) == ([], [])


def test_nothing_typed_answers_nothing(world, browse):
    assert browse(world.dan).get(CALLER).content == b""
    assert browse(world.dan).get(CALLER, {"place": "x", "phone": " "}).content == b""
    assert browse(world.rita).get(CALLER, {"phone": "8301"}).status_code == 403


def test_other_hospitals_orders_stay_there(world, act, browse):
    with act():
        order(world, title="theirs", phone="8888")

    answer = browse(world.dan_b).get(CALLER, {"phone": "8888"})

    assert beside(answer) == ([], [])


def test_caller_costs_the_same_for_any_number_of_orders(world, act, browse):
    dan, counts = browse(world.dan), []
    for _ in range(2):
        with act():
            order(world)
            order(world, "sign", phone="8301")
            order(world, "sign", phone="8301")
        dan.get(CALLER, {"place": world.a.room.pk})
        with CaptureQueriesContext(connection) as seen:
            dan.get(CALLER, {"place": world.a.room.pk})
        counts.append([q["sql"] for q in seen if "workorders_" in q["sql"] or "tenancy_place" in q["sql"]])

    assert len(counts[0]) == len(counts[1]) <= 6


def test_same_fault_is_noted_with_who_called_and_makes_no_second_order(world, act, browse):
    with act():
        made = order(world)

    answer = browse(world.dan).post(f"/desk/call/{made.pk}/join/", {"reporter_name": "Nurse Li", "phone": "8302"})

    assert answer.status_code == 303
    with act():
        assert WorkOrder.objects.count() == 1
        assert (
            Event.objects.get(verb="joined", subject_id=made.pk, subject="workorders.workorder").data["caller"]
            == "Nurse Li · 8302"
        )
    page = browse(world.dan).get(f"/orders/{made.pk}/")
    assert "Nurse Li · 8302" in page.content.decode()


def test_desk_that_noted_a_call_does_not_hear_of_each_step(world, act):
    from workorders import domain, hearing

    with act():
        made = order(world)
        domain.join(made, world.max, caller="Nurse Li")
        domain.join(made, world.hal)
        made = ORDERS.move(made, "dispatch", world.dan, team=world.a.team, assignee=world.tom)
        made = ORDERS.move(made, "accept", world.tom)
        event = Event.objects.get(verb="accept")

        heard = hearing._joined(made) | {event.actor_id}

    assert world.hal.pk in heard and world.max.pk not in heard


def test_finished_order_is_not_joined_but_written_down_again(world, act, browse):
    with act():
        made = order(world, "sign", title="drips", phone="8302")
    dan = browse(world.dan)

    answer = dan.post(f"/desk/call/{made.pk}/join/", {})

    assert answer.url == reverse("workorders:desk_call") + f"?again={made.pk}"
    with act():
        assert not Event.objects.filter(verb="joined", subject="workorders.workorder").exists()
    form = dan.get(answer.url).context["form"]
    assert form["place"].value() == made.place_id
    assert (form["title"].value(), form["phone"].value()) == ("drips", "8302")
    assert form["what"].value() == f"s{made.service_id}"


def test_enter_writes_the_call_down_and_does_not_join(world, act, browse):
    """A browser sends a form by its first button; the buttons beside it come later."""
    page = browse(world.dan).get("/desk/call/").content.decode()

    assert page.index("big-action") < page.index('id="caller"')
