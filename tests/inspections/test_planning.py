"""Writing, changing, starting and stopping plans; what the pages show before and after."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from inspections import forecast, planning, wording
from inspections.models import Plan, PlanPoint, Round
from inspections.plan_machine import PLANS
from inspections.plan_queries import compliance
from tenancy.models import Grant
from tenancy.scope import scope, scope_of
from tests.factories import inspections as make
from tests.factories.inspections import local
from workorders.limits import calendar_of

TODAY = date(2026, 3, 2)


@pytest.fixture
def here(world):
    with scope(world.hospitals()):
        yield world


def written(world, actor=None, **facts):
    facts = {
        "name": "每日巡查",
        "checklist": facts.pop("checklist", None) or make.checklist(world),
        "team": world.a.team,
        "place": world.a.building,
        "subject": "place",
        "step": "day",
        "starts_on": TODAY,
        **facts,
    }
    return planning.write(actor or world.hal, **facts)


def test_head_plans_at_his_department_and_nowhere_else(here):
    plan = written(here)
    assert (plan.state, plan.department, plan.hospital) == ("draft", "maintenance", here.a.hospital)
    cleaning = make.checklist(here, "cleaning")
    with pytest.raises(PermissionDenied):
        written(here, checklist=cleaning, team=here.a.cleaners, name="保洁")
    with pytest.raises(PermissionDenied):
        written(here, actor=here.tom)
    with pytest.raises(PermissionDenied):
        written(here, actor=here.hal_b, name="他院")
    assert written(here, actor=here.max, checklist=cleaning, team=here.a.cleaners, name="保洁").department == "cleaning"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"step": ""}, "step"),
        ({"subject": "asset"}, "asset"),
        ({"subject": "assets"}, "kind"),
        ({"meter_every": Decimal(250), "meter": "h"}, "meter_every"),
        ({"step": "week", "weekdays": [7]}, "weekdays"),
        ({"months": [13]}, "months"),
        ({"step": "month", "month_day": 32}, "month_day"),
        ({"ends_on": date(2026, 3, 1)}, "ends_on"),
        ({"offset_days": 61}, "offset_days"),
        ({"step": "year", "months": [2], "nth": 5, "weekday": 0, "ends_on": date(2026, 12, 31)}, "step"),
        ({"every": 0}, "every"),
        ({"starts_on": date(1, 1, 1)}, "starts_on"),
        ({"ends_on": date(9999, 12, 31)}, "ends_on"),
    ],
)
def test_plan_that_does_not_fit_together_is_refused(here, facts, field):
    with pytest.raises(ValidationError) as refused:
        written(here, **facts)
    assert field in refused.value.message_dict


def test_checklist_must_be_in_force_and_of_the_team(here):
    old = make.checklist(here)
    old.editions.update(state="old")
    others = make.checklist(here)
    type(others).objects.filter(pk=others.pk).update(home=here.b.hospital)
    others.refresh_from_db()
    for refused in (old, others, make.checklist(here, "security")):
        with pytest.raises(ValidationError) as error:
            written(here, checklist=refused)
        assert "checklist" in error.value.message_dict


def test_two_plans_of_one_name_only_after_the_first_has_ended(here):
    first = written(here)
    with pytest.raises(ValidationError, match="name"):
        written(here)
    PLANS.move(first, "end", here.hal)
    assert written(here).name == first.name


def test_life_of_a_plan_and_its_rounds(here):
    plan = PLANS.move(written(here, starts_on=timezone.localdate()), "start", here.hal)
    assert Round.objects.filter(plan=plan).count() in (35, 36)  # today's is over after eight o'clock
    given = Round.objects.filter(plan=plan).order_by("-due_at").first()
    Round.objects.filter(pk=given.pk).update(assignee=here.tom)
    plan = PLANS.move(plan, "pause", here.hal)
    assert list(Round.objects.filter(plan=plan)) == [given]
    plan = PLANS.move(plan, "resume", here.hal)
    assert Round.objects.filter(plan=plan).count() in (35, 36)
    plan.refresh_from_db()
    planning.change(here.hal, plan, at=time(23, 59))
    dues = Round.objects.filter(plan=plan).exclude(pk=given.pk).values_list("due_at", flat=True)
    assert {at.astimezone(make.SHANGHAI).hour for at in dues} == {23}
    PLANS.move(plan, "end", here.hal)
    assert list(Round.objects.filter(plan=plan)) == [given]
    with pytest.raises(ValidationError):
        planning.change(here.hal, plan, minutes=5)


def test_change_that_changes_nothing_leaves_the_rounds(here):
    plan = PLANS.move(written(here), "start", here.hal)
    plan.refresh_from_db()
    before = set(Round.objects.filter(plan=plan).values_list("pk", flat=True))
    planning.change(here.hal, plan, minutes=plan.minutes)
    assert set(Round.objects.filter(plan=plan).values_list("pk", flat=True)) == before


def test_route_needs_points_before_it_starts(here):
    plan = written(here, subject="route")
    with pytest.raises(ValidationError):
        PLANS.move(plan, "start", here.hal)
    pump = make.asset(here)
    planning.set_route(here.hal, plan, [(here.a.room, None, 0), (pump.place, pump, 45)])
    assert list(PlanPoint.objects.filter(plan=plan).values_list("order", "asset", "walk")) == [
        (1, None, 0),
        (2, pump.pk, 45),
    ]
    plan = PLANS.move(plan, "start", here.hal)
    assert Round.objects.filter(plan=plan).exists()
    for stops in ([], [(here.b.room, None, 0)], [(here.a.room, None, 7201)]):
        with pytest.raises(ValidationError):
            planning.set_route(here.hal, plan, stops)
    with pytest.raises(PermissionDenied):
        planning.set_route(here.lea, plan, [(here.a.room, None, 0)])


WORDS = [
    ({"step": "week", "every": 2, "weekdays": [0, 3]}, "every 2 weeks on Mon, Thu 08:00", "每 2 周的周一、周四 08:00"),
    ({"step": "day"}, "every day 08:00", "每天 08:00"),
    ({"step": "workday", "every": 3}, "every 3 working days 08:00", "每 3 个工作日 08:00"),
    ({"step": "month", "month_day": -1}, "every month, the last day 08:00", "每月最后一天 08:00"),
    ({"step": "month", "nth": 2, "weekday": 4}, "every month, Fri number 2 08:00", "每月第 2 个周五 08:00"),
    ({"step": "year", "months": [3, 9]}, "every year in March, September, day 2 08:00", "每年 3 月、9 月 2 日 08:00"),
    ({"step": "hour", "every": 2, "until": time(18)}, "every 2 hours 08:00–18:00", "每 2 小时 08:00–18:00"),
    ({"step": "hour", "every": 4}, "every 4 hours, day and night", "每 4 小时，昼夜不停"),
    (
        {"step": "month", "basis": "done", "every": 6, "meter": "小时", "meter_every": Decimal("250.0")},
        "every 6 months 08:00, or each 250 on the meter “小时”, counted from the last completion",
        "每 6 个月 08:00，或“小时”表每走 250，从上次完成起算",
    ),
    (
        {"step": "day", "months": [5, 6], "on_holiday": "later", "offset_days": -2},
        "every day 08:00, 2 days before, only in May, June, on days off: On the working day after",
        "每天 08:00，提前 2 天，仅 5 月、6 月，休息日：推后到后一工作日",
    ),
]


@pytest.mark.parametrize(("fields", "english", "chinese"), WORDS)
def test_rhythm_in_words(fields, english, chinese):
    plan = Plan(starts_on=TODAY, at=time(8), **fields)
    with translation.override("en"):
        assert wording.rhythm(plan) == english
    with translation.override("zh-hans"):
        assert wording.rhythm(plan) == chinese


def test_load_and_the_offer_to_spread_it(here):
    calendar = calendar_of(here.a.id)
    first, last = date(2026, 3, 2), date(2026, 5, 24)
    make.plan(here, began=local("2026-01-01 08:00"), step="week", weekdays=[0], minutes=60)
    make.plan(here, began=local("2026-01-01 08:00"), step="week", weekdays=[1], minutes=30)
    make.plan(here, step="week", weekdays=[2], minutes=600)  # a draft weighs nothing
    plan = make.plan(here, step="week", weekdays=[0], minutes=20)
    others = forecast.load_of_team(plan, calendar, first, last)
    assert (others[date(2026, 3, 2)], others[date(2026, 3, 3)], others[date(2026, 3, 4)]) == (60, 30, 0)
    weeks = forecast.weeks(others, forecast.load_of(plan, 1, calendar, first, last), first)
    assert [(week.others, week.this) for week in weeks] == [(90, 20)] * 12
    offer = forecast.lightest(plan, 1, others, calendar, first, last)
    assert (offer.fields, offer.now, offer.then) == ({"weekdays": [2]}, 80, 20)
    plan.weekdays = [4]
    assert forecast.lightest(plan, 1, others, calendar, first, last) is None


def test_forty_assets_are_offered_to_be_spread_over_the_month(here):
    calendar = calendar_of(here.a.id)
    pumps = [make.asset(here) for _n in range(40)]
    plan = make.plan(here, subject="assets", kind=pumps[0].kind, step="month", month_day=5, minutes=15)
    assert forecast.things(plan) == 40
    first, last = date(2026, 3, 2), date(2026, 5, 24)
    offer = forecast.lightest(plan, 40, forecast.Load(), calendar, first, last)
    assert offer.fields == {"spread_days": 28, "on_holiday": "later"}
    assert offer.now == 600
    assert offer.then < 200


def test_compliance_counts_what_was_due(here):
    plan = make.plan(here, began=local("2026-03-01 10:00"))
    now = local("2026-03-09 10:00")
    make.rounds_until(plan, local("2026-03-01 10:00"))
    by_day = {f"{row.due_at.astimezone(make.SHANGHAI):%m-%d}": row for row in Round.objects.filter(plan=plan)}

    def set_(day, **fields):
        Round.objects.filter(pk=by_day[day].pk).update(**fields)

    set_("03-02", state="done", done_by=here.tom, done_at=local("2026-03-02 20:00"))
    set_("03-03", state="done", done_by=here.tom, done_at=local("2026-03-05 20:00"))
    set_("03-04", state="skipped", skip_reason="other", settled_by=here.hal)
    set_("03-09", state="done", done_by=here.tom, done_at=local("2026-03-09 07:00"))
    kept = compliance(plan, now)
    # 2, 3, 5, 6, 7, 8 and 9 March counted (the 8th is over at eight on the 9th); 2 and 9 in time, 3 late
    assert (kept.planned, kept.done, kept.in_time, kept.missed, kept.skipped) == (7, 3, 2, 4, 1)


@pytest.fixture
def pages(world, client):
    with scope(world.hospitals()):
        lists = make.checklist(world)
        pumps = [make.asset(world) for _n in range(3)]
    client.force_login(world.hal)
    return lists, pumps


FORM = {
    **{"name": "水泵月检", "subject": "assets", "every": "1", "step": "month", "month_day": "5", "at": "08:00"},
    **{"starts_on": "2026-03-02", "basis": "date", "on_holiday": "keep", "minutes": "20", "opens_before": "24"},
    **{"grace": "48", "offset_days": "0", "spread_days": "0"},
}


def test_form_is_previewed_saved_started_and_shown(world, client, pages):
    lists, pumps = pages
    assert str(lists) in client.get(reverse("inspections:plan_add")).content.decode()
    filled = client.get(reverse("inspections:plan_add"), {"checklist": lists.pk}).content.decode()
    assert f'value="{lists}"' in filled
    sent = {
        **FORM,
        "checklist": lists.pk,
        "kind": pumps[0].kind_id,
        "place": world.a.building.pk,
        "team": world.a.team.pk,
    }
    page = client.post(reverse("inspections:plan_preview"), sent).content.decode()
    assert page.count("<time ") == 12
    assert 'data-take-offer="plan-offer"' in page
    with scope_of(world.hal):
        assert not Plan.objects.exists()
    answer = client.post(reverse("inspections:plan_add"), sent)
    assert answer.status_code == 303
    with scope_of(world.hal):
        plan = Plan.objects.get()
        assert (plan.kind, plan.team, plan.state) == (pumps[0].kind, world.a.team, "draft")
    start = client.post(reverse("inspections:plan_move", args=[plan.pk, "start"]))
    assert start.status_code == 303
    shown = client.get(answer.url).content.decode()
    assert shown.count("<time ") >= 12
    assert "水泵月检" in client.get(reverse("inspections:plan_list")).content.decode()
    edited = client.post(
        reverse("inspections:plan_edit", args=[plan.pk]), {**sent, "minutes": "25", "step": "sometimes"}
    )
    assert edited.status_code == 422
    assert client.post(reverse("inspections:plan_edit", args=[plan.pk]), {**sent, "minutes": "25"}).status_code == 303
    with scope_of(world.hal):
        assert Plan.objects.get().minutes == 25


def test_preview_of_an_unfinished_form_says_so(world, client, pages):
    page = client.post(reverse("inspections:plan_preview"), {"every": "x"})
    assert page.status_code == 200
    assert "<time " not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"every": "0"}, "every"),
        ({"minutes": "0"}, "minutes"),
        ({"step": "", "meter": "h", "meter_every": "0"}, "meter_every"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"month_day": "", "nth": "5"}, "weekday"),
        ({"month_day": "", "weekday": "0"}, "nth"),
    ],
)
def test_rhythm_that_cannot_be_is_told_beside_its_field(world, client, pages, typed, named):
    lists, pumps = pages
    sent = {**FORM, "checklist": lists.pk, "kind": pumps[0].kind_id, "place": world.a.building.pk, **typed}
    sent["team"] = world.a.team.pk

    assert client.post(reverse("inspections:plan_preview"), sent).status_code == 200
    refused = client.post(reverse("inspections:plan_add"), sent)
    assert refused.status_code == 422 and named in refused.context["form"].errors
    assert refused.context["form"]["name"].value() == "水泵月检"


def test_only_what_one_plans_for_is_offered_and_the_rest_is_refused_beside_its_field(world, client, pages):
    lists, pumps = pages
    with scope(world.hospitals()):
        cleaning = make.checklist(world, "cleaning")
        east = world.a.building.path
    form = client.get(reverse("inspections:plan_add"), {"checklist": lists.pk}).context["form"]
    with scope_of(world.hal):
        assert {team.department for team in form.fields["team"].queryset.all()} == {"maintenance"}
    assert str(cleaning) not in client.get(reverse("inspections:plan_add")).content.decode()

    sent = {**FORM, "checklist": lists.pk, "kind": pumps[0].kind_id, "place": world.a.building.pk}
    refused = client.post(reverse("inspections:plan_add"), {**sent, "team": world.a.cleaners.pk})
    assert refused.status_code == 422 and "team" in refused.context["form"].errors

    with scope(world.hospitals()):
        Grant.objects.filter(user=world.hal).update(place=world.a.room)
        assert east != world.a.room.path
    refused = client.post(reverse("inspections:plan_add"), {**sent, "team": world.a.team.pk})
    assert refused.status_code == 422 and "place" in refused.context["form"].errors
    with scope_of(world.max):
        assert not Plan.objects.exists()


def test_plan_of_a_checklist_of_ones_own_begins_with_a_rhythm_of_months(client, pages):
    form = client.get(reverse("inspections:plan_add"), {"checklist": pages[0].pk}).context["form"]
    assert form["step"].value() == "month"


def test_one_asset_is_named_by_its_code(world, client, pages):
    lists, pumps = pages
    sent = {**FORM, "subject": "asset", "checklist": lists.pk, "team": world.a.team.pk, "asset": "no such"}
    assert client.post(reverse("inspections:plan_add"), sent).status_code == 422
    assert client.post(reverse("inspections:plan_add"), {**sent, "asset": pumps[1].code}).status_code == 303
    with scope_of(world.hal):
        plan = Plan.objects.get()
        assert (plan.asset, plan.place) == (pumps[1], pumps[1].place)


def test_record_shows_the_rounds_to_do(world, client, pages):
    with scope(world.hospitals()):
        plan = make.plan(world, began=timezone.now())
        make.rounds_until(plan, timezone.now())
        first = Round.objects.filter(plan=plan).order_by("due_at").first()
    page = client.get(reverse("inspections:plan", args=[plan.pk])).content.decode()
    assert reverse("inspections:round", args=[first.pk]) in page


def test_route_is_edited_point_by_point(world, client, pages):
    _lists, pumps = pages
    with scope(world.hospitals()):
        plan = make.plan(world, subject="route")
    url = reverse("inspections:plan_route", args=[plan.pk])

    def now():
        with scope_of(world.hal):
            return [(p.place_id, p.asset_id, p.walk) for p in PlanPoint.objects.filter(plan=plan).order_by("order")]

    room, pump = (world.a.room.pk, None, 0), (pumps[0].place_id, pumps[0].pk, 0)
    client.post(url, {"do": "add", "place": world.a.room.pk})
    client.post(url, {"do": "add", "asset": pumps[0].pk})
    assert now() == [room, pump]
    client.post(url, {"do": "up", "point": "2"})
    assert now() == [pump, room]
    client.post(url, {"do": "walk", "point": "2", "walk": "90"})
    client.post(url, {"do": "order", "order": "2,1"})
    assert now() == [(*room[:2], 90), pump]
    assert client.post(url, {"do": "order", "order": "1,2,3"}).status_code == 422
    assert client.post(url, {"do": "walk", "point": "1", "walk": "soon"}).status_code == 422
    client.post(url, {"do": "remove", "point": "1"})
    assert now() == [pump]
    assert pumps[0].name in client.get(reverse("inspections:plan", args=[plan.pk])).content.decode()
    found = client.get(reverse("inspections:plan_found", args=[plan.pk]), {"q": pumps[1].code}).content.decode()
    assert pumps[1].code in found
    assert client.post(url, {"do": "add", "place": world.b.room.pk}).status_code == 422


def test_strangers_and_readers(world, client, pages):
    with scope(world.hospitals()):
        plan = make.plan(world)
    for who, record, edit in (
        (world.lea, 200, 403),
        (world.hal_b, 404, 404),
        (world.rita, 404, 404),
        (world.kim, 200, 403),
    ):
        client.force_login(who)
        assert client.get(reverse("inspections:plan", args=[plan.pk])).status_code == record
        assert client.get(reverse("inspections:plan_edit", args=[plan.pk])).status_code == edit
        assert client.post(reverse("inspections:plan_preview", args=[plan.pk]), FORM).status_code == edit
