"""Complaints from work (WO-7).

Who: Rita rates a repair with one star at three in the morning. Without another word the head of maintenance is asked for an
answer until a deadline; the answer comes back to Rita, who may say that it does not satisfy.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from notices.models import Notice
from tenancy.models import Place
from tests.factories.workorders import order
from workorders import catalogue, domain
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder
from workorders.queries import offered_to


@pytest.fixture
def ready(world, act):
    with act():
        catalogue.install(world.a.hospital)
    return world


@pytest.fixture
def site(ready, act):
    with act():
        yield ready


def rated(site, *stars, comment=""):
    names = dict(zip(("attitude", "skill", "speed"), stars, strict=False))
    return ORDERS.move(order(site, "finish"), "sign", site.rita, **names, comment=comment)


def complaints():
    return list(WorkOrder.objects.filter(service__internal=True).order_by("id"))


def verbs(user, about):
    return list(Notice.objects.filter(user=user, subject_id=about.pk).order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize(("stars", "opened"), [((5, 5, 5), 0), ((3, 3, 3), 0), ((5, 2, 5), 1), ((1,), 1), ((), 0)])
def test_two_stars_or_fewer_in_any_rating_ask_for_an_answer(site, stars, opened):
    rated(site, *stars)

    assert len(complaints()) == opened


def test_complaint_is_linked_has_a_deadline_and_reaches_the_head_and_nobody_else(site):
    bad = rated(site, 1, 3, 3, comment="态度很差")

    [complaint] = complaints()

    assert (complaint.parent_id, complaint.reporter_id, complaint.place_id) == (bad.pk, site.rita.pk, bad.place_id)
    assert complaint.due_at - complaint.reported_at == timedelta(minutes=4320)
    assert "态度很差" in complaint.description
    assert verbs(site.hal, complaint) == ["reported"]
    assert not Notice.objects.filter(subject_id=complaint.pk).exclude(user=site.hal).exists()


def test_work_sent_back_a_second_time_asks_once(site):
    made = order(site, "finish")
    for _time in range(3):
        made = ORDERS.move(made, "reopen", site.rita, reason="还漏水")
        made = ORDERS.move(made, "accept", site.tom)
        made = ORDERS.move(made, "arrive", site.tom)
        made = ORDERS.move(made, "finish", site.tom, musts=made.service.musts)

    assert made.returned == 3
    assert len(complaints()) == 1


def test_rating_that_is_taken_back_takes_its_complaint_back(site):
    bad = rated(site, 1)
    ORDERS.undo(bad, site.rita)

    [complaint] = complaints()
    assert complaint.state == "cancelled"


def test_answer_goes_back_to_who_complained_who_may_not_be_satisfied(site):
    rated(site, 1)
    [complaint] = complaints()

    answered = ORDERS.move(complaint, "answer", site.hal, text="已批评教育，明日上门致歉")
    assert (answered.state, answered.remedy) == ("done", "已批评教育，明日上门致歉")
    heard = Notice.objects.get(user=site.rita, subject_id=complaint.pk)
    assert "明日上门致歉" in heard.sentence

    again = ORDERS.move(answered, "object", site.rita, reason="没有人来")
    assert (again.state, again.finished_at, again.returned) == ("reported", None, 1)
    assert verbs(site.hal, complaint) == ["reported", "object"]
    assert len(complaints()) == 1  # a complaint about a complaint is the same complaint


def test_complaint_is_neither_dispatched_nor_answered_by_the_desk(site):
    rated(site, 1)
    [complaint] = complaints()

    with pytest.raises(ValidationError):
        ORDERS.move(complaint, "dispatch", site.dan, team=site.a.team)
    with pytest.raises(PermissionDenied):
        ORDERS.move(complaint, "answer", site.dan, text="x")


def test_nobody_asks_for_the_service_itself(site):
    service = Service.objects.get(hospital=site.a.hospital, key="maintenance.work_complaint")

    assert service not in offered_to(site.dan)
    with pytest.raises(ValidationError) as refused:
        domain.open_order(site.rita, place=site.a.room, service=service)
    assert set(refused.value.message_dict) == {"service"}


def test_signing_is_not_held_up_by_a_place_closed_since(site):
    done = order(site, "finish")
    Place.objects.filter(pk=done.place_id).update(closed_on=timezone.localdate())

    signed = ORDERS.move(done, "sign", site.rita, attitude=1)

    assert signed.state == "signed"
    assert complaints()[0].place_id == done.place.parent_id


def test_catalogue_from_before_gets_the_service_when_it_is_needed(site):
    Service.objects.filter(internal=True).delete()

    rated(site, 2)

    assert len(complaints()) == 1


def test_head_answers_in_two_taps_and_the_ward_reads_it_on_its_page(ready, act, browse):
    with act():
        bad = rated(ready, 1)
        [complaint] = complaints()
    hal, rita = browse(ready.hal), browse(ready.rita)
    assert complaint.pk not in {row["pk"] for row in browse(ready.dan).get("/desk/").context["queue"]}

    page = hal.get(f"/orders/{complaint.pk}/").content.decode()
    assert f"/orders/{complaint.pk}/move/answer/" in page
    assert f'href="/orders/{bad.pk}/"' in page
    assert hal.post(f"/orders/{complaint.pk}/move/answer/", {"text": "马上处理"}).status_code == 303

    page = rita.get(f"/ask/{complaint.pk}/").content.decode()
    assert "马上处理" in page
    assert f"/ask/{complaint.pk}/object/" in page
    assert rita.post(f"/ask/{complaint.pk}/object/", {"reason": "还没人来"}).status_code == 303
