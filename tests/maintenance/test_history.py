"""A manager opens a machine's page and reads what it has cost, by year and by kind; no other page is needed."""

import pytest
from django.core.management import call_command

from assets.models import Asset, Kind
from tenancy.domain import grant
from tenancy.models import Role
from tenancy.scope import scope
from tests.exchange.conftest import HISTORY, mapping, ready  # noqa: F401  the history and its fixtures

pytestmark = pytest.mark.django_db


def test_machine_shows_counts_and_cost_in_few_statements(client, ready, mapping, django_assert_max_num_queries):  # noqa: F811
    call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping, skip_bad=True)
    with scope([ready.a.id]):
        url = f"/assets/{Asset.objects.get(code='C').pk}/"
    client.force_login(ready.max)

    with django_assert_max_num_queries(
        20
    ):  # with session, person, scope; meters, downtimes, duties, rounds and plans are five of them
        shown = client.get(url).content.decode().replace("\u202f", "")

    assert "¥6229217.28" in shown
    assert "992" in shown
    for year in range(2003, 2013):
        assert f">{year}<" in shown

    with scope([ready.a.id]):
        role = ready.dan.grants.exclude(role__key="staff").get().role
        role.permissions = [name for name in role.permissions if name != "workorders.cost.view"]
        role.save()
    client.force_login(ready.dan)
    shown = client.get(url).content.decode()
    assert "992" in shown
    assert "6\u202f229" not in shown  # the cost is for those who may see it


def test_head_of_one_department_keeps_the_register_beside_it(client, ready):  # noqa: F811
    with scope(ready.hospitals()):
        keeper = Role.objects.get(consortium=ready.consortium, key="asset_keeper")
        grant(ready.setup, user=ready.hal, role=keeper, hospital=ready.a.hospital)
        kind = Kind.objects.get(name="Excavator")
    client.force_login(ready.hal)
    sent = {"name": "冷水机", "code": "C-9", "kind": kind.pk, "criticality": "high", "place": ready.a.room.pk}

    answer = client.post("/assets/new/", sent)

    assert answer.status_code == 303
    assert "冷水机" in client.get("/assets/").content.decode()
    assert client.get(answer["Location"]).status_code == 200
