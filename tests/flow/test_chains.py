"""Deadlines and levels are a hospital's to set: from then on what is open goes by them; others keep the shipped ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from flow import chains
from flow.climbing import days_at
from flow.domain import set_chain
from flow.models import ChainSetting, Event
from hazards import escalation
from hazards.models import Hazard
from hazards.states import DEADLINE, OVERDUE
from inspections import missed
from inspections.states import MISSED
from tenancy.scope import scope
from tests.factories import rounds
from tests.hazards.conftest import report

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ONE_EACH = {
    **{f"general_{level}": days for level, days in
       (("responsible", 2), ("leader", 3), ("head", 5), ("manager", 5), ("office", 9))},
    **{f"major_{level}": 1 for level in ("responsible", "leader", "head", "manager", "office")},
}  # fmt: skip


@pytest.fixture
def act(world):
    return lambda: scope(world.hospitals())


def told(row) -> list[str]:
    events = Event.objects.filter(subject=row._meta.label_lower, subject_id=row.pk, verb="escalated").order_by("id")
    return [event.data["level"] for event in events]


def test_every_room_that_tells_levels_has_declared_its_days():
    assert set(chains.known()) == {
        "hazards.deadline", "hazards.overdue", "inspections.missed", "indicators.returns", "assessment.actions",
        "assessment.appeals", "assessment.exclusions",
    }  # fmt: skip


def test_hazard_is_due_by_the_days_of_its_hospital(world, act):
    today = timezone.localdate()
    with act():
        set_chain(world.max, world.a.hospital, DEADLINE, {"general_rectify": 10, "major_rectify": 2}, version=0)

        assert report(world).due_on == today + 10 * DAY
        assert report(world, grade="major", title="漏电").due_on == today + 2 * DAY
        assert report(world, site=world.b).due_on == today + 7 * DAY


def test_hazard_that_is_overdue_already_climbs_by_the_days_of_today(world, act):
    today = timezone.localdate()
    with act():
        mine, theirs = report(world), report(world, site=world.b)
        Hazard.objects.update(due_on=today - 3 * DAY)
        set_chain(world.max, world.a.hospital, OVERDUE, {**ONE_EACH, "general_head": 4}, version=0)
        for site in (world.a, world.b):
            escalation.watch(site.hospital, today)
        assert (told(mine), told(theirs)) == (["head"], ["head"])  # nobody is responsible, there is no team
        escalation.watch(world.a.hospital, today + 2 * DAY)
        escalation.watch(world.b.hospital, today + 2 * DAY)
        assert (told(mine), told(theirs)) == (["head", "manager"], ["head"])


def test_missed_rounds_climb_by_the_days_of_their_hospital(world, act):
    now = timezone.now()
    with act():
        made = rounds.plan(world, rounds.edition(world).checklist)
        times = {"opens_at": now - 5 * DAY, "late_from": now - 2.5 * DAY}
        plain = rounds.due(world, made, due_at=now - 4 * DAY, **times)
        legal = rounds.due(world, made, due_at=now - 3 * DAY, statutory=True, **times)
        days = {f"{kind}_{level}": 2 for kind in ("ordinary", "statutory") for level in ("head", "manager", "office")}
        set_chain(world.ada, world.a.hospital, MISSED,
                  {**days, "ordinary_leader": 1, "ordinary_office": 3, "statutory_leader": 0}, version=0)  # fmt: skip
        missed.watch(world.a.hospital, now)

        assert told(plain) == ["leader", "head", "manager"]
        assert told(legal) == ["leader", "head", "manager", "office"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"general_leader": -1}, {"general_leader"}),
        ({"general_office": 91}, {"general_office"}),
        ({"general_head": 2}, {"general_head"}),  # the leader hears after three
        ({"major_office": 10}, {"major_office"}),  # a general one reaches the office after nine
    ],
)
def test_days_that_make_no_sense_are_refused_where_they_stand(world, act, changed, wrong):
    with act(), pytest.raises(ValidationError) as caught:
        set_chain(world.max, world.a.hospital, OVERDUE, {**ONE_EACH, **changed}, version=0)

    assert set(caught.value.error_dict) == wrong


def test_only_who_may_sets_days_and_only_at_home(world, act):
    with act():
        for person in (world.hal, world.rita, world.max_b):
            with pytest.raises(PermissionDenied):
                set_chain(person, world.a.hospital, OVERDUE, ONE_EACH, version=0)
        assert not ChainSetting.objects.exists()


def test_second_of_two_administrators_is_told_and_overwrites_nothing(world, act):
    with act():
        set_chain(world.max, world.a.hospital, DEADLINE, {"general_rectify": 5}, version=0)
        with pytest.raises(ValidationError) as caught:
            set_chain(world.ada, world.a.hospital, DEADLINE, {"general_rectify": 9}, version=0)
        assert caught.value.code == "stale"
        assert days_at(world.a.id, DEADLINE)["general"] == (("rectify", 5),)


def test_page_sets_shows_who_changed_what_and_sets_back(world, client):
    client.force_login(world.ada)
    home, page = (
        reverse("administration:chains_of", args=[world.a.id]),
        reverse("administration:chain", args=[world.a.id, "hazards.deadline"]),
    )
    assert client.post(page, {"general_rectify": 5, "major_rectify": 1, "version": 0}).status_code == 303
    shown = client.get(page).content.decode()
    assert "Ada" in shown and 'value="5"' in shown and 'name="version" value="1"' in shown
    client.force_login(world.max)
    late = client.post(page, {"general_rectify": 6, "major_rectify": 1, "version": 0})
    assert late.status_code == 422
    again = late.content.decode()
    assert 'value="6"' in again and 'name="version" value="1"' in again  # typed stays; saving once more replaces
    assert client.post(page, {"general_rectify": 6, "major_rectify": 1, "version": 1}).status_code == 303
    with scope(world.hospitals()):
        changes = [event.data["changes"] for event in Event.objects.filter(subject="flow.chainsetting").order_by("id")]
        assert changes == [{"general_rectify": [7, 5]}, {"general_rectify": [5, 6]}]
    assert client.post(page, {"reset": "1", "version": 2}).status_code == 303
    assert client.get(home).status_code == 200
    with scope(world.hospitals()):
        assert days_at(world.a.id, DEADLINE) == DEADLINE.defaults
        assert Event.objects.filter(subject="flow.chainsetting").latest("id").data["changes"] == {
            "general_rectify": [6, 7]
        }
    client.force_login(world.hal)
    assert client.get(page).status_code == 403
    assert client.get(reverse("administration:chains_of", args=[world.b.id])).status_code == 404


def test_page_names_the_field_that_is_wrong(world, client):
    client.force_login(world.max)
    page = reverse("administration:chain", args=[world.a.id, "hazards.deadline"])
    response = client.post(page, {"general_rectify": 2, "major_rectify": 3, "version": 0})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"major_rectify"}


def test_pages_answer_only_what_they_do(world, client):
    client.force_login(world.ada)
    of = f"/office/deadlines/{world.a.id}/"
    for url in (of, f"{of}hazards.overdue/"):
        assert client.get(url).status_code == 200
        assert {client.put(url).status_code, client.delete(url).status_code} == {405}
