"""The office and a team leader read their figures at a desk: no barrier, nothing sideways, nothing blocked, no English."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpi.measure import measure
from kpi.registry import kpis
from tenancy.scope import scope
from tests.browser import eye
from tests.browser.walking import given_names, look
from tests.kpi import history
from workorders import catalogue


def fill(site):
    today = timezone.localdate()
    with scope([site.a.id, site.b.id]):
        for one in (site.a, site.b):
            catalogue.install(one.hospital)
            one.known = history.services(one)
        history.write(site, 21, 120)
        for one in (site.a, site.b):
            measure(one.id, today - timedelta(days=90), today)


@pytest.mark.parametrize(
    ("themes", "widths"),
    [(("light",), (360,)), pytest.param(("light", "dark"), eye.WIDTHS, marks=pytest.mark.hammer)],
    ids=["in the light", "in both themes at every width"],
)
def test_pages_of_figures_are_right(people, site, themes, widths):
    fill(site)
    given, wrong, drawn = given_names(site) | {"Kim", "Lea"}, {}, set()
    year = timezone.localdate().year
    pages = {
        "kim": [
            "/figures/", f"/figures/?period={year}", f"/figures/workorders.on_time/?period={year}&by=unit",
            f"/figures/workorders.cost/?period={year}&by=service", "/figures/targets/", "/figures/targets/new/",
        ],
        "lea": ["/figures/", "/figures/workorders.open/"],
        "max": [f"/figures/{kpi.key}/" for kpi in kpis()[:2]],
    }  # fmt: skip

    person = people.desk()
    for name, addresses in pages.items():
        person.context.clear_cookies()
        person.come_back(getattr(site, name))
        for address in addresses:
            assert person.open(address).status == 200
            if address == "/figures/" and person.page.locator(".chart").count():
                person.page.wait_for_selector(".chart svg")
                drawn.add(name)
            if found := look(person.page, given, themes, widths):
                wrong[f"{name} {address}"] = found

    assert wrong == {}
    assert "kim" in drawn
