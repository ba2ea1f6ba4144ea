"""The administrator arranges the hospital; everybody else is kept out."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tenancy import domain
from tenancy.models import Grant, Membership, Place, Team, Unit
from tenancy.scope import scope

pytestmark = pytest.mark.django_db

LISTS = (
    "place_list",
    "unit_list",
    "team_list",
    "person_list",
    "engagement_list",
    "roles",
    "hospitals",
    "sign_ins",
    "why",
    "home",
)
FOR_ALL_STAFF = ("place_list", "unit_list", "home")  # everybody at the hospital may look up a room or a unit


@pytest.mark.parametrize("name", LISTS)
def test_page_opens_for_administrator_and_not_for_nurse(client, world, name):
    client.force_login(world.ada, backend="tenancy.backends.SignInBackend")
    opened = client.get(reverse(f"administration:{name}"))
    client.force_login(world.rita, backend="tenancy.backends.SignInBackend")
    refused = client.get(reverse(f"administration:{name}"))

    assert opened.status_code == 200
    assert refused.status_code == (200 if name in FOR_ALL_STAFF else 403)


def sign_in(client, user):
    client.force_login(user, backend="tenancy.backends.SignInBackend")


def test_administrator_adds_room_and_moves_it(client, world):
    sign_in(client, world.ada)

    made = client.post(
        reverse("administration:place_add"),
        {"parent": world.a.floor.pk, "kind": "room", "name": "换药室", "code": "B1-309", "phone": ""},
    )
    with scope([world.a.id]):
        room = Place.objects.get(code="B1-309")
    moved = client.post(reverse("administration:place_move", args=[room.pk]), {"parent": world.a.other_building.pk})

    assert (made.status_code, moved.status_code) == (303, 303)
    with scope([world.a.id]):
        assert Place.objects.get(pk=room.pk).full_name == "东院区 / 住院楼 / 换药室"


def test_code_that_is_taken_is_refused_beside_the_field_and_words_stay(client, world):
    sign_in(client, world.ada)

    page = client.post(
        reverse("administration:unit_add"),
        {"hospital": world.a.id, "code": "W1", "name": "神经内科", "kind": "clinical", "place": "", "phone": ""},
    )

    assert page.status_code == 422
    assert "神经内科" in page.content.decode()
    with scope([world.a.id]):
        assert not Unit.objects.filter(name="神经内科").exists()


def test_person_is_added_gets_role_and_leaves(client, world):
    sign_in(client, world.ada)
    client.post(
        reverse("administration:person_add"),
        {"hospital": world.a.id, "staff_number": "5001", "name": "新人", "team": world.a.team.pk},
    )
    with scope([world.a.id]):
        member = Membership.objects.get(staff_number="5001")
    worker = world.consortium.roles.get(key="worker")

    given = client.post(
        reverse("administration:person_grant", args=[member.pk]), {"role": worker.pk, "team": world.a.team.pk}
    )
    page = client.get(reverse("administration:person", args=[member.pk]))
    left = client.post(
        reverse("administration:person_leave", args=[member.pk]), {"on": timezone.localdate().isoformat()}
    )

    assert given.status_code == 302
    assert "水电班" in page.content.decode()
    assert left.status_code == 303
    assert Grant.objects.get(user=member.user_id).ends_on == timezone.localdate()


def test_administrator_cannot_give_the_consortium_to_anybody(client, world):
    sign_in(client, world.ada)
    with scope([world.a.id]):
        member = Membership.objects.get(user=world.rita)
    auditor = world.consortium.roles.get(key="auditor")

    page = client.post(
        reverse("administration:person_grant", args=[member.pk]), {"role": auditor.pk, "everywhere": "on"}
    )

    assert page.status_code == 422
    assert not Grant.objects.filter(user=world.rita, consortium__isnull=False).exists()


def test_code_is_shown_once_to_the_leader(client, world):
    sign_in(client, world.lea)
    with scope([world.a.id]):
        tom = Membership.objects.get(user=world.tom)

    page = client.post(reverse("administration:person_code", args=[tom.pk]))
    again = client.get(reverse("administration:person", args=[tom.pk]))

    assert page.status_code == 200 and page.context["code"]
    assert page.context["code"] not in again.content.decode()


def test_teams_merge_and_work_follows(client, world):
    sign_in(client, world.ada)

    done = client.post(reverse("administration:team_merge", args=[world.a.other_team.pk]), {"into": world.a.team.pk})

    assert done.status_code == 303
    with scope([world.a.id]):
        assert Team.objects.get(pk=world.a.other_team.pk).merged_into_id == world.a.team.pk


def test_why_names_the_role_that_decides(client, world):
    sign_in(client, world.ada)

    page = client.get(
        reverse("administration:why"),
        {"login": "A/1003", "permission": "tenancy.team.view", "number": "木工班"},
    )

    assert page.status_code == 200
    assert page.context["answer"]["may"] is False
    assert page.context["answer"]["reasons"]


def test_lost_label_opens_nothing_any_more(client, world):
    sign_in(client, world.ada)
    with scope([world.a.id]):
        old = domain.door_for(place=world.a.room).token

    done = client.post(reverse("administration:place_door", args=[world.a.room.pk]), {"sure": "on"})
    opened = client.get(f"/d/{old}/", follow=True)

    assert done.status_code == 303
    assert opened.status_code == 410
