"""Checklists are written as drafts; what is published never changes; each hospital keeps its own to itself."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from inspections import editions, queries
from inspections.changes import differences, what_it_alters
from inspections.models import Checklist, Edition, Item
from inspections.states import CURRENT, DRAFT, OLD
from tenancy.models import Hospital
from tenancy.scope import scope, scope_of
from tests.factories import checklists as make


@pytest.fixture
def at_a(world):
    with scope([world.a.id, world.b.id]):
        yield world


@pytest.fixture
def own(at_a):
    return make.checklist(at_a.a.hospital)


def refused(row, **changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)


def as_given(item):
    return {"key": item.key, **{name: getattr(item, name) for name in editions.GIVEN}}


def test_published_items_and_editions_never_change(own):
    edition = own.editions.get(state=CURRENT)
    item = edition.items.first()

    refused(item, text="other")
    refused(edition, standard="other")
    refused(edition, state=DRAFT)
    refused(edition, lines=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.create(consortium_id=edition.consortium_id, edition=edition, order=9, key="x", text="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).delete()
    assert edition.items.count() == 3 and edition.items.first().text == "机油液位"


def test_item_of_a_draft_cannot_be_pushed_into_a_published_edition(at_a, own):
    draft = editions.draft(at_a.hal, own)

    refused(draft.items.first(), edition=own.editions.get(state=CURRENT))


def test_replaced_edition_never_comes_back_by_itself(at_a, own):
    first = own.editions.get()
    editions.publish(at_a.hal, editions.draft(at_a.hal, own), "once more")
    first.refresh_from_db()

    assert first.state == OLD
    refused(first, state=CURRENT)
    refused(first, note="rewritten")


def test_draft_begins_with_what_is_in_force_and_is_there_once(at_a, own):
    draft = editions.draft(at_a.hal, own)

    assert editions.draft(at_a.hal, own) == draft
    assert (draft.number, draft.state, draft.shipped) == (2, DRAFT, False)
    current = own.editions.get(state=CURRENT)
    assert list(draft.items.values_list("key", "text")) == list(current.items.values_list("key", "text"))


def test_draft_may_begin_with_an_earlier_edition(at_a, own):
    first = own.editions.get()
    draft = editions.draft(at_a.hal, own)
    editions.set_items(at_a.hal, draft, [{"text": "只有一条"}])
    editions.publish(at_a.hal, draft)

    assert editions.draft(at_a.hal, own, like=first).items.count() == 3


def test_differences_name_what_was_added_removed_and_changed(at_a, own):
    current = own.editions.get()
    oil, volts, _colour = current.items.all()
    draft = editions.draft(at_a.hal, own)
    changed = {**as_given(volts), "high": Decimal(29), "weight": "serious"}
    editions.set_items(at_a.hal, draft, [changed, as_given(oil), {"text": "滤芯"}])
    found = differences(current.items.all(), draft.items.all())

    assert [item.words for item in found.added] == ["滤芯"]
    assert [item.words for item in found.removed] == ["冷却液颜色"]
    ((item, fields),) = found.changed
    assert item.words == "蓄电池电压" and found.moved
    assert [(c.field, c.before, c.after) for c in fields] == [("high", "28.5", "29"), ("weight", "一般", "重要")]
    assert not differences(current.items.all(), current.items.all())


def test_items_are_refused_by_number_and_column(at_a, own):
    draft = editions.draft(at_a.hal, own)
    wrong = [
        {"text": "", "kind": "check"},
        {"text": "x", "kind": "value", "low": Decimal(5), "high": Decimal(4)},
        {"text": "x", "kind": "choice", "options": ["a"]},
        {"text": "x", "kind": "choice", "options": ["a", "b"], "passing": ["c"]},
        {"text": "x", "kind": "nothing"},
        {"text": "x", "points": Decimal(-1)},
    ]
    with pytest.raises(ValidationError) as caught:
        editions.set_items(at_a.hal, draft, wrong)

    assert set(caught.value.message_dict) == {"0-text", "1-high", "2-options", "3-passing", "4-kind", "5-points"}
    assert draft.items.count() == 3


def test_same_key_twice_makes_two_items(at_a, own):
    draft = editions.draft(at_a.hal, own)
    oil = as_given(draft.items.first())
    made = editions.set_items(at_a.hal, draft, [oil, oil, {**oil, "key": "foreign"}])

    assert made[0].key == oil["key"] and len({item.key for item in made}) == 3


def test_publication_asks_for_items_and_an_assessment_for_points(at_a):
    made = editions.write(at_a.hal, home=at_a.a.hospital, name="考核", department="maintenance", assesses=True)
    draft = made.editions.get()
    with pytest.raises(ValidationError):
        editions.publish(at_a.hal, draft)
    editions.set_items(at_a.hal, draft, [{"text": "着装"}])
    with pytest.raises(ValidationError):
        editions.publish(at_a.hal, draft)
    editions.set_items(at_a.hal, draft, [{"text": "着装", "points": Decimal(5)}])

    assert editions.publish(at_a.hal, draft).state == CURRENT


def test_published_edition_takes_no_new_items(at_a, own):
    edition = own.editions.get()
    for verb in (
        lambda: editions.set_items(at_a.hal, edition, [{"text": "x"}]),
        lambda: editions.set_head(at_a.hal, edition, standard="x"),
        lambda: editions.publish(at_a.hal, edition),
        lambda: editions.discard(at_a.hal, edition),
    ):
        with pytest.raises(ValidationError):
            verb()


def test_who_writes_which(at_a, own):
    ours = make.checklist(None, at_a.consortium, name="联合体表")
    may = {
        name: [_may(getattr(at_a, name), checklist) for checklist in (own, ours)]
        for name in ("hal", "max", "ada", "kim", "tom", "lea", "dan", "audrey", "hal_b", "ada_b", "olga")
    }

    assert may == {
        "hal": [True, False], "max": [True, False], "ada": [True, False], "kim": [True, True],
        "tom": [False, False], "lea": [False, False], "dan": [False, False], "audrey": [False, False],
        "hal_b": [False, False], "ada_b": [False, False], "olga": [False, False],
    }  # fmt: skip


def _may(actor, checklist):
    try:
        editions.draft(actor, checklist)
    except PermissionDenied:
        return False
    return True


def test_head_writes_for_the_own_department_only(at_a):
    with pytest.raises(PermissionDenied):
        editions.write(at_a.hal, home=at_a.a.hospital, name="x", department="catering")
    with pytest.raises(PermissionDenied):
        editions.write(at_a.hal, consortium=at_a.consortium, name="x", department="maintenance")


def test_own_checklist_is_seen_in_its_hospital_and_by_the_office(world):
    with scope([world.a.id, world.b.id, world.outside.id]):
        own = make.checklist(world.a.hospital, name="A 院自用")
        ours = make.checklist(None, world.consortium, name="联合体表")
        theirs = make.checklist(None, world.other_consortium, name="别家的表")
        foreign = make.checklist(world.b.hospital, name="B 院自用")
    seen = {}
    for name in ("tom", "hal", "dan", "tom_b", "hal_b", "kim", "audrey", "rita", "olga"):
        user = getattr(world, name)
        with scope_of(user):
            seen[name] = set(queries.checklists(user).values_list("pk", flat=True))
    a, b, both = {own.pk, ours.pk}, {foreign.pk, ours.pk}, {own.pk, ours.pk, foreign.pk}

    assert seen == {
        "tom": a, "hal": a, "dan": a, "tom_b": b, "hal_b": b, "kim": both, "audrey": both, "rita": set(),
        "olga": {theirs.pk},
    }  # fmt: skip


def test_texts_left_alone_stay_translated_and_edited_ones_become_own(at_a):
    made = editions.write(at_a.kim, consortium=at_a.consortium, name="x", department="maintenance")
    draft = made.editions.get()
    Item.objects.create(
        consortium=at_a.consortium, edition=draft, order=1, key="a", text="浇水", hint="看", kind="choice",
        options=["垃圾", "虫害"], passing=["垃圾"],
        msgids={"text": "Something spilled", "hint": "Waste", "options": ["Waste", "Pests"]},
    )  # fmt: skip
    from django.utils.translation import override

    with override("en"):
        (before,) = draft.items.all()
        given = {
            **as_given(before), "text": before.words, "hint": "Look twice",
            "options": [label for _v, label in before.choices], "passing": ["Waste"],
        }  # fmt: skip
        (after,) = editions.set_items(at_a.kim, draft, [given])

    assert (after.text, after.hint) == ("浇水", "Look twice")
    assert (after.options, after.passing) == (["垃圾", "虫害"], ["垃圾"])
    assert set(after.msgids) == {"text", "options"}


def test_used_checklist_is_not_taken_out_of_use_and_plans_are_named(at_a, own):
    from django.utils import timezone

    from inspections.models import Plan, Round

    now, site = timezone.now(), at_a.a
    plan = Plan.objects.create(
        hospital=site.hospital, name="每月", department="maintenance", checklist=own, team=site.team, subject="place",
        place=site.room, starts_on=now.date(), state="running",
    )  # fmt: skip
    for days, state in ((1, "due"), (2, "due"), (-1, "dropped")):
        at = now + timezone.timedelta(days=days)
        Round.objects.create(
            hospital=site.hospital, plan=plan, checklist=own, department="maintenance", team=site.team, place=site.room,
            due_at=at, opens_at=at, late_from=at, state=state,
        )  # fmt: skip
    (reached,) = what_it_alters(editions.draft(at_a.hal, own))

    assert (reached.hospital, reached.plans, reached.rounds) == (Hospital.objects.get(pk=site.id), [plan], 2)
    with pytest.raises(ValidationError):
        editions.retire(at_a.hal, own)
    Plan.objects.update(state="ended")
    assert editions.retire(at_a.hal, own).active is False
    assert Checklist.objects.get(pk=own.pk).active is False
