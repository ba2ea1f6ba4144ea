"""Machine-days: states as spans, faults and legal duties at 24:00, of the past as it was."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assets import domain, duties
from assets.machine import ASSETS
from assets.models import AssetDuty, AssetState, Downtime, DutyTerm
from kpi import evidence, measure, registry
from kpi.days import midnight
from kpi.models import DirtyDay, Measurement
from kpi.queries import Reader, stand_of
from tenancy import domain as tenancy
from tenancy.scope import scope, scope_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEY = "assets.intact_days"


def ago(days, hour=12):
    """A moment so many days ago, at this hour at the hospital."""
    return midnight(timezone.localdate() - days * DAY) + timedelta(hours=hour)


def stood(asset, *spans):
    """The asset's whole history: (state, days ago, place), the last one open."""
    AssetState.objects.filter(asset=asset).delete()
    for (state, begins, place), after in zip(spans, [*spans[1:], None], strict=True):
        AssetState.objects.create(
            hospital_id=asset.hospital_id, asset=asset, state=state, department=asset.department, place=place,
            custodian=asset.custodian, began_at=ago(begins), ended_at=ago(after[1]) if after else None,
        )  # fmt: skip


def counted(first, last, **narrow):
    """{day: (numerator, denominator)} over all of the hospitals in scope."""
    rows = registry.get(KEY).rows(midnight(first), midnight(last + DAY), ()).filter(**narrow)
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        names = [column.name for column in cursor.description]
        found = {}
        for row in (dict(zip(names, values, strict=True)) for values in cursor.fetchall()):
            above, below = found.get(row["day"], (0, 0))
            found[row["day"]] = (above + row["numerator"], below + row["denominator"])
    return found


def day(number):
    return timezone.localdate() - number * DAY


@pytest.fixture
def laid(register):
    """The register with its history emptied."""
    with scope([register.a.id, register.b.id]):
        AssetState.objects.all().delete()
        DirtyDay.objects.all().delete()
    return register


@pytest.fixture
def here(laid):
    """The scope of both hospitals is open."""
    with scope([laid.a.id, laid.b.id]):
        yield laid


def test_state_is_kept_from_being_entered_through_every_step(register):
    with scope_of(register.max):
        pump = ASSETS.move(register.pump, "break_down", register.max)
        pump = ASSETS.move(pump, "restore", register.max)
        ASSETS.move(pump, "seal", register.max, reason="Not needed")
        found = list(AssetState.objects.filter(asset=pump).order_by("began_at"))

        assert [span.state for span in found] == ["in_use", "broken", "in_use", "sealed"]
        assert [span.ended_at for span in found[:-1]] == [span.began_at for span in found[1:]]
        assert found[-1].ended_at is None
        fault = Downtime.objects.get(asset=pump)
        assert (fault.began_at, fault.ended_at) == (found[1].began_at, found[1].ended_at)


def test_step_that_is_entered_later_counts_from_when_it_was_made(here):
    stood(here.pump, ("in_use", 9, here.a.room))

    ASSETS.move(here.pump, "break_down", here.max, at=ago(4))

    assert [(s.state, s.began_at) for s in AssetState.objects.filter(asset=here.pump).order_by("began_at")] == [
        ("in_use", ago(9)),
        ("broken", ago(4)),
    ]
    assert counted(day(5), day(3), hospital_id=here.a.id) == {day(5): (1, 1), day(4): (0, 1), day(3): (0, 1)}


def test_moved_edited_and_merged_assets_begin_another_span(register):
    with scope_of(register.max):
        domain.edit_asset(register.max, register.pump, place=register.a.other_room)
        domain.edit_asset(register.max, register.pump, name="Another name")
    with scope([register.a.id]):
        tenancy.merge_units(register.setup, register.a.ward, into=register.a.other_ward)
        found = AssetState.objects.filter(asset=register.pump).order_by("began_at")
        places = [register.a.room.pk, register.a.other_room.pk, register.a.other_room.pk]
        keepers = [register.a.ward.pk, register.a.ward.pk, register.a.other_ward.pk]
        assert [(s.place_id, s.custodian_id) for s in found] == list(zip(places, keepers, strict=True))


