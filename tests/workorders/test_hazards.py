"""What goes wrong in a hospital's day: taps that cross, people who left, firms that went, services that closed."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assets.domain import add_asset, add_kind
from maintenance.history import repairs
from notices.models import Notice
from tenancy import domain as organisation
from tenancy.models import Engagement, Hospital, Membership
from tests.factories import orders as rows
from tests.factories.workorders import order, service
from workorders import catalogue, domain
from workorders.forms import TransferForm
from workorders.machine import ORDERS
from workorders.models import Line, WorkOrder
from workorders.states import CLOSED, DISPATCHED, DONE

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


@pytest.fixture
def site(world, act):
    """The cast, inside the scope of all hospitals."""
    with act():
        yield world


# Money


def test_line_taken_out_by_two_taps_is_subtracted_once(site):
    made = order(site, "arrive")
    kept = domain.add_line(made, site.tom, kind="part", text="阀门", price=Decimal("80"), minutes=5)
    gone = domain.add_line(made, site.tom, kind="part", text="垫圈", price=Decimal("30"), minutes=5)
    first, second = (Line.objects.select_related("order").get(pk=gone.pk) for _ in range(2))

    domain.remove_line(first, site.tom)
    domain.remove_line(second, site.tom)

    made.refresh_from_db()
    assert (made.cost, made.minutes) == (kept.amount, 5)


def test_half_a_cent_is_rounded_up_as_bookkeepers_do(site):
    line = domain.add_line(
        order(site, "arrive"), site.tom, kind="part", text="线", quantity=Decimal("0.5"), price=Decimal("0.25")
    )
    assert line.amount == Decimal("0.13")


def test_cost_beyond_all_measure_is_refused_in_words(site):
    made = order(site, "arrive")
    most = {"kind": "part", "text": "金", "price": Decimal("9999999999.99")}
    domain.add_line(made, site.tom, **most)

    with pytest.raises(ValidationError) as refused:
        domain.add_line(made, site.tom, **most)

    assert "price" in refused.value.message_dict
    assert made.lines.count() == 1


# Taking back


def test_undo_is_too_late_when_a_helper_was_written_down_meanwhile(site):
    made = order(site, "finish")
    domain.add_line(made, site.tom, kind="labour", text="小李", minutes=15)

    with pytest.raises(ValidationError):
        ORDERS.undo(made, site.tom)

    made.refresh_from_db()
    assert (made.state, made.minutes) == (DONE, 35)


def test_undo_is_too_late_when_the_urgency_was_changed_meanwhile(site):
    made = order(site, "arrive")
    made = ORDERS.move(made, "wait", site.tom, waiting_reason="material")
    made = ORDERS.move(made, "resume", site.tom)
    edited = domain.edit_order(made, site.dan, urgency="critical")

    with pytest.raises(ValidationError):
        ORDERS.undo(made, site.tom)

    made.refresh_from_db()
    assert made.due_at == edited.due_at


def test_remark_does_not_stand_in_the_way_of_an_undo(site):
    made = order(site, "arrive")
    domain.comment(made, site.rita, "快一点")

    assert ORDERS.undo(made, site.tom).state == "accepted"


def test_who_waited_before_going_there_has_arrived_when_it_goes_on(site):
    made = ORDERS.move(order(site, "accept"), "wait", site.tom, waiting_reason="material")

    assert ORDERS.move(made, "resume", site.tom).arrived_at is not None


# Rework


def test_rework_of_a_technician_who_left_goes_to_the_team(site):
    made = order(site, "finish")
    Membership.objects.filter(user=site.tom).update(
        starts_on=timezone.localdate() - 2 * YESTERDAY, ends_on=timezone.localdate() - YESTERDAY
    )

    back = ORDERS.move(made, "reopen", site.rita, reason="还在滴")

    assert (back.state, back.team, back.assignee) == (DISPATCHED, site.a.team, None)


def test_rework_goes_to_the_team_that_the_old_one_went_into(site):
    made = order(site, "close")
    organisation.merge_teams(site.setup, site.a.team, into=site.a.other_team)

    assert ORDERS.move(made, "reopen", site.dan, reason="还在滴").team == site.a.other_team


def test_rework_of_an_imported_order_goes_to_the_usual_team_or_is_refused(site):
    water = service(site)
    old = rows.order(site.a.hospital, water, site.a.room, CLOSED, channel="import")
    with pytest.raises(ValidationError):
        ORDERS.move(old, "reopen", site.dan, reason="还在滴")

    water.team = site.a.team
    water.save()

    assert ORDERS.move(old, "reopen", site.dan, reason="还在滴").team == site.a.team


# Safety work


def test_safety_service_is_not_merged_into_one_that_closes_unsigned(site):
    water, other = service(site), service(site, "maintenance.power")
    type(water).objects.filter(pk=water.pk).update(is_safety=True)
    type(other).objects.filter(pk=other.pk).update(is_safety=False)
    made = order(site, "finish")
    water.refresh_from_db()
    other.refresh_from_db()

    with pytest.raises(ValidationError):
        catalogue.merge_services(water, other, site.hal)

    later = timezone.now() + timedelta(days=30)
    domain.close_what_nobody_signed(Hospital.objects.get(pk=site.a.id), later)
    made.refresh_from_db()
    assert made.state == DONE


def test_nobody_is_reminded_to_sign_what_needs_no_signature(site):
    water = service(site)
    type(water).objects.filter(pk=water.pk).update(needs_signature=False)
    made = order(site, "finish")

    domain.close_what_nobody_signed(site.a.hospital, timezone.now() + timedelta(hours=40))

    made.refresh_from_db()
    assert made.reminded_at is None


# Services and modules


def test_order_of_a_service_that_is_offered_no_more_can_be_corrected(site):
    made = order(site)
    type(made.service).objects.filter(pk=made.service_id).update(active=False)

    assert domain.edit_order(made, site.dan, title="水管漏水", place=site.a.room).title == "水管漏水"


def test_order_is_not_moved_to_a_place_of_another_hospital(site):
    with pytest.raises(ValidationError) as refused:
        domain.edit_order(order(site), site.dan, place=site.b.room)
    assert set(refused.value.message_dict) == {"place"}


def test_switched_off_department_gets_no_work(site):
    made, cleaning = order(site), service(site, "cleaning.on_call")
    hospital = Hospital.objects.get(pk=site.a.id)
    hospital.modules = ["maintenance"]
    hospital.save()
    site.a.room.refresh_from_db()
    made = WorkOrder.objects.get(pk=made.pk)

    with pytest.raises(ValidationError):
        ORDERS.move(made, "transfer", site.dan, service=cleaning, reason="保洁")
    with pytest.raises(ValidationError):
        domain.open_order(site.rita, place=site.a.room, service=cleaning)
    assert cleaning not in TransferForm(actor=site.dan, obj=made).fields["service"].queryset


# Firms


def end_engagement(site):
    Engagement.objects.filter(hospital=site.a.hospital).update(
        starts_on=timezone.localdate() - 2 * YESTERDAY, ends_on=timezone.localdate() - YESTERDAY
    )


def test_firm_whose_engagement_ended_gets_no_work(site):
    made = order(site, service=service(site, "cleaning.on_call"))
    end_engagement(site)

    with pytest.raises(ValidationError):
        ORDERS.move(made, "dispatch", site.dan, team=site.a.cleaners)
    with pytest.raises(PermissionDenied):
        ORDERS.move(made, "dispatch", site.cleo, team=site.a.cleaners)


def test_firm_sees_nothing_of_other_work_beside_its_own(world, act, browse):
    with act():
        order(world, title="配电箱冒火花")
        ours = order(world, service=service(world, "cleaning.on_call"))
        ORDERS.move(ours, "dispatch", world.dan, team=world.a.cleaners)

    shown = browse(world.cleo).get(f"/desk/{ours.pk}/")

    assert shown.status_code == 200
    assert "配电箱冒火花" not in shown.content.decode()


# Who hears, who sees


def test_who_has_the_same_trouble_hears_how_far_it_is_but_no_remarks(site):
    made = order(site, "dispatch")
    domain.join(made, site.max)
    Notice.objects.all().delete()

    domain.comment(made, site.dan, "家属投诉，勿外传")
    ORDERS.move(made, "accept", site.tom)

    told = list(Notice.objects.filter(user=site.max).values_list("verb", flat=True))
    assert told == ["accept"]


def test_key_of_somebody_elses_report_opens_nothing(site):
    key = uuid4()
    theirs = order(site, form_key=key)

    with pytest.raises(ValidationError) as refused:
        domain.open_order(site.dan, place=site.a.room, service=theirs.service, form_key=key)

    assert "form_key" in refused.value.message_dict
    assert order(site, form_key=key).pk == theirs.pk


def test_repairs_cost_only_what_the_reader_may_see(site):
    """Lea sees what her team's work cost; of the ward's other order she only sees that there was one."""
    kind = add_kind(site.ada, consortium=site.consortium, name="泵", family="building")
    pump = add_asset(site.ada, kind=kind, place=site.a.room, code="P-1", name="水泵")
    mine = rows.order(site.a.hospital, service(site), site.a.room, asset=pump, team=site.a.team, cost=Decimal(100))
    rows.order(site.a.hospital, service(site), site.a.room, asset=pump, unit=site.a.ward, cost=Decimal(900))
    organisation.grant(
        site.setup,
        user=site.lea,
        role=site.rita.grants.get(role__key="requester").role,
        hospital=site.a.hospital,
        unit=site.a.ward,
    )

    shown = repairs(site.lea, pump)

    assert (shown["total"], shown["cost"]) == (2, Decimal(100))
    assert {row["pk"]: row["cost"] for row in shown["latest"]}[mine.pk] == Decimal(100)
    assert sorted(str(row["cost"]) for row in shown["latest"]) == ["100.00", "None"]
