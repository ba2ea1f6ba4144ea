"""Published, seen, accepted, appealed, restated, improved; and who may do which of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessment import domain, escalation, freezing, integrity, late, publishing, queries
from assessment.machine import ACTION, APPEAL, EXCLUSION, REPLIES
from assessment.models import Action, Appeal, Exclusion, FrozenFigure, LateChange, PublishedFigure, Reply
from flow.models import Attachment, Event
from kpi.measure import measure_next
from notices.models import Notice
from tenancy import access
from tenancy.domain import grant
from tenancy.scope import scope, scope_of
from tests.assessment.conftest import LIVED, month_before
from tests.ground import Layer
from workorders.models import WorkOrder

ORDER = "workorders.workorder"
DAY = timedelta(days=1)


def publish(world):
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            freezing.close_month(world.kim, site.hospital, month_before())
        publishing.publish(world.kim, world.consortium, month_before(), "seen")


published = Layer(publish, LIVED).fixture("published", inside=True)


def figure(world, key="workorders.on_time", site=None):
    return FrozenFigure.objects.filter(hospital=(site or world.a).hospital, key=key).order_by("-revision").first()


def behind(frozen, part="denominator"):
    return [(row.subject, pk) for row in frozen.rows.filter(part=part) for pk in row.ids]


def shown(world, key="workorders.on_time", site=None):
    return queries.earlier_of(world.kim, (site or world.a).id, key, figure(world, key, site).month)


def test_published_is_what_was_frozen_and_members_read_it(published):
    frozen = FrozenFigure.objects.count()

    assert PublishedFigure.objects.count() == frozen
    for row in PublishedFigure.objects.all():
        origin = FrozenFigure.objects.get(pk=row.frozen_id)
        assert (row.numerator, row.denominator, row.value, row.digest) == (
            origin.numerator, origin.denominator, origin.value, origin.digest,
        )  # fmt: skip
    month = Reply.objects.first().month
    read = queries.published(
        published.max_b, ["workorders.on_time"], [published.a.id, published.b.id], month, month + DAY
    )
    assert {row.hospital_id for row in read} == {published.a.id, published.b.id}
    assert not queries.published_rows(published.olga).exists()
    assert not queries.published_rows(published.rita).exists()
    assert set(PublishedFigure.objects.filter(needs="").values_list("key", flat=True)) >= {"workorders.received"}


def test_costs_are_published_to_who_may_see_costs(published):
    keys = set(queries.published_rows(published.max).values_list("key", flat=True))
    head = set(queries.published_rows(published.hal).values_list("key", flat=True))
    assert "workorders.cost" in keys
    assert ("workorders.cost" in head) == ("workorders.cost.view" in access.permissions_of(published.hal))


def test_publishing_twice_is_refused_and_a_late_hospital_follows(lived, last_month):
    freezing.close_month(lived.kim, lived.a.hospital, last_month)
    publishing.publish(lived.kim, lived.consortium, last_month)
    with pytest.raises(ValidationError):
        publishing.publish(lived.kim, lived.consortium, last_month)
    count = PublishedFigure.objects.count()

    freezing.close_month(lived.kim, lived.b.hospital, last_month)
    second = publishing.publish(lived.kim, lived.consortium, last_month)

    assert second.hospitals == 1 and PublishedFigure.objects.count() == count + second.figures
    for person in (lived.max, lived.audrey, lived.rita):
        with pytest.raises(PermissionDenied):
            publishing.publish(person, lived.consortium, last_month)


def test_managers_hear_of_it_and_accept_in_one_step(published):
    reply = Reply.objects.get(hospital=published.a.hospital)
    assert reply.state == "new" and reply.due_on == timezone.localdate() + 7 * DAY
    assert Notice.objects.filter(user=published.max, subject="assessment.reply").count() == 1

    reply = REPLIES.move(reply, "accept", published.max)

    assert reply.state == "accepted" and reply.seen_by_id == published.max.pk
    with pytest.raises(ValidationError):
        domain.file_appeal(published.max, figure(published), reason="force", text="Flood")
    with pytest.raises(PermissionDenied):
        REPLIES.move(Reply.objects.get(hospital=published.b.hospital), "accept", published.max)


def test_silence_counts_as_accepted_the_day_after_the_deadline(published):
    due = Reply.objects.first().due_on
    escalation.watch(published.a.hospital, due)
    assert Reply.objects.get(hospital=published.a.hospital).state == "new"

    Reply.objects.update(due_on=timezone.localdate() - DAY)
    escalation.watch(published.a.hospital, timezone.localdate())

    reply = Reply.objects.get(hospital=published.a.hospital)
    assert reply.state == "tacit" and reply.answered_by is None
    assert Event.objects.filter(subject="assessment.reply", verb="lapse", subject_id=reply.pk).exists()
    with pytest.raises(ValidationError):
        REPLIES.move(reply, "accept", published.max)


def test_upheld_appeal_restates_without_the_record_and_both_values_stay(published):
    old = figure(published)
    missed = sorted(set(behind(old)) - set(behind(old, "numerator")))[:2]
    appeal = domain.file_appeal(
        published.max, old, reason="force", text="Flood in the cellar", records=missed, names={missed[0]: "Order 1"},
        files=[SimpleUploadedFile("proof.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF", "application/pdf")],
    )  # fmt: skip
    assert [name for *_key, name in appeal.records] == ["Order 1", str(missed[1][1])]
    assert Attachment.objects.filter(subject="assessment.appeal", subject_id=appeal.pk).count() == 1

    appeal = APPEAL.move(appeal, "uphold", published.kim, decision="The flood is known", leave_out=[0])

    new = figure(published)
    assert (new.revision, new.cause, new.appeal_number, new.excluded) == (2, "appeal", appeal.pk, 1)
    assert new.denominator == old.denominator - 1 and new.numerator == old.numerator
    assert new.value == (new.numerator * 100 / new.denominator).quantize(Decimal("1.0000000000"))
    assert missed[0] not in behind(new) and missed[1] in behind(new)
    assert FrozenFigure.objects.get(pk=old.pk).value == old.value
    assert [(row.revision, row.value) for row in shown(published)] == [(2, new.value), (1, old.value)]
    assert new.exclusions[0] | {"id": 0} == {
        "id": 0, "subject": ORDER, "record": missed[0][1], "name": "Order 1", "reason": "force", "approved_by": "Kim",
        "words": "The flood is known",
    }  # fmt: skip
    assert list(integrity.faults(published.a.hospital)) == []
    late.compare(published.a.hospital, old.month)
    assert not LateChange.objects.exists()


def test_rejected_appeal_leaves_the_value(published):
    old = figure(published)
    appeal = domain.file_appeal(published.max, old, reason="other", text="We see it otherwise")
    APPEAL.move(appeal, "reject", published.kim, decision="The rule is clear")
    assert [row.value for row in shown(published)] == [old.value]
    assert Notice.objects.filter(user=published.max, subject="assessment.appeal").exists()


def test_rejected_reason_is_not_brought_forward_again(published):
    """The decision of the level above is final; something else may still be said until the deadline."""
    old = figure(published)
    appeal = domain.file_appeal(published.max, old, reason="other", text="We see it otherwise")
    APPEAL.move(appeal, "reject", published.kim, decision="The rule is clear")

    with pytest.raises(ValidationError) as refused:
        domain.file_appeal(published.max, old, reason="other", text="We still do")
    assert "reason" in refused.value.error_dict
    assert domain.may_appeal(published.max, old)
    assert domain.file_appeal(published.max, old, reason="force", text="The flood").state == "filed"


def test_nobody_decides_for_the_own_hospital_or_the_own_appeal(published):
    appeal = domain.file_appeal(published.max, figure(published), reason="other", text="x")
    office = published.kim.grants.get(consortium=published.consortium).role
    for person in (published.max, published.ada):  # also with the role of the office
        grant(published.setup, user=person, role=office, consortium=published.consortium)
        access.forget(person)
        with pytest.raises(ValidationError):
            APPEAL.move(appeal, "uphold", person, decision="Mine", way="anew")
    with pytest.raises(PermissionDenied):
        APPEAL.move(appeal, "reject", published.audrey, decision="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(
            decided_by=published.max.pk, decided_at=timezone.now(), state="upheld"
        )


def test_wrong_target_is_restated_with_the_right_one(published):
    old = figure(published)
    appeal = domain.file_appeal(published.max, old, reason="target", text="The committee decided 50")
    with pytest.raises(ValidationError):
        APPEAL.move(appeal, "uphold", published.kim, decision="So it is", way="anew")
    APPEAL.move(appeal, "uphold", published.kim, decision="So it is", target=Decimal(1))
    new = shown(published)[0]
    assert (new.target, new.tone, new.value) == (1, "green", old.value)
    assert not Action.objects.filter(figure=old, state="wanted").exists()


def test_appeal_names_only_records_behind_the_figure(published):
    with pytest.raises(ValidationError):
        domain.file_appeal(published.max, figure(published), reason="force", text="x", records=[(ORDER, 10**9)])
    with pytest.raises(ValidationError):
        domain.file_appeal(published.max, figure(published), reason="late", text="x")
    with pytest.raises(PermissionDenied):
        domain.file_appeal(published.max, figure(published, site=published.b), reason="force", text="x")
    domain.file_appeal(published.max, figure(published), reason="force", text="x")
    with pytest.raises(ValidationError):
        domain.file_appeal(published.ada, figure(published), reason="force", text="again")


def test_late_change_is_marked_and_may_be_restated_after_the_deadline(published):
    while measure_next(published.a.id):
        pass
    old = figure(published)
    pk = sorted(set(behind(old)) - set(behind(old, "numerator")))[0][1]
    order = WorkOrder.objects.get(pk=pk)
    WorkOrder.objects.filter(pk=pk).update(finished_at=order.due_at, returned=0)
    while measure_next(published.a.id):
        pass
    while late.compare_next(published.a.id):
        pass

    found = queries.late_of([old.pk])[old.pk]
    assert {"subject": ORDER, "id": pk, "part": "numerator", "from": None, "to": "1.0000"} in found.records
    assert found.numerator == old.numerator + 1 and found.count == 1
    assert [row.value for row in shown(published)] == [old.value]
    REPLIES.move(Reply.objects.get(hospital=published.a.hospital), "accept", published.max)
    appeal = domain.file_appeal(published.max, old, reason="late", text="It was entered late")
    APPEAL.move(appeal, "uphold", published.kim, decision="Right", way="anew")
    assert [row.numerator for row in shown(published)] == [old.numerator + 1, old.numerator]

    WorkOrder.objects.filter(pk=pk).update(returned=1)
    late.compare(published.a.hospital, old.month)
    WorkOrder.objects.filter(pk=pk).update(returned=0)
    late.compare(published.a.hospital, old.month)
    assert list(LateChange.objects.filter(figure=figure(published)).order_by("pk").values_list("count", flat=True)) == [
        1,
        0,
    ]
    assert not queries.late_of([figure(published).pk])


def test_exclusion_before_closing_is_decided_by_the_office(lived, last_month):
    from assessment import inputs
    from indicators.library import definitions

    one = definitions(lived.consortium.pk)["workorders.on_time"]
    end = last_month + 31 * DAY
    rows = inputs.rows_of(one, lived.a.id, last_month, end.replace(day=1) - DAY)
    pk = rows[1].ids[0]
    facts = {"key": one.key, "month": last_month, "names": {}, "reason": "rule"}
    [asked] = domain.ask_exclusions(lived.max, lived.a.hospital, records=[(ORDER, pk)], **facts)
    assert domain.ask_exclusions(lived.max, lived.a.hospital, records=[(ORDER, pk)], **facts) == []
    with pytest.raises(PermissionDenied):
        EXCLUSION.move(asked, "approve", lived.max)
    EXCLUSION.move(asked, "approve", lived.kim, decision="By clause 3")
    freezing.close_month(lived.max, lived.a.hospital, last_month)
    assert figure(lived).excluded == 1 and pk not in figure(lived).rows.get(part="denominator").ids
    with pytest.raises(ValidationError):
        domain.ask_exclusions(lived.max, lived.a.hospital, records=[(ORDER, rows[1].ids[1])], **facts)


def test_exclusion_nobody_decides_climbs_and_is_not_decided_by_itself(lived, last_month):
    today = timezone.localdate()
    this = today.replace(day=1)
    asked = Exclusion.objects.create(
        hospital=lived.a.hospital, key="workorders.on_time", label="x", month=this, subject=ORDER, subject_id=1, name="x",
        reason="rule", asked_by=lived.max, asked_name="Max", decide_by=today + 2 * DAY,
    )  # fmt: skip

    def looked(day):
        for _twice in range(2):
            escalation.watch(lived.a.hospital, day)
        events = Event.objects.filter(subject="assessment.exclusion", subject_id=asked.pk, verb="escalated")
        return [(event.data["level"], event.data["told"]) for event in events.order_by("pk")]

    assert looked(today - DAY) == []
    assert looked(today) == [("soon", ["Kim"])]
    assert looked(today + 2 * DAY) == [("soon", ["Kim"])]
    assert looked(today + 3 * DAY) == [("soon", ["Kim"]), ("office", ["Kim"])]
    assert looked(today + 9 * DAY) == [("soon", ["Kim"]), ("office", ["Kim"]), ("administrator", ["Ada"])]
    asked.refresh_from_db()
    assert asked.state == "asked" and asked.decided_at is None
    said = Notice.objects.filter(user=lived.kim, subject="assessment.exclusion", verb="escalated").first()
    assert said is not None
    EXCLUSION.move(asked, "refuse", lived.kim, decision="The rule is clear")
    assert looked(today + 30 * DAY)[3:] == []


def test_exclusion_is_decided_while_the_month_is_open(lived):
    def by(today, month):
        with time_machine.travel(datetime(today.year, today.month, today.day, 4, tzinfo=UTC), tick=False):
            return domain.exclusion_day(lived.a.hospital, month)

    april = date(2026, 4, 1)
    assert by(date(2026, 4, 10), april) == date(2026, 4, 20)  # ten days
    assert by(date(2026, 4, 28), april) == date(2026, 5, 4)  # the month closes on the 5th
    assert by(date(2026, 5, 4), april) == date(2026, 5, 4)
    assert by(date(2026, 5, 9), april) == date(2026, 5, 9)  # not closed in time
    domain.set_rules(lived.kim, lived.consortium, decide_days=3, close_day=20)
    assert by(date(2026, 4, 28), april) == date(2026, 5, 1)


def test_red_asks_for_an_action_and_its_effect_is_shown(published):
    action = Action.objects.get(hospital=published.a.hospital, key="workorders.on_time", kind="corrective")
    assert action.state == "wanted" and action.due_on == timezone.localdate() + 5 * DAY
    action = ACTION.move(
        action, "plan", published.max, what="Second crew at night", owner=published.hal,
        due_on=timezone.localdate() + 20 * DAY, expected=Decimal(80),
    )  # fmt: skip
    assert action.department == "maintenance" and Notice.objects.filter(user=published.hal).exists()
    action = ACTION.move(action, "finish", published.hal, note="It runs")
    assert action.state == "done" and [row.value for row in queries.course(action)] == [action.before]
    assert queries.is_reached("up", action.before, action.expected) is (action.before >= 80)


def test_overdue_actions_and_appeals_climb_each_level_once(published):
    Action.objects.update(due_on=timezone.localdate() - 8 * DAY)
    appeal = domain.file_appeal(published.max, figure(published), reason="other", text="x")
    Appeal.objects.update(decide_by=timezone.localdate() - DAY)
    escalation.watch(published.a.hospital, timezone.localdate())
    escalation.watch(published.a.hospital, timezone.localdate())
    assert set(Action.objects.filter(hospital=published.a.hospital).values_list("level", flat=True)) == {3}
    told = Event.objects.filter(subject="assessment.appeal", subject_id=appeal.pk, verb="escalated")
    assert [event.data["told"] for event in told] == [["Kim"]]


def test_two_reds_in_a_row_come_before_the_committee(published, last_month):
    assert queries.worse_again(published.consortium.pk, last_month) == []
    month = (last_month - DAY).replace(day=1)
    freezing.close_month(published.kim, published.a.hospital, month)
    publishing.publish(published.kim, published.consortium, month)
    red = {r.key for r in PublishedFigure.objects.filter(hospital=published.a.id, month=last_month, tone="red")}
    before = {r.key for r in PublishedFigure.objects.filter(hospital=published.a.id, month=month, tone="red")}
    found = queries.worse_again(published.consortium.pk, last_month)
    assert {now.key for now, _before in found} == red & before != set()
    assert {now.hospital_id for now, _before in found} == {published.a.id}


def test_deadlines_are_set_by_the_office(world):
    with scope_of(world.kim):
        rules = domain.set_rules(world.kim, world.consortium, close_day=8, answer_days=3)
        assert (queries.rules_of(world.consortium.pk).close_day, rules.close_hour) == (8, 2)
        with pytest.raises(ValidationError):
            domain.set_rules(world.kim, world.consortium, close_day=31)
    with scope([world.a.id]), pytest.raises(PermissionDenied):
        domain.set_rules(world.max, world.consortium, close_day=9)


def test_exclusions_are_never_decided_by_who_asked(world):
    with scope([world.a.id]), pytest.raises(DatabaseError):
        Exclusion.objects.create(
            hospital=world.a.hospital, key="x", label="x", month=timezone.localdate(), subject=ORDER, subject_id=1, name="x",
            reason="rule", asked_by=world.max, decided_by=world.max, decide_by=timezone.localdate(),
        )  # fmt: skip