def test_spans_never_overlap_and_one_is_open(here):
    stood(here.pump, ("in_use", 9, here.a.room), ("sealed", 5, here.a.room))
    facts = {"hospital_id": here.a.id, "asset": here.pump, "state": "in_use", "department": "x", "place": here.a.room}

    for began, ended in ((ago(6), ago(4)), (ago(20), None), (ago(9), ago(8)), (ago(3), ago(2)), (ago(20), ago(20))):
        with pytest.raises(IntegrityError), transaction.atomic():
            AssetState.objects.create(began_at=began, ended_at=ended, **facts)
    AssetState.objects.create(began_at=ago(20), ended_at=ago(9), **facts)


def test_day_is_judged_at_its_end(here):
    """Over midnight a fault counts, within a day it does not; exactly at midnight it is over for the day before."""
    stood(here.pump, ("in_use", 30, here.a.room))
    stood(here.lift, ("standby", 30, here.a.building))
    facts = {"hospital_id": here.a.id, "asset": here.pump}
    Downtime.objects.create(began_at=ago(10, 8), ended_at=ago(10, 23), **facts)
    Downtime.objects.create(began_at=ago(8, 23), ended_at=ago(7, 1), **facts)
    Downtime.objects.create(began_at=ago(6, 0), ended_at=ago(5, 0), **facts)
    Downtime.objects.create(began_at=ago(3, 8), ended_at=ago(1, 8), planned=True, **facts)

    found = counted(day(11), day(1))

    assert {on for on, pair in found.items() if pair[0] < pair[1]} == {day(8), day(6)}
    assert set(found.values()) == {(2, 2), (1, 2)}


def test_sealed_and_condemned_days_are_not_registered(here):
    stood(
        here.pump,
        ("in_use", 9, here.a.room),
        ("sealed", 6, here.a.room),
        ("broken", 4, here.a.room),
        ("condemned", 2, here.a.room),
    )

    assert counted(day(10), day(0)) == {
        day(9): (1, 1), day(8): (1, 1), day(7): (1, 1), day(4): (0, 1), day(3): (0, 1),
    }  # fmt: skip


def test_duty_that_ran_out_keeps_it_from_being_intact_until_it_is_renewed(here):
    stood(here.pump, ("in_use", 400, here.a.room))
    duty = duties.enter(here.ada, here.pump, kind="periodic", done_on=day(300), due_on=day(20), document="T-1")
    duties.enter(here.ada, here.pump, kind="gauge", done_on=day(10), due_on=day(-300))
    duties.enter(here.ada, here.pump, kind="periodic", duty=duty, done_on=day(16), due_on=day(-349), document="T-2")

    found = counted(day(25), day(0))

    assert {on for on, pair in found.items() if pair == (0, 1)} == {day(19), day(18), day(17)}
    assert list(DutyTerm.objects.filter(duty=duty).order_by("valid_from").values_list("valid_until", "document")) == [
        (day(20), "T-1"),
        (day(-349), "T-2"),
    ]


@pytest.mark.parametrize(
    ("again", "terms"),
    [
        ({"due_on": day(-20)}, [(day(300), day(-20))]),  # the last day was misread
        ({"done_on": day(290)}, [(day(290), day(30))]),  # the day it was done was misread
        ({"applied_on": day(40)}, [(day(300), day(30))]),
        ({"document": "T-9"}, [(day(300), day(30))]),
        ({"done_on": day(5), "due_on": day(-360)}, [(day(300), day(30)), (day(5), day(-360))]),
        ({"done_on": None, "due_on": day(-60)}, [(day(300), day(30)), (day(0), day(-60))]),
    ],
)
def test_correcting_a_duty_puts_its_term_right_and_renewing_adds_one(here, again, terms):
    facts = {"done_on": day(300), "due_on": day(30), "document": "T-1"}
    duty = duties.enter(here.ada, here.pump, kind="periodic", **facts)

    duties.enter(here.ada, here.pump, kind="periodic", duty=AssetDuty.objects.get(), **{**facts, **again})

    assert list(duty.terms.order_by("valid_from").values_list("valid_from", "valid_until")) == terms


