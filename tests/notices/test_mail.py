"""From an event to a mailbox: who gets a mail, in which words, once; what happens when it does not arrive."""

import socket
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.domain import prefer
from notices.models import Delivery, Notice
from tenancy.models import Membership
from tenancy.scope import scope
from tests.factories.workorders import order
from workorders.machine import ORDERS

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
FINISH, ACCEPT, ARRIVE = (f"workorders.workorder:{verb}" for verb in ("finish", "accept", "arrive"))


def made(world, until="finish", **facts):
    with scope(world.hospitals()):
        return order(world, until, **facts)


def test_what_asks_something_of_a_person_is_mailed_once(world, mailbox, deliver, outbox, settings):
    settings.BASE_URL = "https://logistics.example"
    world.rita.language = "en"
    world.rita.save()
    done = made(world)

    assert deliver() == 2  # Tom was sent to it, Rita is to sign
    assert deliver() == 0
    with scope([world.a.id]):
        notice = Notice.objects.get(user=world.rita, verb="finish")
    [mail] = [m for m in mailbox.mails if m["To"] == "rita@example.org"]
    assert mail["Subject"].strip() == f"Tom has finished; please sign off · {done.number} {done.title}"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"https://logistics.example/notices/{notice.pk}/" in mail.get_content()
    assert [m["To"] for m in mailbox.mails] == ["tom@example.org", "rita@example.org"]
    sent = outbox()
    assert {row.state for row in sent} == {"sent"}
    assert all(row.sent_at >= row.created_at and row.attempts == 1 for row in sent)
    assert {m["Message-ID"] for m in mailbox.mails} == {f"<notice-{row.pk}@logistics.example>" for row in sent}


def test_bell_and_outbox_are_written_by_one_statement(world):
    with scope(world.hospitals()):
        finished = order(world, "arrive")
        with CaptureQueriesContext(connection) as seen:
            ORDERS.move(finished, "finish", world.tom, musts=finished.service.musts, remedy="x", minutes=5)

    assert len([q for q in seen.captured_queries if "notices_" in q["sql"]]) == 1


def test_words_are_in_the_recipients_language_when_it_is_sent(world, mailbox, deliver):
    made(world)
    world.rita.language = "zh-hant"
    world.rita.save()
    deliver()

    [mail] = [m for m in mailbox.mails if m["To"] == "rita@example.org"]
    assert "簽" in mail["Subject"]


def test_refused_step_leaves_nothing_in_the_outbox(world, outbox):
    arrived = made(world, "arrive")
    before = len(outbox())
    with scope(world.hospitals()), pytest.raises(ValidationError):
        ORDERS.move(arrived, "finish", world.tom, musts=[])

    assert len(outbox()) == before


def test_one_may_choose_more_less_or_nothing(world, mailbox, deliver):
    prefer(world.rita, choices={ACCEPT: "mail", FINISH: "bell", ARRIVE: "none"})
    made(world)
    deliver()

    with scope([world.a.id]):
        told = list(Notice.objects.filter(user=world.rita).order_by("id").values_list("verb", flat=True))
    assert told == ["accept", "finish"]
    assert len([m for m in mailbox.mails if m["To"] == "rita@example.org"]) == 1


def test_nobody_without_an_address_is_waited_for(world, outbox):
    world.rita.email = None
    world.rita.save()
    made(world)

    assert outbox(user=world.rita) == []


def test_what_is_written_down_days_later_rings_only_the_bell(world, outbox):
    then = timezone.now() - timedelta(hours=25)
    with scope(world.hospitals()):
        late = order(world, at=then)
        ORDERS.move(late, "dispatch", world.dan, at=then, team=world.a.team, assignee=world.tom)

        assert Notice.objects.filter(user=world.tom).count() == 1
    assert outbox() == []


def test_who_left_meanwhile_gets_nothing(world, mailbox, deliver, outbox):
    made(world)
    with scope(world.hospitals()):
        Membership.objects.filter(user=world.rita).update(starts_on="2019-01-01", ends_on="2020-01-01")
    deliver()

    assert [m["To"] for m in mailbox.mails] == ["tom@example.org"]
    assert [row.state for row in outbox(user=world.rita)] == ["dropped"]


def at(clock, day=4):
    """That minute of a day in March 2026, in Shanghai."""
    return time_machine.travel(datetime(2026, 3, day, *clock, tzinfo=SHANGHAI), tick=False)


def wait_since(world, moment):
    """What lies in the outbox was put there then (the database has a clock of its own)."""
    with scope([world.a.id]):
        Delivery.objects.update(created_at=moment, next_at=moment)


QUIET = {"quiet_from": time(22), "quiet_until": time(7)}


