"""Nobody gets further by a side door: a longer grant, a restored role, another's key, a name beside the name."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.domain import give_token, must_change, set_password
from accounts.models import SignIn, User
from tenancy import domain
from tenancy import permissions as perm
from tenancy.models import Grant, Hospital, Role
from tenancy.scope import scope
from tests.factories import tenancy as make
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse():
    def signed_in(user):
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="tenancy.backends.SignInBackend")
        return client

    return signed_in


def ended_grant(world):
    """Rita was manager until yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    role = Role.objects.get(consortium=world.consortium, key="manager")
    with scope(world.hospitals()):
        start = yesterday - timedelta(days=9)
        return domain.grant(
            world.ada, user=world.rita, role=role, hospital=world.a.hospital, starts_on=start, ends_on=yesterday
        )


def test_revoking_never_lengthens_a_grant(world):
    given = ended_grant(world)
    with scope(world.hospitals()):
        with pytest.raises(ValidationError):
            domain.revoke(world.ada, given, on=timezone.localdate() + timedelta(days=900))
        domain.revoke(world.ada, given)
    assert Grant.objects.get(pk=given.pk).ends_on == given.ends_on


def test_page_says_that_a_role_has_ended_already(world, browse):
    given = ended_grant(world)

    answer = browse(world.ada).post(f"/office/grants/{given.pk}/revoke/", {"on": "2099-01-01"})

    assert answer.status_code == 422
    assert "on" in answer.context["form"].errors
    assert Grant.objects.get(pk=given.pk).ends_on == given.ends_on


def test_role_is_reset_only_by_who_holds_what_comes_back(world):
    office = Role.objects.get(consortium=world.consortium, key="office")
    manager = Role.objects.get(consortium=world.consortium, key="manager")
    with scope(world.hospitals()):
        domain.edit_role(world.setup, office, name="", wanted=[perm.ROLE_CHANGE, perm.PLACE_VIEW])
        domain.edit_role(world.setup, manager, name="", wanted=[perm.PLACE_VIEW])
        with pytest.raises(PermissionDenied):
            domain.reset_role(User.objects.get(pk=world.kim.pk), manager)
        domain.reset_role(world.setup, manager)
    manager.refresh_from_db()
    assert perm.TEAM_CHANGE in manager.permissions


def test_why_page_keeps_silent_about_roles_at_another_hospital(world, browse):
    """Rita is head at B, too; A's administrator does not hear of it."""
    head = Role.objects.get(consortium=world.consortium, key="head")
    with scope(world.hospitals()):
        domain.grant(world.setup, user=world.rita, role=head, hospital=world.b.hospital)
    Hospital.objects.filter(pk=world.b.id).update(name="The secret hospital")
    asked = {"login": "rita@example.org", "permission": perm.PLACE_VIEW, "number": "B1-301"}

    page = browse(world.ada).get("/office/why/", asked)

    assert page.context["answer"]["may"]
    assert len(page.context["answer"]["reasons"]) == 2
    assert "The secret hospital" not in page.content.decode()


def test_door_of_a_closed_hospital_leads_nowhere(world):
    with scope(world.hospitals()):
        door = domain.door_for(place=world.a.room)
    Hospital.objects.filter(pk=world.a.id).update(is_open=False)

    assert Client().get(f"/d/{door.token}/").status_code == 410
    assert Client().post(f"/d/{door.token}/1/", {"description": "x"}).status_code == 410


def test_account_of_another_consortium_is_not_drawn_in(world):
    """Olga would read Rita's sign-ins and refusals as those of her own people."""
    with scope(world.hospitals()), pytest.raises(ValidationError) as refused:
        domain.add_person(
            world.olga, hospital=world.outside.hospital, staff_number="9", name="Rita", email="rita@example.org"
        )
    assert set(refused.value.message_dict) == {"email"}


# Keys and passwords


def test_older_session_is_asked_for_the_old_password_when_a_code_was_used_elsewhere(world, browse):
    left_open = browse(world.rita)
    must_change(world.rita)
    strong = {"password": "another-long-one", "again": "another-long-one"}

    answer = left_open.post("/account/password/", strong)

    assert "old" in answer.context["form"].errors
    assert left_open.post("/account/password/", {**strong, "old": PASSWORD}).status_code == 302


def asks(key):
    return APIClient().get("/api/v1/hospitals/", headers={"Authorization": f"Token {key}"}).status_code


def test_new_password_ends_the_keys_that_the_old_one_opened(world):
    key = give_token(world.rita, "lost laptop")
    assert asks(key) == 200
    set_password(world.rita, "another-long-one")
    assert asks(key) == 401


def test_who_must_choose_a_password_gets_nowhere_with_a_key(world):
    key = give_token(world.rita, "lab system")
    must_change(world.rita)
    assert asks(key) == 403


def test_guesses_count_together_whatever_else_is_sent_with_them(world, settings):
    statuses = []
    for n in range(settings.AXES_FAILURE_LIMIT + 1):
        guess = {"email": "dan@example.org", "password": "wrong-password", "login": f"somebody-else-{n}"}
        statuses.append(APIClient().post("/api/v1/auth/token/", guess, format="multipart").status_code)
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    "proxies, forwarded, logged",
    [
        (0, "9.9.9.9", "127.0.0.1"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "9.9.9.9", "127.0.0.1"),
        (1, "nonsense", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_address_is_the_one_our_outermost_proxy_saw(world, settings, proxies, forwarded, logged):
    settings.PROXY_COUNT = proxies

    Client().post(
        "/account/sign-in/",
        {"login": "rita@example.org", "password": PASSWORD},
        headers={"X-Forwarded-For": forwarded},
    )

    assert SignIn.objects.get().address == logged


def test_one_visitors_guesses_lock_nobody_elses_address_out(world, settings):
    settings.PROXY_COUNT = 1

    def tries(address, password):
        login = {"login": "rita@example.org", "password": password}
        return Client().post("/account/sign-in/", login, headers={"X-Forwarded-For": address}).status_code

    assert [tries("6.6.6.6", "wrong") for _ in range(settings.AXES_FAILURE_LIMIT)][-1] == 429
    assert tries("9.9.9.9", PASSWORD) == 302


# Figures


def test_cost_is_not_shown_at_a_hospital_where_it_may_not_be_seen(world, browse):
    figures = make.role(world.consortium, "kpi.figure.view")
    with scope(world.hospitals()):
        domain.grant(world.setup, user=world.max_b, role=figures, hospital=world.a.hospital)
    page = browse(world.max_b)

    for hospital, status in ((world.a.id, 404), (world.b.id, 200)):
        page.post("/scope/switch/", {"hospital": hospital})
        assert page.get("/figures/workorders.cost/").status_code == status
