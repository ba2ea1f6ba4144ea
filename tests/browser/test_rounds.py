"""Rounds on a phone: scan, answer, a failed item becomes an order; without network nothing is lost and nothing doubled."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from flow.models import Attachment, Event
from inspections.models import Answer, Arrival, Finding, Point, Round
from tenancy import access
from tenancy import domain as tenancy
from tenancy.models import Grant
from tenancy.scope import scope
from tests.browser.person import Person
from tests.factories import rounds as make
from tests.workorders.hands import PNG
from workorders import catalogue
from workorders.models import WorkOrder

CHECKS = ({"text": "外观完好", "kind": "check"},)


@pytest.fixture
def route(site):
    def lay(count: int, lines=CHECKS, **facts) -> Round:
        with scope(site.hospitals()):
            catalogue.install(site.a.hospital)
            return make.route(site, count, lines, **facts)

    return lay


def labels(site, round: Round) -> list[str]:
    """What the codes on the pumps open, in the order of the route."""
    with scope([site.a.id]):
        points = round.plan.points.select_related("place").order_by("order")
        doors = [tenancy.door_for(place=point.place, asset_id=point.asset_id) for point in points]
        return [reverse("workorders:door", args=[door.token]) for door in doors]


def begin(tom: Person, round: Round) -> None:
    tom.open("/inspections/my/")
    tom.start()
    tom.tap(".job-main")
    tom.tap(".sticky-actions .btn-primary")
    expect(tom.page.locator(".round-list")).to_be_visible()


def sent(tom: Person) -> None:
    expect(tom.page.locator("[data-waits]")).to_have_class(re.compile("tone-green"), timeout=20_000)


def test_technician_scans_five_points_and_the_desk_sees_what_failed(site, people, route):
    round = route(5)
    codes = labels(site, round)
    tom, dan = people.phone(site.tom), people.desk(site.dan)

    begin(tom, round)
    for number, code in enumerate(codes, start=1):
        tom.open(code)
        expect(tom.page.locator(".round-here h1")).to_have_text(f"泵 P{number:02}")
        tom.tap(f".verdicts .btn >> nth={1 if number == 3 else 0}")
        if number == 3:
            tom.tap(".decision-ways .btn >> nth=1")
        tom.tap("[data-foot] .big-action >> nth=1")
    tom.tap("[data-foot] .btn-primary")
    expect(tom.page.locator("main dl.facts")).to_be_visible(timeout=20_000)

    assert tom.taps <= 14
    assert tom.seconds < 40
    with scope([site.a.id]):
        assert list(Point.objects.order_by("order").values_list("way", "state")) == [("scan", "done")] * 5
        order = WorkOrder.objects.get()
        assert order.asset.code == "P03"
    dan.open("/")
    expect(dan.page.locator(".desk-queue")).to_contain_text("外观完好")
    dan.open(reverse("inspections:round", args=[round.pk]))
    expect(dan.page.locator("main")).to_contain_text(order.number)


def answer(tom: Person, verdict: int = 0) -> None:
    """Pass or fail the one item of the point, and on to the next."""
    tom.tap(f".verdicts .btn >> nth={verdict}")
    if verdict:
        tom.page.locator(".photo-pick input").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
        expect(tom.page.locator(".photo-pick label")).to_contain_text("1")
        tom.tap(".decision-ways .btn >> nth=0")
    tom.tap("[data-foot] .big-action >> nth=1")


class Meant(list[str]):
    """Complaints of the browser, without those of a network that was cut: it was meant."""

    CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:", "fetching the script")

    def append(self, line: str) -> None:
        if not any(one in line for one in self.CUT):
            super().append(line)


def test_network_is_cut_half_way_through_forty_points_and_everything_arrives_once(site, people, route):
    round = route(40, ({"text": "外观完好", "kind": "check", "photo": "on_fail"},))
    tom = people.phone(site.tom)
    tom.complaints = Meant()
    tom.page.clock.install()
    begin(tom, round)
    tom.tap("[data-foot] .btn-primary")
    for _point in range(20):
        answer(tom)
    sent(tom)
    tom.page.wait_for_function("async () => (await (await caches.open('rounds-who')).match('/who')) !== undefined")

    tom.context.set_offline(True)
    for number in range(10):
        answer(tom, 1 if number in (3, 6) else 0)
    waiting = tom.page.locator("[data-waits]")
    expect(waiting).to_have_text(re.compile(r"\d+ 条待上传"))
    tom.page.reload()
    expect(tom.page.locator(".round-here h1")).to_have_text("泵 P31")
    expect(waiting).to_have_text(re.compile(r"\d+ 条待上传"))
    for _point in range(10):
        answer(tom)
    tom.tap("[data-foot] .btn-primary")
    expect(tom.page.locator("main")).to_contain_text("有网络后自动上传")
    with scope([site.a.id]):
        assert Answer.objects.count() == 20

    lost = []

    def lose(route_):
        """The request arrives, its answer does not."""
        if len(lost) < 2:
            lost.append(route_.fetch().status)
            route_.abort()
        else:
            route_.continue_()

    tom.context.route("**/send/", lose)
    tom.context.set_offline(False)
    over = tom.page.locator("main", has_text="当场整改")
    for _quarter_of_a_minute in range(6):
        tom.page.wait_for_timeout(500)
        if over.count():
            break
        tom.later(seconds=15)
    expect(over).to_be_visible(timeout=30_000)

    assert lost == [200, 200]
    with scope([site.a.id]):
        round.refresh_from_db()
        assert (round.state, round.points, round.points_done, round.found, round.fixed) == ("done", 40, 40, 2, 2)
        assert Answer.objects.count() == 40
        assert Finding.objects.count() == 2
        kept = Attachment.objects.filter(subject="inspections.answer")
        assert sorted(kept.values_list("subject_id", flat=True)) == sorted(
            Answer.objects.filter(passed=False).values_list("pk", flat=True)
        )
        assert Event.objects.filter(subject="inspections.round", subject_id=round.pk, verb="finish").count() == 1


def test_another_person_on_the_phone_neither_sees_nor_sends_what_waits(site, people, route):
    round = route(4)
    phone = people.phone(site.tom)
    phone.complaints = Meant()
    begin(phone, round)
    phone.tap("[data-foot] .btn-primary")
    answer(phone)
    sent(phone)
    phone.page.wait_for_function("async () => (await (await caches.open('rounds-who')).match('/who')) !== undefined")
    phone.context.set_offline(True)
    answer(phone)
    answer(phone)
    phone.context.route("**/send/", lambda cut: cut.abort())
    phone.context.set_offline(False)
    with scope([site.a.id]):
        before = Arrival.objects.count()

    phone.open("/account/password/")
    phone.context.clear_cookies()
    phone.come_back(site.lea)
    phone.context.unroute("**/send/")
    phone.open("/inspections/my/")
    phone.open(f"/inspections/my/{round.pk}/")
    expect(phone.page.locator("[data-round]")).to_have_count(0)
    phone.page.wait_for_timeout(1000)
    phone.context.set_offline(True)
    with scope([site.a.id]):
        assert Arrival.objects.count() == before == Arrival.objects.filter(by=site.tom).count()
    phone.context.set_offline(False)

    phone.context.clear_cookies()
    phone.come_back(site.tom)
    phone.open(f"/inspections/my/{round.pk}/")
    sent(phone)
    with scope([site.a.id]):
        assert list(Point.objects.order_by("order").values_list("state", flat=True)) == ["done"] * 3 + ["open"]
        assert set(Arrival.objects.values_list("by", flat=True)) == {site.tom.pk}


def test_role_taken_away_half_way_through_loses_nothing(site, people, route):
    round = route(3)
    tom = people.phone(site.tom)
    begin(tom, round)
    tom.tap("[data-foot] .btn-primary")
    answer(tom)
    sent(tom)
    with scope(site.hospitals()):
        held = Grant.objects.filter(user=site.tom, ends_on=None)
        held_ids = list(held.values_list("pk", flat=True))
        held.update(ends_on=timezone.localdate() - timedelta(days=1))
    access.forget(site.tom)

    answer(tom)
    expect(tom.page.locator("[data-barred]")).to_be_visible(timeout=20_000)
    expect(tom.page.locator("[data-waits]")).to_have_class(re.compile("tone-amber"))
    with scope(site.hospitals()):
        assert Point.objects.filter(state="done").count() == 1
        Grant.objects.filter(pk__in=held_ids).update(ends_on=None)
    access.forget(site.tom)
    tom.page.reload()
    sent(tom)
    with scope(site.hospitals()):
        assert list(Point.objects.order_by("order").values_list("state", flat=True)) == ["done", "done", "open"]
    for status in (403, 404):
        tom.expect_status(status)


def test_what_was_refused_stays_in_sight_after_the_round_was_handed_over(site, people, route):
    round = route(2)
    tom = people.phone(site.tom)
    begin(tom, round)
    tom.tap("[data-foot] .btn-primary")
    with scope(site.hospitals()):
        Round.objects.filter(pk=round.pk).update(assignee=site.lea)
    answer(tom)
    expect(tom.page.locator("[data-round] [data-refused]")).to_contain_text("泵 P01", timeout=20_000)

    tom.open("/inspections/my/")
    kept = tom.page.locator("[data-kept]")
    expect(kept).to_contain_text("泵 P01 · 外观完好 · 合格")
    expect(kept).to_contain_text("Lea")
    tom.tap(kept.get_by_role("button"))
    expect(kept).to_be_hidden()


def test_network_that_goes_right_after_the_start_is_no_hindrance(site, people, route):
    round = route(3)
    tom = people.phone(site.tom)
    tom.complaints = Meant()
    begin(tom, round)
    tom.context.set_offline(True)
    tom.tap("[data-foot] .btn-primary")
    for _point in range(3):
        answer(tom)
    tom.tap("[data-foot] .btn-primary")
    expect(tom.page.locator(".notice.tone-green")).to_be_visible()
    tom.context.set_offline(False)
    expect(tom.page.locator("main dl.facts")).to_be_visible(timeout=30_000)
    with scope(site.hospitals()):
        round.refresh_from_db()
        assert (round.state, round.points_done) == ("done", 3)
