"""The people and the desk of a filled consortium: judged row by row, by code that shares nothing with the way it was made."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from flow.models import Event
from logistics.fill import run
from notices.models import Announcement, Notice
from people.models import Absence, Duty, Pattern, PersonSkill, ServiceSkill, Skill
from people.queries import absent, duty_officer, on_duty
from tenancy.models import Hospital, Membership, Team
from tests.conftest import as_owner
from tests.fill.conftest import nothing_stays, plan
from workorders.models import CalendarDay, EscalationStep, Handover, LabourRate, LimitRules, Line, Service, WorkOrder

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), as_owner(), nothing_stays():
        made = plan(seed=11, orders=2000)
        run.fill(made, "password-of-fill")
        orders = {order["id"]: order for order in WorkOrder.objects.values()}
        members = {member.pk: member for member in Membership.objects.select_related("team", "user")}
        yield SimpleNamespace(plan=made, orders=orders, members=members, today=timezone.localdate(made.until))


def hospitals():
    return list(Hospital.objects.order_by("id"))


def test_every_crew_has_a_roster_of_five_days_and_somebody_on_every_day(filled):
    weeks = defaultdict(dict)
    for row in Pattern.objects.select_related("shift"):
        weeks[row.member_id][row.weekday] = row.shift
    crew = [member for member in filled.members.values() if member.team_id and member.ends_on is None]
    assert {member.pk for member in crew} == set(weeks)
    there = defaultdict(set)
    for pk, week in weeks.items():
        member = filled.members[pk]
        assert len(week) == 7 and 5 <= sum(shift is not None for shift in week.values()) <= 7
        assert {shift.team_id for shift in week.values() if shift} == {member.team_id}
        there[member.team_id] |= {day for day, shift in week.items() if shift}
    assert there and all(days == set(range(7)) for days in there.values())
    in_the_morning = timezone.localtime(filled.plan.until).replace(hour=10)
    for hospital in hospitals():
        assert len(on_duty(hospital, in_the_morning)) > 2


def test_nobody_is_absent_who_did_something_that_day_and_somebody_is_ill_today(filled):
    acted = {
        (actor, timezone.localdate(at))
        for actor, at in Event.objects.filter(subject="workorders.workorder").values_list("actor", "at")
    }
    spans = defaultdict(list)
    for row in Absence.objects.select_related("member"):
        days = {row.first_day + n * DAY for n in range((row.last_day - row.first_day).days + 1)}
        assert 1 <= len(days) <= 10 and row.hospital_id == row.member.hospital_id
        assert not {(row.member.user_id, day) for day in days} & acted
        assert not any(days & earlier for earlier in spans[row.member_id])
        spans[row.member_id].append(days)
    for hospital in hospitals():
        assert absent(hospital, filled.today)
    assert {row.reason for row in Absence.objects.all()} == {"ill", "leave", "training"}


def test_each_night_has_its_officer_and_on_call_people_who_are_not_absent(filled):
    gone = defaultdict(set)
    for row in Absence.objects.all():
        gone[row.member_id] |= {row.first_day + n * DAY for n in range((row.last_day - row.first_day).days + 1)}
    nights = defaultdict(set)
    for duty in Duty.objects.select_related("member__team"):
        assert duty.day not in gone[duty.member_id] and duty.day + DAY not in gone[duty.member_id]
        weekend = duty.day.weekday() in (5, 6)
        assert (duty.starts.hour, duty.ends.hour) == ((8, 8) if weekend else (17, 8))
        if duty.line == "first":
            assert duty.member.team.department == duty.department and duty.member.contractor_id is None
        nights[duty.hospital_id, duty.day].add((duty.line, duty.department))
    for hospital in hospitals():
        for n in range(-21, 15):
            found = nights[hospital.pk, filled.today + n * DAY]
            assert {("officer", ""), ("first", "maintenance")} <= found
        night = datetime.combine(filled.today, datetime.min.time(), timezone.get_default_timezone())
        assert duty_officer(hospital, night + timedelta(hours=2))


def test_whoever_does_what_needs_a_skill_is_of_a_team_that_has_it(filled):
    have = defaultdict(set)
    for row in PersonSkill.objects.select_related("skill"):
        have[row.member_id].add(row.skill.key)
        assert row.hospital_id == row.skill.hospital_id == filled.members[row.member_id].hospital_id
    team_of = {(service.hospital_id, service.key): service.team_id for service in Service.objects.all()}
    needs = ServiceSkill.objects.select_related("skill")
    assert needs.count() == 9 * len(hospitals())
    for need in needs:
        crew = [m for m in filled.members.values() if m.team_id == team_of[need.hospital_id, need.service_key]]
        assert all(need.skill.key in have[m.pk] for m in crew if m.ends_on is None)
    last = [row.valid_until for row in PersonSkill.objects.all()]
    assert 0 < sum(day < filled.today for day in last) < len(last) * 0.1
    assert sum(filled.today <= day < filled.today + 40 * DAY for day in last) > 0
    assert Skill.objects.filter(hospital=hospitals()[0]).count() == 13


def test_labour_is_what_the_minutes_cost_at_the_rate_of_the_day(filled):
    rates = defaultdict(list)
    for rate in LabourRate.objects.all():
        rates[rate.hospital_id, rate.department].append((rate.valid_from, rate.price))
    helped = defaultdict(list)
    for line in Line.objects.filter(kind="labour"):
        helped[line.order_id].append(line)
    names = dict(User.objects.values_list("pk", "name"))
    firms = set(Team.objects.exclude(contractor=None).values_list("pk", flat=True))
    seen = set()
    for order in filled.orders.values():
        assert sum(Decimal(piece["amount"]) for piece in order["labour"]) == order["labour_cost"]
        lines = {line.pk: line for line in helped[order["id"]]}
        assert {piece["line"] for piece in order["labour"] if piece["line"]} == set(lines)
        own = [piece for piece in order["labour"] if piece["line"] is None]
        assert sum(piece["minutes"] for piece in own) == max(
            0, order["minutes"] - sum(line.minutes for line in lines.values())
        )
        assert all(piece["who"] == names[order["assignee_id"]] for piece in own)
        for piece in order["labour"]:
            on = date.fromisoformat(piece["on"])
            known = rates[order["hospital_id"], order["department"]] or rates[order["hospital_id"], ""]
            price = None if order["team_id"] in firms else max(pair for pair in known if pair[0] <= on)[1]
            seen.add(price)
            assert piece["price"] == (None if price is None else str(price))
            worth = Decimal(0) if price is None else price * piece["minutes"] / 60
            assert Decimal(piece["amount"]) == worth.quantize(Decimal("0.01"), ROUND_HALF_UP)
            if piece["line"]:
                assert lines[piece["line"]].minutes == piece["minutes"]
    assert None in seen and len(seen) >= 4  # two departments' prices, in more than one year


def test_handovers_say_how_the_shift_stood(filled):
    late, promised = False, False
    for hospital in hospitals():
        rows = list(Handover.objects.filter(hospital=hospital).order_by("given_at"))
        assert 28 <= len(rows) <= 30
        assert [row.taken_at is None for row in rows] == [False] * (len(rows) - 1) + [True]
        for row in rows:
            assert row.given_by_id != row.taken_by_id
            assert row.taken_at is None or row.given_at <= row.taken_at <= filled.plan.until
            sections = {pk: key for key in ("overdue", "promised", "waiting", "open") for pk in row.orders[key]}
            assert len(sections) == sum(len(row.orders[key]) for key in ("overdue", "promised", "waiting", "open"))
            for pk, key in sections.items():
                order = filled.orders[pk]
                assert order["hospital_id"] == hospital.pk and order["reported_at"] <= row.given_at
                assert order["finished_at"] is None or order["finished_at"] > row.given_at
                assert key != "overdue" or order["due_at"] < row.given_at
            for order in filled.orders.values():
                recent = row.given_at - timedelta(hours=12) <= order["reported_at"] <= row.given_at
                urgent = order["hospital_id"] == hospital.pk and order["urgency"] == "critical"
                assert (order["id"] in row.orders["emergencies"]) == (recent and urgent)
        late |= any(row.orders["overdue"] for row in rows)
        promised |= any(row.orders["promised"] for row in rows)
        there = [(timezone.localtime(row.given_at).hour, row.on_duty[0][1]) for row in rows]
        assert all(names for hour, names in there if hour == 8) and any(names for hour, names in there if hour == 17)
        events = Event.objects.filter(subject="workorders.handover", hospital=hospital)
        assert events.count() == 2 * len(rows) - 1
    assert late and promised


def test_bells_ring_for_those_concerned_once_and_the_older_ones_are_read(filled):
    notices = list(Notice.objects.all())
    assert len(notices) == len({(notice.user_id, notice.event_id) for notice in notices}) > 20
    events = Event.objects.in_bulk([notice.event_id for notice in notices])
    for notice in notices:
        event, order = events[notice.event_id], filled.orders[notice.subject_id]
        assert (event.verb, event.subject_id, event.hospital_id) == (notice.verb, order["id"], notice.hospital_id)
        assert notice.created_at == event.at >= filled.plan.until - timedelta(days=3)
        assert notice.user_id != event.actor_id
        assert notice.user_id == order["assignee_id" if notice.verb in ("dispatch", "reassign") else "reporter_id"]
        assert (notice.read_at is None) == (event.at >= filled.plan.until - timedelta(hours=44))
        assert notice.sentence and order["number"] in notice.title
    assert {notice.read_at is None for notice in notices} == {True, False}


def test_something_is_announced_now_and_limits_have_their_calendar(filled):
    now = filled.plan.until
    for hospital in hospitals():
        found = Announcement.objects.filter(hospital=hospital)
        assert found.filter(starts_at__gt=now).exists() and found.filter(ends_at__lt=now).count() >= 3
        assert all(row.place is None or row.place.hospital_id == hospital.pk for row in found.select_related("place"))
        assert CalendarDay.objects.filter(hospital=hospital).count() > 20
        assert LimitRules.objects.filter(hospital=hospital).exists()
        assert EscalationStep.objects.filter(hospital=hospital).count() > 10
