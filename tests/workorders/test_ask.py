"""Reporting, following and signing off from a ward's phone; the taps of the person are counted."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from flow.models import Attachment, Event
from tenancy import domain as tenancy
from tenancy.scope import scope
from tests.workorders.hands import PNG, Phone, done_order, order_of, problem
from workorders import catalogue
from workorders.machine import ORDERS
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(world):
    with scope(world.hospitals()):
        for site in (world.a, world.b, world.outside):
            catalogue.install(site.hospital)
    return world


def test_rita_reports_in_two_taps_after_the_place(ward):
    """Rita's tap drips: she chooses her nurses' station, taps the picture, taps send."""
    rita = Phone(ward.rita)

    rita.tap(reverse("workorders:ask_new"))
    rita.follow("护士站")
    taps = rita.taps
    rita.follow("Tap drips", "水龙头滴水")
    answer = rita.send(form_key=str(uuid.uuid4()))

    assert rita.taps - taps == 2
    order = order_of(ward)
    assert answer.context["order"] == order
    assert (order.title, order.place, order.unit) == ("水龙头滴水", ward.a.room, ward.a.ward)
    assert (order.reporter, order.channel, order.phone) == (ward.rita, "web", "8301")
    assert "/ask/" in answer.wsgi_request.path


def test_second_tap_on_send_makes_no_second_order(ward):
    """Rita's thumb trembles: she sends the same sheet twice."""
    rita, key = Phone(ward.rita), str(uuid.uuid4())
    url = reverse("workorders:ask_send", args=[ward.a.room.pk, problem(ward, "maintenance.water.tap").pk])

    first = rita.client.post(url, {"form_key": key})
    second = rita.client.post(url, {"form_key": key})

    assert first.url == second.url
    with scope([ward.a.id]):
        assert WorkOrder.objects.count() == 1
        assert Event.objects.filter(verb="reported").count() == 1


def test_urgency_is_only_raised(ward):
    """A blocked drain is urgent of itself; nobody makes it normal."""
    rita = Phone(ward.rita)
    url = reverse("workorders:ask_send", args=[ward.a.room.pk, problem(ward, "maintenance.water.blocked").pk])

    lowered = rita.client.post(url, {"form_key": str(uuid.uuid4()), "urgency": "normal"})
    raised = rita.client.post(url, {"form_key": str(uuid.uuid4()), "urgency": "critical"})

    assert (lowered.status_code, raised.status_code) == (422, 303)
    assert order_of(ward).urgency == "critical"


def test_photo_goes_with_the_report_and_a_false_one_is_refused(ward):
    """Rita adds a photo; then a text file that calls itself a photo: nothing is sent, her words stay."""
    rita = Phone(ward.rita)
    url = reverse("workorders:ask_send", args=[ward.a.room.pk, problem(ward, "maintenance.water.tap").pk])
    lie = SimpleUploadedFile("photo.jpg", b"not a photo", "image/jpeg")

    refused = rita.client.post(url, {"form_key": str(uuid.uuid4()), "description": "drips at night", "photos": lie})
    sent = rita.client.post(
        url, {"form_key": str(uuid.uuid4()), "photos": SimpleUploadedFile("tap.png", PNG, "image/png")}
    )

    assert refused.status_code == 422
    assert "drips at night" in refused.content.decode()
    assert sent.status_code == 303
    with scope([ward.a.id]):
        assert WorkOrder.objects.count() == 1
        assert Attachment.objects.get().kind == "before"


def test_place_is_found_by_name_initials_and_code(ward):
    """Rita looks for a room that is not her ward's."""
    rita = Phone(ward.rita)
    for text in ("住院", "zyl", "b2-20"):
        page = rita.client.get(reverse("workorders:ask_new"), {"q": text}, headers={"HX-Request": "true"})

        assert ("201" in page.content.decode()) or ("住院楼" in page.content.decode()), text
        assert "<html" not in page.content.decode()


def test_colleague_joins_what_is_already_reported(ward):
    """Dan stands at the same basin: one tap, no second order."""
    with scope([ward.a.id]):
        order = done_order(ward, until="reported")
    dan = Phone(ward.dan)
    page = dan.tap(reverse("workorders:ask_tiles", args=[ward.a.room.pk]))

    dan.post(reverse("workorders:ask_join", args=[ward.a.room.pk, order.pk]))

    assert order.title in page.content.decode()
    assert dan.taps == 2
    with scope([ward.a.id]):
        assert WorkOrder.objects.count() == 1
        assert Event.objects.filter(verb="joined", actor=ward.dan).count() == 1


def test_rita_signs_and_rates_with_one_tap_and_takes_it_back(ward):
    """Tom is done; Rita opens her reports and taps the fifth star, then finds the tap still drips."""
    with scope([ward.a.id]):
        order = done_order(ward)
    rita = Phone(ward.rita)
    rita.tap(reverse("workorders:ask"))
    taps = rita.taps

    answer = rita.post(reverse("workorders:ask_sign", args=[order.pk]), {"stars": "5"})

    assert rita.taps - taps == 1
    signed = order_of(ward)
    assert (signed.state, signed.attitude, signed.skill, signed.speed) == ("signed", 5, 5, 5)
    undo = reverse("workorders:ask_undo", args=[order.pk])
    assert undo in answer.content.decode()
    rita.post(undo)
    assert (order_of(ward).state, order_of(ward).attitude) == ("done", None)


