"""The shift handover: what stands on it, the record, who confirms it, and who sees it."""

import functools
import operator
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import domain as people
from tenancy.models import Membership
from tests.factories.workorders import order, service
from workorders import handovers
from workorders.machine import ORDERS
from workorders.models import Handover

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 18, 0, tzinfo=SHANGHAI)


def row(pk, due, urgency="normal", state="dispatched", runs_on=False):
    return SimpleNamespace(
        pk=pk, due_at=NOW + timedelta(hours=due), urgency=urgency, state=state, clock_runs_on=runs_on
    )


def test_each_open_order_stands_in_one_section_the_urgent_first():
    rows = [
        row(1, -1), row(2, -5), row(3, 1, "urgent"), row(4, 12), row(5, 0.5), row(6, 13), row(7, 20, "critical"),
        row(8, -3, state="waiting"), row(9, -3, state="waiting", runs_on=True), row(10, 2, state="waiting"),
    ]  # fmt: skip

    found = {key: [one.pk for one in orders] for key, orders in handovers.sections(rows, NOW).items()}

    assert found == {"overdue": [2, 9, 1], "promised": [3, 5, 4], "waiting": [8, 10], "open": [7, 6]}


@pytest.mark.django_db
def test_sheet_shows_open_waiting_promised_and_the_last_shifts_emergencies(world, act, browse):
    now = timezone.now()
    with act():
        late = order(world, title="late", at=now - timedelta(days=30))
        held = order(world, "arrive", title="held")
        ORDERS.move(held, "wait", world.tom, waiting_reason="material")
        fire = order(world, "finish", title="fire", urgency="critical")
        old = order(world, "finish", title="old fire", urgency="critical", at=now - timedelta(hours=13))
    dan = browse(world.dan)

    answer = dan.get("/desk/handover/")

    sections = answer.context["sheet"].sections
    assert sections["overdue"] == [late]
    assert sections["waiting"] == [held]
    assert sections["emergencies"] == [fire] and old not in sections["emergencies"]
    assert "待料" in answer.content.decode()


@pytest.mark.django_db
def test_who_is_there_now_and_next_is_named(world, act):
    at = datetime.combine(timezone.localdate() + timedelta(days=1), time(10), SHANGHAI)
    with act():
        Membership.objects.filter(hospital=world.a.hospital).update(starts_on=date(2026, 1, 1))
        tom, lea = (Membership.objects.get(user=user, hospital=world.a.hospital) for user in (world.tom, world.lea))
        dan = Membership.objects.get(user=world.dan, hospital=world.a.hospital)
        early = people.add_shift(world.lea, world.a.team, name="早班", starts=time(7), ends=time(15))
        late = people.add_shift(world.lea, world.a.team, name="晚班", starts=time(15), ends=time(22))
        people.set_day(world.lea, tom, at.date(), early)
        people.set_day(world.lea, lea, at.date(), late)
        people.set_duty(
            world.ada,
            hospital=world.a.hospital,
            line="officer",
            member=dan,
            day=at.date(),
            starts=time(14),
            ends=time(8),
        )

        sheet = handovers.sheet(world.dan, world.a.id, "", at)

    assert sheet.now.words == ["Tom (早班)"]
    assert sheet.next.at == at + timedelta(hours=5)
    assert [one.name for one in sheet.next.on_duty] == ["Lea"]
    assert [(one.name, one.line) for one in sheet.next.called] == [("Dan", "officer")]


@pytest.mark.django_db
def test_outgoing_writes_incoming_confirms_and_the_record_keeps_both(world, act, browse):
    with act():
        made = order(world, "dispatch")
    dan, maxim = browse(world.dan), browse(world.max)

    answer = dan.post("/desk/handover/?department=maintenance", {"remarks": "泵房钥匙在柜里", "form_key": "k"})
    dan.post("/desk/handover/?department=maintenance", {"remarks": "泵房钥匙在柜里", "form_key": "k"})

    with act():
        kept = Handover.objects.get()
    assert answer.url == f"/desk/handover/{kept.pk}/"
    assert (kept.department, kept.given_by, kept.given_name, kept.taken_at) == ("maintenance", world.dan, "Dan", None)
    assert functools.reduce(operator.iadd, kept.orders.values(), []) == [made.pk]
    assert "/take/" not in dan.get(answer.url).content.decode()
    assert "/take/" in maxim.get(answer.url).content.decode()

    maxim.post(f"{answer.url}take/")

    with act():
        kept.refresh_from_db()
    assert (kept.taken_by, kept.taken_name) == (world.max, "Max")
    page = dan.get("/desk/handover/past/").content.decode()
    assert "Dan → Max" in page and "泵房钥匙在柜里" in page


