"""What was filled in reads like lived: judged row by row, by code that shares nothing with the way it was made."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from functools import cache
from io import StringIO
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from assessment import late
from assessment.models import Action, Appeal, FrozenFigure, MonthClose, PublishedFigure, Reply
from assets.models import Asset
from flow.models import Event
from kpi import registry
from kpi.models import DirtyDay, Measurement
from kpi.registry import Figure, Standpoint
from logistics.fill import closing, reports, run
from reporting import content, screens
from reporting.models import Report, Standing
from tenancy.access import can
from tenancy.models import Engagement, Grant, Hospital, Membership, Place, Team, Unit
from tenancy.scope import scope, scope_of
from tests.conftest import as_owner
from tests.fill import closed
from tests.fill.conftest import nothing_stays, plan
from tests.kpi import exported, plainly
from workorders import permissions as perm
from workorders.counting import counted
from workorders.machine import ORDERS
from workorders.models import Line, NumberBlock, Problem, Service, WorkOrder

OPEN = {"reported", "dispatched", "accepted", "arrived", "waiting"}
KEY = ("hospital_id", "kpi", "day", "department", "kind", "ref")
SHAPE = {  # what the machine and the domain write beside a step, "before" aside
    "reported": {"channel", "urgency"}, "dispatch": {"team", "assignee"}, "reassign": {"team", "assignee", "reason"},
    "send_back": {"reason"}, "accept": set(), "arrive": set(), "wait": {"waiting_reason", "reason"}, "resume": set(),
    "finish": {"remedy"}, "sign": {"attitude", "skill", "speed", "comment", "name", "reason"}, "close": set(),
    "close_unsigned": set(), "reopen": {"reason", "signed", "closed"}, "withdraw": {"reason"}, "void": {"reason"},
    "line_added": {"text", "amount", "minutes"}, "reminded": set(), "commented": {"text"}, "from_round": {"round", "text"},
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """Three hospitals, one year, 1,500 orders, measured."""
    with django_db_blocker.unblock(), as_owner(), nothing_stays():
        made = plan()
        run.fill(made, "password-of-fill")
        run.measure_all(made)
        secret = reports.arrange(made)
        stories = defaultdict(list)
        for event in Event.objects.filter(subject="workorders.workorder").order_by("id").values():
            stories[event["subject_id"]].append(event)
        orders = list(WorkOrder.objects.annotate(needs_signature=F("service__needs_signature")).order_by("id").values())
        yield SimpleNamespace(plan=made, orders=orders, stories=stories, tables=exported.tables(), secret=secret)


def steps(story):
    return [event for event in story if event["target"]]


def test_every_story_is_one_the_machine_allows(filled):
    assert len(filled.orders) == len(filled.stories) == 1500
    for order in filled.orders:
        story = filled.stories[order["id"]]
        assert (story[0]["verb"], story[0]["at"], story[0]["target"]) == ("reported", order["reported_at"], "")
        state = "reported"
        for step in steps(story):
            way = ORDERS.by_name[step["verb"]]
            assert step["source"] == state and state in way.sources and step["target"] == way.target
            state = step["target"]
        assert state == order["state"]
        moments = [event["at"] for event in story]
        assert moments == sorted(moments) and moments[-1] <= filled.plan.until
        assert {event["hospital_id"] for event in story} == {order["hospital_id"]}


def test_events_have_the_shape_the_machine_writes(filled):
    for story in filled.stories.values():
        for event in story:
            keys = set(event["data"]) - {"before"}
            assert keys == SHAPE[event["verb"]] and ("before" in event["data"]) == bool(event["target"])
            assert (event["actor_id"] is None) == (event["actor_kind"] != "user")
            assert event["actor_name"]


def last(story, *verbs):
    return next((event["at"] for event in reversed(story) if event["verb"] in verbs), None)


def first(story, verb):
    return next((event["at"] for event in story if event["verb"] == verb), None)


def test_orders_say_what_their_events_say(filled):
    for order in filled.orders:
        story = filled.stories[order["id"]]
        verbs = Counter(event["verb"] for event in story)
        after_reopening = story[max((i for i, e in enumerate(story) if e["verb"] == "reopen"), default=0) :]
        assert order["returned"] == verbs["reopen"]
        assert order["responded_at"] == first(story, "accept") and order["arrived_at"] == first(story, "arrive")
        assert order["finished_at"] == last(after_reopening, "finish")
        assert order["signed_at"] == last(after_reopening, "sign")
        assert order["closed_at"] == last(after_reopening, "close", "close_unsigned", "withdraw", "void")
        assert order["reminded_at"] == last(after_reopening, "reminded")
        held = sum((e["at"] - first(story, "wait") for e in story if e["verb"] == "resume"), timedelta())
        assert order["waited_seconds"] == held.total_seconds()
        assert order["pauses"] == (
            [[first(story, "wait").isoformat(), last(story, "resume").isoformat()]] if held else []
        )
        watched = order["state"] in OPEN and order["due_at"] > filled.plan.until
        assert order["next_alarm_at"] == (filled.plan.until if watched else None)
        assert (order["waiting_since"] is not None) == (order["state"] == "waiting")
        assert (
            (order["signed_at"] is None)
            == (not order["signed_name"])
            == (order["attitude"] is None and not order["signed_way"])
        )
        assert bool(order["musts_ticked"]) == (order["finished_at"] is not None)
        given = [e for e in after_reopening if e["verb"] == "sign"]
        assert not given or given[-1]["data"]["attitude"] == order["attitude"]


def test_limits_are_those_of_the_service(filled):
    services = {service.pk: service for service in Service.objects.all()}
    for order in filled.orders:
        minutes = getattr(services[order["service_id"]], f"complete_{order['urgency']}")
        promised = order["reported_at"] + timedelta(minutes=minutes, seconds=order["waited_seconds"])
        assert order["due_at"] == promised and order["respond_by"] > order["reported_at"]


def test_nothing_of_an_order_lies_in_another_hospital(filled):
    parts = {
        "place_id": Place, "unit_id": Unit, "team_id": Team, "service_id": Service, "problem_id": Problem, "asset_id": Asset,
    }  # fmt: skip
    where = {name: dict(model.objects.values_list("pk", "hospital_id")) for name, model in parts.items()}
    for order in filled.orders:
        for name, known in where.items():
            assert order[name] is None or known[order[name]] == order["hospital_id"]
    pictures = dict(Problem.objects.values_list("pk", "service_id"))
    assert all(
        order["problem_id"] is None or pictures[order["problem_id"]] == order["service_id"] for order in filled.orders
    )


def test_whoever_acts_works_there_that_day(filled):
    at_work = defaultdict(list)
    for member in Membership.objects.values():
        at_work[member["user_id"], member["hospital_id"]].append((member["starts_on"], member["ends_on"]))
    for story in filled.stories.values():
        for event in story:
            if event["actor_id"]:
                day = timezone.localdate(event["at"])
                spans = at_work[event["actor_id"], event["hospital_id"]]
                assert any(begins <= day and (ends is None or day <= ends) for begins, ends in spans)


def test_work_is_done_by_the_team_and_firms_are_engaged(filled):
    teams = dict(Team.objects.values_list("pk", "department"))
    members = set(Membership.objects.values_list("team_id", "user_id"))
    engaged = set(Engagement.objects.values_list("hospital_id", "contractor_id", "department"))
    for order in filled.orders:
        assert order["team_id"] is None or teams[order["team_id"]] == order["department"]
        assert order["assignee_id"] is None or (order["team_id"], order["assignee_id"]) in members
        if order["contractor_id"]:
            assert (order["hospital_id"], order["contractor_id"], order["department"]) in engaged
    assert len({order["contractor_id"] for order in filled.orders} - {None}) > 1


def test_cost_is_the_sum_of_lines(filled):
    sums = defaultdict(Decimal)
    for line in Line.objects.all():
        assert line.amount == line.quantity * line.price
        sums[line.order_id] += line.amount
    for order in filled.orders:
        assert order["cost"] == sums[order["id"]] + order["labour_cost"]
    assert set(Line.objects.values_list("kind", flat=True)) >= {"part", "labour"}


def test_share_of_open_orders_and_their_age(filled):
    going_on = [order for order in filled.orders if order["state"] in OPEN]

    assert len(going_on) == 22  # 1.5 % of 1,500
    assert {order["state"] for order in going_on} == OPEN
    assert min(order["reported_at"] for order in going_on) > filled.plan.until - timedelta(days=45)
    assert any(o["due_at"] < filled.plan.until for o in going_on) and any(
        o["due_at"] > filled.plan.until for o in going_on
    )


def test_sizes_are_skewed(filled):
    counts = Counter(order["hospital_id"] for order in filled.orders)
    largest = counts.most_common(1)[0]

    assert largest[0] == Hospital.objects.order_by("id").first().pk
    assert 0.39 < largest[1] / 1500 < 0.51  # a share of 1 : 0.68 : 0.54
    assert len(counts) == 3


def test_day_week_and_night_have_their_rhythm(filled):
    local = [timezone.localtime(order["reported_at"]) for order in filled.orders]
    hours, days = Counter(at.hour for at in local), Counter(at.weekday() for at in local)

    assert sum(hours[h] for h in range(8, 12)) > 4 * sum(hours[h] for h in range(4)) > 0
    assert (days[5] + days[6]) / 2 < 0.75 * sum(days[d] for d in range(5)) / 5


def test_what_is_ugly_about_real_life_is_there(filled):
    finished = [order for order in filled.orders if order["finished_at"]]
    verbs = Counter(event["verb"] for story in filled.stories.values() for event in story)
    after_closing = [
        e for story in filled.stories.values() for e in story if e["verb"] == "reopen" and e["data"]["closed"]
    ]

    assert 0.01 < sum(order["returned"] > 0 for order in finished) / len(finished) < 0.06
    assert after_closing
    assert 0.02 < sum(o["state"] == "closed" and not o["signed_at"] for o in finished) / len(finished) < 0.1
    assert any(o["signed_at"] and o["attitude"] is None for o in finished)
    assert 0.02 < sum(o["finished_at"] > o["due_at"] for o in finished) / len(finished) < 0.25
    assert set(SHAPE) == set(verbs)
    assert {o["channel"] for o in filled.orders} == {"web", "phone", "scan", "patient", "system"}
    assert any(o["description"] for o in filled.orders) and any(o["phone"] for o in filled.orders)


def test_people_left_and_places_moved(filled):
    left = Membership.objects.filter(ends_on__isnull=False)

    assert left.count() > 3
    assert not Grant.objects.filter(user__in=left.values("user"), ends_on=None).exists()
    moved = Event.objects.filter(subject="tenancy.place", verb="moved")
    assert moved.count() >= 3
    assert all(filled.plan.since < timezone.localdate(event.at) for event in moved)
    for event in moved:
        assert event.data["from"] != event.data["to"] == Place.objects.get(pk=event.subject_id).full_name
    assert not Event.objects.filter(at__gt=filled.plan.until).exists()
    for place in Place.objects.select_related("parent"):
        if place.parent:
            assert place.path == f"{place.parent.path}{place.pk:08d}."
            assert place.full_name.endswith(place.name) and place.full_name.startswith(place.parent.full_name)


def test_titles_are_chinese_and_varied(filled):
    titles = [order["title"] for order in filled.orders]

    assert len(set(titles)) > 600
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in title) and len(title) <= 80 for title in titles)
    assert {order["department"] for order in filled.orders} == {
        "maintenance",
        "cleaning",
        "catering",
        "procurement",
        "security",
    }
    assert sum(order["asset_id"] is not None for order in filled.orders) > 40


def test_numbers_are_those_of_hospital_and_month(filled):
    codes = dict(Hospital.objects.values_list("pk", "code"))
    used = defaultdict(set)
    for order in filled.orders:
        code, month, number = order["number"].split("-")
        assert code == codes[order["hospital_id"]] and month == f"{timezone.localtime(order['reported_at']):%y%m}"
        used[order["hospital_id"], month].add(int(number))
    assert sum(map(len, used.values())) == 1500
    here = NumberBlock.objects.filter(hospital__in={hospital for hospital, _month in used})
    blocks = {(block.hospital_id, block.month): block.used for block in here}
    assert blocks == {key: max(numbers) for key, numbers in used.items()}


def test_every_constraint_is_validated(filled):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated OR NOT conenforced")
        assert cursor.fetchall() == []


def test_figures_equal_a_plain_reckoning(filled):
    today = timezone.localdate(filled.plan.until)
    reckoned = plainly.measure(filled.tables, timezone.now())
    stored = {row[:6]: row[6:] for row in Measurement.objects.values_list(*KEY, "numerator", "denominator")}

    assert stored == plainly.as_kept({key: value for key, value in reckoned.items() if key[2] < today}, today)
    assert len({key[1] for key in stored}) >= 12
    assert DirtyDay.objects.exists() and timezone.localdate(DirtyDay.objects.earliest("moment").moment) == today


def test_links_of_figures_open_as_many_orders_as_they_count(filled):
    checked = 0
    for hospital in Hospital.objects.all():
        for kpi in (one for one in registry.measured() if one.key.startswith("workorders.")):
            days = Measurement.objects.filter(hospital=hospital, kpi=kpi.key, kind="").order_by("-numerator", "day")
            for day in {row.day for row in days[:2]}:
                sums = [(m.numerator, m.denominator) for m in days.filter(day=day)]
                figure = Figure(kpi, Standpoint((hospital.pk,)), day, day)
                for part in kpi.parts:
                    asked = dict(parse_qsl(urlsplit(figure.url(part)).query))
                    expected = sum(pair[part != registry.NUMERATOR] for pair in sums)
                    assert counted(WorkOrder.objects.all(), asked).count() == expected
                    checked += 1
    assert checked > 40


def test_the_four_people_see_what_they_are_for(filled):
    largest = Hospital.objects.order_by("id").first().pk
    reached = {}
    for name in ("desk", "tech", "contractor", "office"):
        user = User.objects.get(email=f"{name}@fill.example")
        with scope_of(user):
            seen = WorkOrder.objects.for_user(user, perm.ORDER_VIEW)
            reached[name] = (seen.count(), set(seen.values_list("hospital", flat=True)))
            assert can(user, perm.ORDER_VIEW, seen[0])
    assert reached["desk"] == (sum(o["hospital_id"] == largest for o in filled.orders), {largest})
    assert reached["tech"][1] == {largest} and 0 < reached["tech"][0] < reached["desk"][0]
    assert len(reached["contractor"][1]) == 3 and 0 < reached["contractor"][0] < 1500
    assert reached["office"][0] == 1500
    assert PBKDF2PasswordHasher().verify("password-of-fill", user.password)
    narrowed = Grant.objects.filter(user__email="tech@fill.example")
    assert [grant.role.key for grant in narrowed] == ["worker"] * 2 and len({grant.place_id for grant in narrowed}) == 2


def test_closed_months_are_whole_and_nothing_has_changed_since(filled):
    hospitals, months = list(Hospital.objects.all()), closing.months(filled.plan)
    assert len(months) == 3 and MonthClose.objects.count() == len(months) * len(hospitals)
    call_command("check_frozen", stdout=StringIO(), stderr=StringIO())
    for hospital in hospitals:
        with scope([hospital.pk]):
            assert [late.compare(hospital, month) for month in months] == [[], [], []]


def test_frozen_figures_equal_a_plain_reckoning(filled):
    reckoned, checked = plainly.measure(filled.tables, timezone.now()), Counter()
    of_month = cache(lambda first, last: closed.of_month(reckoned, first, last))
    for figure in FrozenFigure.objects.filter(kind="computed", cause="closing", key__in={key[1] for key in reckoned}):
        if figure.definition["above"] == [f"{figure.key}/numerator"]:
            above, below = of_month(figure.first, figure.last)[figure.hospital_id, figure.key]
            assert figure.numerator == above, figure
            assert not figure.definition["below"] or (figure.denominator or None) == (below or None), figure
            checked[figure.key] += above > 0
    assert sum(checked.values()) > 60 and len(checked) > 20


def test_answers_appeals_and_actions_went_the_way_the_loop_allows(filled):
    models, stories = {"reply": Reply, "appeal": Appeal, "action": Action}, closed.stories()
    states = {name: dict(model.objects.values_list("pk", "state")) for name, model in models.items()}
    for (subject, pk), story in stories.items():
        assert list(closed.wrong_steps(story, states[subject.partition(".")[2]][pk])) == [], subject
        assert story[-1].at <= filled.plan.until
    assert {name: len(rows) for name, rows in states.items()} == Counter(s.partition(".")[2] for s, _pk in stories)
    assert {"accepted", "tacit"} <= set(states["reply"].values())
    assert {"wanted", "done", "open"} <= set(states["action"].values())
    assert Appeal.objects.exclude(state="filed").exists()
    restated = PublishedFigure.objects.filter(revision=2)
    assert restated.count() == Appeal.objects.filter(state="upheld").count()


def test_reports_were_sent_and_the_screen_opens(filled):
    sent = Report.objects.filter(state="sent")
    assert sent.exclude(words="").exists() and sent.filter(words="").exists()
    assert all(row.sha256 == content.sealed(row.content, row.words) and row.content["rows"] for row in sent)
    assert Standing.objects.values("hospital").distinct().count() == Hospital.objects.count()
    assert screens.opened(filled.secret).hospital is None
