"""Announcements: who makes them, who sees them, until when, at what price."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.domain import give_token
from notices import announcing
from notices.models import Announcement
from tenancy.models import Membership
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
TEXT = "门诊楼 14–16 时停水"
ROOT = "/api/v1/announcements/"


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


def program(user):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {give_token(user, 'test')}")
    return client


def texts(user, query=""):
    return [row["text"] for row in program(user).get(f"{ROOT}{query}").json()["results"]]


def test_api_tells_everybody_what_concerns_them(world, announced):
    announced(text="everywhere")
    announced(text="over", minutes=(-60, -5))
    announced(text="elsewhere", place=world.a.other_building)
    announced(text="in the building", place=world.a.building)
    announced(text="in the room", place=world.a.room)
    announced(world.ada_b, text="at B", hospital=world.b.hospital)

    assert set(texts(world.rita)) == {"everywhere", "in the building", "in the room"}
    assert set(texts(world.dan)) == {"everywhere", "over", "elsewhere", "in the building", "in the room"}
    assert texts(world.dan, "?standing=over") == ["over"]
    assert texts(world.ada_b) == ["at B"] and texts(world.olga) == []


def test_api_says_of_one_what_the_list_says(world, announced):
    made = announced(place=world.a.building)
    row = program(world.rita).get(f"{ROOT}{made.pk}/").json()
    assert (row["text"], row["place"], row["place_name"], row["made_by_name"]) == (
        TEXT, world.a.building.pk, world.a.building.full_name, "Dan",
    )  # fmt: skip
    assert program(world.rita_b).get(f"{ROOT}{made.pk}/").status_code == 404


def test_api_takes_announcements_of_who_may_announce(world):
    now = timezone.now()
    sent = {
        "hospital": world.a.hospital.pk, "text": "停电", "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=2)).isoformat(), "place": world.a.building.pk,
    }  # fmt: skip
    assert program(world.rita).post(ROOT, sent, format="json").status_code == 403
    elsewhere = program(world.dan).post(ROOT, {**sent, "hospital": world.b.hospital.pk}, format="json")
    assert (elsewhere.status_code, list(elsewhere.json()["errors"])) == (422, ["hospital"])
    backwards = program(world.dan).post(ROOT, {**sent, "ends_at": sent["starts_at"]}, format="json")
    assert (backwards.status_code, list(backwards.json()["errors"])) == (422, ["ends_at"])
    assert program(world.dan).post(ROOT, {"hospital": world.a.hospital.pk}, format="json").status_code == 422

    made = program(world.dan).post(ROOT, sent, format="json")
    assert (made.status_code, made.json()["text"], made.json()["place"]) == (201, "停电", world.a.building.pk)

    here = f"{ROOT}{made.json()['id']}/"
    assert program(world.rita).patch(here, {"text": "x"}, format="json").status_code == 403
    assert program(world.dan_b).patch(here, {"text": "x"}, format="json").status_code == 404
    changed = program(world.dan).patch(here, {"text": "停水", "place": None}, format="json").json()
    assert (changed["text"], changed["place"]) == ("停水", None)
    assert program(world.rita).post(f"{here}end/").status_code == 403
    assert program(world.dan).post(f"{here}end/").status_code == 200
    assert texts(world.rita) == [] and texts(world.dan) == ["停水"]


def test_api_asks_as_much_for_one_announcement_as_for_three(world, announced):
    counts = []
    client = program(world.rita)
    for _n in range(2):
        announced()
        with CaptureQueriesContext(connection) as queries:
            client.get(ROOT)
        counts.append(len([q for q in queries if "SAVEPOINT" not in q["sql"] and "set_config(" not in q["sql"]]))
        announced()
    assert counts[0] == counts[1] <= 4
