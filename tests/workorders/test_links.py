"""One fault reported twice, and work that several departments share.

Who: the desk sees two reports of one burst pipe; one tap puts the second to the first, and both reporters hear how far it is.
A leak that soaked a ceiling needs the plumber and the cleaners: one order each, told on one timeline.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from flow.models import Event
from notices.models import Notice
from tenancy.scope import scope
from workorders import catalogue, domain, parts
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder


@pytest.fixture
def ready(world, act):
    with act():
        catalogue.install(world.a.hospital)
        catalogue.install(world.b.hospital)
    return world


@pytest.fixture
def site(ready, act):
    with act():
        yield ready


def report(site, who="rita"):
    service = Service.objects.get(hospital=site.a.hospital, key="maintenance.water")
    unit = site.a.ward
    return domain.open_order(getattr(site, who), place=site.a.room, service=service, unit=unit, title=f"漏水 {who}")


def told(user):
    return list(Notice.objects.filter(user=user).order_by("id").values_list("verb", flat=True))


def order_elsewhere(site):
    service = Service.objects.get(hospital=site.b.hospital, key="maintenance.water")
    return domain.open_order(site.rita_b, place=site.b.room, service=service, unit=site.b.ward, title="漏水")


# Reported twice


def test_second_report_ends_in_the_first_and_both_reporters_hear(site):
    first, second = report(site), report(site, "max")

    ended = ORDERS.move(second, "same", site.dan, into=first)

    assert (ended.state, ended.duplicate_of_id) == ("cancelled", first.pk)
    first.refresh_from_db()
    assert (first.state, first.merged) == ("reported", 1)
    assert told(site.rita) == ["joined_by"]
    assert told(site.max) == ["same"]


def test_reporter_of_the_second_hears_how_far_it_is_and_opens_their_own_report(ready, act, browse):
    with act():
        first, second = report(ready), report(ready, "max")
        ORDERS.move(second, "same", ready.dan, into=first)
        ORDERS.move(first, "dispatch", ready.dan, team=ready.a.team, assignee=ready.tom)
        ORDERS.move(first, "accept", ready.tom)
        heard = Notice.objects.filter(user=ready.max).latest("id")

    assert (heard.verb, heard.subject_id) == ("progress", second.pk)
    assert ready.tom.name in heard.sentence
    page = browse(ready.max).get(f"/ask/{second.pk}/").content.decode()
    assert first.number in page
    assert "aria-current" in page


def test_reports_put_together_before_follow_along(site):
    first, second, third = report(site), report(site, "max"), report(site, "dan")
    ORDERS.move(third, "same", site.dan, into=second)
    ORDERS.move(second, "same", site.dan, into=first)

    assert set(first.duplicates.values_list("pk", flat=True)) == {second.pk, third.pk}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.merged, second.merged) == (2, 0)


def test_what_was_no_duplicate_stands_by_itself_again(site):
    first, second = report(site), report(site, "max")
    ORDERS.move(second, "same", site.dan, into=first)

    again = ORDERS.move(second, "apart", site.dan)

    assert (again.state, again.duplicate_of_id, again.closed_at) == ("reported", None, None)
    first.refresh_from_db()
    assert first.merged == 0


def test_others_still_wait_so_the_reporter_does_not_withdraw_it(site):
    first, second = report(site), report(site, "max")
    ORDERS.move(second, "same", site.dan, into=first)

    with pytest.raises(ValidationError):
        ORDERS.move(first, "withdraw", site.rita, reason="mine is fine")
    assert WorkOrder.objects.get(pk=first.pk).state == "reported"


@pytest.mark.parametrize("wrong", ["itself", "closed", "elsewhere"])
def test_report_goes_only_into_an_open_order_of_the_hospital(site, wrong):
    mine = report(site)
    other = {
        "itself": lambda: mine,
        "closed": lambda: ORDERS.move(report(site), "void", site.dan, reason="x"),
        "elsewhere": lambda: order_elsewhere(site),
    }[wrong]()

    with pytest.raises(ValidationError) as refused:
        ORDERS.move(mine, "same", site.dan, into=other)

    assert set(refused.value.message_dict) == {"into"}
    assert WorkOrder.objects.get(pk=mine.pk).state == "reported"


def test_form_finds_the_order_by_its_number_and_names_what_it_does_not_find(ready, act, browse):
    with act():
        first, second = report(ready), report(ready, "max")
    address = f"/orders/{second.pk}/move/same/"

    missed = browse(ready.dan).post(address, {"number": "A-0000-000000"})
    found = browse(ready.dan).post(address, {"number": first.number.lower()})

    assert (missed.status_code, found.status_code) == (422, 303)
    assert set(missed.context["form"].errors) == {"number"}
    with act():
        assert WorkOrder.objects.get(pk=second.pk).duplicate_of_id == first.pk


def test_desk_puts_two_reports_together_with_one_tap(ready, act, browse):
    with act():
        first, second = report(ready), report(ready, "max")
    page = browse(ready.dan).get(f"/desk/{second.pk}/").content.decode()

    assert f'action="/orders/{second.pk}/move/same/"' in page
    assert f'name="into" value="{first.pk}"' in page
    assert browse(ready.dan).post(f"/orders/{second.pk}/move/same/", {"into": first.pk}).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_two_who_put_each_into_the_other_do_not_wait_for_each_other(world):
    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
        first, second = report(world), report(world, "max")

    def put(pair):
        try:
            with scope(world.hospitals()):
                ORDERS.move(pair[0], "same", world.dan, into=pair[1])
            return "done"
        except ValidationError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(put, [(first, second), (second, first)]))

    with scope(world.hospitals()):
        ended = WorkOrder.objects.filter(duplicate_of__isnull=False).count()
    assert answers.count("done") == ended <= 1


# Parts


def test_part_for_another_department_keeps_place_reporter_and_family(site):
    leak = report(site)
    cleaning = Service.objects.filter(hospital=site.a.hospital, department="cleaning").first()

    mop = parts.add(site.dan, leak, service=cleaning, title="拖干地面", urgency="urgent")
    ceiling = parts.add(site.dan, mop, service=leak.service, title="补天花板", urgency="normal")

    assert (mop.place_id, mop.reporter_id, mop.parent_id, mop.department) == (
        *(leak.place_id, site.rita.pk, leak.pk),
        "cleaning",
    )
    assert ceiling.parent_id == leak.pk  # one level: all belong to the leak
    assert "part_added" in told(site.rita)


def test_follow_up_of_a_closed_order_is_linked(site):
    closed = ORDERS.move(report(site), "void", site.dan, reason="x")

    later = parts.add(site.dan, closed, service=closed.service, title="更换管道", urgency="normal")

    assert later.parent_id == closed.pk


def test_family_stands_on_one_timeline_for_who_may_see_it(ready, act, browse):
    with act():
        leak = report(ready)
        mop = parts.add(ready.dan, leak, service=leak.service, title="拖干地面", urgency="urgent")
        ORDERS.move(mop, "dispatch", ready.dan, team=ready.a.team, assignee=ready.tom)
        happened = Event.objects.filter(subject="workorders.workorder", subject_id=mop.pk).count()

    page = browse(ready.dan).get(f"/orders/{leak.pk}/")

    of_the_part = [entry for entry in page.context["timeline"] if entry.of]
    assert {entry.of.pk for entry in of_the_part} == {mop.pk}
    assert happened == len(of_the_part) == 2
    assert f'href="/orders/{mop.pk}/"' in page.content.decode()


def test_ward_opens_no_parts(ready, act, browse):
    with act():
        mine = report(ready)
        with pytest.raises(PermissionDenied):
            parts.add(ready.rita, mine, service=mine.service, title="x", urgency="normal")

    assert browse(ready.rita).get(f"/orders/{mine.pk}/part/").status_code == 403
