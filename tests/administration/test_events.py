"""One page of all that happened: who sees it, how it is narrowed, where it leads, what it costs."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.models import User
from administration import events
from assets.machine import ASSETS
from flow.models import Event
from hazards.machine import HAZARDS
from indicators.machine import DUES
from inspections.machine import ROUNDS
from inspections.plan_machine import PLANS
from reporting.machine import REPORTS
from tenancy.scope import scope
from tests.factories.workorders import order
from workorders import catalogue
from workorders.machine import ORDERS

PAGE = "/office/events/"


@pytest.fixture
def happened(world):
    """An order dispatched at A by Dan; at B something of Dan's namesake; an old comment of Tom's at A."""
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        world.order = order(world, "dispatch")
        facts = {"subject": "workorders.workorder", "subject_id": world.order.pk, "verb": "commented"}
        past = timezone.now() - timedelta(days=200)
        Event.objects.create(hospital=world.a.hospital, at=past, actor=world.tom, actor_name="Tom", **facts)
        Event.objects.create(hospital=world.b.hospital, at=past, actor=world.dan_b, actor_name="Only at B", **facts)
    return world


def browser(user):
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def sheet(client, query=""):
    rows = list(load_workbook(io.BytesIO(client.get(f"{PAGE}?export=xlsx{query}").content)).active.values)
    return [row[1:4] for row in rows[1:]]


def test_the_auditor_sees_who_did_what_to_which_record(happened):
    record = f"工单 {happened.order.pk}"
    lines = sheet(browser(happened.ada), "&subject=workorders.workorder")
    assert lines == [("Dan", "已派工", record), ("Rita", "报修", record), ("Tom", "留言", record)]
    page = browser(happened.ada).get(f"{PAGE}?subject=workorders.workorder").content.decode()
    assert f'href="/orders/{happened.order.pk}/"' in page


def test_filters_narrow_and_a_period_reaches_as_far_as_asked(happened):
    client, record = browser(happened.ada), f"工单 {happened.order.pk}"
    assert sheet(client, "&who=dan&subject=workorders.workorder") == [("Dan", "已派工", record)]
    assert [line[1] for line in sheet(client, "&verb=reported")] == ["报修"]
    long_ago = (timezone.localdate() - timedelta(days=300)).isoformat()
    everything = sheet(client, f"&at_after={long_ago}")
    assert everything[-1] == ("Tom", "留言", record)
    assert sheet(client, f"&at_before={long_ago}") == []


def test_a_person_is_found_at_any_time_under_any_name_they_had(happened):
    """Two acts of Tom's account, one of them 200 days ago; and since then he is called otherwise."""
    client = browser(happened.ada)
    assert [line[0] for line in sheet(client, "&who=tom")] == ["Tom"]
    User.objects.filter(pk=happened.tom.pk).update(name="Thomas")
    assert [line[0] for line in sheet(client, "&who=Thomas")] == ["Tom"]


def test_a_rare_step_is_found_at_any_time(happened):
    assert [line[0] for line in sheet(browser(happened.ada), "&verb=commented")] == ["Tom"]


def test_walls_hold_around_what_happened(happened):
    long_ago = (timezone.localdate() - timedelta(days=300)).isoformat()
    asked = f"&who=Only at B&at_after={long_ago}"
    assert [len(sheet(browser(who), asked)) for who in (happened.audrey, happened.ada_b, happened.ada)] == [1, 1, 0]
    for who in (happened.max, happened.tom, happened.rita, happened.kim, happened.dan):
        assert browser(who).get(PAGE).status_code == 403


def test_the_page_costs_five_statements(happened):
    client = browser(happened.audrey)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE).status_code == 200
    real = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(real) <= 5, "\n".join(real)


STEPS = {
    "inspections.round": ROUNDS, "inspections.plan": PLANS, "assets.asset": ASSETS, "reporting.report": REPORTS,
    "hazards.hazard": HAZARDS, "workorders.workorder": ORDERS, "indicators.returndue": DUES,
}  # fmt: skip
SETTINGS = [
    ("kpi.target", "target_set"), ("kpi.target", "target_corrected"), ("tenancy.hospital", "month_closed"),
    ("workorders.handover", "handed_over"), ("indicators.returnfile", "brought_in"), ("workorders.service", "problem_added"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "verb"), [*SETTINGS, *((subject, verb) for subject, steps in STEPS.items() for verb in steps.by_name)]
)
def test_what_happened_is_said_in_words(subject, verb):
    with override("zh-hans"):
        said = str(events.what({"subject": subject, "verb": verb}))
    assert said != verb and not said.isascii()
