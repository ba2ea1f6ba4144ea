"""Keys of group robots: unreadable in their table, opened by the present SECRET_KEY or one of its predecessors."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection

from notices import domain, sealed, sending
from notices.models import Delivery, Robot
from tenancy.scope import scope
from tests.notices.test_channels import KEY, browse, filled

pytestmark = pytest.mark.django_db
OLD, NEW = "an-old-secret-" + "o" * 50, "a-new-secret-" + "n" * 50


@pytest.fixture
def robot(world, chat, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    browse(world.ada).post("/notices/robots/new/", filled(world, chat))
    with scope([world.a.id]):
        return Robot.objects.get()


def bare(world):
    """Key and secret as a copy of the table would show them."""
    with scope([world.a.id]), connection.cursor() as cursor:
        cursor.execute("SELECT key, secret FROM notices_robot")
        return cursor.fetchone()


def read(world):
    with scope([world.a.id]):
        robot = Robot.objects.get()
        return robot.key, robot.secret


def test_table_holds_neither_key_nor_secret(world, robot):
    stored = " ".join(bare(world))
    assert KEY not in stored and "SEC-secret" not in stored and KEY[-4:] not in stored
    assert stored.count("gAAAA") == 2  # Fernet's version and time
    assert read(world) == (KEY, "SEC-secret")


def test_only_the_last_four_characters_are_shown(world, robot):
    ada = browse(world.ada)
    for page in ("/notices/robots/", f"/notices/robots/{robot.pk}/"):
        text = ada.get(page).content.decode()
        assert "…cret" in text and "y-secret" not in text
    assert [sealed.ending(key) for key in ("", "short", "123456789012")] == ["", "…", "…9012"]


def test_a_new_secret_key_opens_what_the_old_one_sealed_until_it_is_sealed_again(world, robot, settings, capsys):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    before = bare(world)
    assert read(world) == (KEY, "SEC-secret")
    call_command("seal_again")
    assert "1 sealed" in capsys.readouterr().out
    assert bare(world) != before

    settings.SECRET_KEY_FALLBACKS = []
    assert read(world) == (KEY, "SEC-secret")
    settings.SECRET_KEY = OLD
    assert read(world) == ("", "")


def test_key_that_no_secret_opens_is_told_and_not_lost(world, robot, settings):
    """The old SECRET_KEY is gone: the message fails with the reason, the page says so, an edit without an address is refused
    and writes nothing; put back, everything is as before."""
    before = bare(world)
    settings.SECRET_KEY = NEW
    with scope([world.a.id]):
        domain.send_test(world.ada, Robot.objects.get())
    sending.deliver(world.a.id)
    with scope([world.a.id]):
        failed = Delivery.objects.get()
    assert (failed.state, "cannot be read" in failed.last_error) == ("given_up", True)
    assert "无法读取" in browse(world.ada).get("/notices/robots/").content.decode()
    answer = browse(world.ada).post(
        f"/notices/robots/{robot.pk}/edit/", {**filled(world, SimpleNamespace(url="https://x.example")), "webhook": ""}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["webhook"])
    with pytest.raises(CommandError, match="A: 水电值班群"):
        call_command("seal_again")
    assert bare(world) == before
    settings.SECRET_KEY = OLD
    assert read(world) == (KEY, "SEC-secret")


def test_nothing_can_be_looked_for_by_its_key(world, robot):
    with scope([world.a.id]), pytest.raises(FieldError):
        Robot.objects.filter(key=KEY).exists()


def test_what_was_stored_bare_is_sealed_by_the_migration_and_back(world, robot):
    with scope([world.a.id]), connection.cursor() as cursor:
        cursor.execute("UPDATE notices_robot SET key = 'bare-key', secret = ''")
        migration = import_module("notices.migrations.0004_sealed_keys")
        migration.turn(sealed.seal)(None, SimpleNamespace(connection=connection))
        assert Robot.objects.get().key == "bare-key"
        assert bare_now(cursor)[0].startswith("gAAAA") and bare_now(cursor)[1] == ""
        migration.turn(sealed.unseal)(None, SimpleNamespace(connection=connection))
        assert bare_now(cursor) == ("bare-key", "")


def bare_now(cursor):
    cursor.execute("SELECT key, secret FROM notices_robot")
    return cursor.fetchone()
