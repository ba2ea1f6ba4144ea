"""The way to a token."""

import pytest
from rest_framework.test import APIClient

from accounts.models import SignIn
from tests.api.conftest import ROOT, program

pytestmark = pytest.mark.django_db
URL = f"{ROOT}/auth/token/"


def ask(email, password, client=None):
    return (client or APIClient()).post(URL, {"email": email, "password": password}, format="json")


def test_token_is_given_for_email_and_password_and_works(world):
    answer = ask("Dan@example.org", world.password)

    assert answer.status_code == 200
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert client.get(f"{ROOT}/hospitals/").json()["count"] == 1
    assert [(s.user, s.outcome) for s in SignIn.objects.all()] == [(world.dan, "token")]


@pytest.mark.parametrize("email", ["dan@example.org", "nobody@example.org"])
def test_wrong_password_and_unknown_person_are_told_the_same(world, email):
    answer = ask(email, "wrong-password")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert list(SignIn.objects.values_list("login", "outcome")) == [(email, "refused")]


def test_refusal_is_logged_even_for_who_is_signed_in(world):
    client = APIClient()
    client.force_login(world.rita, backend="tenancy.backends.SignInBackend")

    ask("dan@example.org", "wrong-password", client)

    assert SignIn.objects.filter(outcome="refused", login="dan@example.org").count() == 1


def test_guessing_is_throttled_with_a_problem_document(world):
    statuses = [ask("dan@example.org", "wrong-password").status_code for _ in range(9)]
    answer = ask("dan@example.org", world.password)

    assert 429 in statuses
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert SignIn.objects.filter(outcome="locked").exists()


@pytest.mark.parametrize("body", [{}, {"email": "x", "password": "y"}, {"email": ["a@b.c"], "password": "\x00"}])
def test_incomplete_question_is_told(world, body):
    assert APIClient().post(URL, body, format="json").status_code == 422


def test_who_must_choose_a_password_gets_no_token(world):
    world.dan.must_change_password = True
    world.dan.save()

    assert ask("dan@example.org", world.password).status_code == 403


@pytest.mark.parametrize("key", ["", "nonsense", "\t"])
def test_token_that_is_not_valid_is_refused(world, key):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")

    answer = client.get(f"{ROOT}/hospitals/")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_revoked_token_and_closed_account_end_at_once(world):
    client = program(world.dan)
    assert client.get(f"{ROOT}/hospitals/").status_code == 200

    world.dan.is_active = False
    world.dan.save()

    assert client.get(f"{ROOT}/hospitals/").status_code == 401


def test_session_without_csrf_token_writes_nothing(world):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.rita, backend="tenancy.backends.SignInBackend")

    assert client.get(f"{ROOT}/hospitals/").status_code == 200
    assert client.post(f"{ROOT}/work-orders/", {}, format="json").status_code == 403
