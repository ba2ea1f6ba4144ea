"""Hazards and equipment of a filled consortium: judged row by row, by code that shares nothing with the way they were made."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from assets.models import Asset, AssetDuty, Downtime, Meter, Reading
from flow.models import Attachment, Event
from hazards.machine import HAZARDS
from hazards.models import Hazard, HazardCounter
from kpi import registry
from kpi.days import midnight
from logistics.fill import run
from tenancy.models import Grant, Hospital, Membership
from tests.conftest import as_owner
from tests.fill.conftest import nothing_stays, plan
from workorders.models import WorkOrder

DAY = timedelta(days=1)
HEARS = {  # days past the deadline, as the house has it
    "general": (("responsible", 1), ("leader", 2), ("head", 4), ("manager", 7), ("office", 14)),
    "major": (("responsible", 1), ("leader", 1), ("head", 1), ("manager", 1), ("office", 2)),
}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), as_owner(), nothing_stays():
        made = plan(seed=6, orders=2500)
        run.fill(made, "password-of-fill")
        stories = defaultdict(list)
        for event in Event.objects.filter(subject__in=("hazards.hazard", "assets.asset")).order_by("id"):
            stories[event.subject, event.subject_id].append(event)
        yield SimpleNamespace(now=made.until, today=timezone.localdate(made.until), stories=stories, plan=made)


def test_every_hazard_has_a_story_the_machine_allows_and_says_what_it_says(filled):
    states = Counter()
    photos = Counter(
        Attachment.objects.filter(subject="hazards.hazard", kind="after").values_list("subject_id", flat=True)
    )
    for row in Hazard.objects.all():
        story, state, last = filled.stories["hazards.hazard", row.pk], "open", {}
        assert (story[0].verb, story[0].at) == ("reported", row.found_at)
        for event in story:
            assert event.at <= filled.now and event.hospital_id == row.hospital_id
            if event.target:
                step = HAZARDS.by_name[event.verb]
                assert event.source == state and state in step.sources and event.target == step.target
                state, last[event.verb] = event.target, event
        assert [event.at for event in story] == sorted(event.at for event in story)
        assert state == row.state
        back = last.get("refuse") or last.get("reopen")
        rectified = last.get("rectify") if row.state in ("rectified", "closed") else None
        assert row.rectified_at == (rectified and rectified.at) and row.rectified_by_id == (
            rectified and rectified.actor_id
        )
        assert row.closed_at == (
            last["verify"].at if state == "closed" else last["void"].at if state == "void" else None
        )
        assert row.reopened == sum(event.verb in ("refuse", "reopen") for event in story) and bool(back) == bool(
            row.reopened
        )
        assert photos[row.pk] == sum(event.verb == "rectify" for event in story)
        days = [event.data["due_on"] for event in story if event.target and "due_on" in event.data]
        assert not days or row.due_on == date.fromisoformat(days[-1])
        assert days or row.due_on == timezone.localdate(row.found_at) + DAY * {"general": 7, "major": 1}[row.grade]
        states[row.state, row.grade] += 1
    known, night = {"open", "assigned", "rectified", "closed", "void"}, timezone.localtime(filled.now).hour < 7
    found = {state for state, _grade in states}  # in the small hours all that was rectified by day may be verified
    assert found == known or (night and found == known - {"rectified"})
    assert {grade for _state, grade in states} == {"general", "major"}


def test_hazards_are_verified_by_another_and_some_came_back(filled):
    rows = list(Hazard.objects.all())
    assert all(row.verified_by_id != row.rectified_by_id for row in rows if row.verified_by_id)
    assert any(row.reopened for row in rows) and any(row.measures for row in rows)
    assert {row.source for row in rows} == {"round", "report", "campaign", "authority"}
    assert any(row.state == "assigned" and row.due_on < filled.today and row.level for row in rows)


def levels(due, end, grade, row, holders):
    """Levels that heard between a last day and a moment, with who they were."""
    heard, vacant, people = 0, False, []
    for level, after in HEARS[grade]:
        moment = timezone.make_aware(
            timezone.datetime.combine(due + after * DAY, timezone.datetime.min.time())
        ) + timedelta(hours=7, minutes=40)
        if moment >= end and not vacant:
            break
        found = {row.responsible_id} if level == "responsible" else holders(level, row)
        vacant, heard = not found, heard + 1
        people += [found] if found else []
    return heard, people


def test_overdue_hazards_have_climbed_as_the_house_rule_has_it(filled):
    leaders, held = defaultdict(set), defaultdict(set)
    for member in Membership.objects.filter(is_leader=True, ends_on=None):
        leaders[member.team_id].add(member.user_id)
    for grant in Grant.objects.filter(role__key__in=("head", "manager", "office"), ends_on=None).select_related("role"):
        held[grant.role.key, grant.hospital_id, grant.department].add(grant.user_id)

    def holders(level, row):
        if level == "leader":
            return leaders[row.team_id]
        hospital = None if level == "office" else row.hospital_id
        return held[level, hospital, row.department if level == "head" else ""]

    heard_of = 0
    for row in Hazard.objects.exclude(state__in=("open", "void")):
        story = filled.stories["hazards.hazard", row.pk]
        verbs = [event.verb for event in story]
        back = next((i for i, verb in enumerate(verbs) if verb in ("refuse", "reopen")), len(story))
        spans, wanted = [story[:back], story[back:]] if back < len(story) else [story], []
        for span in spans:
            due = [event.data["due_on"] for event in span if event.target and "due_on" in event.data][-1]
            end = next((event.at for event in span if event.verb == "rectify"), filled.now)
            level, people = levels(date.fromisoformat(due), end, row.grade, row, holders)
            wanted += people
        assert row.level == level
        said = [set(event.data["people"]) for event in story if event.verb == "escalated"]
        assert said == wanted
        heard_of += bool(said)
    assert heard_of > 10


def test_numbers_are_those_of_hospital_and_month(filled):
    codes, used = dict(Hospital.objects.values_list("pk", "code")), defaultdict(list)
    for row in Hazard.objects.order_by("found_at", "id"):
        code, month, number = row.number.split("-")
        assert code == codes[row.hospital_id] and month == f"H{timezone.localtime(row.found_at):%y%m}"
        used[row.hospital_id, month[1:]].append(int(number))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in used.values())
    assert {(c.hospital_id, c.month): c.used for c in HazardCounter.objects.all()} == {
        k: len(v) for k, v in used.items()
    }


def test_duties_stand_on_special_equipment_and_some_have_run_out(filled):
    duties = list(AssetDuty.objects.select_related("asset__kind"))
    assert all(one.done_on < one.due_on and one.hospital_id == one.asset.hospital_id for one in duties)
    assert all((one.asset.kind.name in ("电梯", "锅炉", "压力容器")) == (one.kind == "periodic") for one in duties)
    assert all(
        one.apply_by == one.due_on - 30 * DAY and one.law == "特种设备安全法 (2013)"
        for one in duties
        if one.kind == "periodic"
    )
    lifts = Asset.objects.filter(kind__name="电梯").exclude(state__in=("condemned", "sealed"))
    assert {one.asset_id for one in duties} >= set(lifts.values_list("pk", flat=True))
    assert any(one.due_on < filled.today for one in duties) and any(one.applied_on for one in duties)
    assert sum(one.due_on < filled.today for one in duties) < len(duties) / 5
    for one in duties:
        entered = [
            e
            for e in filled.stories["assets.asset", one.asset_id]
            if e.verb == "duty_entered" and e.data["duty"] == one.pk
        ]
        assert len(entered) == 1 and one.document in entered[0].data["text"]


def test_downtimes_come_from_orders_and_never_overlap(filled):
    orders = {order.number: order for order in WorkOrder.objects.filter(asset__isnull=False)}
    by_asset = defaultdict(list)
    for span in Downtime.objects.order_by("began_at"):
        by_asset[span.asset_id].append(span)
        order = orders.get(span.order_number)
        assert span.began_at <= filled.now and (order is None) == (span.order_number == "")
        if order is not None:
            assert (order.asset_id, order.reported_at, order.finished_at) == (
                span.asset_id,
                span.began_at,
                span.ended_at,
            )
    for asset in Asset.objects.all():
        spans = by_asset[asset.pk]
        assert all(a.ended_at and a.ended_at < b.began_at for a, b in pairwise(spans))
        assert bool(spans and spans[-1].ended_at is None) == (asset.state == "broken")
        verbs = [e.verb for e in filled.stories["assets.asset", asset.pk] if e.target]
        if asset.state in ("sealed", "condemned"):
            assert verbs == ["seal" if asset.state == "sealed" else "condemn"]
            continue
        assert verbs == ["break_down", "restore"] * (len(verbs) // 2) + ["break_down"] * (len(verbs) % 2)
        assert len(verbs) == 2 * len(spans) - (asset.state == "broken")
    assert sum(map(len, by_asset.values())) > 20


def test_every_machine_has_a_state_at_every_moment_and_most_are_intact(filled):
    for asset in Asset.objects.prefetch_related("states"):
        spans = sorted(asset.states.all(), key=lambda span: span.began_at)
        assert all(a.ended_at == b.began_at for a, b in pairwise(spans))
        assert spans[-1].ended_at is None and spans[-1].state == asset.state
        faults = [span for span in spans if span.state == "broken"]
        known = Downtime.objects.filter(asset=asset).order_by("began_at").values_list("began_at", "ended_at")
        assert [(span.began_at, span.ended_at) for span in faults] == list(known)
    for duty in AssetDuty.objects.prefetch_related("terms"):
        terms = sorted(duty.terms.all(), key=lambda term: term.valid_from)
        assert (terms[-1].valid_from, terms[-1].valid_until) == (duty.done_on, duty.due_on)
    sums = registry.get("assets.intact_days").rows(midnight(filled.plan.since), midnight(filled.today), ())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(numerator), sum(denominator) FROM ({sums.sql}) s", sums.params)
        good, all_days = cursor.fetchone()
    assert 90 < 100 * good / all_days < 100


def test_meters_only_rise_and_totals_go_on_over_a_new_one(filled):
    readings, replaced = defaultdict(list), 0
    for reading in Reading.objects.order_by("at"):
        readings[reading.meter_id].append(reading)
    for meter in Meter.objects.select_related("asset__kind"):
        total, before = None, None
        for one in readings[meter.pk]:
            assert one.at <= filled.now and one.by_id
            if before is None:
                total = one.value
            elif not one.replaced:
                assert one.value >= before.value
                total += one.value - before.value
            assert one.total == total
            replaced += one.replaced
            before = one
        assert (meter.value, meter.read_at) == (before.value, before.at)
        assert meter.asset.kind.name in ("柴油发电机", "冷水机组")
    assert len(readings) >= 9 and min(map(len, readings.values())) > 10
