"""The loop as people walk it in the browser: few taps, the right answers, nothing of other hospitals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from assessment import escalation, freezing, publishing
from assessment.forms import PlanForm
from assessment.models import Appeal, Exclusion, FrozenFigure, MonthClose, Publication, PublishedFigure, Reply
from assessment.tasks import CLOSER
from tenancy.scope import scope
from tests.factories.assessment import last_month as month_before
from tests.factories.assessment import loop, orders
from tests.ground import Layer
from workorders import catalogue


def walked(world):
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        world.loop = loop(world)


lived = Layer(walked).fixture("lived")


@pytest.fixture
def made(lived):
    return lived.loop


def client(user):
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user, backend="tenancy.backends.SignInBackend")
    return browser


def page(user, name, *args, **asked):
    return client(user).get(reverse(f"assessment:{name}", args=args), asked)


def test_manager_sees_the_month_and_accepts_it_in_one_tap(world, made):
    seen = page(world.max, "month")
    assert seen.status_code == 200
    assert reverse("assessment:reply_move", args=[made.reply.pk, "accept"]) in seen.content.decode()

    client(world.max).post(reverse("assessment:reply_move", args=[made.reply.pk, "accept"]))

    with scope([world.a.id]):
        assert Reply.objects.get().state == "accepted"


def test_records_are_three_clicks_away_and_only_for_who_may_see_them(world, made):
    month = page(world.max, "month").content.decode()
    figure = reverse("assessment:figure", args=[made.figure.pk])
    records = reverse("assessment:figure_records", args=[made.figure.pk])
    assert figure in month
    assert records in client(world.max).get(figure).content.decode()
    listed = client(world.max).get(f"{records}?part=denominator").content.decode()
    assert reverse("workorders:order", args=[made.appeal.records[0][1]]) in listed
    for stranger in (world.max_b, world.olga, world.rita, world.hal):
        assert client(stranger).get(figure).status_code == 404
        assert client(stranger).get(records).status_code == 404


def test_members_read_what_is_published_without_a_way_to_the_records(world, made):
    here = page(world.max_b, "published", key="workorders.on_time").content.decode()
    assert world.a.hospital.name in here and reverse("assessment:figure", args=[made.figure.pk]) not in here
    own = page(world.max, "published", key="workorders.on_time").content.decode()
    assert reverse("assessment:figure", args=[made.figure.pk]) in own
    assert page(world.rita, "published").status_code == 403


def test_ticked_records_go_into_an_appeal(world, made):
    with scope([world.a.id]):
        other = FrozenFigure.objects.get(key="workorders.done")
        record = f"workorders.workorder:{other.rows.get(part='numerator').ids[0]}"
    address = reverse("assessment:figure_appeal", args=[other.pk])
    form = client(world.max).get(address, {"record": record}).content.decode()
    assert f'value="{record}"' in form

    answer = client(world.max).post(address, {"reason": "record", "text": "Not ours", "record": record})

    with scope([world.a.id]):
        appeal = Appeal.objects.get(key="workorders.done")
        assert answer.headers["Location"] == reverse("assessment:appeal", args=[appeal.pk])
        assert [row[1] for row in appeal.records] == [int(record.split(":")[1])]
    assert client(world.dan).post(address, {}).status_code == 404


def test_office_decides_with_a_reason_and_both_values_are_shown(world, made):
    address = reverse("assessment:appeal_move", args=[made.appeal.pk, "uphold"])
    assert client(world.max).post(address, {}).status_code == 403
    assert client(world.kim).post(address, {"way": "frozen", "leave_out": ["0"]}).status_code == 422

    client(world.kim).post(address, {"way": "frozen", "leave_out": ["0"], "decision": "The flood is known"})

    with scope([world.a.id]):
        old, new = PublishedFigure.objects.filter(key="workorders.on_time").order_by("revision")
        assert (old.denominator, new.denominator) == (12, 11)
        newest = FrozenFigure.objects.get(key="workorders.on_time", revision=2)
    shown = page(world.max, "figure", newest.pk).content.decode()
    assert "33.3" in shown and "36.4" in shown and "The flood is known" in shown
    assert "<del>33.3" in page(world.max_b, "published", key="workorders.on_time").content.decode()


@pytest.mark.parametrize(
    ("key", "target", "unit", "shown", "typed", "kept"),
    [
        ("workorders.on_time", 90, "%", "90", "92.5", Decimal("92.5")),
        ("workorders.on_time", 90, "%", "90", "500", None),
        ("workorders.stars", "4.50", "5", "4.5", "6", None),
        ("workorders.repair", 28800, "h", "8", "6.5", Decimal(23400)),  # hours to people, seconds to the figure
    ],
)
def test_expected_value_is_asked_in_the_unit_of_the_figure(world, made, key, target, unit, shown, typed, kept):
    with scope([world.a.id]), override("en"):
        figure = FrozenFigure(hospital=world.a.hospital, key=key, target=Decimal(target))
        form = PlanForm({"expected": typed}, actor=world.max, obj=figure)
        form.is_valid()
    assert (form.initial["expected"], form.cleaned_data.get("expected")) == (shown, kept)
    assert unit in form["expected"].label and ("expected" in form.errors) == (kept is None)


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "及时完成率"), ("en", "Finished on time")])
def test_step_of_an_appeal_names_the_figure_in_the_readers_language(world, made, language, name):
    browser = client(world.kim)
    type(world.kim).objects.filter(pk=world.kim.pk).update(language=language)

    shown = browser.get(reverse("assessment:appeal_move", args=[made.appeal.pk, "uphold"])).content.decode()

    assert f"{name} {made.month:%Y-%m}" in shown


def test_desk_closes_and_publishes_what_is_left(world, made):
    month = f"{made.month:%Y-%m}"
    assert page(world.kim, "desk").status_code == 200
    client(world.kim).post(reverse("assessment:close_all"), {"month": month})
    with scope([world.a.id, world.b.id]):
        assert MonthClose.objects.count() == 2

    answer = client(world.kim).post(reverse("assessment:desk"), {"month": month, "note": "All there"})

    assert answer.status_code == 303
    with scope([world.a.id, world.b.id]):
        assert Publication.objects.count() == 2 and Reply.objects.count() == 2
    assert client(world.kim).post(reverse("assessment:desk"), {"month": month}).status_code == 422
    assert page(world.max, "desk").status_code == 403
    assert page(world.kim, "agenda").status_code == 200


def test_action_is_planned_on_a_page_and_its_owner_finishes_it(world, made):
    address = reverse("assessment:action_move", args=[made.wanted.pk, "plan"])
    due = timezone.localdate() + timedelta(days=5)
    facts = {"what": "Second crew", "owner": world.hal.pk, "due_on": f"{due}", "expected": "80"}
    assert client(world.max).post(address, facts).status_code == 303
    assert page(world.hal, "action", made.wanted.pk).status_code == 200
    done = reverse("assessment:action_move", args=[made.wanted.pk, "finish"])
    assert client(world.hal).post(done, {"note": "It runs"}).status_code == 303
    assert "80" in page(world.kim, "action", made.wanted.pk).content.decode()
    assert page(world.max_b, "action", made.wanted.pk).status_code == 404


def test_records_are_asked_to_be_left_out_while_the_month_is_open(world, made):
    now = timezone.localdate().replace(day=1)
    with scope([world.a.id]):
        order = orders(world.a, now)[0]
        Exclusion.objects.all().delete()
    asked = {"month": f"{now:%Y-%m}", "key": "workorders.received", "hospital": world.a.id}
    assert client(world.max).get(reverse("assessment:exclusion_ask"), asked).status_code == 200

    facts = {**asked, "reason": "rule", "record": f"workorders.workorder:{order.pk}"}
    silent = client(world.max).post(reverse("assessment:exclusion_ask"), {**facts, "reason": "other", "text": " "})
    client(world.max).post(reverse("assessment:exclusion_ask"), facts)

    assert silent.status_code == 422 and "text" in silent.context["form"].errors  # "another reason" alone says nothing
    with scope([world.a.id]):
        assert Exclusion.objects.get().subject_id == order.pk
    assert page(world.dan, "exclusion_ask").status_code == 403


def test_page_of_an_exclusion_says_by_when_it_is_decided_and_who_was_told(world, made):
    with scope([world.a.id]):
        Exclusion.objects.filter(pk=made.exclusion.pk).update(decide_by=timezone.localdate() - timedelta(days=2))
        escalation.watch(world.a.hospital, timezone.localdate())
    shown = page(world.kim, "exclusion", made.exclusion.pk).content.decode()
    assert "裁定期限" in shown and "逾期 2 天" in shown and "escalated" not in shown and "已通知" in shown


def test_request_nobody_decided_before_the_month_was_closed_leads_to_the_figure(world, made):
    way = reverse("assessment:figure", args=[made.figure.pk])
    with scope([world.a.id]):
        assert not MonthClose.objects.filter(month=made.exclusion.month).exists()
    assert way not in page(world.max, "exclusion", made.exclusion.pk).content.decode()  # it can be decided yet

    with scope([world.a.id]):
        facts = {"month": made.figure.month, "key": made.figure.key}
        Exclusion.objects.filter(pk=made.exclusion.pk).update(**facts)
    shown = page(world.max, "exclusion", made.exclusion.pk).content.decode()
    assert way in shown and "申诉" in shown

    with scope([world.a.id]):
        Exclusion.objects.filter(pk=made.exclusion.pk).update(state="refused")
    assert way not in page(world.max, "exclusion", made.exclusion.pk).content.decode()


PAGES = (
    *(("kim", f"assessment:{name}") for name in ("desk", "published", "agenda")),
    *(("kim", f"assessment:{name}_list") for name in ("reply", "appeal", "exclusion", "action")),
    *(("max", f"assessment:{name}") for name in ("month", "exclusion_ask")),
)
ROWS = ("figure", "figure_records", "appeal", "action", "exclusion")


def test_pages_cost_the_same_for_one_hospital_and_for_two(world, made):
    def statements():
        found = {}
        opened = [(who, reverse(name)) for who, name in PAGES]
        opened += [("kim", f"/api/v1/{name}-figures/?page_size=200") for name in ("published", "frozen")]
        rows = {name: getattr(made, name.removesuffix("_records")).pk for name in ROWS}
        opened += [("max", reverse(f"assessment:{name}", args=[pk])) for name, pk in rows.items()]
        opened += [("max", reverse("api:frozen-figure-detail", args=[made.figure.pk]))]
        opened += [("kim", reverse("api:published-figure-detail", args=[made.published.pk]))]
        for who, address in opened:
            browser = client(getattr(world, who))
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200, address
            found[address] = len(asked)
        return found

    before = statements()
    with scope([world.a.id, world.b.id]):
        orders(world.b, month_before())
        freezing.close_month(world.kim, world.b.hospital, month_before())
        publishing.publish(world.kim, world.consortium, month_before())
    assert statements() == before
    assert max(before.values()) <= 28, before


def test_month_that_closed_by_itself_was_closed_by_the_platform(world, made):
    earlier = (made.month - timedelta(days=1)).replace(day=1)
    with scope([world.a.id]):
        orders(world.a, earlier)
        freezing.close_month(CLOSER, world.a.hospital, earlier)
        figure = FrozenFigure.objects.filter(month=earlier).first()

    shown = [
        page(world.kim, "desk", month=f"{earlier:%Y-%m}"),
        page(world.kim, "month", hospital=world.a.id, month=f"{earlier:%Y-%m}"),
        page(world.kim, "figure", figure.pk),
    ]

    for one in shown:
        assert "close_months" not in one.content.decode() and "系统" in one.content.decode()
