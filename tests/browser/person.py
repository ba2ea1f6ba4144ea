"""A person at a screen: counts taps and seconds, and remembers every complaint of the browser."""

from __future__ import annotations

import re
import time
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LISTEN = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""
SETTLED = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"


class Person:
    """One browser of their own: a phone with a thumb or a desk with a mouse."""

    def __init__(self, browser: Browser, site: str, screen: dict[str, int], language: str = "zh-CN"):
        self.site, self.touch = site, screen["width"] < 600
        self.context = browser.new_context(
            viewport=screen, base_url=site, locale=language, has_touch=self.touch, is_mobile=self.touch
        )
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(LISTEN)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.taps, self.began = 0, time.monotonic()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def start(self) -> None:
        """From here on taps and seconds count."""
        self.taps, self.began = 0, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def open(self, path: str) -> Any:
        return self.page.goto(path)

    def tap(self, where: str | Locator) -> None:
        """One touch or one click."""
        self.taps += 1
        target = self.page.locator(where).first if isinstance(where, str) else where.first
        target.tap() if self.touch else target.click()
        self.page.wait_for_function(SETTLED)

    def later(self, seconds: int) -> None:
        """So much time goes by at once, on a screen whose clock was installed before its page was opened."""
        self.page.clock.fast_forward(seconds * 1000)

    def say(self, field: str, words: str) -> None:
        self.page.locator(f"[name='{field}']").first.fill(words)

    def expect_status(self, status: int) -> None:
        """The browser complains of a refusal too; this one was meant."""
        self.complaints = [line for line in self.complaints if f"status of {status}" not in line]

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def sign_in(self, user: Any, password: str) -> None:
        """Through the page, as everybody does."""
        if "/account/sign-in/" not in self.page.url:
            self.open("/account/sign-in/")
        self.say("login", user.email)
        self.say("password", password)
        self.tap("form .btn-primary")
        self.page.wait_for_url(lambda url: "/account/sign-in/" not in url)

    def come_back(self, user: Any) -> None:
        """Signed in since this morning: the cookie is there."""
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.site}])
