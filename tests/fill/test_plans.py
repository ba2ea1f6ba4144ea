"""Plans, rounds, answers and findings of a filled consortium: judged row by row, by code that shares nothing with the way they
were made."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from flow.models import Attachment, Event
from flow.store import path_of
from inspections import generation
from inspections.catalogue import shipped
from inspections.machine import ROUNDS
from inspections.models import Answer, Finding, Item, Plan, PlanPoint, Point, Round
from inspections.planning import check
from logistics.fill import run
from tenancy.models import Grant, Hospital, Membership, Team
from tenancy.scope import scope
from tests.conftest import as_owner
from tests.fill.conftest import nothing_stays, plan
from workorders.models import WorkOrder

DAY = timedelta(days=1)
HEARS = {  # days after a round was missed, level by level, as the house has it
    False: (("leader", 0), ("head", 1), ("manager", 3), ("office", 7)),
    True: (("leader", 0), ("head", 0), ("manager", 1), ("office", 3)),
}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), as_owner(), nothing_stays():
        made = plan(seed=5)
        run.fill(made, "password-of-fill")
        stories = defaultdict(list)
        for event in Event.objects.filter(subject="inspections.round").order_by("id"):
            stories[event.subject_id].append(event)
        rounds = {row.pk: row for row in Round.objects.select_related("plan", "team")}
        points = defaultdict(list)
        for point in Point.objects.order_by("order"):
            points[point.round_id].append(point)
        answers = list(Answer.objects.select_related("item", "point").order_by("id"))
        kept = {sha for sha in Attachment.objects.values_list("sha256", flat=True).distinct() if path_of(sha).exists()}
        findings = list(Finding.objects.select_related("answer__item", "answer__point"))
        yield SimpleNamespace(
            plan=made,
            now=made.until,
            rounds=rounds,
            stories=stories,
            points=points,
            answers=answers,
            findings=findings,
            kept=kept,
        )


def test_each_shipped_checklist_of_a_department_with_a_team_is_planned(filled):
    for hospital in Hospital.objects.all():
        with scope([hospital.pk]):
            mine = list(Plan.objects.filter(hospital=hospital).select_related("checklist", "team", "place", "unit"))
            departments = set(Team.objects.filter(hospital=hospital).values_list("department", flat=True))
            assert {one.checklist.key for one in mine} == {
                k for k, known in shipped().items() if known.department in departments
            }
            for one in mine:
                check(one)
    assert {one.subject for one in Plan.objects.all()} == {"assets", "place", "route"}
    assert all(point.place.hospital_id == point.hospital_id for point in PlanPoint.objects.select_related("place"))


def test_rounds_are_exactly_those_the_plans_want(filled):
    before = set(filled.rounds)
    for hospital in Hospital.objects.values_list("pk", flat=True):
        generation.generate(hospital, filled.now)
    after = set(Round.objects.values_list("pk", flat=True))
    assert after == before
    ahead = max(timezone.localdate(row.due_at) for row in filled.rounds.values())
    assert ahead == timezone.localdate(filled.now) + 35 * DAY


def test_every_story_is_one_the_machine_allows(filled):
    assert len(filled.rounds) > 3000
    for pk, row in filled.rounds.items():
        state = "due"
        for event in filled.stories.get(pk, []):
            assert event.hospital_id == row.hospital_id and event.at <= filled.now and event.actor_name
            assert ("before" in event.data) == bool(event.target)
            if event.target:
                step = ROUNDS.by_name[event.verb]
                assert event.source == state and state in step.sources and event.target == step.target
                state = event.target
        assert state == row.state
        moments = [event.at for event in filled.stories.get(pk, [])]
        assert moments == sorted(moments)


def first(story, verb):
    return next((event for event in story if event.verb == verb), None)


def test_rounds_say_what_their_events_say(filled):
    for pk, row in filled.rounds.items():
        story = filled.stories.get(pk, [])
        start, finish, sign, skip = (first(story, verb) for verb in ("start", "finish", "sign", "ask_skip"))
        assert row.started_at == (start and start.at) and (row.edition_id is None) == (start is None)
        assert row.done_at == (finish and finish.at) and row.done_by_id == (finish and finish.actor_id)
        assert row.done_name == (finish.actor_name if finish else "")
        assert (row.signed_at, row.signed_by_id) == ((sign.at, sign.actor_id) if sign else (None, None))
        assert not sign or (row.needs_signature and sign.actor_id != row.done_by_id)
        assert row.skip_reason == (skip.data["skip_reason"] if skip else "") and row.skip_by_id == (
            skip and skip.actor_id
        )
        assert (row.settled_by_id is None) == (row.state != "skipped") and row.settled_by_id != (row.skip_by_id or 0)
        assert not row.started_at or row.opens_at <= row.started_at
        assert not row.done_at or row.started_at < row.done_at


def test_sums_of_a_round_are_those_of_its_points_and_answers(filled):
    answers, found = defaultdict(list), defaultdict(list)
    for answer in filled.answers:
        answers[answer.point.round_id].append(answer)
    for finding in filled.findings:
        found[finding.round_id].append(finding.became)
    for pk, row in filled.rounds.items():
        stops = filled.points.get(pk, [])
        assert bool(stops) == (row.started_at is not None)
        states = Counter(stop.state for stop in stops)
        if row.state != "done":
            assert (row.found, row.fixed, row.points_done, row.score) == (0, 0, 0, None)
            continue
        assert not states["open"]
        assert (row.points, row.points_done) == (states["done"], states["done"])
        assert row.not_counted == states["in_use"] + states["not_found"]
        assert row.too_fast == sum(stop.too_fast for stop in stops)
        assert (row.found, row.fixed) == (len(found[pk]), found[pk].count("fixed"))
        judged = [answer for answer in answers[pk] if answer.points is not None]
        assert row.score == (sum(answer.points for answer in judged) if judged else None)
        assert row.full_score == (sum(answer.item.points for answer in judged) if judged else None)


def test_points_are_reached_one_after_another_and_who_was_too_fast_is_flagged(filled):
    fast = 0
    for pk, stops in filled.points.items():
        row, before = filled.rounds[pk], None
        assert [stop.order for stop in stops] == list(range(1, len(stops) + 1))
        for stop in stops:
            if stop.reached_at and stop.left_at:
                assert row.started_at - DAY / 86400 <= stop.reached_at <= stop.left_at <= (row.done_at or filled.now)
                assert before is None or before <= stop.reached_at
            if stop.reached_at and before:
                assert stop.too_fast == (stop.reached_at - before < timedelta(seconds=stop.walk))
                fast += stop.too_fast
            before = stop.left_at or stop.reached_at
    assert fast > 3


def passes(item, answer):
    """The same judgement, made again from what stands on the sheet."""
    if item.kind == "check":
        return answer.passed
    if item.kind == "value" and (item.low is not None or item.high is not None):
        return (item.low is None or answer.value >= item.low) and (item.high is None or answer.value <= item.high)
    if item.kind == "choice" and item.passing:
        return answer.text in item.passing
    return None


def test_answers_are_judged_and_every_item_of_a_done_point_is_answered(filled):
    by_point, kinds = defaultdict(dict), Counter()
    for answer in filled.answers:
        by_point[answer.point_id][answer.item_id] = answer
        item = answer.item
        assert (
            answer.passed == passes(item, answer) and item.edition_id == filled.rounds[answer.point.round_id].edition_id
        )
        assert (answer.value is not None) == (item.kind in ("value", "meter")) and bool(answer.text) == (
            item.kind in ("text", "choice")
        )
        assert item.kind != "choice" or answer.text in item.options
        assert answer.points == (
            None if not item.points or answer.passed is None else item.points if answer.passed else Decimal(0)
        )
        stop = answer.point
        assert stop.reached_at <= answer.at <= (stop.left_at or filled.now)
        kinds[item.kind, answer.passed] += 1
    wanted = defaultdict(set)
    for item in Item.objects.exclude(kind="photo"):
        wanted[item.edition_id].add(item.pk)
    for pk, stops in filled.points.items():
        for stop in stops:
            if stop.state == "done":
                assert set(by_point[stop.pk]) == wanted[filled.rounds[pk].edition_id]
    assert kinds["value", False] and kinds["value", True] and kinds["check", False] and kinds["choice", True]


def test_each_failed_answer_is_one_finding_with_a_photo_and_what_became_of_it(filled):
    failed = {answer.pk: answer for answer in filled.answers if answer.passed is False}
    assert {finding.answer_id for finding in filled.findings} == set(failed) and len(filled.findings) == len(failed)
    orders = {order.pk: order for order in WorkOrder.objects.filter(channel="system")}
    hazards = {f.hazard_id: f.hazard for f in Finding.objects.filter(hazard__isnull=False).select_related("hazard")}
    photos = {photo.subject_id: photo for photo in Attachment.objects.filter(subject="inspections.answer")}
    for finding in filled.findings:
        answer, row = finding.answer, filled.rounds[finding.round_id]
        assert (finding.at, finding.by_id) == (answer.at, answer.by_id) and finding.hospital_id == row.hospital_id
        assert photos[answer.pk].sha256 in filled.kept
        if finding.became == "order":
            order = orders.pop(finding.order_id)
            assert (order.place_id, order.asset_id) == (answer.point.place_id, answer.point.asset_id)
            assert (order.reported_at, order.reporter_id, order.hospital_id) == (
                finding.at,
                finding.by_id,
                finding.hospital_id,
            )
            assert order.title and order.problem_id is None
            assert Event.objects.filter(
                subject="workorders.workorder", subject_id=order.pk, verb="from_round", data__round=row.pk
            ).exists()
        if finding.became == "hazard":
            hazard = hazards.pop(finding.hazard_id)
            assert hazard.origin == f"inspections.answer:{answer.pk}" and hazard.source == "round"
            assert (hazard.place_id, hazard.asset_id, hazard.found_at) == (
                answer.point.place_id,
                answer.point.asset_id,
                finding.at,
            )
            assert (hazard.found_by_id, hazard.department) == (finding.by_id, row.department)
    assert not orders and not hazards  # each of them comes from one answer


def told(row, holders):
    """How many levels have heard of a missed round, and who, reckoned from the house rule."""
    heard, vacant, names = 0, False, []
    late = row.end - row.late_from
    for level, days in HEARS[row.statutory]:
        if late <= days * DAY and not vacant:
            break
        people = holders(level, row)
        vacant, heard = not people, heard + 1
        names += [people] if people else []
    return heard, names


def test_missed_rounds_have_climbed_as_the_house_rule_has_it(filled):
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

    climbed = 0
    for pk, row in filled.rounds.items():
        row.end = filled.now - timedelta(hours=1)
        wanted, names = told(row, holders) if row.state in ("due", "skipping", "started") else (0, [])
        said = [set(event.data["people"]) for event in filled.stories.get(pk, []) if event.verb == "escalated"]
        assert (row.level, said) == (wanted, names)
        climbed += bool(said)
    assert climbed > 20


def test_whoever_acts_works_there_that_day(filled):
    at_work = defaultdict(list)
    for member in Membership.objects.values():
        at_work[member["user_id"], member["hospital_id"]].append((member["starts_on"], member["ends_on"]))
    subjects = ("inspections.round", "hazards.hazard", "assets.asset", "inspections.answer")
    for event in Event.objects.filter(subject__in=subjects, actor__isnull=False):
        day = timezone.localdate(event.at)
        assert any(
            begins <= day and (ends is None or day <= ends)
            for begins, ends in at_work[event.actor_id, event.hospital_id]
        )
    assert User.objects.filter(pk__in={row.done_by_id for row in filled.rounds.values() if row.done_by_id}).count() > 20


def test_what_is_ugly_about_rounds_is_there(filled):
    past = [row for row in filled.rounds.values() if row.late_from <= filled.now]
    done = [row for row in past if row.state == "done"]
    share = {
        "in time": sum(row.done_at <= row.due_at for row in done),
        "in grace": sum(row.due_at < row.done_at < row.late_from for row in done),
        "afterwards": sum(row.done_at >= row.late_from for row in done),
        "skipped": sum(row.state == "skipped" for row in past),
        "missed": sum(row.state in ("due", "skipping") for row in past),
    }
    assert all(count / len(past) > 0.01 for count in share.values()), share
    assert share["missed"] / len(past) < 0.12
    night = timezone.localtime(filled.now).hour < 7  # in the small hours nobody may be on a round
    assert {"skipping"} | ({"started"} if not night else set()) <= {row.state for row in filled.rounds.values()}
    assert {finding.became for finding in filled.findings} >= {"order", "hazard", "fixed"}
    assert {stop.state for stops in filled.points.values() for stop in stops} >= {"done", "in_use", "not_found"}
    assert any(row.needs_signature and row.state == "done" and not row.signed_at for row in past)
