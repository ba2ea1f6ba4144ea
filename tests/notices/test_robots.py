"""Group robots: the requests as the vendors publish them, and what is made of their answers.

The signatures expected here were made with openssl: HMAC-SHA256 over "time, newline, secret", keyed with the secret
(DingTalk), and over nothing, keyed with "time, newline, secret" (Feishu).
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from notices.models import Delivery, Robot
from notices.robots import address
from tenancy.scope import scope
from tests.factories.workorders import order
from workorders.machine import ORDERS

pytestmark = pytest.mark.django_db
REPORTED, DISPATCH = "workorders.workorder:reported", "workorders.workorder:dispatch"
MOMENT = datetime(2020, 9, 6, 2, 47, 53, tzinfo=UTC)  # 1599360473
LONG_AGO = MOMENT - timedelta(days=1)


@pytest.fixture
def robot(world, chat):
    def make(kind="wecom", **facts):
        facts = {"key": "k-1", "kinds": [REPORTED], "language": "en", "base_url": chat.url, **facts}
        with scope([world.a.id]):
            return Robot.objects.create(hospital=world.a.hospital, kind=kind, name="值班群", **facts)

    return make


def reported(world, **facts):
    with scope(world.hospitals()):
        return order(world, **facts)


def words(made, settings):
    return f"Rita reports\n{made.number} {made.title}\n{settings.BASE_URL}/orders/{made.pk}/"


def test_wecom_gets_what_wecom_wants(world, chat, robot, deliver, settings):
    robot()
    made = reported(world)

    assert deliver() == 1
    assert deliver() == 0
    assert chat.posts == [
        ("/cgi-bin/webhook/send?key=k-1", {"msgtype": "text", "text": {"content": words(made, settings)}})
    ]
    assert chat.types == ["application/json; charset=utf-8"]


def test_dingtalk_request_is_signed_with_milliseconds_in_the_address(world, chat, robot, deliver, outbox, settings):
    robot("dingtalk", key="token", secret="SEC0123456789abcdef")
    made = reported(world)
    put_back(world)
    with time_machine.travel(MOMENT, tick=False):
        deliver()

    sign = "aKqBjoyC%2BNYhkgqBYxW0ACXynJFx9Q2eLA%2BQ9FLxhBY%3D"
    assert chat.posts == [
        (
            f"/robot/send?access_token=token&timestamp=1599360473000&sign={sign}",
            {"msgtype": "text", "text": {"content": words(made, settings)}},
        )
    ]


def test_feishu_request_is_signed_with_seconds_in_the_body(world, chat, robot, deliver, settings):
    robot("feishu", key="hook-1", secret="demo-secret")
    made = reported(world)
    put_back(world)
    with time_machine.travel(MOMENT, tick=False):
        deliver()

    link = {"tag": "a", "text": f"{made.number} {made.title}", "href": f"{settings.BASE_URL}/orders/{made.pk}/"}
    rows = [[{"tag": "text", "text": "Rita reports"}], [link]]
    assert chat.posts == [
        (
            "/open-apis/bot/v2/hook/hook-1",
            {
                "timestamp": "1599360473",
                "sign": "3/MaVZ8JLIy4TUG+7KSFJqvUkTKd+HWY8g+56DZWq8s=",
                "msg_type": "post",
                "content": {"post": {"zh_cn": {"title": "", "content": rows}}},
            },
        )
    ]


def put_back(world):
    """The outbox as if it had been written before MOMENT."""
    with scope([world.a.id]):
        Delivery.objects.update(created_at=LONG_AGO, next_at=LONG_AGO)


def test_without_a_secret_nothing_is_signed(world, chat, robot, deliver):
    robot("dingtalk", key="t")
    robot("feishu", key="h")
    reported(world)
    deliver()

    assert sorted(path for path, _ in chat.posts) == ["/open-apis/bot/v2/hook/h", "/robot/send?access_token=t"]
    assert not any({"timestamp", "sign"} & body.keys() for _, body in chat.posts)


def test_keyword_of_the_group_stands_in_the_message(world, chat, robot, deliver):
    robot(keyword="后勤")
    robot("feishu", keyword="后勤")
    reported(world)
    deliver()

    [wecom] = [body["text"]["content"] for _, body in chat.posts if "text" in body]
    [feishu] = [body["content"]["post"]["zh_cn"]["title"] for _, body in chat.posts if "content" in body]
    assert wecom.startswith("后勤\n") and feishu == "后勤"


def test_group_hears_of_its_own_kinds_department_and_team_only(world, chat, robot, deliver):
    robot(key="all")
    robot(key="cleaning", department="cleaning")
    robot(key="maintenance", department="maintenance")
    robot(key="team", kinds=[DISPATCH], team=world.a.team)
    robot(key="other-team", kinds=[DISPATCH], team=world.a.other_team)
    robot(key="off", is_on=False)
    made = reported(world)
    with scope(world.hospitals()):
        ORDERS.move(made, "dispatch", world.dan, team=world.a.team)
    deliver()

    assert sorted(path.partition("key=")[2] for path, _ in chat.posts) == ["all", "maintenance", "team"]


def test_other_hospitals_group_hears_nothing(world, chat, robot, deliver):
    robot()
    with scope(world.hospitals()):
        Robot.objects.update(hospital=world.b.hospital)
    reported(world)

    assert deliver() == 0


def test_several_notices_are_as_few_messages_as_fit_and_none_is_left_out(world, chat, robot, deliver, outbox):
    robot()
    numbers = [reported(world, title=f"{n:02} " + "很长的标题" * 8).number for n in range(20)]
    deliver()

    contents = [body["text"]["content"] for _, body in chat.posts]
    assert all(len(content.encode()) <= 2048 for content in contents)
    assert 2 <= len(contents) <= 4
    assert [number for number in numbers if sum(number in content for content in contents) != 1] == []
    assert {row.state for row in outbox()} == {"sent"}


def test_what_anybody_typed_stays_plain_text(world, chat, robot, deliver):
    robot("feishu")
    reported(world, title='<at user_id="all">所有人</at>[x](http://evil)')
    deliver()

    [_text, [link]] = chat.posts[0][1]["content"]["post"]["zh_cn"]["content"]
    assert link["tag"] == "a" and "evil" not in link["href"]


@pytest.mark.parametrize(
    "kind, answer, pause",
    [
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, 1),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, 10),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, 1),
    ],
)
def test_too_often_pauses_the_robot_and_costs_no_try(world, chat, robot, deliver, outbox, kind, answer, pause):
    robot(kind)
    chat.answers = [(200, answer), (200, {"errcode": 0, "code": 0})]
    reported(world)
    begun = timezone.now()
    deliver()
    [row] = outbox()
    reported(world)
    deliver()
    early = len(chat.posts)
    with time_machine.travel(begun + timedelta(minutes=pause, seconds=10)):
        deliver()

    assert (row.state, row.attempts) == ("failed", 0)
    assert early == 1 and len(chat.posts) >= 2
    assert {row.state for row in outbox()} == {"sent"}


@pytest.mark.parametrize(
    "status, answer, told",
    [
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000 invalid webhook url"),
        (200, {"errcode": 310000, "errmsg": "keywords not in content"}, "310000 keywords not in content"),
        (500, {}, "HTTP 500"),
        (200, {"what": "ever"}, "-1 "),
    ],
)
def test_refusal_is_told_and_tried_again(world, chat, robot, deliver, outbox, status, answer, told):
    robot()
    chat.answers = [(status, answer)]
    reported(world)
    deliver()

    [row] = outbox()
    assert (row.state, row.attempts) == ("failed", 1)
    assert row.last_error.startswith(told)
    assert 50 < (row.next_at - timezone.now()).total_seconds() < 61


def test_redirect_is_not_followed(world, chat, robot, deliver, outbox):
    robot()
    chat.answers = [(302, {})]
    reported(world)
    deliver()

    assert len(chat.posts) == 1
    assert outbox()[0].last_error == "HTTP 302"


def test_key_never_stands_in_what_went_wrong(world, robot, deliver, outbox):
    robot(key="very-secret", base_url="http://127.0.0.1:1")
    reported(world)
    deliver()

    [row] = outbox()
    assert row.state == "failed" and row.last_error
    assert "very-secret" not in row.last_error


@pytest.mark.parametrize(
    "text, found",
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", ("https://qyapi.weixin.qq.com", "k")),
        (
            "https://im.hospital.example:8443/wx/cgi-bin/webhook/send?key=k",
            ("https://im.hospital.example:8443/wx", "k"),
        ),
        ("https://oapi.dingtalk.com/robot/send?access_token=t", ("https://oapi.dingtalk.com", "t")),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/a-b", ("https://open.feishu.cn", "a-b")),
        (" k-1 ", ("", "k-1")),
        ("https://example.org/", ("", "")),
    ],
)
def test_whole_address_of_a_group_is_taken_apart(text, found):
    assert address(text) == found
