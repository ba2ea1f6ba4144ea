"""A round from start to signature: points, answers, findings, what stays due, who may."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from PIL import Image

from flow.models import Event
from hazards.models import Hazard
from inspections import findings, receiving, working
from inspections.machine import ROUNDS
from inspections.models import Arrival, Finding, Item, Point, Round
from people.models import PersonSkill, Skill
from tenancy import domain as tenancy
from tenancy.models import Membership
from tenancy.scope import scope
from tests.factories import rounds as make
from workorders import catalogue
from workorders.models import WorkOrder


@pytest.fixture
def site(world):
    with scope(world.hospitals()), translation.override("en"):
        catalogue.install(world.a.hospital)
        yield world


def items(round):
    return list(Item.objects.filter(edition=round.edition_id).order_by("order"))


def stops(round):
    return list(Point.objects.filter(round=round).select_related("round", "asset", "place").order_by("order"))


def say(world, round, point, first="1", second="0.4", who=None, **more):
    one, two = items(round)[:2]
    return working.answer(who or world.tom, point, {one.pk: first, two.pk: second}, at=timezone.now(), **more)


def picture(name="a.jpg", colour="navy"):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def entry(kind, **facts):
    return {"key": str(uuid.uuid4()), "kind": kind, "at": timezone.now().isoformat(), **facts}


def test_round_of_one_asset_is_started_answered_and_finished(site):
    round = make.one(site)

    begun = working.start(site.tom, round)
    point = stops(begun)[0]
    say(site, begun, point)
    done = working.finish(site.tom, begun)

    assert (begun.state, begun.assignee, begun.edition.number, begun.points) == ("started", site.tom, 1, 1)
    assert point.asset.code == "P01"
    done.refresh_from_db()
    assert (done.state, done.done_by, done.done_name) == ("done", site.tom, "Tom")
    assert (done.points, done.points_done, done.not_counted, done.found, done.fixed) == (1, 1, 0, 0, 0)
    assert not Round.objects.filter(rest_of=done).exists()


def test_edition_and_points_stay_as_they_were_at_the_start(site):
    begun = working.start(site.tom, make.route(site, 3))
    begun.plan.points.all().delete()

    assert [point.asset.code for point in stops(begun)] == ["P01", "P02", "P03"]


@pytest.mark.parametrize("who", ["rita", "dan", "tom_b", "olga"])
def test_round_is_not_started_by_who_may_not(site, who):
    with pytest.raises(PermissionDenied):
        working.start(getattr(site, who), make.one(site))


def test_round_that_needs_a_skill_is_started_only_with_a_valid_one(site):
    skill = Skill.objects.create(hospital=site.a.hospital, key="own.lift", own_name="电梯")
    round = make.one(site, skill=skill)
    with pytest.raises(ValidationError, match="skill"):
        working.start(site.tom, round)

    member = Membership.objects.get(user=site.tom, hospital=site.a.hospital)
    today = timezone.localdate()
    held = PersonSkill.objects.create(
        hospital=site.a.hospital, member=member, skill=skill, valid_until=today - timedelta(days=1)
    )
    with pytest.raises(ValidationError, match="skill"):
        working.start(site.tom, round)
    PersonSkill.objects.filter(pk=held.pk).update(valid_until=today)

    assert working.start(site.tom, round).state == "started"


def test_round_is_not_started_before_it_opens_nor_without_an_edition(site):
    early = make.one(site)
    Round.objects.filter(pk=early.pk).update(opens_at=timezone.now() + timedelta(minutes=5))
    with pytest.raises(ValidationError, match="too early"):
        working.start(site.tom, early)

    Round.objects.filter(pk=early.pk).update(opens_at=timezone.now())
    early.checklist.editions.update(state="old")
    with pytest.raises(ValidationError, match="no edition"):
        working.start(site.tom, early)


def test_round_of_somebody_else_is_neither_started_nor_answered(site):
    round = make.one(site)
    ROUNDS.move(round, "assign", site.lea, assignee=site.tom)
    with pytest.raises(ValidationError):
        working.start(site.lea, round)

    begun = working.start(site.tom, round)
    with pytest.raises(ValidationError, match="Tom"):
        say(site, begun, stops(begun)[0], who=site.lea)


@pytest.mark.parametrize(
    ("first", "second", "passed"),
    [("1", "0.3", [True, True]), ("1", "0.5", [True, True]), ("0", "0.51", [False, False])],
)
def test_answers_are_judged_at_once(site, first, second, passed):
    begun = working.start(site.tom, make.one(site))
    point = stops(begun)[0]
    say(site, begun, point, first, second)

    assert list(point.answers.order_by("item__order").values_list("passed", flat=True)) == passed
    assert Finding.objects.filter(round=begun).count() == passed.count(False)


def test_answer_that_cannot_be_read_is_refused_and_nothing_is_kept(site):
    begun = working.start(site.tom, make.one(site))
    with pytest.raises(ValidationError):
        say(site, begun, stops(begun)[0], "1", "warm")

    assert not stops(begun)[0].answers.exists()


def test_slip_of_the_thumb_leaves_no_finding(site):
    begun = working.start(site.tom, make.one(site))
    point = stops(begun)[0]
    say(site, begun, point, "0")
    say(site, begun, point, "1")

    assert not Finding.objects.exists()
    assert point.answers.count() == 2


def test_failed_item_becomes_one_order_with_everything_filled_in(site):
    lines = [
        {"text": "外观完好", "on_fail": "order", "service_key": "maintenance.water", "weight": "dangerous"},
        make.LINES[1],
    ]
    begun = working.start(site.tom, make.one(site, lines))
    point = stops(begun)[0]
    say(site, begun, point, "0", notes={items(begun)[0].pk: "轴封漏水"})
    working.add_photo(site.tom, point.answers.get(passed=False), picture(), at=timezone.now())
    finding = Finding.objects.select_related("round").get()

    first = findings.decide(site.tom, finding, "order")
    second = findings.decide(site.tom, finding, "order")

    order = WorkOrder.objects.get()
    assert first.order == second.order == order
    assert (order.service.key, order.place, order.asset, order.title) == (
        "maintenance.water", site.a.room, point.asset, "外观完好",
    )  # fmt: skip
    assert (order.urgency, order.channel, order.reporter) == ("urgent", "system", site.tom)
    assert "水泵周检" in order.description and "轴封漏水" in order.description
    events = Event.objects.filter(subject="workorders.workorder", subject_id=order.pk)
    assert events.get(verb="from_round").data == {"round": begun.pk, "text": "水泵周检"}
    assert events.filter(verb="attached").count() == 1
    assert Event.objects.filter(subject="inspections.round", subject_id=begun.pk, verb="found").count() == 1
    with pytest.raises(ValidationError, match="stays"):
        say(site, begun, point, "1")


def test_failed_item_becomes_one_hazard_in_the_register(site):
    begun = working.start(site.tom, make.one(site, [{"text": "护罩完好", "weight": "dangerous"}, make.LINES[1]]))
    point = stops(begun)[0]
    say(site, begun, point, "0")
    for _time in range(2):
        findings.decide(site.tom, Finding.objects.select_related("round").get(), "hazard")

    hazard = Hazard.objects.get()
    assert (hazard.source, hazard.grade, hazard.asset, hazard.title) == ("round", "major", point.asset, "护罩完好")
    assert Finding.objects.get().hazard == hazard
    assert WorkOrder.objects.count() == 0


def test_rule_of_the_item_is_carried_out_at_the_latest_when_the_round_ends(site):
    lines = [{"text": "外观完好", "on_fail": "order"}, {**make.LINES[1], "on_fail": "ask"}]
    begun = working.start(site.tom, make.one(site, lines))
    say(site, begun, stops(begun)[0], "0", "0.1")
    done = working.finish(site.tom, begun)

    assert sorted(Finding.objects.values_list("became", flat=True)) == ["ask", "order"]
    assert (done.found, done.fixed, WorkOrder.objects.count()) == (2, 0, 1)


def test_fixed_on_the_spot_is_counted(site):
    begun = working.start(site.tom, make.one(site))
    say(site, begun, stops(begun)[0], "0")
    findings.decide(site.tom, Finding.objects.select_related("round").get(), "fixed", note="拧紧")
    done = working.finish(site.tom, begun)

    assert (done.found, done.fixed, WorkOrder.objects.count()) == (1, 1, 0)


def test_partly_done_round_is_kept_and_the_rest_stays_due(site):
    begun = working.start(site.tom, make.route(site, 4))
    points = stops(begun)
    say(site, begun, points[1])
    working.leave_out(site.tom, points[2], "in_use", at=timezone.now())
    done = working.finish(site.tom, begun)

    assert (done.points, done.points_done, done.not_counted) == (3, 1, 1)
    rest = Round.objects.get(rest_of=done)
    assert (rest.part, rest.state, rest.due_at, rest.late_from) == (1, "due", done.due_at, done.late_from)
    again = working.start(site.tom, rest)
    assert [(point.order, point.asset.code) for point in stops(again)] == [(1, "P01"), (4, "P04")]
    say(site, again, stops(again)[0])
    third = Round.objects.get(rest_of=working.finish(site.tom, again))
    assert third.part == 2
    assert [point.asset.code for point in stops(working.start(site.tom, third))] == ["P04"]


def test_round_with_nothing_done_is_not_finished(site):
    begun = working.start(site.tom, make.route(site, 2))
    with pytest.raises(ValidationError, match="No point"):
        working.finish(site.tom, begun)


def test_in_use_and_not_found_count_neither_for_nor_against(site):
    lines = [{**make.LINES[0], "points": 3}, {**make.LINES[1], "points": 2}]
    begun = working.start(site.tom, make.route(site, 3, lines))
    points = stops(begun)
    say(site, begun, points[0], "1", "0.9")
    one = items(begun)[0]
    working.answer(site.tom, points[1], {one.pk: "1"}, at=timezone.now())
    working.leave_out(site.tom, points[1], "in_use", at=timezone.now())
    working.leave_out(site.tom, points[2], "not_found", at=timezone.now())
    done = working.finish(site.tom, begun)

    assert (done.score, done.full_score) == (3, 5)
    assert (done.points, done.not_counted) == (1, 2)
    assert not Round.objects.filter(rest_of=done).exists()


@pytest.mark.parametrize(("seconds", "fast"), [(29, True), (30, False)])
def test_point_reached_faster_than_one_can_walk_is_flagged_not_refused(site, seconds, fast):
    begun = working.start(site.tom, make.route(site, 2, walk=30))
    first, second = stops(begun)
    at = timezone.now()
    working.reach(site.tom, first, "scan", at)
    reached = working.reach(site.tom, second, "scan", at + timedelta(seconds=seconds))

    assert reached.too_fast is fast
    assert reached.reached_at == at + timedelta(seconds=seconds)


def test_photo_that_is_asked_for_keeps_the_point_open_until_it_is_there(site):
    begun = working.start(site.tom, make.one(site, [{"text": "外观完好", "photo": "on_fail"}, make.LINES[1]]))
    point = stops(begun)[0]
    say(site, begun, point, "0")
    assert stops(begun)[0].state == "open"
    working.add_photo(site.tom, point.answers.get(passed=False), picture(), at=timezone.now())

    assert stops(begun)[0].state == "done"


def test_skip_needs_a_reason_and_another_person(site):
    round = make.one(site)
    with pytest.raises(ValidationError):
        ROUNDS.move(round, "ask_skip", site.hal, skip_reason="tired")
    asked = ROUNDS.move(round, "ask_skip", site.hal, skip_reason="closed")
    with pytest.raises(ValidationError):
        ROUNDS.move(asked, "approve", site.hal)
    with pytest.raises(PermissionDenied):
        ROUNDS.move(asked, "approve", site.lea)
    skipped = ROUNDS.move(asked, "approve", site.max)

    assert (skipped.state, skipped.skip_reason, skipped.skip_by, skipped.settled_by) == (
        "skipped", "closed", site.hal, site.max,
    )  # fmt: skip


def test_refused_skip_is_due_again(site):
    asked = ROUNDS.move(make.one(site), "ask_skip", site.tom, skip_reason="other", skip_note="没电")
    back = ROUNDS.move(asked, "refuse", site.hal, reason="有备用电源")

    assert (back.state, back.skip_reason, back.skip_by) == ("due", "", None)


def test_place_visited_signs_where_it_is_asked(site):
    round = make.one(site, unit=site.a.ward, needs_signature=True)
    begun = working.start(site.tom, round)
    say(site, begun, stops(begun)[0])
    done = working.finish(site.tom, begun)
    assert {step.name for step in ROUNDS.available(done, site.tom)} == {"sign_on_screen"}
    with pytest.raises(PermissionDenied):
        working.sign(site.rita_b, done)
    signed = working.sign(site.rita, done)

    assert (signed.signed_name, signed.signed_by, signed.state) == ("Rita", site.rita, "done")
    with pytest.raises(ValidationError):
        working.sign(site.rita, signed)


def test_batch_sent_twice_is_taken_once(site):
    begun = working.start(site.tom, make.one(site, [{"text": "外观完好", "on_fail": "order"}, make.LINES[1]]))
    point, (one, two) = stops(begun)[0], items(begun)
    photo = entry("photo", point=point.pk, item=one.pk)
    batch = [
        entry("reach", point=point.pk, way="hand"),
        entry("answer", point=point.pk, item=one.pk, raw="0"),
        entry("answer", point=point.pk, item=two.pk, raw="0.4"),
        photo,
        entry("decide", point=point.pk, item=one.pk, became="order"),
        entry("finish"),
    ]
    first = receiving.receive(site.tom, begun, batch, {photo["key"]: picture()})
    second = receiving.receive(site.tom, begun, batch, {photo["key"]: picture()})

    assert [one["taken"] for one in first + second] == [True] * 12
    assert Arrival.objects.count() == 6
    assert WorkOrder.objects.count() == Finding.objects.count() == 1
    assert point.answers.count() == 2
    assert Event.objects.filter(subject="inspections.round", verb="finish").count() == 1


def test_refused_entry_says_why_and_the_others_are_taken(site):
    begun = working.start(site.tom, make.one(site))
    point, (one, two) = stops(begun)[0], items(begun)
    told = receiving.receive(
        site.tom,
        begun,
        [
            entry("answer", point=point.pk, item=one.pk, raw="maybe"),
            entry("answer", point=point.pk, item=two.pk, raw="0.4"),
            entry("photo", point=point.pk, item=two.pk),
            entry("answer", point=0, item=two.pk, raw="1"),
            {"kind": "finish"},
            "nonsense",
            {"key": str(uuid.uuid4()), "kind": ["answer"]},
        ],
    )

    assert [one["taken"] for one in told] == [False, True, False, False, False, False, False]
    assert all(one["why"] for one in told if not one["taken"])


def test_scan_counts_as_one_only_with_the_label_of_the_point(site):
    begun = working.start(site.tom, make.route(site, 2))
    first, second = stops(begun)
    token = tenancy.door_for(place=first.place, asset_id=first.asset_id).token
    receiving.receive(
        site.tom,
        begun,
        [
            entry("reach", point=first.pk, way="scan", code=token),
            entry("reach", point=second.pk, way="scan", code=token),
        ],
    )

    assert [point.way for point in stops(begun)] == ["scan", "hand"]


def test_clock_of_the_phone_is_set_right(site):
    begun = working.start(site.tom, make.one(site))
    point, now = stops(begun)[0], timezone.now()
    wrong = now + timedelta(hours=5)
    reach = {**entry("reach", point=point.pk, way="hand"), "at": (wrong - timedelta(seconds=0)).isoformat()}
    receiving.receive(site.tom, begun, [reach], sent_at=wrong.isoformat())

    assert abs((stops(begun)[0].reached_at - now).total_seconds()) < 5


@pytest.mark.parametrize(
    ("at", "sent_at"),
    [("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"), ("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z")],
)
def test_clock_that_stands_in_no_year_of_ours_keeps_nothing_from_arriving(site, at, sent_at):
    begun = working.start(site.tom, make.one(site))
    point, now = stops(begun)[0], timezone.now()
    reach = {**entry("reach", point=point.pk, way="hand"), "at": at}
    told = receiving.receive(site.tom, begun, [reach], sent_at=sent_at)

    assert told[0]["taken"] and abs((stops(begun)[0].reached_at - now).total_seconds()) < 5


def test_half_a_picture_character_is_left_out_of_a_note(site):
    begun = working.start(site.tom, make.one(site))
    point, (one, _two) = stops(begun)[0], items(begun)
    told = receiving.receive(
        site.tom,
        begun,
        [
            entry("answer", point=point.pk, item=one.pk, raw="0", note="漏水\ud83d"),
            entry("leave", point=point.pk, state="open", note="\ud83d"),
            {**entry("finish"), "key": "\ud83d"},
        ],
    )

    assert [one["taken"] for one in told] == [True, True, False]
    assert point.answers.get().note == "漏水"
    assert json.dumps(told, ensure_ascii=False).encode()
