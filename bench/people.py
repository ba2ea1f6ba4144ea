"""The four people everything is measured as; they sign in over HTTP as a person would."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bench import client

SEES = "workorders.order.view"

PASSWORD = "bench-2026-logistics"  # the databases are filled with it
EMAILS = {
    "desk": "desk@fill.example",
    "technician": "tech@fill.example",
    "contractor": "contractor@fill.example",
    "office": "office@fill.example",
}


@dataclass
class Person:
    """Who asks: how they sign in, and which rows are theirs. `rows`: the grants with which they see orders."""

    name: str
    pk: int
    hospitals: list[int]
    rows: list[dict[str, Any]]
    token: str = ""
    session: str = ""

    @property
    def api(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}", "Accept": "application/json"}

    @property
    def page(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}", "Accept": "text/html", "Accept-Language": "zh-CN"}


def reach_of(cursor: Any, pk: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a person's grants reach today, and those of them with which they see orders."""
    cursor.execute("SELECT tenancy_reaches(%s, %s)", [pk, date.today()])
    (found,) = cursor.fetchone()
    facts = json.loads(found) if isinstance(found, str) else found
    return facts, [one for one in facts["reaches"] if SEES in one["permissions"]]


def sign_in(port: int, email: str, password: str) -> str:
    """Through the sign-in page; answers the session's cookie."""
    way = client.Connection(port)
    form = way.send(client.request("/account/sign-in/"))
    cookie = re.search(r"csrftoken=([^;]+)", form.header("Set-Cookie"))
    hidden = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form.body)
    if cookie is None or hidden is None:
        raise client.Failed("the sign-in page has no form")
    body = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": hidden.group(1).decode()}).encode()
    headers = {"Cookie": f"csrftoken={cookie.group(1)}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = way.send(client.request("/account/sign-in/", headers, body, "POST"))
    session = re.search(rb"sessionid=([^;]+)", answer.head)
    if answer.status != 302 or session is None:
        raise client.Failed(f"{email} cannot sign in: {answer.status}")
    return session.group(1).decode()


def token(port: int, email: str, password: str) -> str:
    body = json.dumps({"email": email, "password": password}).encode()
    headers = {"Content-Type": "application/json"}
    answer = client.Connection(port).send(client.request("/api/v1/auth/token/", headers, body, "POST"))
    if answer.status != 200:
        raise client.Failed(f"{email} gets no token: {answer.status}")
    return str(answer.json()["token"])