@pytest.mark.django_db
def test_nobody_takes_over_from_themselves_or_after_another(world, act):
    with act():
        made = handovers.hand_over(world.dan, world.a.hospital, "", "")
        with pytest.raises(ValidationError):
            handovers.take_over(made, world.dan)
        handovers.take_over(made, world.max)
        with pytest.raises(ValidationError, match="Max"):
            handovers.take_over(made, world.ada)

        assert Handover.objects.get().taken_by == world.max


@pytest.mark.django_db
def test_head_hands_over_the_own_department_only_and_a_leader_nothing(world, act, browse):
    with act():
        with pytest.raises(PermissionDenied):
            handovers.hand_over(world.hal, world.a.hospital, "", "")
        with pytest.raises(PermissionDenied):
            handovers.hand_over(world.hal, world.a.hospital, "cleaning", "")
        whole = handovers.hand_over(world.dan, world.a.hospital, "", "secret")
        own = handovers.hand_over(world.hal, world.a.hospital, "maintenance", "")

    hal, lea = browse(world.hal), browse(world.lea)
    assert hal.get("/desk/handover/").context["department"] == "maintenance"
    assert hal.get(f"/desk/handover/{own.pk}/").status_code == 200
    assert hal.get(f"/desk/handover/{whole.pk}/").status_code == 404
    assert "sheet" not in lea.get("/desk/handover/").context
    assert lea.post("/desk/handover/", {}).status_code == 403
    assert browse(world.tom).get("/desk/handover/").status_code == 403
    assert browse(world.dan_b).get(f"/desk/handover/{whole.pk}/").status_code == 404
    assert browse(world.dan_b).post(f"/desk/handover/{whole.pk}/take/").status_code == 404


@pytest.mark.django_db
def test_too_long_remarks_are_kept_and_told(world, act, browse):
    answer = browse(world.dan).post("/desk/handover/", {"remarks": "长" * 2001})

    assert answer.status_code == 422
    assert "长" * 2001 in answer.content.decode()
    with act():
        assert not Handover.objects.exists()


@pytest.mark.django_db
def test_handover_costs_the_same_for_any_number_of_orders_and_people(world, act, browse):
    dan, counts, skipped = browse(world.dan), [], ("SAVEPOINT", "RELEASE", "SELECT set_config")
    for n in range(2):
        with act():
            for _ in range(2):
                order(world, "dispatch", service=service(world))
                order(world, urgency="critical")
            if n:
                people_of = Membership.objects.filter(user__in=[world.dan, world.hal], hospital=world.a.hospital)
                people_of.update(team=world.a.team)
        dan.get("/desk/handover/")
        with CaptureQueriesContext(connection) as seen:
            dan.get("/desk/handover/")
        counts.append([q["sql"] for q in seen if not q["sql"].startswith(skipped)])

    assert len(counts[0]) == len(counts[1]) <= 10, "\n".join(counts[1])


@pytest.mark.django_db
def test_record_and_history_cost_few_statements(world, act, browse):
    with act():
        order(world, "dispatch")
        order(world)
        made = handovers.hand_over(world.dan, world.a.hospital, "", "")
        handovers.hand_over(world.dan, world.a.hospital, "", "")
    dan, skipped = browse(world.dan), ("SAVEPOINT", "RELEASE", "SELECT set_config")
    for url in (f"/desk/handover/{made.pk}/", "/desk/handover/past/"):
        dan.get(url)
        with CaptureQueriesContext(connection) as seen:
            dan.get(url)
        assert len([q for q in seen if not q["sql"].startswith(skipped)]) <= 5
