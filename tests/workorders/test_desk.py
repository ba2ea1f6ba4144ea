"""The dispatcher's page, telephone calls, the board."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from flow.models import Event
from tests.factories.workorders import order, service
from workorders.machine import ORDERS
from workorders.models import Problem, WorkOrder

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def keys(answer):
    """The lines of the queue, from the top."""
    return [int(pk) for pk in re.findall(r'class="desk-line"[^>]*data-key="(\d+)"', answer.content.decode())]


def test_queue_has_the_unanswered_first_then_urgency_then_age(world, act, browse):
    now = timezone.now()
    with act():
        new = order(world, title="new")
        old = order(world, title="old", at=now - timedelta(minutes=30))
        urgent = order(world, title="urgent", urgency="urgent")
        late = order(world, title="late", at=now - timedelta(hours=3))
        order(world, "dispatch", title="sent")

    answer = browse(world.dan).get("/desk/")

    assert keys(answer) == [late.pk, urgent.pk, old.pk, new.pk]
    assert answer.context["object"] == late


def test_desk_page_costs_ten_statements(world, act, browse):
    with act():
        for _ in range(4):
            order(world)
    dan = browse(world.dan)
    dan.get("/desk/")

    with CaptureQueriesContext(connection) as seen:
        dan.get("/desk/")

    real = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(real) <= 10, "\n".join(real)


def test_one_tap_sends_and_the_next_order_comes_up(world, act, browse):
    with act():
        first, second = order(world, title="first"), order(world, title="second")
    data = {"to": f"{world.a.team.pk}-{world.tom.pk}", "form_key": "k"}

    answer = browse(world.dan).post(f"/desk/{first.pk}/dispatch/", data, headers=HTMX)

    assert answer.status_code == 200
    assert answer.context["object"] == second
    assert keys(answer) == [second.pk]
    assert f"/orders/{first.pk}/undo/" in answer.content.decode()
    with act():
        now = WorkOrder.objects.get(pk=first.pk)
        assert (now.state, now.assignee) == ("dispatched", world.tom)


def test_double_tap_sends_once(world, act, browse):
    with act():
        made = order(world)
    dan, data = browse(world.dan), {"to": f"{world.a.team.pk}", "form_key": "k"}

    for _ in range(2):
        answer = dan.post(f"/desk/{made.pk}/dispatch/", data, headers=HTMX)
        assert answer.status_code == 200

    with act():
        assert Event.objects.filter(verb="dispatch").count() == 1


def test_second_dispatcher_is_told_who_did_what_and_nothing_changes(world, act, browse):
    with act():
        made = order(world)
    browse(world.max).post(f"/desk/{made.pk}/dispatch/", {"to": f"{world.a.team.pk}-{world.tom.pk}"}, headers=HTMX)

    answer = browse(world.dan).post(f"/desk/{made.pk}/dispatch/", {"to": f"{world.a.other_team.pk}"}, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Max" in page and "水电班" in page and "Tom" in page
    assert "<html" not in page
    with act():
        now = WorkOrder.objects.get(pk=made.pk)
        assert (now.team, now.assignee) == (world.a.team, world.tom)
        assert Event.objects.filter(verb="dispatch").count() == 1


def test_nobody_chosen_is_said_beside_the_order(world, act, browse):
    with act():
        made = order(world)

    answer = browse(world.dan).post(f"/desk/{made.pk}/dispatch/", {"to": "999999"}, headers=HTMX)

    assert answer.status_code == 422
    assert made.title in answer.content.decode()


def test_unchanged_queue_answers_nothing(world, act, browse):
    with act():
        made = order(world)
    dan = browse(world.dan)
    version = dan.get("/desk/").context["version"]

    same = dan.get("/desk/queue/", {"version": version})
    with act():
        ORDERS.move(made, "dispatch", world.dan, team=world.a.team)
    other = dan.get("/desk/queue/", {"version": version})

    assert same.status_code == 204
    assert other.status_code == 200
    assert keys(other) == []


def test_desk_is_for_those_who_dispatch_and_only_their_part(world, act, browse):
    with act():
        order(world)
        cleaning = order(world, service=_service(world, "cleaning.on_call"), title="地面有水")

    assert browse(world.rita).get("/desk/").status_code == 403
    assert cleaning.pk not in keys(browse(world.hal).get("/desk/"))
    assert keys(browse(world.dan_b).get("/desk/")) == []
    assert keys(browse(world.dan).get("/desk/?department=cleaning")) == [cleaning.pk]


def _service(world, key):
    from tests.factories.workorders import service

    return service(world, key)


def test_call_is_written_down_from_extension_and_picture(world, act, browse):
    """Dan hears "8301, the tap drips": types the extension, takes the place, taps the picture, writes down."""
    dan = browse(world.dan)
    with act():
        tap = Problem.objects.get(hospital=world.a.hospital, key="maintenance.water.tap")
        earlier = order(world, title="灯不亮")

    assert "护士站" in dan.get("/orders/places/", {"q": "8301"}).content.decode()
    assert earlier.number in dan.get("/desk/call/place/", {"place": world.a.room.pk}).content.decode()
    data = {"place": world.a.room.pk, "what": f"p{tap.pk}", "form_key": "6f1b0c9e-5f0e-4b7c-9a51-0d6a3c1c7d10"}
    answer = dan.post("/desk/call/", data)
    again = dan.post("/desk/call/", data)

    with act():
        made = WorkOrder.objects.get(channel="phone")
        assert (made.place, made.unit, made.phone, made.problem) == (world.a.room, world.a.ward, "8301", tap)
        assert made.reporter_name == "心内科"
    assert answer.url == again.url == f"/desk/{made.pk}/"


def test_call_without_a_place_says_so_and_keeps_the_words(world, browse):
    answer = browse(world.dan).post("/desk/call/", {"title": "水管爆了", "reporter_name": "张三"})

    assert answer.status_code == 422
    assert "张三" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"place", "what"}


def test_call_is_taken_by_who_may_report_only(world, browse):
    assert browse(world.tom).get("/desk/call/").status_code == 403


def test_desk_offers_a_call_to_who_may_take_one_only(world, browse):
    assert 'href="/desk/call/"' in browse(world.dan).get("/desk/").content.decode()
    assert 'href="/desk/call/"' not in browse(world.cleo).get("/desk/").content.decode()


def test_board_has_a_column_a_state_with_counts(world, act, browse):
    with act():
        order(world, title="new")
        order(world, "accept", title="taken")
        order(world, "finish", title="finished")
        order(world, "close", title="closed")

    answer = browse(world.dan).get("/board/")

    counts = {lane["column"].key: lane["column"].count for lane in answer.context["columns"]}
    assert counts == {"reported": 1, "dispatched": 0, "accepted": 1, "arrived": 0, "waiting": 0, "done": 1}
    page = answer.content.decode()
    assert "taken" in page and "closed" not in page


def test_board_counts_what_is_overdue_and_narrows_by_team(world, act, browse):
    with act():
        order(world, "accept", at=timezone.now() - timedelta(days=3))

    dan = browse(world.dan)
    late = {c["column"].key: c["column"].late for c in dan.get("/board/").context["columns"]}
    other = {
        c["column"].key: c["column"].count for c in dan.get(f"/board/?team={world.a.other_team.pk}").context["columns"]
    }

    assert late["accepted"] == 1
    assert sum(other.values()) == 0


def test_board_offers_the_steps_of_a_card(world, act, browse):
    with act():
        made = order(world, "accept")

    page = browse(world.dan).get(f"/board/{made.pk}/?next=/board/").content.decode()

    assert f"/orders/{made.pk}/move/reassign/?next=/board/" in page
    assert f"/orders/{made.pk}/move/arrive/" not in page


# Suggestion, several at once, dragging


def test_desk_is_advised_whom_to_send_and_why(world, act, browse):
    with act():
        busy = order(world, "accept", title="busy")
        made = order(world, title="new")

    answer = browse(world.dan).get(f"/desk/{made.pk}/")

    advice = answer.context["advice"]
    assert advice[-1].who.user_id == world.tom.pk or len(advice) == 1  # who has something in hand stands behind
    tom = next(one for one in advice if one.who.user_id == world.tom.pk)
    assert (tom.who.open, tom.who.minutes) == (1, busy.service.usual_minutes)
    assert any(str(busy.service.usual_minutes) in reason for reason in tom.good)


def test_absent_are_not_advised_but_stay_in_the_list(world, act, browse):
    from people import domain as people

    with act():
        made = order(world, title="new")
        member = world.tom.memberships.get(hospital=world.a.hospital)
        today = timezone.localdate()
        people.enter_absence(world.lea, member, reason="ill", first_day=today, last_day=today)

    answer = browse(world.dan).get(f"/desk/{made.pk}/")

    assert world.tom.pk not in {one.who.user_id for one in answer.context["advice"]}
    assert f"{world.a.team.pk}-{world.tom.pk}" in answer.content.decode()


def test_several_reports_go_to_one_crew_and_what_was_faster_is_told(world, act, browse):
    with act():
        one, two, gone = (order(world, title=title) for title in ("one", "two", "gone"))
    dan, keys = browse(world.dan), [one.pk, two.pk, gone.pk]
    assert len(dan.get("/desk/several/", {"id": keys}).context["orders"]) == 3
    with act():
        ORDERS.move(gone, "void", world.dan, reason="x")

    answer = dan.post("/desk/several/", {"id": keys, "to": f"{world.a.team.pk}", "form_key": "k"})
    again = dan.post("/desk/several/", {"id": keys, "to": f"{world.a.team.pk}", "form_key": "k"})

    assert (answer.status_code, again.status_code) == (303, 303)
    with act():
        states = dict(WorkOrder.objects.filter(pk__in=keys).values_list("title", "state"))
        assert Event.objects.filter(verb="dispatch").count() == 2
    assert states == {"one": "dispatched", "two": "dispatched", "gone": "cancelled"}


def test_several_of_different_departments_are_not_sent_together(world, act, browse):
    with act():
        one = order(world)
        other = order(world, service=service(world, "maintenance.power"))
        WorkOrder.objects.filter(pk=other.pk).update(department="cleaning")

    answer = browse(world.dan).post("/desk/several/", {"id": [one.pk, other.pk], "to": f"{world.a.team.pk}"})

    assert answer.status_code == 422
    with act():
        assert set(WorkOrder.objects.values_list("state", flat=True)) == {"reported"}


def test_several_are_sent_by_who_dispatches_only_and_only_theirs(world, act, browse):
    with act():
        made = order(world)

    assert browse(world.rita).get("/desk/several/", {"id": made.pk}).status_code == 403
    assert browse(world.dan_b).get("/desk/several/", {"id": made.pk}).context["orders"] == []


def test_card_dropped_on_a_team_is_sent_there(world, act, browse):
    with act():
        made = order(world)
    dan = browse(world.dan)
    lanes = {lane["drop"] for lane in dan.get("/board/?by=team").context["columns"]}
    assert f"team-{world.a.team.pk}" in lanes

    answer = dan.post(f"/board/{made.pk}/drop/", {"to": f"team-{world.a.team.pk}", "next": "/board/"}, headers=HTMX)

    assert answer.headers["HX-Redirect"] == "/board/"
    with act():
        now = WorkOrder.objects.get(pk=made.pk)
    assert (now.state, now.team_id) == ("dispatched", world.a.team.pk)


def test_card_dropped_on_a_state_that_needs_words_opens_its_form(world, act, browse):
    with act():
        made = order(world)

    answer = browse(world.dan).post(f"/board/{made.pk}/drop/", {"to": "state-dispatched"}, headers=HTMX)

    assert answer.status_code == 200
    assert f'action="/orders/{made.pk}/move/dispatch/"' in answer.content.decode()


def test_card_dropped_where_no_step_leads_is_told_and_stays(world, act, browse):
    with act():
        made = order(world)

    answer = browse(world.dan).post(f"/board/{made.pk}/drop/", {"to": "state-done"}, headers=HTMX)

    assert answer.status_code == 422
    with act():
        assert WorkOrder.objects.get(pk=made.pk).state == "reported"


def test_board_by_team_has_what_nobody_was_sent_to_first_and_the_late_on_top(world, act, browse):
    with act():
        order(world, title="new")
        order(world, "accept", title="fresh")
        order(world, "accept", title="late", at=timezone.now() - timedelta(days=4))

    lanes = browse(world.dan).get("/board/?by=team").context["columns"]

    titles = {lane["name"]: [card["title"] for card in lane["column"].cards] for lane in lanes}
    assert titles[""] == ["new"]
    assert titles[world.a.team.name] == ["late", "fresh"]
