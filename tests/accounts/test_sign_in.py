"""Getting in: every way, every refusal, and what is written down of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import domain
from accounts.models import OneTimeCode, SignIn, Token, User
from tenancy.models import Membership
from tenancy.scope import scope
from tests.factories.accounts import PASSWORD, UserFactory

SIGN_IN, CODE, NEW = "/account/sign-in/", "/account/code/", "/account/password/"


def outcomes(user=None):
    lines = SignIn.objects.order_by("id")
    return list((lines.filter(user=user) if user else lines).values_list("outcome", flat=True))


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("typed", ["rita@example.org", " RITA@Example.org ", "A/1001", "a-1001", "a 1001"])
def test_sign_in_with_every_spelling(client, world, typed):
    answer = client.post(SIGN_IN, {"login": typed, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
    assert outcomes(world.rita) == ["ok"]


@pytest.mark.parametrize(
    "login, password",
    [
        ("rita@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("A/9999", PASSWORD),
        ("Q/1001", PASSWORD),
        ("1001", PASSWORD),
    ],
)
def test_sign_in_refused_says_what_to_do_and_is_logged(client, world, login, password):
    answer = client.post(SIGN_IN, {"login": login, "password": password})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not signed_in(client)
    line = SignIn.objects.get()
    assert (line.outcome, line.login, line.user, line.address) == ("refused", login, None, "127.0.0.1")


def test_sign_in_of_a_closed_account_is_refused(client, world):
    User.objects.filter(pk=world.rita.pk).update(is_active=False)
    assert client.post(SIGN_IN, {"login": "rita@example.org", "password": PASSWORD}).status_code == 422


def test_leaver_cannot_sign_in_by_staff_number(client, world):
    with scope([world.a.id]):
        yesterday = timezone.localdate() - timedelta(days=1)
        Membership.objects.filter(user=world.rita).update(starts_on=yesterday, ends_on=yesterday)
    assert client.post(SIGN_IN, {"login": "A/1001", "password": PASSWORD}).status_code == 422


def test_empty_form_tells_each_field(client, db):
    answer = client.post(SIGN_IN, {})
    assert set(answer.context["form"].errors) == {"login", "password"}
    assert outcomes() == []


@pytest.mark.parametrize(
    "wanted, reached", [("/orders/7/?a=b", "/orders/7/?a=b"), ("//evil.example", "/"), ("https://evil.example/", "/")]
)
def test_next_is_kept_but_never_another_site(client, world, wanted, reached):
    page = client.get(SIGN_IN, {"next": wanted})
    assert page.context["next"] in ("", reached)
    answer = client.post(SIGN_IN, {"login": "rita@example.org", "password": PASSWORD, "next": wanted})
    assert answer.url == reached


def test_eight_wrong_tries_lock_all_spellings_out(client, world, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post(SIGN_IN, {"login": "A/1001", "password": "wrong"}).status_code == 422
    assert client.post(SIGN_IN, {"login": "a-1001", "password": "wrong"}).status_code == 429
    assert client.post(SIGN_IN, {"login": "a 1001", "password": PASSWORD}).status_code == 429
    assert not signed_in(client)
    assert outcomes()[-2:] == ["locked", "locked"]
    assert client.post(SIGN_IN, {"login": "A/1002", "password": PASSWORD}).status_code == 302


def test_success_forgets_the_wrong_tries(client, world, settings):
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 2):
            client.post(SIGN_IN, {"login": "A/1001", "password": "wrong"})
        assert client.post(SIGN_IN, {"login": "A/1001", "password": PASSWORD}).status_code == 302
        client.logout()


def test_sign_out_only_by_post_and_logged(client, world):
    client.force_login(world.rita)
    assert client.get("/account/sign-out/").status_code == 405
    assert client.post("/account/sign-out/").url == SIGN_IN
    assert not signed_in(client)
    assert outcomes(world.rita) == ["out"]


def test_shared_account_stays_signed_in_for_weeks(client, db):
    UserFactory(email="ward@example.org", is_shared=True)
    client.post(SIGN_IN, {"login": "ward@example.org", "password": PASSWORD})
    assert client.session.get_expiry_age() > 80 * 24 * 3600


def test_code_signs_in_once_and_asks_for_a_new_password(client, world):
    code = domain.issue_code(world.ada, world.rita)
    answer = client.post(CODE, {"login": "A/1001", "code": code})
    assert answer.url == NEW
    assert client.get("/").url == NEW
    assert client.post(NEW, {"password": "another-long-one", "again": "another-long-one"}).url == "/"
    world.rita.refresh_from_db()
    assert world.rita.check_password("another-long-one")
    assert not world.rita.must_change_password
    assert outcomes(world.rita) == ["code"]
    client.logout()
    assert client.post(CODE, {"login": "A/1001", "code": code}).status_code == 422


def test_code_is_dead_after_five_tries(world):
    code = domain.issue_code(world.ada, world.rita)
    wrong = "000000" if code != "000000" else "000001"
    assert not any(domain.use_code(world.rita, wrong) for _ in range(5))
    assert not domain.use_code(world.rita, code)


def test_code_is_dead_after_half_an_hour_and_when_a_newer_one_is_given(world):
    old = domain.issue_code(world.ada, world.rita)
    new = domain.issue_code(world.ada, world.rita)
    assert old == new or not domain.use_code(world.rita, old)
    OneTimeCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not domain.use_code(world.rita, new)


def test_code_of_somebody_else_is_refused(world):
    code = domain.issue_code(world.ada, world.rita)
    domain.issue_code(world.ada, world.dan)
    assert not domain.use_code(world.tom, code)


def test_password_page_asks_for_the_old_one_and_refuses_weak_ones(client, world):
    client.force_login(world.rita)
    strong = {"password": "another-long-one", "again": "another-long-one"}
    assert "old" in client.post(NEW, {**strong, "old": "wrong"}).context["form"].errors
    assert "again" in client.post(NEW, {**strong, "old": PASSWORD, "again": "x"}).context["form"].errors
    weak = client.post(NEW, {"old": PASSWORD, "password": "short", "again": "short"})
    assert "password" in weak.context["form"].errors
    assert client.post(NEW, {**strong, "old": PASSWORD}).status_code == 302
    assert signed_in(client)


def test_preferences_are_kept_with_the_person_and_before_sign_in(client, world):
    client.post("/account/preferences/", {"language": "en"})
    assert "Sign in" in client.get(SIGN_IN).content.decode()
    client.force_login(world.rita)
    answer = client.post("/account/preferences/", {"theme": "dark", "next": "/orders/"})
    assert answer.url == "/orders/"
    world.rita.refresh_from_db()
    assert (world.rita.theme, world.rita.language) == ("dark", "zh-hans")
    client.post("/account/preferences/", {"theme": "pink"})
    world.rita.refresh_from_db()
    assert world.rita.theme == "dark"


def test_demo_accounts_only_in_the_demonstration(client, db, settings):
    settings.DEMO_PASSWORD = "demo-password"
    settings.DEMO = True
    assert "ward.a@" not in client.get(SIGN_IN).content.decode()
    UserFactory(email="ward.a@demo.example")
    settings.DEMO = False
    assert "ward.a@" not in client.get(SIGN_IN).content.decode()
    assert "demo-password" not in client.get(SIGN_IN, {"login": "ward.a@demo.example"}).content.decode()
    settings.DEMO = True
    assert "ward.a@" in client.get(SIGN_IN).content.decode()
    assert "demo-password" in client.get(SIGN_IN, {"login": "ward.a@demo.example"}).content.decode()


def test_a_wrong_password_is_not_repeated_on_the_page(client, world):
    answer = client.post(SIGN_IN, {"login": "rita@example.org", "password": "something-wrong"})
    assert "something-wrong" not in answer.content.decode()


def test_token_is_shown_once_and_can_be_revoked(client, world):
    key = domain.give_token(world.rita, "lab system")
    token = Token.objects.get()
    assert key not in (token.digest, token.label)
    header = {"Authorization": f"Token {key}"}
    assert client.get("/account/nothing/", headers=header).status_code == 200
    domain.revoke_token(token)
    assert client.get("/account/nothing/", headers=header).status_code == 401


def test_every_account_page_in_every_language(client, world):
    for language in ("zh-hans", "zh-hant", "en"):
        client.post("/account/preferences/", {"language": language})
        for name in ("sign_in", "code"):
            assert client.get(reverse(f"accounts:{name}")).headers["Content-Language"] == language