@pytest.mark.parametrize(
    "clock, goes",
    [((21, 59), True), ((22, 0), False), ((23, 30), False), ((6, 59), False), ((7, 0), True), ((12, 0), True)],
)
def test_quiet_hours_hold_mail_back(world, mailbox, deliver, clock, goes):
    prefer(world.rita, choices={}, **QUIET)
    made(world)
    wait_since(world, datetime(2026, 3, 4, *clock, tzinfo=SHANGHAI))
    with at(clock):
        deliver()

    assert ("rita@example.org" in [m["To"] for m in mailbox.mails]) is goes


def test_what_waits_goes_when_the_quiet_hours_end(world, mailbox, deliver, outbox):
    prefer(world.rita, choices={}, **QUIET)
    made(world)
    wait_since(world, datetime(2026, 3, 4, 23, 30, tzinfo=SHANGHAI))
    with at((23, 30)):
        deliver()
    with at((6, 59), day=5):
        deliver()
        early = len(mailbox.mails)
    with at((7, 0), day=5):
        deliver()

    assert early == 1  # Tom's, who has no quiet hours
    assert [m["To"] for m in mailbox.mails] == ["tom@example.org", "rita@example.org"]
    assert outbox(user=world.rita)[0].attempts == 1


def test_emergency_goes_through_quiet_hours_and_digest(world, mailbox, deliver):
    prefer(world.rita, choices={}, digest="day", digest_at=time(8), **QUIET)
    made(world, urgency="critical")
    wait_since(world, datetime(2026, 3, 4, 23, 30, tzinfo=SHANGHAI))
    with at((23, 30)):
        deliver()

    assert "rita@example.org" in [m["To"] for m in mailbox.mails]


def test_digest_collects_a_day_into_one_mail(world, mailbox, deliver, outbox):
    world.rita.language = "en"
    world.rita.save()
    prefer(world.rita, choices={}, digest="day", digest_at=time(8))
    first, second = made(world), made(world, title="灯不亮")
    wait_since(world, datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI))
    with at((10, 0)):
        deliver()
    with at((7, 59), day=5):
        deliver()
        early = [m for m in mailbox.mails if m["To"] == "rita@example.org"]
    with at((8, 0), day=5):
        deliver()
        deliver()

    [mail] = [m for m in mailbox.mails if m["To"] == "rita@example.org"]
    assert early == []
    assert mail["Subject"] == "2 notices"
    assert first.number in mail.get_content() and second.number in mail.get_content()
    rows = outbox(user=world.rita)
    assert [row.state for row in rows] == ["sent", "sent"]
    assert len({row.message_id for row in rows}) == 1


def test_hourly_digest_goes_with_the_next_full_hour(world, mailbox, deliver, outbox):
    prefer(world.rita, choices={}, digest="hour")
    made(world)
    wait_since(world, datetime(2026, 3, 4, 10, 20, tzinfo=SHANGHAI))
    with at((10, 20)):
        deliver()

    assert outbox(user=world.rita)[0].next_at == datetime(2026, 3, 4, 11, 0, tzinfo=SHANGHAI)


def test_refusing_server_is_asked_again_later_and_later_then_given_up(world, mailbox, deliver, outbox):
    prefer(world.tom, choices={"workorders.workorder:dispatch": "bell"})
    mailbox.recipient_answer = "450 busy"
    made(world)
    now, waits = datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI), []
    wait_since(world, now)
    for _ in range(6):
        with time_machine.travel(now, tick=False):
            deliver()
        [row] = outbox()
        waits.append((row.next_at - now).total_seconds() / 60)
        last, now = now, row.next_at

    assert waits[:5] == [1, 5, 15, 60, 240]
    assert (row.state, row.attempts) == ("given_up", 6)
    assert "450 busy" in row.last_error
    assert mailbox.mails == []
    with time_machine.travel(last + timedelta(days=1), tick=False):
        assert deliver() == 0


def test_unknown_mailbox_is_given_up_at_once(world, mailbox, deliver, outbox):
    mailbox.recipient_answer = "550 no such person"
    made(world)
    deliver()

    assert [(row.state, row.attempts) for row in outbox()] == [("given_up", 1)] * 2


def test_unreachable_server_is_not_asked_for_everybody(world, mailbox, deliver, outbox, settings):
    settings.EMAIL_PORT = closed_port()
    made(world)
    assert deliver() == 0
    tried = sorted(row.attempts for row in outbox())
    settings.EMAIL_PORT = mailbox.port
    assert deliver() == 0  # it rests for a minute

    assert tried == [0, 1]
    cache.delete("notices:mail-rests")
    with time_machine.travel(timedelta(minutes=2) + datetime.now(SHANGHAI)):
        assert deliver() == 2


def closed_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]