def test_each_day_counts_where_the_asset_stood_then(here):
    stood(here.pump, ("in_use", 9, here.a.room), ("broken", 5, here.a.other_room), ("in_use", 3, here.a.other_room))
    measure.measure(here.a.id, day(12), day(0))

    days = [(number, here.a.room.pk, 1, 1) for number in (9, 8, 7, 6)]
    days += [(number, here.a.other_room.pk, int(number < 4), 1) for number in (5, 4, 3, 2, 1)]
    assert parts("place") == by_month(days)
    assert parts("unit") == by_month([(number, here.a.ward.pk, good, one) for number, _place, good, one in days])
    whole = Measurement.objects.filter(kpi=KEY, kind="").order_by("day").values_list("day", "numerator", "denominator")
    assert list(whole) == [(day(number), good, one) for number, _place, good, one in days]


def parts(kind):
    rows = Measurement.objects.filter(kpi=KEY, kind=kind)
    return {(row.day, row.ref): (row.numerator, row.denominator) for row in rows}


def by_month(days):
    found = {}
    for number, ref, good, one in days:
        key = (day(number).replace(day=1), ref)
        above, below = found.get(key, (0, 0))
        found[key] = (above + good, below + one)
    return found


def test_parts_are_kept_by_month_and_put_right_when_a_day_in_the_middle_changes(here):
    stood(here.pump, ("in_use", 90, here.a.room))
    measure.measure(here.a.id, day(80), day(0))
    DirtyDay.objects.all().delete()
    assert parts("place") == by_month([(n, here.a.room.pk, 1, 1) for n in range(reach(80), 0, -1)])

    Downtime.objects.create(hospital_id=here.a.id, asset=here.pump, began_at=ago(45, 23), ended_at=ago(43, 1))
    while measure.measure_next(here.a.id):
        pass

    good = {n: 0 if n in (45, 44) else 1 for n in range(reach(80), 0, -1)}
    assert parts("place") == by_month([(n, here.a.room.pk, one, 1) for n, one in good.items()])
    assert measure.measure(here.a.id, day(80), day(0)) == 0


def reach(number):
    """So many days ago its month began."""
    return (timezone.localdate() - day(number).replace(day=1)).days


def test_hospitals_are_counted_apart_and_without_equipment_there_is_no_rate(here):
    stood(here.pump, ("in_use", 9, here.a.room))
    stood(here.pump_b, ("broken", 9, here.b.room))

    assert counted(day(2), day(1), hospital_id=here.a.id) == {day(2): (1, 1), day(1): (1, 1)}
    assert counted(day(2), day(1), hospital_id__in=[here.b.id]) == {day(2): (0, 1), day(1): (0, 1)}
    assert counted(day(20), day(15)) == {}
    assert registry.get(KEY).value(None, None) is None


def test_today_is_read_live_and_a_time_without_equipment_has_no_rate(laid):
    with scope([laid.a.id, laid.b.id]):
        stood(laid.pump, ("in_use", 9, laid.a.room))
    with scope_of(laid.max):
        reader = Reader(laid.max, stand_of(laid.max), [registry.get(KEY)])
        assert reader.sums([KEY], day(20), day(15)) == {}
        assert reader.sums([KEY], day(0), day(-1)) == {(KEY,): (1, 1)}


