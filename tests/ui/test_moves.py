"""Steps from buttons: one tap one move, too late is told, ten seconds to take it back."""

import pytest

from flow.models import Event
from tenancy.scope import scope
from workorders import catalogue, domain
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(world):
    """Rita's ward has a dripping tap; Dan gave it to Tom."""
    with scope([world.a.id]):
        catalogue.install(world.a.hospital)
        service = Service.objects.get(key="maintenance.water")
        problem = service.problems.get(key="maintenance.water.tap")
        made = domain.open_order(world.rita, place=world.a.room, service=service, problem=problem, unit=world.a.ward)
        return ORDERS.move(made, "dispatch", world.dan, team=world.a.team, assignee=world.tom)


def verbs(world, order):
    with scope([world.a.id]):
        happened = list(Event.objects.filter(subject_id=order.pk).order_by("id").values_list("verb", flat=True))
    return happened[happened.index("dispatch") + 1 :]


def test_record_offers_the_next_step_to_who_may_take_it(site, world, order):
    mine = site.get(f"/orders/{order.pk}/", world.tom).content.decode()
    others = site.get(f"/orders/{order.pk}/", world.rita).content.decode()

    assert f'action="/orders/{order.pk}/move/accept/"' in mine
    assert "/move/accept/" not in others


def test_one_tap_takes_the_step_and_offers_to_take_it_back(site, world, order):
    response = site.post(f"/orders/{order.pk}/move/accept/", world.tom, {"next": "/orders/"})

    assert (response.status_code, response["Location"]) == (303, "/orders/")
    assert f'action="/orders/{order.pk}/undo/"' in site.get("/orders/").content.decode()

    site.post(f"/orders/{order.pk}/undo/", world.tom)

    assert verbs(world, order) == ["accept", "undo"]
    with scope([world.a.id]):
        assert WorkOrder.objects.get(pk=order.pk).state == order.state


def test_double_tap_moves_once(site, world, order):
    data = {"form_key": "k" * 12}

    first, second = (site.post(f"/orders/{order.pk}/move/accept/", world.tom, data) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert verbs(world, order) == ["accept"]


def test_too_late_tells_who_was_faster_and_changes_nothing(site, world, order):
    site.post(f"/orders/{order.pk}/move/accept/", world.tom)

    response = site.post(f"/orders/{order.pk}/move/accept/", world.tom)

    assert response.status_code == 409
    assert "Tom" in response.content.decode()
    assert verbs(world, order) == ["accept"]


def test_step_of_somebody_else_is_refused(site, world, order):
    assert site.post(f"/orders/{order.pk}/move/accept/", world.rita).status_code == 403
    assert site.post(f"/orders/{order.pk}/move/accept/", world.tom_b).status_code == 404
    assert site.post(f"/orders/{order.pk}/move/dance/", world.tom).status_code == 404
    assert verbs(world, order) == []


def test_next_page_is_never_another_site(site, world, order):
    response = site.post(f"/orders/{order.pk}/move/accept/", world.tom, {"next": "https://evil.example/"})

    assert response["Location"] == f"/orders/{order.pk}/"


def test_undo_after_somebody_went_on_is_too_late(site, world, order):
    site.post(f"/orders/{order.pk}/move/accept/", world.tom)
    site.post(f"/orders/{order.pk}/move/arrive/", world.tom)
    site.post(f"/orders/{order.pk}/undo/", world.tom)

    response = site.post(f"/orders/{order.pk}/undo/", world.tom)

    assert response.status_code == 409
    assert verbs(world, order) == ["accept", "arrive", "undo"]


def test_step_by_script_sends_the_window_on(site, world, order):
    url = f"/orders/{order.pk}/move/accept/"

    response = site.post(url, world.tom, headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == f"/orders/{order.pk}/"
