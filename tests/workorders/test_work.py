"""The technician's phone: the list, one job, one large button for the next step; taps are counted."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from flow.models import Attachment, Event
from tenancy import domain as tenancy
from tenancy.scope import scope
from tests.workorders.hands import PNG, Phone, done_order, order_of
from tests.world import role
from workorders import working
from workorders.machine import ORDERS
from workorders.models import Line

pytestmark = pytest.mark.django_db
DRAWN = "data:image/png;base64," + base64.b64encode(PNG).decode()


def step(order, name):
    return reverse("workorders:work_step", args=[order.pk, name])


@pytest.fixture
def at_work(world):
    with scope([world.a.id]):
        return done_order(world, until="arrive")


def test_tom_accepts_arrives_finishes_and_the_ward_signs(world):
    """Tom finds a job of his team: accept, arrive, finish with four ticks, the nurse signs on his phone."""
    with scope([world.a.id]):
        order = done_order(world, until="reported")
        ORDERS.move(order, "dispatch", world.dan, team=world.a.team)
    tom = Phone(world.tom)
    home = tom.tap(reverse("workorders:work"))
    assert [job.pk for job in home.context["jobs"].free] == [order.pk]

    tom.post(step(order, "accept"))
    tom.post(step(order, "arrive"))
    assert tom.taps == 3
    assert step(order, "finish") in tom.page.content.decode()
    sheet = tom.tap(step(order, "finish"))
    ticks = [value for value, _label in sheet.context["form"].fields["musts"].choices]
    assert len(ticks) == 4
    tom.post(step(order, "finish"), {"musts": ticks, "minutes": "25", "remedy": "washer changed"})
    assert step(order, "sign_on_screen") in tom.page.content.decode()
    tom.post(step(order, "sign_on_screen"), {"name": "Nurse Li", "signature": DRAWN})

    done = order_of(world)
    assert (done.state, done.signed_name, done.signed_way) == ("signed", "Nurse Li", "screen")
    assert (done.minutes, done.remedy, done.assignee) == (25, "washer changed", world.tom)
    with scope([world.a.id]):
        assert Attachment.objects.get().kind == "signature"


def test_double_tap_is_one_event(world):
    with scope([world.a.id]):
        order = done_order(world, until="dispatch")
    tom = Phone(world.tom)

    answers = [tom.client.post(step(order, "accept")).status_code for _ in range(2)]

    assert answers == [303, 303]
    with scope([world.a.id]):
        assert Event.objects.filter(verb="accept").count() == 1


def test_who_was_slower_is_told_who_has_it(world):
    """Tom and Tim see the same free job; Tom is faster."""
    with scope([world.a.id]):
        order = done_order(world, until="reported")
        ORDERS.move(order, "dispatch", world.dan, team=world.a.team)
        roles = [{"role": role(world, "staff")}, {"role": role(world, "worker"), "team": world.a.team}]
        who = {"hospital": world.a.hospital, "name": "Tim", "email": "tim@example.org", "password": world.password}
        tim = tenancy.add_person(world.setup, staff_number="1099", team=world.a.team, grants=roles, **who).user
    Phone(world.tom).post(step(order, "accept"))

    late = Phone(tim).client.post(step(order, "accept"))

    assert late.status_code == 409
    assert "Tom" in late.content.decode()
    assert order_of(world).assignee == world.tom


def test_finish_needs_every_must(world, at_work):
    tom = Phone(world.tom)
    musts = at_work.service.musts

    answer = tom.client.post(step(at_work, "finish"), {"musts": musts[:3], "minutes": "5", "remedy": "tightened"})

    assert answer.status_code == 422
    assert musts[3] in answer.content.decode()
    assert "tightened" in answer.content.decode()
    assert order_of(world).state == "arrived"


def test_mistaken_tap_is_taken_back(world):
    with scope([world.a.id]):
        order = done_order(world, until="dispatch")
    tom = Phone(world.tom)

    page = tom.post(step(order, "accept"))
    undo = reverse("workorders:work_undo", args=[order.pk])
    tom.post(undo)

    assert undo in page.content.decode()
    assert order_of(world).state == "dispatched"


def test_hold_with_a_reason_and_resume(world, at_work):
    tom = Phone(world.tom)

    tom.post(step(at_work, "wait"), {"waiting_reason": "material", "reason": "tube"})
    home = tom.tap(reverse("workorders:work"))
    tom.post(step(at_work, "resume"))

    assert [job.pk for job in home.context["jobs"].waiting] == [at_work.pk]
    assert order_of(world).state == "arrived"


def test_send_back_leads_to_the_list(world):
    with scope([world.a.id]):
        order = done_order(world, until="dispatch")

    answer = Phone(world.tom).client.post(step(order, "send_back"), {"reason": "not our work"})

    assert answer.url == reverse("workorders:work")
    assert order_of(world).state == "reported"


def test_parts_helpers_photos_and_remarks(world, at_work):
    """Tom changes a tap for 38 yuan; Lea helps ten minutes; a photo before; each sent twice, kept once."""
    tom = Phone(world.tom)
    url = {
        name: reverse(f"workorders:work_{name}", args=[at_work.pk]) for name in ("part", "helper", "photo", "remark")
    }
    for _ in range(2):
        tom.post(url["part"], {"text": "Tap", "quantity": "2", "price": "19", "form_key": "one"})
        tom.post(url["helper"], {"person": world.lea.pk, "minutes": "10", "form_key": "two"})
        tom.post(url["remark"], {"text": "valve is old", "form_key": "three"})
        tom.post(url["photo"], {"kind": "before", "photos": SimpleUploadedFile("a.png", PNG, "image/png")})
    tom.post(step(at_work, "finish"), {"musts": at_work.service.musts, "minutes": "20"})

    order = order_of(world)
    assert (order.cost, order.minutes) == (38, 30)
    with scope([world.a.id]):
        assert Line.objects.count() == 2
        assert Attachment.objects.get().kind == "before"
        assert Event.objects.filter(verb="commented").count() == 1


def test_poll_is_silent_until_something_moves(world, django_capture_on_commit_callbacks):
    tom = Phone(world.tom)
    version = tom.tap(reverse("workorders:work")).context["version"]
    url = reverse("workorders:work_poll")
    silent = tom.client.get(url, {"version": version}, headers={"HX-Request": "true"})
    with django_capture_on_commit_callbacks(execute=True), scope([world.a.id]):
        order = done_order(world, until="dispatch")

    moved = tom.client.get(url, {"version": version}, headers={"HX-Request": "true"})

    assert silent.status_code == 204
    assert f'data-job="{order.pk}"' in moved.content.decode()
    assert "<html" not in moved.content.decode()


def test_list_is_sorted_by_what_is_next(world):
    """The emergency, what is in hand, then the rest; what waits stands apart."""
    with scope([world.a.id]):
        plain = done_order(world, until="accept", key="maintenance.joinery.lock")
        burst = done_order(world, until="accept", key="maintenance.water.burst")
        in_hand = done_order(world, until="arrive", key="maintenance.joinery.door")
        waiting = done_order(world, until="arrive")
        ORDERS.move(waiting, "wait", world.tom, waiting_reason="material")
        day = working.jobs(world.tom)

    assert [order.pk for order in day.mine] == [burst.pk, in_hand.pk, plain.pk]
    assert [order.pk for order in day.waiting] == [waiting.pk]


def test_list_costs_few_queries(world, django_assert_max_num_queries):
    with scope([world.a.id]):
        for _ in range(3):
            done_order(world, until="accept")
    tom = Phone(world.tom)
    tom.tap(reverse("workorders:work"))

    with django_assert_max_num_queries(9):
        tom.tap(reverse("workorders:work"))


def test_larger_type_stays_on_this_telephone(world):
    tom = Phone(world.tom)

    tom.post(reverse("workorders:work_plain"))

    assert 'class="plain-view"' in tom.page.content.decode()
    tom.post(reverse("workorders:work_plain"))
    assert 'class="plain-view"' not in tom.page.content.decode()


def test_only_those_who_work_there_see_the_job(world, at_work):
    """The ward has no worker's pages; the other hospital's technician finds nothing; the desk sees but does not do."""
    url = reverse("workorders:work_job", args=[at_work.pk])

    answers = [Phone(user).client.get(url).status_code for user in (world.rita, world.tom_b, world.dan)]

    assert answers == [403, 404, 403]


def test_minutes_are_those_at_work_only(world, at_work):
    """Forty minutes on hold are nobody's work."""
    tom = Phone(world.tom)
    tom.post(step(at_work, "wait"), {"waiting_reason": "access"})
    tom.post(step(at_work, "resume"))

    sheet = tom.tap(step(at_work, "finish"))

    assert sheet.context["form"].initial["minutes"] == 1


