"""Robots of chat groups: WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书), each as its vendor publishes the request.

Plain text, because a title is typed by anybody and must never become a link or a mention. All three answer with a code
in JSON, 0 for "taken". Limits as published: WeCom 2,048 bytes of text, 20 messages a minute; DingTalk 20,000 bytes, 20
a minute, who sends more is shut out for ten minutes; Feishu a request of 20 KB, 100 a minute and 5 a second.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from notices.channels import PATIENCE, PAUSE, Failure, Line, Parcel
from notices.models import Robot
from notices.rules import Rule
from notices.states import DINGTALK, FEISHU, WECOM

ANSWER_BYTES = 65_536


def sign(key: str, text: str) -> str:
    """HMAC-SHA256 in Base64, as DingTalk and Feishu want it."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _wecom(robot: Robot, lines: list[Line], now: float) -> tuple[str, dict[str, Any]]:
    url = f"{robot.base_url}/cgi-bin/webhook/send?{urlencode({'key': robot.key})}"
    return url, {"msgtype": "text", "text": {"content": _plain(robot, lines)}}


def _dingtalk(robot: Robot, lines: list[Line], now: float) -> tuple[str, dict[str, Any]]:
    asked = {"access_token": robot.key}
    if robot.secret:  # the secret is the key and stands in the text as well; milliseconds
        stamp = str(round(now * 1000))
        asked |= {"timestamp": stamp, "sign": sign(robot.secret, f"{stamp}\n{robot.secret}")}
    url = f"{robot.base_url}/robot/send?{urlencode(asked)}"
    return url, {"msgtype": "text", "text": {"content": _plain(robot, lines)}}


def _feishu(robot: Robot, lines: list[Line], now: float) -> tuple[str, dict[str, Any]]:
    rows: list[list[dict[str, str]]] = []
    for line in lines:
        rows.append([{"tag": "text", "text": line.sentence}])
        rows.append([{"tag": "a", "text": line.title, "href": line.url}])
    post = {"title": robot.keyword, "content": rows}
    body: dict[str, Any] = {"msg_type": "post", "content": {"post": {"zh_cn": post}}}
    if robot.secret:  # time and secret are the key, the text is empty; seconds
        stamp = str(round(now))
        body = {"timestamp": stamp, "sign": sign(f"{stamp}\n{robot.secret}", ""), **body}
    return f"{robot.base_url}/open-apis/bot/v2/hook/{quote(robot.key, safe='')}", body


def _plain(robot: Robot, lines: list[Line]) -> str:
    text = "\n\n".join(f"{line.sentence}\n{line.title}\n{line.url}" for line in lines)
    return f"{robot.keyword}\n{text}" if robot.keyword and robot.keyword not in text else text


def fitting(kind: str, lines: list[Line]) -> int:
    """How many of them one message of this messenger takes; at least one."""
    used = [len(f"{line.sentence}\n{line.title}\n{line.url}\n\n".encode()) for line in lines]
    return max(1, sum(1 for n in range(len(used)) if sum(used[: n + 1]) <= VENDORS[kind].room))


@dataclass(frozen=True)
class Vendor:
    """One messenger: where its public edition answers, how a request is made, which codes mean "too often".

    `room`: bytes of text that one message takes, with some to spare for the keyword and what JSON puts around.
    """

    base_url: str
    room: int
    request: Callable[[Robot, list[Line], float], tuple[str, dict[str, Any]]]
    code: str  # name of the code in the answer
    words: str
    too_often: frozenset[int]
    pause: timedelta


VENDORS = {
    WECOM: Vendor(
        "https://qyapi.weixin.qq.com",
        1_900,
        _wecom,
        "errcode",
        "errmsg",
        frozenset({45009, 45033}),
        timedelta(minutes=1),
    ),
    DINGTALK: Vendor(
        "https://oapi.dingtalk.com",
        15_000,
        _dingtalk,
        "errcode",
        "errmsg",
        frozenset({130101, 90030}),
        timedelta(minutes=10),
    ),
    FEISHU: Vendor("https://open.feishu.cn", 10_000, _feishu, "code", "msg", frozenset({11232}), timedelta(minutes=1)),
}


def address(text: str) -> tuple[str, str]:
    """Base address and key out of the whole address that a group shows; a bare key has no base."""
    text = text.strip()
    if "://" not in text:
        return "", text
    parts = urlsplit(text)
    asked, path = parse_qs(parts.query), parts.path.rstrip("/")
    for name, tail in (("key", "/cgi-bin/webhook/send"), ("access_token", "/robot/send")):
        if name in asked and path.endswith(tail):
            return f"{parts.scheme}://{parts.netloc}{path.removesuffix(tail)}", asked[name][0]
    before, hook, key = path.partition("/open-apis/bot/v2/hook/")
    return (f"{parts.scheme}://{parts.netloc}{before}", key) if hook else ("", "")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A robot's address answers itself; nobody sends us, and the key, elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def send(parcel: Parcel) -> None:
    """Hand one message to the group. Raises Failure; the key never stands in its words."""
    robot = parcel.robot
    assert robot is not None
    if not robot.key:
        raise Failure("the robot's key cannot be read; please enter its address again", lasting=True)
    vendor = VENDORS[robot.kind]
    url, body = vendor.request(robot, list(parcel.lines), time.time())
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        with _opener.open(urllib.request.Request(url, content, headers), timeout=PATIENCE) as response:
            answer = response.read(ANSWER_BYTES)
    except urllib.error.HTTPError as refused:
        if refused.code == 429:
            raise Failure("429 too often", rest=vendor.pause, counts=False) from refused
        raise Failure(f"HTTP {refused.code}") from refused
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Failure(f"{type(reason).__name__}: {reason}".replace(robot.key, "…"), rest=PAUSE) from error
    _judge(vendor, answer)


def _judge(vendor: Vendor, answer: bytes) -> None:
    try:
        found = json.loads(answer)
        code, words = int(found.get(vendor.code, -1)), str(found.get(vendor.words, ""))
    except (ValueError, AttributeError, TypeError) as error:
        raise Failure("?") from error
    if code in vendor.too_often:
        raise Failure(f"{code} {words}", rest=vendor.pause, counts=False)
    if code != 0:
        raise Failure(f"{code} {words}")


TEST = Rule(
    audience=lambda robot, event: set(),
    url=lambda pk: reverse("notices:robot", args=[pk]),
    facts=lambda robot, event: {},
    sentence=lambda verb, facts: _("%(who)s sends a test message") % facts,
)
