"""Monthly reports: Max writes and signs, on the day they go to who wants them and may read them, once, and never change again."""

import io
import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from kpi.periods import earlier
from notices.models import Delivery, Notice
from reporting import content, domain, standing
from reporting.machine import REPORTS
from reporting.models import Report, Subscription
from reporting.states import DRAFT, SENT
from tenancy.models import Grant
from tenancy.scope import scope, scope_of
from tests.ground import Layer
from tests.reporting.conftest import OPENED, last_month, shop_of

pytestmark = pytest.mark.django_db


def at(day, hour=9):
    """That day and hour of the running month."""
    first = timezone.localdate().replace(day=1)
    return timezone.make_aware(datetime(first.year, first.month, day, hour))


def months(world):
    """A: 18 of 20 in time, 10 of 10 a year before; 20 of 20 the month before. B: 20 of 20."""
    shop, now = shop_of(world), last_month()
    shop.orders(world.a, now, 20, late=2)
    shop.orders(world.a, earlier(now, 1), 20)
    shop.orders(world.a, earlier(now, 12), 10)
    shop.orders(world.b, now, 20)
    shop.measure()
    for site in (world.a, world.b):
        with scope([site.id]):
            standing.reckon(site.hospital)


lived = Layer(months, OPENED).fixture("lived")


@pytest.fixture
def month(lived):
    return shop_of(lived)


def tick(world, when):
    return domain.send_due(world.consortium, when)


def report_of(site):
    with scope([site.id]):
        return Report.objects.select_related("hospital").get(hospital=site.hospital)


def written(world, words="本月及时率下降，已加派夜班。"):
    """A's report with words that are signed off."""
    report = report_of(world.a)
    with scope_of(world.max):
        domain.write(world.max, report, words)
        REPORTS.move(report, "sign", world.max)
    return report_of(world.a)


def test_it_is_opened_before_the_day_and_its_writer_is_told(month):
    world = month.world
    assert tick(world, at(2)) == 0

    report = report_of(world.a)
    with scope([world.a.id]):
        told = Notice.objects.filter(subject="reporting.report", verb="opened").values_list("user", flat=True)
        assert set(told) == {world.max.pk}
    assert (report.state, report.month, report.content) == (DRAFT, last_month(), {})
    tick(world, at(3))
    with scope([world.a.id]):
        assert Notice.objects.filter(verb="opened").count() == 1


def test_on_the_day_it_goes_to_who_wants_it_and_may_read_it(month):
    world = month.world
    with scope_of(world.max):
        domain.subscribe(world.max, world.a.hospital, True)
        domain.subscribe(world.max, world.a.hospital, True)  # again changes nothing
    with scope_of(world.kim):
        for site in (world.a, world.b):
            domain.subscribe(world.kim, site.hospital, True)
    with scope([world.a.id]):
        Subscription.objects.create(hospital=world.a.hospital, user=world.tom)  # who may not read it
    tick(world, at(2))
    written(world)

    assert tick(world, at(8, 7)) == 0  # an hour too early
    assert tick(world, at(8)) == 2

    with scope([world.a.id, world.b.id]):
        sent = Notice.objects.filter(subject="reporting.report", verb="send")
        assert sorted(sent.values_list("hospital", "user")) == sorted(
            [(world.a.id, world.max.pk), (world.a.id, world.kim.pk), (world.b.id, world.kim.pk)]
        )
        assert Delivery.objects.filter(verb="send").count() == 3
    assert report_of(world.a).state == SENT


def test_two_ticks_send_once_and_late_ticks_too(month):
    world = month.world
    assert tick(world, at(9)) == 2
    assert tick(world, at(9)) == 0
    assert tick(world, at(20)) == 0
    with scope([world.a.id]):
        assert Report.objects.count() == 1