def sums(key, first, last):
    rows = registry.get(key).rows(midnight(first), midnight(last + DAY), ())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT day, sum(numerator), sum(denominator) FROM ({rows.sql}) s GROUP BY day", rows.params)
        return {on: (above, below) for on, above, below in cursor.fetchall()}


def test_legal_inspections_are_counted_at_the_end_of_the_month_and_today(here):
    """Of the running month today; a machine that is sealed owes nothing."""
    last = timezone.localdate().replace(day=1) - DAY
    back = (timezone.localdate() - last).days
    room = here.a.room
    stood(here.pump, ("in_use", 400, room))
    stood(here.lift, ("in_use", 400, room), ("sealed", back + 3, room), ("standby", back - 1, room))
    duties.enter(here.ada, here.pump, kind="periodic", done_on=day(390), due_on=last - DAY)
    duties.enter(here.ada, here.pump, kind="gauge", done_on=day(390), due_on=last)
    duties.enter(here.ada, here.lift, kind="gauge", done_on=day(390), due_on=day(0))

    found = sums("assets.statutory", last - 20 * DAY, day(0))

    assert found == {last: (1, 2), day(0): (1, 3)}
    assert sums("assets.statutory", last - 20 * DAY, last - DAY) == {}


def test_hours_in_use_between_failures(here):
    """Stand-by and repair are no use; of today, which is not over, nothing counts; planned downtime is no failure."""
    room = here.a.room
    stood(here.pump, ("in_use", 5, room), ("broken", 3, room), ("in_use", 2, room), ("standby", 1, room))
    facts = {"hospital_id": here.a.id, "asset": here.pump}
    Downtime.objects.create(began_at=ago(3), ended_at=ago(2), **facts)
    Downtime.objects.create(began_at=ago(1), ended_at=ago(1, 13), planned=True, **facts)
    Downtime.objects.create(began_at=ago(9), ended_at=ago(8), **facts)  # before its history begins

    hour = 3600
    assert sums("assets.time_between_failures", day(10), day(0)) == {
        day(5): (12 * hour, 0), day(4): (24 * hour, 0), day(3): (12 * hour, 1), day(2): (12 * hour, 0), day(1): (12 * hour, 0),
    }  # fmt: skip
    assert registry.get("assets.time_between_failures").value(72 * hour, 0) is None


def marked():
    found = {timezone.localdate(moment) for moment in DirtyDay.objects.values_list("moment", flat=True)}
    DirtyDay.objects.all().delete()
    return found


def test_every_day_a_change_reaches_is_marked(here):
    stood(here.pump, ("in_use", 30, here.a.room))
    assert {day(n) for n in range(31)} <= marked()

    fault = Downtime.objects.create(hospital_id=here.a.id, asset=here.pump, began_at=ago(9, 23))
    assert {day(n) for n in range(10)} <= (found := marked()) and day(12) not in found
    fault.ended_at = ago(3, 1)
    fault.save()
    assert {day(n) for n in range(4)} <= (found := marked()) and day(6) not in found
    fault.began_at = ago(15, 0)
    fault.save()
    assert {day(n) for n in range(4, 16)} <= marked()

    AssetState.objects.filter(asset=here.pump).update(place=here.a.other_room)
    assert {day(n) for n in range(31)} <= marked()
    duties.enter(here.ada, here.lift, kind="gauge", done_on=day(40), due_on=day(20))
    assert {day(n) for n in range(20)} <= marked()


def test_fault_of_several_days_alters_each_of_them_when_it_is_entered(here):
    stood(here.pump, ("in_use", 30, here.a.room))
    measure.measure(here.a.id, day(31), day(0))
    DirtyDay.objects.all().delete()

    Downtime.objects.create(hospital_id=here.a.id, asset=here.pump, began_at=ago(9, 23), ended_at=ago(6, 1))
    while measure.measure_next(here.a.id):
        pass

    short = Measurement.objects.filter(kpi=KEY, kind="", numerator=0)
    assert set(short.values_list("day", flat=True)) == {day(9), day(8), day(7)}


