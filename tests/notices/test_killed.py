"""Workers that die and receivers that hang. How often a mail arrives is counted each time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from notices import claiming, sending, tasks
from notices.models import Delivery
from tenancy.scope import scope
from tests.browser.workers import url_of_tests, working
from tests.factories.workorders import order

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "import django; django.setup(); from notices.sending import deliver; deliver({})"
PATIENCE = 60  # seconds a test waits for a process


@pytest.fixture
def written(world, mailbox, deliver):
    """One mail to Rita waits in the outbox; Tom's is through."""
    with scope(world.hospitals()):
        order(world, "finish")
        Delivery.objects.filter(user=world.tom).delete()
    return world


def environment(mailbox):
    urls = {key: url_of_tests(key) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    return {**os.environ, **urls, "EMAIL_URL": mailbox.url, "DJANGO_SETTINGS_MODULE": "logistics.settings"}


def worker(world, mailbox):
    command = [sys.executable, "-c", SEND.format(world.a.id)]
    return subprocess.Popen(command, cwd=site.BASE_DIR, env=environment(mailbox))


def until(happened):
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
    return found


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)


def outbox_row(world):
    with scope([world.a.id]):
        return Delivery.objects.get()


def let_lease_run_out(world):
    with scope([world.a.id]):
        Delivery.objects.update(claimed_at=timezone.now() - claiming.LEASE - timedelta(seconds=1))


def finish(world):
    """A healthy worker comes along."""
    sending.deliver(world.a.id)
    assert outbox_row(world).state == "sent"


def activity(column, condition):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND {condition}"
        )
        return [value for (value,) in cursor.fetchall()]


@contextmanager
def other_session(world):
    """A second log-in of the application, in a transaction of its own, in hospital A's scope."""
    other = psycopg2.connect(url_of_tests("DATABASE_URL"))
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT set_config('app.hospitals', %s, true)", [f"{{{world.a.id}}}"])
            yield cursor
    finally:
        other.close()


@pytest.fixture
def held(mailbox):
    """The mail server lets nobody further than the door until the event is set."""
    opened = threading.Event()
    mailbox.before_greeting = opened.wait
    yield opened
    opened.set()


def blocked():
    return activity("pid", "wait_event_type = 'Lock'")


def test_killed_before_the_claim_it_arrives_once(written, mailbox):
    with other_session(written) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('notices.claim'), %s)", [written.a.id])
        dying = worker(written, mailbox)
        until(blocked)
        kill(dying)

    assert outbox_row(written).state == "waiting"
    finish(written)
    assert len(mailbox.mails) == 1


def test_killed_after_the_claim_it_arrives_once(written, mailbox, held):
    dying = worker(written, mailbox)
    until(lambda: mailbox.calls)
    kill(dying)
    held.set()

    assert outbox_row(written).state == "claimed"
    assert sending.deliver(written.a.id) == 0  # the claim still holds
    let_lease_run_out(written)
    finish(written)
    assert len(mailbox.mails) == 1


def test_killed_after_the_answer_it_arrives_twice_under_one_message_id(written, mailbox, held):
    dying = worker(written, mailbox)
    until(lambda: mailbox.calls)
    with other_session(written) as cursor:
        cursor.execute("SELECT 1 FROM notices_delivery FOR UPDATE")
        held.set()
        until(lambda: mailbox.mails and blocked())
        kill(dying)

    assert outbox_row(written).state == "claimed"
    let_lease_run_out(written)
    finish(written)
    assert len(mailbox.mails) == 2
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1
    assert outbox_row(written).attempts == 2


def test_two_workers_at_once_send_it_once(written, mailbox):
    both = [worker(written, mailbox) for _ in range(2)]

    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert len(mailbox.mails) == 1


def test_hanging_receiver_holds_no_transaction(written, mailbox, held):
    hanging = worker(written, mailbox)
    until(lambda: mailbox.calls)

    states = until(lambda: activity("state", "usename = current_user"))
    held.set()

    assert set(states) == {"idle"}
    assert hanging.wait(PATIENCE) == 0
    assert len(mailbox.mails) == 1


def test_tick_takes_what_no_hint_reached(written, mailbox):
    tasks.deliver_waiting()

    assert len(mailbox.mails) == 1
    assert outbox_row(written).state == "sent"


def test_hint_reaches_a_real_worker_at_once(world, mailbox, tmp_path, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", mailbox.url)
    with working(tmp_path):
        with scope(world.hospitals()):
            order(world, "finish")
        until(lambda: len(mailbox.mails) == 2)

    assert {mail["To"] for mail in mailbox.mails} == {"tom@example.org", "rita@example.org"}
