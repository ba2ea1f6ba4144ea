"""Announcements: who makes them, who sees them, until when, at what price."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices import announcing
from notices.models import Announcement
from tenancy.models import Membership
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
TEXT = "门诊楼 14–16 时停水"


def browse(user):
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


@pytest.fixture
def announced(world, django_capture_on_commit_callbacks):
    def make(actor=None, *, minutes=(-5, 60), **facts):
        now = timezone.now()
        begins, ends = (now + timedelta(minutes=m) for m in minutes)
        facts = {"hospital": world.a.hospital, "text": TEXT, "starts_at": begins, "ends_at": ends, **facts}
        with django_capture_on_commit_callbacks(execute=True), scope(world.hospitals()):
            return announcing.announce(actor or world.dan, **facts)

    return make


def sees(user):
    """By the bell, which every page asks for at once, and then on the page itself."""
    client = browse(user)
    by_bell = TEXT in client.get("/notices/bell/").content.decode()
    on_page = TEXT in client.get("/notices/").content.decode()
    assert by_bell is on_page
    return by_bell


def test_everybody_at_the_hospital_sees_it_and_nobody_elsewhere(world, announced):
    announced()

    assert [sees(user) for user in (world.rita, world.tom, world.ada, world.kim)] == [True] * 4
    assert [sees(user) for user in (world.rita_b, world.ada_b, world.olga)] == [False] * 3


def test_one_for_a_place_is_shown_there_and_to_those_without_a_unit(world, announced):
    announced(place=world.a.other_building)
    assert [sees(world.rita), sees(world.dan)] == [False, True]

    announced(place=world.a.building)
    assert sees(world.rita)


def test_unit_of_the_whole_building_sees_what_is_said_of_a_floor(world, announced):
    with scope(world.hospitals()):
        Membership.objects.filter(user=world.rita).update(unit=world.a.other_ward)
    announced(place=world.a.other_building)

    assert sees(world.rita)


@pytest.mark.parametrize("minutes, shown", [((-60, -1), False), ((1, 60), False), ((-1, 1), True)])
def test_it_is_shown_from_then_until_then(world, announced, minutes, shown):
    announced(minutes=minutes)

    assert sees(world.rita) is shown


def test_put_away_it_is_gone_for_that_person_only(world, announced, django_capture_on_commit_callbacks):
    made = announced()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browse(world.rita).post(f"/notices/announcements/{made.pk}/dismiss/", {"next": "/notices/"})

    assert answer.url == "/notices/"
    assert [sees(world.rita), sees(world.dan)] == [False, True]


def test_new_words_are_shown_again_to_who_put_the_old_ones_away(world, announced, django_capture_on_commit_callbacks):
    made = announced(text="x")
    with django_capture_on_commit_callbacks(execute=True), scope(world.hospitals()):
        announcing.dismiss(world.rita, made)
        announcing.change(world.dan, made, text=TEXT)

    assert sees(world.rita)


def test_ended_early_it_is_gone_from_everybody(world, announced, django_capture_on_commit_callbacks):
    made = announced()
    assert sees(world.rita)
    with django_capture_on_commit_callbacks(execute=True):
        browse(world.dan).post(f"/notices/announcements/{made.pk}/end/")

    assert not sees(world.rita)


def test_page_costs_no_statement_for_it(world, announced):
    rita = browse(world.rita)
    rita.get("/notices/bell/")
    counts = []
    for step in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            rita.get("/notices/")
        counts.append(len(seen))
        if step == 0:
            announced()
            rita.get("/notices/bell/")

    assert counts[0] == counts[1]


def test_open_page_hears_of_it_by_the_bell(world, announced):
    rita = browse(world.rita)
    version = rita.get("/notices/bell/").context["version"]
    assert rita.get("/notices/bell/", {"version": version}).status_code == 204
    announced()
    answer = rita.get("/notices/bell/", {"version": version})

    assert TEXT in answer.content.decode() and 'hx-swap-oob="true"' in answer.content.decode()
    assert rita.get("/notices/bell/", {"version": answer.context["version"]}).status_code == 204


@pytest.mark.parametrize("who, may", [("dan", True), ("hal", True), ("max", True), ("rita", False), ("dan_b", False)])
def test_desk_and_those_above_announce(world, announced, who, may):
    if may:
        made = announced(getattr(world, who))
        with scope(world.hospitals()):
            assert Announcement.objects.get(pk=made.pk).made_by_name == getattr(world, who).name
    else:
        with pytest.raises(PermissionDenied):
            announced(getattr(world, who))


def test_it_ends_after_it_begins(world, announced):
    with pytest.raises(ValidationError) as refused:
        announced(minutes=(60, 60))
    assert "ends_at" in refused.value.message_dict


def test_desk_announces_by_the_form(world, django_capture_on_commit_callbacks):
    now = timezone.localtime()
    facts = {"hospital": world.a.id, "text": TEXT, "place": world.a.building.pk}
    facts |= {
        "starts_at": f"{now - timedelta(minutes=2):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = browse(world.dan).post("/notices/announcements/new/", facts)

    assert answer.status_code == 303
    assert sees(world.rita)