def test_contractors_cleaner_works_while_engaged(world):
    """Cleo's firm cleans at A: she sees its job, and nothing of maintenance."""
    with scope([world.a.id]):
        order = done_order(world, until="reported", key="cleaning.on_call.dirty")
        ORDERS.move(order, "dispatch", world.dan, team=world.a.cleaners)
        done_order(world, until="dispatch")
        tenancy.edit_team(world.setup, world.a.cleaners, phone="8701")

    home = Phone(world.cleo).tap(reverse("workorders:work"))

    assert [job.pk for job in home.context["jobs"].free] == [order.pk]


def test_usual_remedy_is_one_tap(world, at_work):
    """The last tap had its washer changed: the words stand ready."""
    with scope([world.a.id]):
        done_order(world)
    tom = Phone(world.tom)

    sheet = tom.tap(step(at_work, "finish"))
    tom.post(step(at_work, "finish"), {"musts": at_work.service.musts, "minutes": "9", "remedy_pick": "washer changed"})

    assert "washer changed" in sheet.content.decode()
    with scope([world.a.id]):
        assert working.work_for(world.tom).get(pk=at_work.pk).remedy == "washer changed"


def test_free_work_is_offered_to_the_people_of_the_team_only(world):
    with scope([world.a.id]):
        order = ORDERS.move(done_order(world, until="reported"), "dispatch", world.dan, team=world.a.other_team)

    assert Phone(world.tom).tap(reverse("workorders:work")).context["jobs"].free == []
    assert Phone(world.lea).tap(reverse("workorders:work")).context["jobs"].free == []

    with scope([world.a.id]):
        ORDERS.move(order, "reassign", world.dan, team=world.a.team)
    for person in (world.tom, world.lea):
        phone = Phone(person)
        assert phone.tap(reverse("workorders:work")).context["jobs"].free == [order]
        assert step(order, "accept") in phone.page.content.decode()
