"""The administrator's pages: group robots, test messages, what did not arrive; and a person's own choice."""

import re

import pytest
from django.test import Client

from flow.models import Event
from notices.models import Delivery, Preference, Robot
from tenancy.scope import scope
from tests.factories.workorders import order

pytestmark = pytest.mark.django_db
REPORTED = "workorders.workorder:reported"
KEY = "0f3a-very-secret"


def browse(user):
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def filled(world, chat, **facts):
    return {
        "hospital": world.a.id,
        "kind": "dingtalk",
        "name": "水电值班群",
        "webhook": f"{chat.url}/robot/send?access_token={KEY}",
        "new_secret": "SEC-secret",
        "kinds": [REPORTED],
        "language": "en",
        "is_on": "on",
        **facts,
    }


@pytest.fixture
def robot(world, chat):
    answer = browse(world.ada).post("/notices/robots/new/", filled(world, chat))
    assert answer.status_code == 303
    with scope([world.a.id]):
        return Robot.objects.get()


def test_robot_is_added_by_the_address_its_group_shows(world, chat, robot):
    assert (robot.base_url, robot.key, robot.secret) == (chat.url, KEY, "SEC-secret")


def test_key_and_secret_are_never_shown_again(world, robot, chat):
    ada = browse(world.ada)
    ada.post(f"/notices/robots/{robot.pk}/edit/", filled(world, chat, name="新群", webhook="", new_secret="SEC-other"))
    pages = ["/notices/robots/", f"/notices/robots/{robot.pk}/", f"/notices/robots/{robot.pk}/edit/"]
    text = "".join(ada.get(page).content.decode() for page in [*pages, "/notices/robots/?export=xlsx"][:3])

    assert "新群" in text
    assert KEY not in text and "SEC-" not in text
    with scope([world.a.id]):
        robot.refresh_from_db()
        history = str(list(Event.objects.filter(subject="notices.robot").values_list("data", flat=True)))
    assert (robot.key, robot.secret) == (KEY, "SEC-other")
    assert "新群" in history and KEY not in history and "SEC-" not in history


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"webhook": ""}, "webhook"),
        ({"webhook": "https://example.org/"}, "webhook"),
        ({"base_url": "ftp://example.org", "webhook": "k"}, "base_url"),
        ({"kinds": []}, "kinds"),
    ],
)
def test_wrong_entries_are_told_beside_the_field(world, chat, wrong, field):
    answer = browse(world.ada).post("/notices/robots/new/", filled(world, chat, **wrong))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_bare_key_and_own_server_make_an_address(world, chat):
    browse(world.ada).post("/notices/robots/new/", filled(world, chat, webhook=KEY, base_url=f"{chat.url}/im/"))
    browse(world.ada).post("/notices/robots/new/", filled(world, chat, webhook=KEY, kind="wecom", name="2"))

    with scope([world.a.id]):
        found = list(Robot.objects.order_by("id").values_list("base_url", "key"))
    assert found == [(f"{chat.url}/im", KEY), ("https://qyapi.weixin.qq.com", KEY)]


def test_test_message_goes_out_and_its_fate_stands_on_the_page(world, robot, chat, deliver):
    ada = browse(world.ada)
    ada.post(f"/notices/robots/{robot.pk}/test/")
    before = ada.get(f"/notices/robots/{robot.pk}/").content.decode()
    deliver()

    assert "待发送" in before
    assert "已发送" in ada.get(f"/notices/robots/{robot.pk}/").content.decode()
    assert chat.posts[0][1]["text"]["content"].startswith("Ada sends a test message")


def test_switched_off_robot_gets_nothing_any_more(world, robot, chat, deliver, outbox):
    with scope(world.hospitals()):
        order(world)
    facts = filled(world, chat, webhook="")
    del facts["is_on"]
    browse(world.ada).post(f"/notices/robots/{robot.pk}/edit/", facts)
    deliver()

    assert chat.posts == []
    assert [row.state for row in outbox()] == ["dropped"]


def test_what_was_given_up_is_shown_and_sent_again(world, mailbox, deliver, outbox):
    mailbox.recipient_answer = "550 no such person"
    with scope(world.hospitals()):
        made = order(world, "dispatch")
    deliver()
    ada = browse(world.ada)
    page = ada.get("/notices/failed/").content.decode()
    [row] = outbox()
    mailbox.recipient_answer = "250 ok"
    answer = ada.post(f"/notices/failed/{row.pk}/resend/")
    again = deliver()

    assert made.number in page and "550 no such person" in page and "Tom" in page
    assert answer.url == "/notices/failed/"
    assert again == 1 and len(mailbox.mails) == 1
    assert made.number not in ada.get("/notices/failed/").content.decode()
    assert ada.post(f"/notices/failed/{row.pk}/resend/").status_code == 404


@pytest.mark.parametrize("who, status", [("dan", 403), ("rita", 403), ("max", 403), ("ada", 200), ("ada_b", 200)])
def test_channels_are_the_administrators(world, robot, who, status):
    client = browse(getattr(world, who))

    assert client.get("/notices/robots/").status_code == status
    assert client.get("/notices/failed/").status_code == status
    assert client.get(f"/notices/robots/{robot.pk}/").status_code == (200 if who == "ada" else 404)


def test_person_chooses_what_and_when(world):
    rita = browse(world.rita)
    page = rita.get("/notices/preferences/")
    form = page.context["form"]
    facts = {name: form[name].value() or "" for name in form.fields}
    facts |= {"digest": "day", "digest_at": "07:30", "quiet_from": "22:00", "quiet_until": "06:30"}
    facts |= {"kind:workorders.workorder:accept": "mail", "kind:workorders.workorder:finish": "none"}
    answer = rita.post("/notices/preferences/", facts)
    mine = Preference.objects.get(user=world.rita)

    assert answer.status_code == 302
    assert mine.choices == {"workorders.workorder:accept": "mail", "workorders.workorder:finish": "none"}
    assert (mine.digest, f"{mine.digest_at:%H:%M}") == ("day", "07:30")
    assert (f"{mine.quiet_from:%H:%M}", f"{mine.quiet_until:%H:%M}") == ("22:00", "06:30")
    again = rita.get("/notices/preferences/").content.decode()
    assert re.search(r'value="mail" selected', again) and 'value="22:00"' in again


def test_quiet_hours_need_both_ends(world):
    rita = browse(world.rita)
    form = rita.get("/notices/preferences/").context["form"]
    facts = {name: form[name].value() or "" for name in form.fields} | {"quiet_from": "22:00"}
    answer = rita.post("/notices/preferences/", facts)

    assert answer.status_code == 422
    assert "quiet_until" in answer.context["form"].errors


def test_how_long_notices_were_on_their_way_can_be_read(world, mailbox, deliver):
    with scope(world.hospitals()):
        order(world, "finish")
    deliver()

    with scope([world.a.id]):
        ways = [row.sent_at - row.created_at for row in Delivery.objects.filter(state="sent")]
    assert len(ways) == 2 and all(0 <= way.total_seconds() < 60 for way in ways)
