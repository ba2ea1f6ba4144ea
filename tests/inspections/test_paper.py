"""Rounds on paper: the sheet, and what is keyed in from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspections import round_papers
from inspections.models import Answer, Finding, Item, Point, Round
from tenancy.scope import scope
from tests.factories import rounds as make
from workorders import catalogue


@pytest.fixture
def site(world):
    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
    return world


@pytest.fixture
def inside(site):
    """`inside(make.one, site)`: called where rows of the hospitals show."""

    def call(act, *args, **facts):
        with scope(site.hospitals()):
            return act(*args, **facts)

    return call


@pytest.fixture
def browse(client):
    def of(user):
        client.force_login(user, backend="tenancy.backends.SignInBackend")
        return client

    return of


def boxes(*rows, first=1):
    """What the form sends: by point what was written for each item, whose keys follow one another."""
    return {
        f"{order}-{first + n}": value for order, values in enumerate(rows, start=1) for n, value in enumerate(values)
    }


def sheet(user, **more):
    at = timezone.localtime() - timedelta(minutes=30)
    return {"at": at.strftime("%Y-%m-%dT%H:%M"), "who": str(user.pk), **more}


def address(round):
    return f"/inspections/rounds/{round.pk}/key-in/"


def first_item():
    return Item.objects.order_by("pk").first().pk


def test_sheet_has_every_point_and_item(site, inside):
    round = inside(make.route, site, 3)
    assert inside(round_papers.paper, round).startswith(b"%PDF-")
    assert [name for _order, name, _where in inside(round_papers.places_of, round)] == [
        "泵 P01 P01", "泵 P02 P02", "泵 P03 P03",
    ]  # fmt: skip
    assert [item.words for item in inside(round_papers.items_of, round)] == ["外观完好", "压力"]


def test_sheet_is_keyed_in_with_the_time_on_the_paper(site, inside, browse):
    round = inside(make.route, site, 3)
    data = sheet(site.tom, **boxes(("1", "0.4"), ("0", "0.9"), ("", ""), first=inside(first_item)))
    page = browse(site.tom).post(address(round), {**data, "state-3": "in_use"})

    assert page.status_code == 303
    with scope([site.a.id]):
        round.refresh_from_db()
        assert (round.state, round.on_paper, round.done_by, round.points_done) == ("done", True, site.tom, 2)
        assert (round.points, round.not_counted, Finding.objects.count()) == (2, 1, 2)
        points = Point.objects.order_by("order")
        assert [point.way for point in points[:2]] == ["paper", "paper"]
        assert f"{timezone.localtime(points[0].reached_at):%Y-%m-%dT%H:%M}" == data["at"]


def test_leader_keys_in_the_sheet_of_a_technician(site, inside, browse):
    round = inside(make.one, site)
    browse(site.lea).post(address(round), sheet(site.tom, **boxes(("1", "0.4"), first=inside(first_item))))

    with scope([site.a.id]):
        round.refresh_from_db()
        assert (round.state, round.done_by, round.done_name) == ("done", site.tom, "Tom")
        assert Answer.objects.filter(by=site.lea).count() == 2


def test_box_that_cannot_be_read_is_marked_and_nothing_is_done(site, inside, browse):
    round = inside(make.one, site)
    page = browse(site.tom).post(address(round), sheet(site.tom, **boxes(("1", "hot"), first=inside(first_item))))

    assert page.status_code == 422
    assert 'class="wrong"' in page.content.decode()
    with scope([site.a.id]):
        round.refresh_from_db()
        assert (round.state, Point.objects.count()) == ("due", 0)


def test_sheet_of_a_round_that_is_not_open_yet_is_refused(site, inside, browse):
    """What was done before its window cannot be written down as done in it."""
    round = inside(make.one, site)
    with scope([site.a.id]):
        later = timezone.now() + timedelta(hours=2)
        Round.objects.filter(pk=round.pk).update(opens_at=later, due_at=later, late_from=later + timedelta(hours=1))
    page = browse(site.tom).post(address(round), sheet(site.tom, **boxes(("1", "0.4"), first=inside(first_item))))

    assert page.status_code == 422 and "at" in page.context["form"].errors
    with scope([site.a.id]):
        assert Round.objects.get(pk=round.pk).state == "due"


def test_empty_points_of_a_sheet_stay_due(site, inside, browse):
    round = inside(make.route, site, 2)
    browse(site.tom).post(address(round), sheet(site.tom, **boxes(("1", "0.4"), ("", ""), first=inside(first_item))))

    with scope([site.a.id]):
        assert Round.objects.get(rest_of=round).state == "due"


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("dan", 403), ("tom_b", 404)])
def test_sheet_is_not_keyed_in_by_who_does_no_rounds(site, inside, browse, who, status):
    with scope(site.hospitals()):
        round = make.one(site, unit=site.a.ward)
    assert browse(getattr(site, who)).get(address(round)).status_code == status


def test_code_of_a_sheet_that_was_keyed_in_before_says_so(site, inside, browse):
    round = inside(make.one, site)
    browse(site.tom).post(address(round), sheet(site.tom, **boxes(("1", "0.4"), first=inside(first_item))))
    again = browse(site.tom).get(address(round), follow=True)

    assert "此纸单已不能录入" in again.content.decode()
    assert again.redirect_chain[-1][0] == f"/inspections/rounds/{round.pk}/"
