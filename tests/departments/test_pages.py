"""The page of a department, and who finds it in the menu."""

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenancy.scope import scope
from tests.factories.workorders import order, service

pytestmark = pytest.mark.django_db


def browse(user):
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def test_department_shows_its_open_work_people_and_promise(world):
    with scope(world.hospitals()):
        order(world)
        order(world, "accept")
        order(world, service=service(world, "cleaning.on_call"), title="地面有水")
    hal = browse(world.hal)

    answer = hal.get("/departments/maintenance/")

    counts = {state.value: n for state, n in answer.context["states"]}
    assert counts == {"reported": 1, "dispatched": 0, "accepted": 1, "arrived": 0, "waiting": 0, "done": 0}
    page = answer.content.decode()
    assert "水龙头滴水" in page and "水电班" in page and "Tom" in page
    assert "地面有水" not in page
    assert f"/orders/?state=reported&department=maintenance&hospital={world.a.id}" in unescape(page)


def test_cleaning_request_is_seen_and_dispatched_from_its_department(world):
    """Dan opens cleaning, opens the request, taps the team."""
    with scope(world.hospitals()):
        made = order(world, service=service(world, "cleaning.on_call"), title="地面有水")
    dan = browse(world.dan)

    page = dan.get("/departments/cleaning/").content.decode()
    panel = dan.get(f"/desk/{made.pk}/?department=cleaning").content.decode()
    dan.post(f"/desk/{made.pk}/dispatch/?department=cleaning", {"to": f"{world.a.cleaners.pk}"})

    assert f"/desk/{made.pk}/?department=cleaning" in page
    assert "保洁班" in panel
    with scope(world.hospitals()):
        made.refresh_from_db()
        assert (made.state, made.team) == ("dispatched", world.a.cleaners)


def test_department_page_costs_ten_statements(world):
    with scope(world.hospitals()):
        order(world, "accept")
    hal = browse(world.hal)
    hal.get("/departments/maintenance/")

    with CaptureQueriesContext(connection) as seen:
        hal.get("/departments/maintenance/")

    real = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(real) <= 10, "\n".join(real)


def test_head_sees_the_own_department_in_the_menu_only(world):
    page = browse(world.hal).get("/departments/maintenance/").content.decode()

    assert 'href="/departments/maintenance/"' in page
    assert 'href="/departments/cleaning/"' not in page
    assert browse(world.hal).get("/departments/cleaning/").status_code == 403
    assert browse(world.rita).get("/departments/maintenance/").status_code == 403
    assert browse(world.max).get("/departments/security/").status_code == 200


def test_department_that_is_switched_off_has_no_entry(world):
    with scope(world.hospitals()):
        world.a.hospital.modules = ["maintenance"]
        world.a.hospital.save()

    page = browse(world.max).get("/departments/maintenance/").content.decode()

    assert 'href="/departments/cleaning/"' not in page
    assert browse(world.max).get("/departments/cleaning/").status_code == 403
