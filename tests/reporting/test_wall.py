"""A wall screen: opened by its secret, shows no person, is switched off, asked too often, or shows a hospital that is not its."""

import re

import pytest
from django.conf import settings
from django.test import Client

from flow.models import Event
from reporting import screens
from reporting.models import Screen
from reporting.screens import ASKS_A_MINUTE, WRONG_A_MINUTE
from tenancy.scope import scope, scope_of
from tests.conftest import empty_cache
from tests.reporting.conftest import last_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def hung(shop):
    """A screen of hospital A, one of the consortium; A and B have orders of the month."""
    from django.utils import timezone

    world = shop.world
    for site, number in ((world.a, 7), (world.b, 4)):
        shop.orders(site, last_month(), number)
        shop.orders(
            site, timezone.localdate(), number, state="reported", assignee=world.tom if site is world.a else None
        )
    shop.measure()
    facts = {"consortium": world.consortium, "language": "en", "seconds": 20}
    with scope_of(world.ada):
        _screen, shop.token = screens.make_screen(world.ada, name="Desk", hospital=world.a.hospital, **facts)
    with scope_of(world.kim):
        _screen, shop.all_token = screens.make_screen(world.kim, name="Centre", hospital=None, **facts)
    return shop


def wall(token, path=""):
    return Client().get(f"/wall/{token}/{path}")


def test_the_secret_opens_the_hospitals_figures_without_signing_in(hung):
    page = wall(hung.token)
    text = page.content.decode()

    assert page.status_code == 200
    assert hung.world.a.hospital.name in text and hung.world.b.hospital.name not in text
    assert page["Cache-Control"].count("no-store")
    assert "<script>" not in text and "style=" not in text and "onclick" not in text
    assert wall(hung.token, "figures/").status_code == 200


def test_no_person_stands_on_it(hung):
    text = wall(hung.token).content.decode() + wall(hung.all_token).content.decode()

    assert "Tom" not in text and "Lea" not in text


def test_todays_orders_of_its_hospitals_are_counted(hung):
    def received(token):
        text = wall(token).content.decode()
        return re.search(r"Received today</h3>\s*<p class=\"wall-number\">([^<]*)<", text)[1].strip()

    assert (received(hung.token), received(hung.all_token)) == ("7", "11")


def test_only_the_digest_is_kept(hung):
    for screen in Screen.objects.all():
        assert hung.token not in str(vars(screen)) and hung.all_token not in str(vars(screen))


def test_switched_off_it_opens_nothing_at_once(hung):
    world = hung.world
    screen = screens.opened(hung.token)
    with scope_of(world.ada):
        screens.revoke_screen(world.ada, screen)
        screens.revoke_screen(world.ada, screen)  # again changes nothing

    page = wall(hung.token)
    assert page.status_code == wall(hung.token, "figures/").status_code == 410
    assert world.a.hospital.name not in page.content.decode()
    assert wall(hung.all_token).status_code == 200


def test_a_wrong_secret_opens_nothing_and_is_slowed_down(hung):
    assert wall("wrong").status_code == 404
    asked = [wall(f"wrong{n}").status_code for n in range(WRONG_A_MINUTE + 3)]

    assert asked[0] == 404 and 429 in asked
    assert wall(hung.token).status_code == 200


def test_who_asks_too_often_is_told_to_wait(hung):
    asked = [wall(hung.token, "figures/") for _n in range(ASKS_A_MINUTE + 2)]

    assert asked[0].status_code == 200 and asked[-1].status_code == 429
    assert asked[-1]["Retry-After"] == "60"


def test_nothing_can_be_sent_to_it(hung):
    assert Client().post(f"/wall/{hung.token}/").status_code == 405


def test_somebody_signed_in_elsewhere_sees_nothing_through_it(hung):
    client = Client()
    client.force_login(hung.world.max_b)
    assert client.get(f"/wall/{hung.token}/").status_code == 404
    client.force_login(hung.world.ada)
    assert client.get(f"/wall/{hung.token}/").status_code == 200


def test_who_may_set_up_which_screen(client, hung):
    world = hung.world
    facts = {"name": "Hall", "language": "en", "seconds": "20"}
    a, b, every = str(world.a.id), str(world.b.id), f"all-{world.consortium.pk}"
    made = {}
    for who in ("ada", "kim", "max", "tom", "olga"):
        client.force_login(getattr(world, who))
        made[who] = [client.post("/reports/screens/", {**facts, "shows": shows}).status_code for shows in (a, b, every)]

    assert made == {
        "ada": [200, 422, 422],
        "kim": [200, 200, 200],
        "max": [403] * 3,
        "tom": [403] * 3,
        "olga": [422] * 3,
    }


def test_the_address_is_told_once(client, hung):
    client.force_login(hung.world.ada)
    page = client.post(
        "/reports/screens/", {"name": "Hall", "language": "en", "seconds": "20", "shows": str(hung.world.a.id)}
    ).content.decode()
    address = re.search(rf"{re.escape(settings.BASE_URL)}/wall/([^/]+)/", page)

    assert wall(address[1]).status_code == 200
    again = client.get("/reports/screens/").content.decode()
    assert "/wall/" not in again and "Hall" in again
    empty_cache()
    with scope([hung.world.a.id]):
        assert Screen.objects.get(name="Hall").seen_at is not None


def test_a_page_that_is_loaded_again_makes_no_second_screen(client, hung):
    client.force_login(hung.world.kim)
    form = client.get("/reports/screens/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', form)[1]
    facts = {"name": "Hall", "language": "en", "seconds": "20", "shows": str(hung.world.a.id), "form_key": key}

    first, again = client.post("/reports/screens/", facts), client.post("/reports/screens/", facts)

    assert first.status_code == 200 and "/wall/" in first.content.decode()
    assert again.status_code == 303 and again.url == "/reports/screens/"
    with scope([hung.world.a.id]):
        assert Screen.objects.filter(name="Hall").count() == 1
        assert Event.objects.filter(verb="added", data__name="Hall").count() == 1
    shown = first.content.decode()  # the form on the answer is a new one: a second screen is a wish of its own
    assert re.search(r'name="form_key" value="([^"]+)"', shown)[1] != key


def test_a_screen_of_another_hospital_is_not_switched_off(client, hung):
    screen = screens.opened(hung.token)
    for who, status in (("ada_b", 404), ("olga", 404), ("tom", 404), ("kim", 303)):
        client.force_login(getattr(hung.world, who))
        assert client.post(f"/reports/screens/{screen.pk}/revoke/").status_code == status, who


def test_figures_are_built_once_for_all_screens_that_show_the_same(hung, django_assert_max_num_queries):
    wall(hung.token)
    with django_assert_max_num_queries(6):
        wall(hung.token, "figures/")


def test_the_whole_page_asks_at_most_twelve_questions(hung, django_assert_max_num_queries):
    empty_cache()
    with django_assert_max_num_queries(16):  # with the screen, its hospitals, the scope and its end
        wall(hung.all_token)
