"""A wall screen in a real browser: large enough from afar, turns its pages, outlives the network, tells its age."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting import screens
from reporting.models import Screen
from tenancy.scope import scope_of
from tests.browser.test_figures import fill

SIZES = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  document.querySelectorAll("[data-page]").forEach((page) => (page.hidden = false));
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const size = parseFloat(getComputedStyle(walker.currentNode.parentElement).fontSize);
    if (/[0-9]/.test(text) && size < 48) found.push(`${text} ${size}`);
  }
  return found;
}"""
BEYOND = """() => [...document.querySelectorAll("[data-page]:not([hidden]) *")].filter((e) => {
  const r = e.getBoundingClientRect();
  return r.width && (r.right > innerWidth + 1 || r.bottom > innerHeight + 1);
}).map((e) => e.className)"""


@pytest.fixture
def hung(browser, site, live_server):
    """A screen of hospital A on a wall of 1920 × 1080."""
    fill(site)
    facts = {"consortium": site.consortium, "hospital": site.a.hospital, "language": "zh-hans", "seconds": 5}
    with scope_of(site.ada):
        _screen, token = screens.make_screen(site.ada, name="大厅", **facts)
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, timezone_id="America/New_York")
    page = context.new_page()
    page.clock.install()
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    assert page.goto(f"{live_server.url}/wall/{token}/").status == 200
    yield page
    context.close()


def shown(page):
    return page.locator("[data-page]:not([hidden]) h2").inner_text()


def test_every_figure_is_read_from_afar_and_nothing_is_cut_off(hung):
    first = hung.locator("[data-page]").count()
    for nth in range(first):
        hung.evaluate("nth => document.querySelectorAll('[data-page]').forEach((p, n) => (p.hidden = n !== nth))", nth)
        assert hung.evaluate(BEYOND) == []

    assert first >= 3
    assert hung.evaluate(SIZES) == []
    assert hung.faults == []  # the policy of contents blocks nothing of ours
    assert hung.evaluate("document.documentElement.scrollHeight") <= 1080


def test_pages_turn_and_the_clock_is_the_hospitals(hung):
    seen = [shown(hung)]
    for _turn in range(2):
        hung.clock.run_for(5_100)
        seen.append(shown(hung))

    assert len(set(seen)) == 3
    clock = hung.locator("[data-clock]").inner_text()
    now = timezone.localtime()
    assert clock in {f"{now + timedelta(minutes=n):%H:%M}" for n in (-1, 0, 1)}  # not New York's


def test_without_network_the_last_figures_stay_and_tell_their_age(hung):
    before = hung.locator(".wall-number").first.inner_text()
    hung.context.set_offline(True)
    hung.clock.run_for(4 * 60_000)
    age = hung.locator("[data-age]")
    age.filter(has_text="无网络").wait_for()

    assert "4 分钟" in age.inner_text() and "is-stale" in age.get_attribute("class")
    assert hung.locator(".wall-number").first.text_content().strip() == before.strip()
    hung.clock.run_for(14 * 60_000)
    assert "is-old" in age.get_attribute("class")
    hung.context.set_offline(False)
    hung.clock.run_for(61_000)
    hung.wait_for_function("() => !document.querySelector('[data-age]').textContent.includes('无网络')")


def test_switched_off_it_goes_dark_by_itself(hung):
    Screen.objects.update(revoked_at=timezone.now())
    hung.clock.run_for(61_000)
    hung.get_by_text("该大屏已关闭").wait_for()
    assert hung.locator(".wall-number").count() == 0