def test_each_rating_apart_with_a_word(ward):
    with scope([ward.a.id]):
        order = done_order(ward)
    rita = Phone(ward.rita)

    rita.post(
        reverse("workorders:ask_sign", args=[order.pk]),
        {"attitude": "5", "skill": "3", "comment": "friendly, but slow"},
    )

    signed = order_of(ward)
    assert (signed.attitude, signed.skill, signed.speed) == (5, 3, None)
    assert signed.rating_comment == "friendly, but slow"


def test_second_signature_leads_on_and_changes_nothing(ward):
    """The star is tapped twice."""
    with scope([ward.a.id]):
        order = done_order(ward)
    rita = Phone(ward.rita)
    url = reverse("workorders:ask_sign", args=[order.pk])

    rita.client.post(url, {"stars": "4"})
    second = rita.client.post(url, {"stars": "1"})

    assert second.status_code == 303
    assert order_of(ward).attitude == 4


def test_rita_sends_back_for_rework_with_a_photo(ward):
    with scope([ward.a.id]):
        order = done_order(ward)
    rita = Phone(ward.rita)
    url = reverse("workorders:ask_rework", args=[order.pk])

    nothing_said = rita.client.post(url, {})
    rita.post(url, {"reason": "still drips", "photos": SimpleUploadedFile("tap.png", PNG, "image/png")})

    assert nothing_said.status_code == 422
    assert (order_of(ward).state, order_of(ward).returned) == ("dispatched", 1)
    with scope([ward.a.id]):
        assert Attachment.objects.count() == 1


def test_rita_withdraws_what_she_reported_by_mistake(ward):
    """The undo of the page after sending: one tap."""
    with scope([ward.a.id]):
        order = done_order(ward, until="reported")
    rita = Phone(ward.rita)

    page = rita.client.get(reverse("workorders:ask_order", args=[order.pk]) + "?sent")
    rita.post(reverse("workorders:ask_withdraw", args=[order.pk]), {"reason": "by mistake"})

    assert reverse("workorders:ask_withdraw", args=[order.pk]) in page.content.decode()
    assert order_of(ward).state == "cancelled"


def test_shared_account_asks_who_reports_and_who_signs(ward):
    """The ward's phone is signed in once; Rita taps her name, then the picture is sent."""
    with scope([ward.a.id]):
        order = done_order(ward)
        shared = tenancy.add_person(
            ward.setup,
            hospital=ward.a.hospital,
            staff_number="W1",
            name="Ward phone",
            email="w1@example.org",
            password=ward.password,
            unit=ward.a.ward,
            grants=[{"role": ward.rita.grants.get(role__key=key).role, **narrow} for key, narrow in (
                ("staff", {}), ("requester", {"unit": ward.a.ward}))],
        ).user  # fmt: skip
        User.objects.filter(pk=shared.pk).update(is_shared=True)
    phone = Phone(User.objects.get(pk=shared.pk))
    url = reverse("workorders:ask_send", args=[ward.a.room.pk, problem(ward, "maintenance.power.light").pk])

    page = phone.client.get(url)
    nameless = phone.client.post(url, {"form_key": str(uuid.uuid4())})
    named = phone.client.post(url, {"form_key": str(uuid.uuid4()), "colleague": "Rita"})
    asked = phone.client.post(reverse("workorders:ask_sign", args=[order.pk]), {"stars": "5"})
    phone.client.post(
        reverse("workorders:ask_sign", args=[order.pk]),
        {"attitude": "5", "skill": "5", "speed": "5", "colleague": "Rita"},
    )

    assert "Rita" in page.content.decode()
    assert (nameless.status_code, named.status_code, asked.status_code) == (422, 303, 422)
    with scope([ward.a.id]):
        assert WorkOrder.objects.get(title="灯不亮").reporter_name == "Rita"
        assert WorkOrder.objects.get(pk=order.pk).signed_name == "Rita"


def test_other_wards_and_hospitals_see_nothing_of_it(ward):
    with scope([ward.a.id]):
        order = done_order(ward)
    for user in (ward.rita_b, ward.dan_b, ward.olga):
        phone = Phone(user)

        assert phone.client.get(reverse("workorders:ask_order", args=[order.pk])).status_code == 404
        assert phone.client.post(reverse("workorders:ask_sign", args=[order.pk]), {"stars": "5"}).status_code == 404
        assert phone.client.get(reverse("workorders:ask_tiles", args=[ward.a.room.pk])).status_code == 404


def test_switched_off_module_is_not_offered(ward):
    ward.a.hospital.modules = ["maintenance"]
    ward.a.hospital.save()

    page = Phone(ward.rita).tap(reverse("workorders:ask_tiles", args=[ward.a.room.pk]))

    assert {group.key for group in page.context["groups"]} == {"maintenance"}


def test_expired_session_comes_back_to_the_sheet(ward):
    """Rita typed for a while; her session is over when she sends: after signing in she is at the same sheet."""
    rita = Phone(ward.rita)
    url = reverse("workorders:ask_send", args=[ward.a.room.pk, problem(ward, "maintenance.water.tap").pk])
    rita.client.logout()

    answer = rita.client.post(url, {"form_key": str(uuid.uuid4()), "description": "drips"})

    assert answer.status_code == 302
    assert answer.url == f"{reverse('accounts:sign_in')}?next={url}"


def test_home_costs_few_queries_however_many_reports(ward, django_assert_max_num_queries):
    rita = Phone(ward.rita)
    rita.tap(reverse("workorders:ask"))
    with scope([ward.a.id]):
        for until in ("reported", "dispatch", "finish", "sign"):
            done_order(ward, until=until)

    with django_assert_max_num_queries(12):
        page = rita.tap(reverse("workorders:ask"))

    assert len(page.context["to_sign"]) == 1
    assert len(page.context["under_way"]) == 2
    assert ORDERS.by_name["sign"].undoable
