"""Who installs the platform gets from nothing to a person who can arrange everything else."""

import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tenancy.access import can
from tenancy.permissions import declared

pytestmark = pytest.mark.django_db
GIVEN = [
    "--consortium",
    "测试医联体",
    "--code",
    "t1",
    "--hospital",
    "测试医院",
    "--administrator",
    "管理员",
    "--email",
    "a@t.example",
]


def test_administrator_signs_in_and_must_choose_a_password(client, capsys):
    call_command("found", *GIVEN)

    password = re.search(r"password (\S+)", capsys.readouterr().out)[1]
    page = client.post("/account/sign-in/", {"login": "a@t.example", "password": password}, follow=True)
    user = User.objects.get(email="a@t.example")

    assert page.status_code == 200
    assert page.request["PATH_INFO"] == "/account/password/"
    assert all(can(user, permission) for permission in declared() if permission.startswith("tenancy."))


def test_consortium_is_founded_once(capsys):
    call_command("found", *GIVEN)

    with pytest.raises(CommandError, match="already"):
        call_command("found", *GIVEN)
