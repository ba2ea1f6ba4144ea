"""The register from the report to the verification: who may, what is written, who hears."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from flow.models import Attachment, Event
from hazards import domain
from hazards.machine import HAZARDS
from hazards.models import Hazard
from notices.models import Notice
from tenancy.models import Place
from tenancy.scope import scope
from tests.hazards.conftest import photo, report
from workorders.machine import ORDERS
from workorders.models import Service

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 3, 9, 0, tzinfo=SHANGHAI)


def heard(verb: str) -> set[str]:
    return set(Notice.objects.filter(subject="hazards.hazard", verb=verb).values_list("user__name", flat=True))


def soon(days: int = 3) -> date:
    return timezone.localdate() + timedelta(days=days)


def assigned(world, **facts):
    made = report(world, **facts)
    return HAZARDS.move(made, "assign", world.hal, responsible=world.tom, due_on=soon())


def rectified(world, **facts):
    return HAZARDS.move(assigned(world, **facts), "rectify", world.tom, measures="清走纸箱", photos=[photo("green")])


@pytest.mark.django_db
def test_numbers_count_by_hospital_and_month_of_finding(world, act):
    with act():
        first, second = report(world, at=MORNING), report(world, at=MORNING + timedelta(days=2))
        december = report(world, at=datetime(2026, 12, 1, 0, 10, tzinfo=SHANGHAI))
        other = report(world, site=world.b, at=MORNING)

    numbers = [hazard.number for hazard in (first, second, december, other)]
    assert numbers == ["A-H2611-0001", "A-H2611-0002", "A-H2612-0001", "B-H2611-0001"]


@pytest.mark.django_db
def test_deadline_follows_from_the_grade(world, act):
    with act():
        general, major = report(world, at=MORNING), report(world, at=MORNING, grade="major")

    assert (general.due_on, major.due_on) == (date(2026, 11, 10), date(2026, 11, 4))


@pytest.mark.django_db
def test_second_arrival_of_one_origin_finds_the_first(world, act):
    key = uuid4()
    with act():
        first = report(world, origin="inspections.answer:17")
        again = report(world, origin="inspections.answer:17", title="又一次")
        elsewhere = report(world, site=world.b, origin="inspections.answer:17")
        sent, twice = report(world, form_key=key), report(world, form_key=key)

        assert again.pk == first.pk != elsewhere.pk
        assert sent.pk == twice.pk
        assert Hazard.objects.filter(hospital=world.a.hospital).count() == 2
        assert Event.objects.filter(subject="hazards.hazard", verb="reported").count() == 3


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_share_a_number_and_one_origin_is_one_hazard(world):
    def one(number):
        try:
            with scope(world.hospitals()), transaction.atomic():
                return report(world, origin=f"o:{number % 4}").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(one, range(16)))

    with scope(world.hospitals()):
        numbers = list(Hazard.objects.values_list("number", flat=True))
    assert len(set(made)) == len(numbers) == len(set(numbers)) == 4


@pytest.mark.django_db
def test_rectified_with_photo_and_verified_by_another(world, act):
    with act():
        hazard = rectified(world, photos=[photo("red")])
        with pytest.raises(ValidationError):
            HAZARDS.move(assigned(world), "rectify", world.tom, measures="x", photos=[])
        HAZARDS.move(hazard, "verify", world.hal)
        hazard.refresh_from_db()
        kinds = Attachment.objects.filter(subject="hazards.hazard", subject_id=hazard.pk).order_by("kind")
        kinds = list(kinds.values_list("kind", flat=True))

    assert (hazard.state, hazard.rectified_by, hazard.verified_by) == ("closed", world.tom, world.hal)
    assert kinds == ["after", "before"]
    assert hazard.closed_at == hazard.verified_at


@pytest.mark.django_db
def test_nobody_verifies_their_own_work(world, act):
    with act():
        hazard = HAZARDS.move(report(world), "rectify", world.hal, measures="清走", photos=[photo()])
        with pytest.raises(ValidationError) as refused:
            HAZARDS.move(hazard, "verify", world.hal)
        names = {step.name for step in HAZARDS.available(hazard, world.hal)}

    assert refused.value.code == "stale"
    assert not names & {"verify", "refuse"}


@pytest.mark.django_db
def test_refused_is_open_again_with_reason_and_new_day(world, act):
    with act():
        hazard = HAZARDS.move(rectified(world), "refuse", world.hal, reason="还有两箱", due_on=soon(2))

        assert (hazard.state, hazard.reopened, hazard.responsible) == ("assigned", 1, world.tom)
        assert (hazard.due_on, hazard.rectified_by, hazard.rectified_at) == (soon(2), None, None)
        again = HAZARDS.move(hazard, "rectify", world.tom, measures="全部清走", photos=[photo("blue")])
        closed = HAZARDS.move(again, "verify", world.hal)
        back = HAZARDS.move(closed, "reopen", world.max, reason="又堵了", due_on=soon(1))

        assert (back.state, back.reopened, back.closed_at, back.verified_by) == ("assigned", 2, None, None)


@pytest.mark.django_db
def test_deadline_moves_only_with_reason_and_not_into_the_past(world, act):
    with act():
        hazard = assigned(world)
        for due_on, reason in ((soon(9), " "), (soon(-1), "没货"), (hazard.due_on, "没货")):
            with pytest.raises(ValidationError):
                HAZARDS.move(hazard, "postpone", world.hal, due_on=due_on, reason=reason)
        Hazard.objects.filter(pk=hazard.pk).update(level=2)
        moved = HAZARDS.move(hazard, "postpone", world.hal, due_on=soon(9), reason="等门到货")
        major = HAZARDS.move(moved, "regrade", world.hal, grade="major", due_on=soon(1), reason="有人绊倒")

    assert (moved.due_on, moved.level) == (soon(9), 0)
    assert (major.grade, major.due_on) == ("major", soon(1))


@pytest.mark.django_db
def test_deadline_is_ahead_of_the_moment_the_step_was_taken(world, act):
    then = timezone.now() - timedelta(days=9)
    with act():
        made = report(world, at=then - timedelta(hours=1))
        given = {"responsible": world.tom, "due_on": soon(-5)}
        with pytest.raises(ValidationError):
            HAZARDS.move(made, "assign", world.hal, **given)
        made = HAZARDS.move(made, "assign", world.hal, at=then, **given)
        assert made.due_on == soon(-5)
        assert Event.objects.get(subject_id=made.pk, verb="assign").data["due_on"] == soon(-5).isoformat()


@pytest.mark.django_db
def test_responsible_must_be_able_to_rectify_here(world, act):
    with act():
        hazard = report(world)
        for person in (world.rita, world.tom_b):
            with pytest.raises(ValidationError):
                HAZARDS.move(hazard, "assign", world.hal, responsible=person, due_on=soon())


@pytest.mark.django_db
def test_others_may_not(world, act):
    with act():
        hazard = assigned(world)
        for name, step, facts in (
            ("rita", "void", {"reason": "x"}),
            ("tom", "postpone", {"due_on": soon(9), "reason": "x"}),
            ("kim", "rectify", {"measures": "x", "photos": [photo()]}),
            ("hal_b", "void", {"reason": "x"}),
        ):
            with pytest.raises(PermissionDenied):
                HAZARDS.move(hazard, step, getattr(world, name), **facts)
        with pytest.raises(PermissionDenied):
            report(world, actor=world.rita_b)


@pytest.mark.django_db
def test_who_hears(world, act):
    with act():
        report(world)
        assert heard("reported") == {"Hal"}
        report(world, grade="major", title="电线裸露")
        assert heard("reported") == {"Hal", "Max"}
        rectified(world)
        assert heard("assign") == {"Tom"}  # Rita may not open what lies outside her ward
        hazard = rectified(world, unit=world.a.ward)
        assert heard("assign") == {"Rita", "Tom"}
        assert heard("rectify") == {"Hal"}
        HAZARDS.move(hazard, "verify", world.max)
        assert heard("verify") == {"Rita", "Tom"}


@pytest.mark.django_db
def test_finished_work_order_asks_for_the_rectification(installed, act):
    world = installed
    with act():
        hazard = assigned(world)
        order = domain.open_order(world.dan, hazard, service=Service.objects.get(
            hospital=world.a.hospital, key="maintenance.joinery"))  # fmt: skip
        with pytest.raises(ValidationError):
            domain.open_order(world.dan, hazard, service=order.service)
        ORDERS.move(order, "dispatch", world.dan, team=world.a.team, assignee=world.tom)
        for step, facts in (
            ("accept", {}),
            ("arrive", {}),
            ("finish", {"musts": order.service.musts, "remedy": "换锁"}),
        ):
            order = ORDERS.move(order, step, world.tom, **facts)
        done = Event.objects.get(subject="hazards.hazard", subject_id=hazard.pk, verb="order_done")
        hazard.refresh_from_db()

    assert hazard.order_id == order.pk
    assert hazard.state == "assigned"  # it proposes; a person enters it, with a photo
    assert done.data["number"] == order.number


@pytest.mark.django_db
def test_wrong_facts_are_refused_by_field(world, act):
    with act():
        Place.objects.filter(pk=world.a.other_room.pk).update(closed_on=timezone.localdate())
        wrong = {
            "title": {"title": " "},
            "department": {"department": "laundry"},
            "grade": {"grade": "huge"},
            "source": {"source": "rumour"},
            "unit": {"unit": world.b.ward},
            "place": {"place": Place.objects.select_related("hospital").get(pk=world.a.other_room.pk)},
        }
        for field, facts in wrong.items():
            with pytest.raises(ValidationError) as refused:
                report(world, **facts)
            assert set(refused.value.message_dict) == {field}
