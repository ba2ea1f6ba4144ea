"""Who hears of what, once, and how it is read."""

import pytest
from django.test import Client

from notices.models import Notice
from tenancy.models import Grant, Membership
from tenancy.scope import scope
from tests.factories.workorders import order
from workorders import domain
from workorders.machine import ORDERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world):
    """The verbs a person was told, oldest first."""
    return lambda user: list(Notice.objects.filter(user=user).order_by("id").values_list("verb", flat=True))


def browse(user):
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def test_reporter_and_worker_hear_of_each_others_steps_and_not_of_their_own(world, told):
    with scope(world.hospitals()):
        order(world, "close")

        assert told(world.rita) == ["accept", "arrive", "finish"]
        assert told(world.tom) == ["dispatch", "sign"]
        assert told(world.dan) == []


def test_the_whole_team_hears_of_what_nobody_has(world, told):
    with scope(world.hospitals()):
        made = order(world)
        ORDERS.move(made, "dispatch", world.dan, team=world.a.team)

        assert told(world.tom) == told(world.lea) == ["dispatch"]


def test_who_joined_hears_what_the_reporter_hears(world, told):
    with scope(world.hospitals()):
        made = order(world, "dispatch")
        domain.join(made, world.hal)
        ORDERS.move(made, "accept", world.tom)

        assert told(world.hal) == ["accept"]


def test_reassigned_away_is_told_to_both(world, told):
    with scope(world.hospitals()):
        made = order(world, "dispatch")
        ORDERS.move(made, "reassign", world.dan, team=world.a.team, assignee=world.lea)

        assert told(world.tom) == ["dispatch", "reassign"]
        assert told(world.lea) == ["reassign"]


def test_leaver_hears_nothing(world, told):
    with scope(world.hospitals()):
        made = order(world, "dispatch")
        Membership.objects.filter(user=world.rita).update(ends_on="2020-01-01", starts_on="2019-01-01")
        ORDERS.move(made, "accept", world.tom)

        assert told(world.rita) == []


def test_refused_step_tells_nobody(world, told):
    from django.core.exceptions import ValidationError

    with scope(world.hospitals()):
        made = order(world, "arrive")
        before = told(world.rita)
        with pytest.raises(ValidationError):
            ORDERS.move(made, "finish", world.tom, musts=[])

        assert told(world.rita) == before


def test_one_event_is_told_once(world):
    from flow.models import Event
    from notices.domain import tell

    with scope(world.hospitals()):
        made = order(world, "accept")
        event = Event.objects.get(verb="accept")
        tell(made, event)

        assert Notice.objects.filter(event_id=event.pk).count() == 1


def test_bell_counts_and_answers_nothing_while_nothing_moved(world, django_capture_on_commit_callbacks):
    rita = browse(world.rita)
    with django_capture_on_commit_callbacks(execute=True), scope(world.hospitals()):
        made = order(world, "accept")

    first = rita.get("/notices/bell/")
    version = first.context["version"]
    second = rita.get("/notices/bell/", {"version": version})
    with django_capture_on_commit_callbacks(execute=True), scope(world.hospitals()):
        ORDERS.move(made, "arrive", world.tom)
    third = rita.get("/notices/bell/", {"version": version})

    assert first.context["count"] == 1
    assert second.status_code == 204
    assert third.context["count"] == 2


def test_opening_a_notice_marks_it_read_and_leads_to_the_record(world):
    with scope(world.hospitals()):
        made = order(world, "accept")
        notice = Notice.objects.get(user=world.rita)
    rita = browse(world.rita)

    page = rita.get("/notices/").content.decode()
    answer = rita.get(f"/notices/{notice.pk}/")

    assert "Tom" in page and made.number in page
    assert answer.url == f"/orders/{made.pk}/"
    assert browse(world.dan).get(f"/notices/{notice.pk}/").status_code == 404
    with scope(world.hospitals()):
        notice.refresh_from_db()
        assert notice.read_at


def test_notice_of_what_is_not_ones_own_any_more_says_so(world):
    """Tom works in the kitchen now: the notice of an order leads to no page that is not there for him."""
    with scope(world.hospitals()):
        made = order(world, "dispatch")
        notice = Notice.objects.get(user=world.tom)
    browser = browse(world.tom)
    assert browser.get(f"/notices/{notice.pk}/").url == f"/orders/{made.pk}/"

    with scope(world.hospitals()):
        Grant.objects.filter(user=world.tom).update(department="catering", team=None, place=None)
    page = browser.get(f"/notices/{notice.pk}/", follow=True)

    assert page.redirect_chain == [("/notices/", 302)] and page.status_code == 200
    assert "服务台" in page.content.decode()
    assert browser.get(f"/orders/{made.pk}/").status_code == 404, "else there was nothing to tell"


def test_words_are_in_the_readers_language(world):
    with scope(world.hospitals()):
        order(world, "accept")
    for language, words in (
        ("en", "Tom has accepted your report"),
        ("zh-hans", "Tom 已接单"),
        ("zh-hant", "Tom 已接單"),
    ):
        world.rita.language = language
        world.rita.save()

        assert words in browse(world.rita).get("/notices/").content.decode()


def test_everything_is_marked_read_at_once(world):
    with scope(world.hospitals()):
        order(world, "finish")
    rita = browse(world.rita)

    rita.post("/notices/read/")

    with scope(world.hospitals()):
        assert not Notice.objects.filter(user=world.rita, read_at=None).exists()