def test_who_lost_the_right_to_read_hears_nothing(month):
    world = month.world
    with scope_of(world.max):
        domain.subscribe(world.max, world.a.hospital, True)
    with scope([world.a.id]):
        Grant.objects.filter(user=world.max, role__key="manager").update(
            ends_on=timezone.localdate() - timedelta(days=1)
        )
    tick(world, at(9))

    with scope([world.a.id]):
        assert not Notice.objects.filter(verb="send").exists()


def test_figures_differences_and_place_are_as_reckoned_by_hand(month):
    world = month.world
    tick(world, at(9))
    rows = {row["key"]: row for row in report_of(world.a).content["rows"]}

    row = rows["workorders.on_time"]
    assert Decimal(row["value"]) == 90 and Decimal(row["target"]) == 95 and row["tone"] == "red"
    assert Decimal(row["month_before"]) == 100 and Decimal(row["year_before"]) == 100
    assert row["place"] == [2, 2]
    assert (Decimal(row["numerator"]), Decimal(row["denominator"])) == (18, 20)
    with scope_of(world.max):
        shown = {one.row["key"]: one for one in content.shown(report_of(world.a).content, world.max)}
    assert shown["workorders.on_time"].difference == "−10.0"


def test_what_was_sent_never_changes(month):
    world = month.world
    tick(world, at(2))
    written(world)
    tick(world, at(9))
    before = report_of(world.a)
    month.orders(world.a, last_month(), 50, late=50)
    month.measure()
    tick(world, at(9))

    after = report_of(world.a)
    assert after.content == before.content and after.sha256 == before.sha256
    assert content.sealed(json.loads(json.dumps(after.content)), after.words) == after.sha256
    with scope_of(world.max), pytest.raises(ValidationError):
        domain.write(world.max, after, "anders")
    for change in ("words = 'x'", "content = '{}'", "state = 'draft'"):
        with scope([world.a.id]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE reporting_report SET {change} WHERE id = {after.pk}")
    with scope([world.a.id]), pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.all().delete()


def test_words_are_signed_before_they_go_and_can_be_taken_back(month):
    world = month.world
    tick(world, at(2))
    report = report_of(world.a)
    with scope_of(world.max):
        with pytest.raises(ValidationError):
            REPORTS.move(report, "sign", world.max)  # nothing was said yet
        domain.write(world.max, report, "  好  ")
        REPORTS.move(report, "sign", world.max)
        with pytest.raises(ValidationError):
            domain.write(world.max, report, "anders")
        REPORTS.move(report, "take_back", world.max)
        domain.write(world.max, report, "更好")
    draft = report_of(world.a)
    assert (draft.state, draft.words, draft.signed_name) == (DRAFT, "更好", "")
    tick(world, at(9))

    assert report_of(world.a).words == ""  # nobody answered for them


def test_who_may_read_write_and_arrange(client, month):
    world = month.world
    tick(world, at(2))
    report = report_of(world.a)
    read, wrote = {}, {}
    for who in ("tom", "lea", "hal", "max", "ada", "kim", "audrey", "cleo", "max_b", "olga"):
        client.force_login(getattr(world, who))
        url = f"/reports/monthly/{report.pk}/"
        read[who] = {client.get(f"{url}{part}").status_code for part in ("", "paper/", "book/")}
        wrote[who] = client.post(url, {"words": who}).status_code

    assert {who for who, status in read.items() if status == {200}} == {"max", "ada", "kim", "audrey"}
    assert {who for who, status in wrote.items() if status == 303} == {"max", "ada"}
    assert set(wrote.values()) <= {303, 403, 404}
    with scope_of(world.max), pytest.raises(PermissionDenied):
        domain.set_day(world.max, world.consortium, 3, 7)
    with scope_of(world.tom), pytest.raises(PermissionDenied):
        domain.subscribe(world.tom, world.a.hospital, True)


def test_the_day_is_the_consortiums(client, month):
    world = month.world
    client.force_login(world.kim)
    assert client.post("/reports/monthly/", {"day": "3", "hour": "6"}).status_code == 303
    assert (
        client.post("/reports/monthly/", {"day": "31", "hour": "6"}).status_code == 422
    )  # no such day: nothing changes

    assert tick(world, at(3, 5)) == 0
    assert tick(world, at(3, 6)) == 2


def test_costs_are_left_out_for_who_may_not_see_them(month):
    world = month.world
    tick(world, at(9))
    report = report_of(world.a)
    with scope_of(world.max):
        keys = {one.row["key"] for one in content.shown(report.content, world.max)}
    with scope_of(world.lea):
        hers = {one.row["key"] for one in content.shown(report.content, world.rita)}

    assert "workorders.cost" in keys and "workorders.cost" not in hers


def test_paper_and_workbook_say_what_the_page_says(client, month):
    world = month.world
    tick(world, at(2))
    report = written(world)
    tick(world, at(9))
    client.force_login(world.max)
    url = f"/reports/monthly/{report.pk}/"
    page = client.get(url).content.decode()
    paper = "".join(p.extract_text() for p in PdfReader(io.BytesIO(client.get(f"{url}paper/").content)).pages)
    lines = list(load_workbook(io.BytesIO(client.get(f"{url}book/").content)).active.iter_rows(values_only=True))

    assert "已加派夜班" in page and "已加派夜班" in paper.replace("\n", "") and "已加派夜班" in lines[-1][2]
    assert "Max" in paper and report_of(world.a).sha256[:16] in page
    assert any(line[2] == 90 and line[3] == 18 and line[4] == 20 for line in lines[1:-1])
    assert "2/2" in paper


def test_wanting_and_not_wanting(client, month):
    world = month.world
    client.force_login(world.kim)
    client.post("/reports/monthly/subscribe/", {"wanted": "1"})
    with scope(world.hospitals()):
        assert set(Subscription.objects.values_list("hospital", flat=True)) == {world.a.id, world.b.id}
    client.post("/reports/monthly/subscribe/", {"wanted": "0"})
    with scope(world.hospitals()):
        assert not Subscription.objects.exists()


def test_a_hospital_that_fails_keeps_no_other_from_its_report(month, monkeypatch):
    world, build = month.world, content.build

    def broken(hospital, *rest):
        if hospital.pk == world.a.id:
            raise ValueError("broken")
        return build(hospital, *rest)

    monkeypatch.setattr(content, "build", broken)
    with pytest.raises(ValueError):
        tick(world, at(9))
    assert report_of(world.b).state == SENT
    monkeypatch.undo()
    assert tick(world, at(9)) == 1
    assert report_of(world.a).state == SENT


def test_words_another_wrote_meanwhile_are_shown_before_they_are_replaced(client, month):
    """The manager has the draft open in two tabs: the second save loses nothing without a word."""
    world = month.world
    tick(world, at(2))
    report = report_of(world.a)
    client.force_login(world.max)
    url = f"/reports/monthly/{report.pk}/"
    client.post(url, {"words": "第一页", "since": ""})
    refused = client.post(url, {"words": "第二页", "since": ""})

    assert refused.status_code == 422 and "第一页" in refused.text and "第二页" in refused.text
    assert report_of(world.a).words == "第一页"
    again = refused.context["form"]["since"].value()
    assert client.post(url, {"words": "第二页", "since": again}).status_code == 303
    assert report_of(world.a).words == "第二页"


def test_day_of_sending_opens_on_demand_and_hides_nothing_of_the_list(month, client):
    world = month.world
    client.force_login(world.kim)
    page = client.get(reverse("reporting:reports")).content.decode().partition("<main")[2]
    assert "sticky-actions" not in page and '<details class="card card-body narrow">' in page
    refused = client.post(reverse("reporting:reports"), {"day": "40", "hour": "7"})
    assert refused.status_code == 422 and 'narrow" open>' in refused.content.decode()
    client.force_login(world.max)
    assert "<details" not in client.get(reverse("reporting:reports")).content.decode().partition("<main")[2]
