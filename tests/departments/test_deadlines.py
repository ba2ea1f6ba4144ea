"""What is illegal tomorrow: data laid down by hand at two hospitals; every line expected is written out here."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assets import duties
from assets.models import Asset, AssetDuty, Kind
from departments import deadlines
from flow.models import Event
from hazards import domain as hazards
from hazards.models import Hazard
from notices.models import Notice
from people.models import PersonSkill, Skill
from tenancy.models import Membership
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
URL = "/departments/deadlines/"


def browse(user) -> Client:
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def lift(world, site, code: str) -> Asset:
    kind, _new = Kind.objects.get_or_create(consortium=world.consortium, name="电梯", family="building")
    return Asset.objects.create(hospital=site.hospital, kind=kind, place=site.room, code=code, name=f"客梯{code}")


@pytest.fixture
def laid(world):
    """At A: a lift over since yesterday, one to apply for, a certificate that ends in five days, a major hazard over for
    two days and a general one; at B: a lift that ends tomorrow, a certificate that ended. Everything else lies far off."""
    today = timezone.localdate()
    day = lambda days: today + timedelta(days=days)  # noqa: E731
    with scope(world.hospitals()):
        a1, a2, a3, b1 = (lift(world, site, code) for site, code in
                          ((world.a, "A1"), (world.a, "A2"), (world.a, "A3"), (world.b, "B1")))  # fmt: skip
        facts = {"law": "特种设备安全法 (2013)", "clause": "第四十条"}
        duties.enter(world.max, a1, kind="periodic", due_on=day(-1), document="TX-1", **facts)
        duties.enter(world.max, a2, kind="periodic", due_on=day(33), apply_by=day(3), **facts)
        duties.enter(world.max, a3, kind="periodic", due_on=day(33), apply_by=day(3), applied_on=day(-2), **facts)
        duties.enter(world.max_b, b1, kind="fire", due_on=day(1), law="消防法 (2021)", clause="第十六条")
        for site, user, key, days in (
            (world.a, world.tom, "electrician_low", 5), (world.a, world.lea, "welder", 60), (world.a, world.lea, "joiner", -9),
            (world.b, world.tom_b, "lift", -4),
        ):  # fmt: skip
            skill, _new = Skill.objects.get_or_create(hospital=site.hospital, key=key)
            member = Membership.objects.get(hospital=site.hospital, user=user)
            PersonSkill.objects.create(hospital=site.hospital, member=member, skill=skill, valid_until=day(days))
        for grade, title in (("major", "电线裸露"), ("general", "地砖松动")):
            found = hazards.report(world.rita, place=world.a.room, title=title, department="maintenance", grade=grade)
            Hazard.objects.filter(pk=found.pk).update(due_on=day(-2))
    return world


def listed(world, user, days=7, hospital=None) -> list[tuple[str, int]]:
    """What stands first in each line, and days left."""
    today = timezone.localdate()
    with scope(world.hospitals()):
        rows = deadlines.listed(user, today, days, hospital)
    return [(line.what.split(" ")[0], line.left(today)) for _kind, line in rows]


OF_A = [("电线裸露", -2), ("客梯A1", -1), ("客梯A2", 3), ("Tom", 5)]
OF_B = [("Tom", -4), ("客梯B1", 1)]


def test_manager_and_office_see_what_is_theirs_and_nobody_of_b_sees_a(laid):
    assert listed(laid, laid.max) == OF_A
    assert listed(laid, laid.max_b) == OF_B
    assert listed(laid, laid.kim) == [
        ("Tom", -4),
        ("电线裸露", -2),
        ("客梯A1", -1),
        ("客梯B1", 1),
        ("客梯A2", 3),
        ("Tom", 5),
    ]
    assert listed(laid, laid.kim, hospital=laid.b.id) == OF_B
    assert listed(laid, laid.olga) == []


def test_head_of_a_department_sees_its_people_hazards_and_equipment(laid):
    """Lifts are kept by maintenance."""
    assert listed(laid, laid.hal) == OF_A
    assert listed(laid, laid.hal_b) == OF_B


def test_window_decides_what_is_near(laid):
    assert listed(laid, laid.max, 1) == OF_A[:2]
    assert listed(laid, laid.max, 90) == [*OF_A, ("客梯A3", 33), ("Lea", 60)]


def test_page_workbook_and_who_may_not(laid):
    client = browse(laid.max)
    page = client.get(URL).content.decode()
    book = load_workbook(io.BytesIO(client.get(URL, {"export": "xlsx", "days": "1"}).content)).worksheets[0]
    rows = list(book.iter_rows(values_only=True))

    assert all(words in page for words in ("客梯A1", "特种设备安全法 (2013)", "第四十条", "电线裸露", "第四十一条"))
    assert [row[7] for row in rows[1:]] == [-2, -1]
    assert rows[2][4:6] == ("特种设备安全法 (2013)", "第四十条")
    assert browse(laid.kim).get(URL).status_code == 200
    assert browse(laid.rita).get(URL).status_code == 403
    assert "客梯A1" not in browse(laid.max_b).get(URL).content.decode()


def test_every_line_leads_where_one_acts(laid):
    with scope(laid.hospitals()):
        rows = deadlines.listed(laid.max, timezone.localdate(), 7, None)
    client = browse(laid.max)

    assert {kind.key for kind, _line in rows} == {"hazards.major", "assets.duty", "people.certificate"}
    assert [client.get(line.url).status_code for _kind, line in rows] == [200] * 4


def next_day(weekday: int) -> date:
    today = timezone.localdate()
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def told() -> list[tuple[str, int, int]]:
    rows = Notice.objects.filter(verb="deadlines").order_by("id").values_list("user__name", "data")
    return [(name, data["red"], data["soon"]) for name, data in rows]


def test_heads_and_manager_hear_on_mondays_and_when_something_has_run_out(laid):
    monday, today = next_day(0), timezone.localdate()
    with scope([laid.a.id]):
        AssetDuty.objects.exclude(asset__code="A1").update(due_on=monday + timedelta(days=200), apply_by=None)
        AssetDuty.objects.filter(asset__code="A1").update(due_on=monday + timedelta(days=2), done_on=None)
        PersonSkill.objects.update(valid_until=monday + timedelta(days=200))
        Hazard.objects.update(due_on=monday - timedelta(days=9))
        for day in (monday, monday, monday + timedelta(days=1), monday + timedelta(days=3), monday + timedelta(days=4)):
            deadlines.tell(laid.a.hospital, day)

        # Monday: the hazard has run out, the lift is near. Thursday: the lift ran out on Wednesday.
        assert told() == [("Hal", 1, 1), ("Max", 1, 1), ("Hal", 2, 0), ("Max", 2, 0)]
        assert Event.objects.filter(verb="deadlines").count() == 4
    assert today <= monday


def test_duty_is_entered_and_renewed_on_its_page(world):
    with scope(world.hospitals()):
        asset = lift(world, world.a, "L9")
    client, due_on = browse(world.max), date(2027, 5, 1)
    add = reverse("assets:duty_add", args=[asset.pk, "periodic"])

    assert "第四十条" in client.get(add).content.decode()
    facts = {"due_on": due_on.isoformat(), "law": "特种设备安全法 (2013)", "clause": "第四十条", "document": "梯-1"}
    assert client.post(add, facts).status_code == 303
    assert client.post(add, facts).status_code == 422  # it has this duty already
    with scope(world.hospitals()):
        duty = AssetDuty.objects.get()
    edit = reverse("assets:duty_edit", args=[asset.pk, duty.pk])
    assert (
        client.post(edit, {**facts, "due_on": "2028-05-01", "document": "梯-2", "apply_by": "2028-06-01"}).status_code
        == 422
    )
    assert client.post(edit, {**facts, "due_on": "2028-05-01", "document": "梯-2"}).status_code == 303
    page = client.get(reverse("assets:asset", args=[asset.pk])).content.decode()

    assert "2028-05-01" in page
    assert "梯-2" in page
    assert browse(world.tom).get(edit).status_code == 404
    assert client.get(reverse("assets:duty_add", args=[asset.pk, "rain"])).status_code == 404
