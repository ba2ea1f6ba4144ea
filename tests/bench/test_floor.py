"""The floor answers with the same rows as the site, else a ratio to it would say nothing."""

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from bench import people, rows
from bench.floor import views
from tenancy.scope import scope, scope_of
from tests.api.conftest import ROOT, program, report
from workorders import catalogue
from workorders.models import Service

pytestmark = pytest.mark.django_db
CAST = ("dan", "tom", "cleo", "kim")  # desk, technician at two places, a firm in several hospitals, office


@pytest.fixture
def orders(world):
    """At two hospitals, at several places, some for the firm that cleans, one that is done with."""
    with scope(world.hospitals()):
        for site in (world.a, world.b, world.outside):
            catalogue.install(site.hospital)
        for site, reporter in ((world.a, world.rita), (world.b, world.rita_b)):
            water = Service.objects.get(hospital=site.hospital, key="maintenance.water")
            cleaning = Service.objects.filter(hospital=site.hospital, department="cleaning").first()
            for place in (site.room, site.other_room):
                for service in (water, cleaning):
                    order = report(world, type(site)(**{**vars(site), "room": place}), reporter, service=service)
                    if service == cleaning and place == site.room:
                        order.contractor, order.team = world.firm, site.cleaners
                        order.save(update_fields=["contractor", "team"])
    return world


def reach(world, person):
    with scope_of(person), connection.cursor() as cursor:
        return people.reach_of(cursor, person.pk)[1]


@pytest.mark.parametrize("name", CAST)
def test_floor_has_the_rows_of_the_list_and_in_its_order(orders, name):
    person = getattr(orders, name)
    listed = [row["id"] for row in program(person).get(f"{ROOT}/work-orders/?state=open").json()["results"]]
    held = reach(orders, person)

    with scope_of(person), connection.cursor() as cursor:
        bare = [row["id"] for row in views.newest(held, person.pk, "default", views.COLUMNS)]
        cursor.execute(*rows.newest(held, person.pk, None))
        written = [row[0] for row in cursor.fetchall()]

    assert listed and bare == listed and written == listed


def test_people_of_the_test_see_different_rows(orders):
    """Otherwise the test above would hold for any filter."""
    seen = {}
    for name in CAST:
        answer = program(getattr(orders, name)).get(f"{ROOT}/work-orders/?state=open").json()
        seen[name] = frozenset(row["id"] for row in answer["results"])

    assert len(set(seen.values())) == len(CAST)


def test_floor_of_one_hospital_leaves_out_the_others(orders):
    kim, hospital = orders.kim, orders.a.id
    listed = program(kim).get(f"{ROOT}/work-orders/?state=open&hospital={hospital}").json()["results"]
    held = reach(orders, kim)

    with scope_of(kim), connection.cursor() as cursor:
        bare = list(views.newest(held, kim.pk, "default", views.COLUMNS, str(hospital)))
        cursor.execute(*rows.newest(held, kim.pk, hospital))
        written = cursor.fetchall()

    assert [row["id"] for row in bare] == [row["id"] for row in listed] == [row[0] for row in written]
    assert {row["hospital_id"] for row in bare} == {hospital}


def test_floor_shows_the_record_with_its_history(orders):
    order = report(orders, orders.a, orders.rita)
    with override_settings(PEOPLE={}), scope_of(orders.dan), pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "_detail", lambda name, pk, read=views._detail: read("default", pk))
        answer = views.api_detail(RequestFactory().get("/detail", {"who": "dan"}), order.pk)

    assert order.number.encode() in answer.content and b'"verb": "reported"' in answer.content