def test_evidence_names_every_asset_with_its_days(here):
    stood(here.pump, ("in_use", 9, here.a.room), ("broken", 5, here.a.room))
    stood(here.lift, ("in_use", 7, here.a.building))

    subject, sql, params = evidence.statement(registry.get(KEY), here.a.id, midnight(day(8)), midnight(day(0)))

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert subject == "assets.asset"
        assert sorted(cursor.fetchall()) == sorted([(here.pump.pk, 3, 8), (here.lift.pk, 7, 7)])


def test_figure_leads_to_what_was_not_intact(laid, client):
    with scope([laid.a.id]):
        stood(laid.pump, ("in_use", 40, laid.a.room), ("broken", 35, laid.a.room), ("in_use", 33, laid.a.other_room))
        stood(laid.lift, ("in_use", 40, laid.a.building))
        measure.measure(laid.a.id, day(41), day(0))
    month = day(34).replace(day=1)
    client.force_login(laid.max)

    page = client.get(reverse("kpi:figure", args=[KEY]), {"period": f"{month:%Y-%m}", "by": "place"})
    card = page.context["board"].main
    assert card.value_url and card.value_url in page.content.decode().replace("&amp;", "&")
    found = client.get(card.value_url)

    assert laid.pump.name in found.content.decode() and laid.lift.name not in found.content.decode()
    assert (
        laid.pump.name
        not in client.get(
            card.value_url.replace(f"first={month}", f"first={day(20)}").replace(
                f"last={card.figure.last}", f"last={day(10)}"
            )
        ).content.decode()
    )
    for asked, there in (("by=place&ref=" + str(laid.a.room.pk), True), ("by=place&ref=" + str(laid.a.other_room.pk), False),
                         (f"by=place&ref={laid.a.building.path}", True), ("by=unit&ref=-", False),
                         ("by=department&ref=maintenance", True), ("by=department&ref=security", False)):  # fmt: skip
        assert (laid.pump.name in client.get(f"{card.value_url}&{asked}").content.decode()) is there, asked


def test_list_behind_shows_only_what_one_may_see(laid, client):
    with scope([laid.a.id, laid.b.id]):
        stood(laid.pump, ("broken", 9, laid.a.room))
        stood(laid.pump_b, ("broken", 9, laid.b.room))
    url = f"{reverse('assets:asset_list')}?figure={KEY}&part=short&first={day(5)}&last={day(1)}&at={laid.a.id},{laid.b.id}"
    client.force_login(laid.max)

    page = client.get(url).content.decode()

    assert laid.pump.name in page and laid.pump_b.name not in page
    for broken in ("at=x", "first=", "by=unit&ref=x", "by=nothing&ref=1"):
        assert client.get(f"{url}&{broken}").status_code == 200


@pytest.mark.parametrize("wrong", ["done_on", "due_on", "apply_by", "applied_on"])
@pytest.mark.parametrize("year", [1, 202, 9999])
def test_slip_in_the_year_of_a_duty_is_refused_and_marks_no_days(here, wrong, year):
    DirtyDay.objects.all().delete()
    facts = {"done_on": None if wrong == "due_on" else day(10), "due_on": day(-300), wrong: date(year, 6, 1)}

    with pytest.raises(ValidationError) as told:
        duties.enter(here.ada, here.pump, kind="periodic", **facts)

    assert wrong in told.value.error_dict and not DirtyDay.objects.exists()


def test_duty_that_was_done_on_a_day_to_come_is_refused(here):
    with pytest.raises(ValidationError) as told:
        duties.enter(here.ada, here.pump, kind="periodic", done_on=day(-1), due_on=day(-300))

    assert list(told.value.error_dict) == ["done_on"]
    assert duties.enter(here.ada, here.pump, kind="periodic", done_on=day(0), due_on=day(-300)).pk
