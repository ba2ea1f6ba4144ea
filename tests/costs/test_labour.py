"""What the minutes of an order cost. Every sum is worked out by hand in the comment beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.factories.workorders import order
from workorders import domain, rates
from workorders.labour import Rates, worth
from workorders.machine import ORDERS
from workorders.models import LabourRate, WorkOrder

CHINA = timezone(timedelta(hours=8))


def finish(world, made, minutes, at=None):
    return ORDERS.move(made, "finish", world.tom, at=at, musts=made.service.musts, minutes=minutes)


def on(day, hour=10):
    return datetime(2026, 11, day, hour, tzinfo=CHINA)


def amounts(made):
    made = WorkOrder.objects.get(pk=made.pk)
    return made.labour_cost, made.cost


@pytest.mark.parametrize(
    ("minutes", "price", "yuan"),
    [
        (20, "60", "20.00"),
        (20, "59.99", "20.00"),  # 1199.8 / 60 = 19.99666…
        (7, "45.50", "5.31"),  # 318.5 / 60 = 5.30833…
        (3, "0.10", "0.01"),  # 0.005: half a cent goes up
        (9, "0.10", "0.02"),  # 0.015: half a cent goes up, to the even and from the odd
        (1, "0.29", "0.00"),  # 0.00483…
        (0, "60", "0.00"),
        (44640, "99999.99", "74399992.56"),  # 744 hours × 99,999.99
    ],
)
def test_minutes_are_worth_their_share_of_an_hour_to_the_cent(minutes, price, yuan):
    assert str(worth(minutes, Decimal(price))) == yuan


def test_an_order_costs_labour_parts_firms_and_the_rest(world, act, rate):
    with act():
        rate("59.99")
        made = order(world, "arrive")
        domain.add_line(made, world.tom, kind="part", text="washer", quantity=Decimal("3"), price=Decimal("1.15"))
        domain.add_line(made, world.tom, kind="contractor", text="drilling", price=Decimal("120.50"))
        domain.add_line(made, world.tom, kind="other", text="taxi", price=Decimal("18"))
        assert amounts(made) == (0, Decimal("141.95"))  # 3.45 + 120.50 + 18.00
        finish(world, made, 20)
        assert amounts(made) == (Decimal("20.00"), Decimal("161.95"))


def test_a_helper_counts_at_the_rate_of_their_own_team(world, act, rate):
    with act():
        rate("60")
        rate("45.50", team=world.a.team)
        rate("90", team=world.a.other_team)
        made = order(world, "arrive")
        domain.add_line(made, world.tom, kind="labour", text="Lea", minutes=7, person=world.lea)
        domain.add_line(made, world.tom, kind="labour", text="Hal", minutes=10, person=world.hal)  # of no team
        domain.add_line(
            made, world.tom, kind="labour", text="hired", minutes=30, price=Decimal("25")
        )  # paid by its amount
        done = finish(world, made, 67)  # 47 of the lines, 20 of Tom's own
        # Lea 7 × 45.50 / 60 = 5.31; Hal as the order's team 10 × 45.50 / 60 = 7.58; Tom 20 × 45.50 / 60 = 15.17
        assert [(p["who"], p["minutes"], p["amount"]) for p in done.labour] == [
            ("Lea", 7, "5.31"),
            ("Hal", 10, "7.58"),
            ("Tom", 20, "15.17"),
        ]
        assert amounts(made) == (Decimal("28.06"), Decimal("53.06"))


def test_the_nearest_rate_counts_and_a_firm_never_takes_ours(world, act, rate):
    with act():
        team, other, firm = world.a.team, world.a.other_team, world.a.cleaners
        assert [rates_of(world).of(t, "maintenance") for t in (team, other, firm)] == [None, None, None]
        rate("40")
        assert [rates_of(world).of(t, "maintenance") for t in (team, other, firm)] == [40, 40, None]
        rate("50", department="maintenance")
        rate("70", department="cleaning")
        assert [rates_of(world).of(t, "maintenance") for t in (team, other, firm)] == [50, 50, None]
        rate("60", team=team)
        rate("80", department="cleaning", contractor=world.firm)
        assert [rates_of(world).of(t, "maintenance") for t in (team, other, firm)] == [60, 50, 80]


def rates_of(world, day=date(2026, 11, 22)):
    return Rates(world.a.hospital.pk, day)


def test_a_new_rate_in_the_middle_of_the_month_leaves_what_is_done(world, act, rate):
    with act():
        rate("60", on=date(2026, 11, 1))
        before, after = order(world, "arrive"), order(world, "arrive")
        finish(world, before, 30, at=on(14, 23))
        rate("75", on=date(2026, 11, 15))
        assert amounts(before) == (30, 30)
        finish(world, after, 30, at=on(15, 0))
        assert amounts(after) == (Decimal("37.50"), Decimal("37.50"))
        rate("99", on=date(2026, 11, 1))  # set again for the first of the month: nothing done moves
        assert (amounts(before), amounts(after)) == ((30, 30), (Decimal("37.50"), Decimal("37.50")))
        assert LabourRate.objects.filter(hospital=world.a.hospital).count() == 2


def test_the_day_of_a_rate_is_the_day_in_china(world, act, rate):
    with act():
        rate("60", on=date(2026, 11, 1))
        rate("120", on=date(2026, 11, 16))
        made = order(world, "arrive")
        finish(world, made, 10, at=datetime(2026, 11, 15, 16, 30, tzinfo=UTC))  # half past midnight in China
        assert amounts(made) == (20, 20)


def test_work_finished_twice_counts_its_minutes_once(world, act, rate):
    with act():
        rate("60", on=date(2026, 11, 1))
        made = order(world, "arrive")
        made = finish(world, made, 30, at=on(10))
        rate("120", on=date(2026, 11, 15))
        made = ORDERS.move(made, "reopen", world.rita, at=on(16), reason="drips again")
        assert amounts(made) == (30, 30)
        for step in ("accept", "arrive"):
            made = ORDERS.move(made, step, world.tom, at=on(16, 11))
        made = finish(world, made, 45, at=on(16, 12))  # 45 in all: 30 at 60 yuan, the 15 new ones at 120
        assert amounts(made) == (60, 60)
        assert [(p["minutes"], p["price"], p["on"]) for p in made.labour] == [
            (30, "60.00", "2026-11-10"),
            (15, "120.00", "2026-11-16"),
        ]


def test_minutes_corrected_downwards_the_second_time_shorten_the_last_ones(world, act, rate):
    with act():
        rate("60", on=date(2026, 11, 1))
        made = finish(world, order(world, "arrive"), 30, at=on(10))
        made = ORDERS.move(made, "reopen", world.rita, at=on(16), reason="no")
        for step in ("accept", "arrive"):
            made = ORDERS.move(made, step, world.tom, at=on(16, 11))
        assert amounts(finish(world, made, 10, at=on(16, 12))) == (10, 10)


def test_a_finish_taken_back_takes_its_labour_with_it(world, act, rate):
    with act():
        rate("60")
        made = order(world, "arrive")
        domain.add_line(made, world.tom, kind="part", text="washer", price=Decimal("1.15"))
        made = finish(world, made, 20)
        assert amounts(made) == (20, Decimal("21.15"))
        ORDERS.undo(made, world.tom)
        assert amounts(made) == (0, Decimal("1.15"))
        assert amounts(finish(world, made, 20)) == (20, Decimal("21.15"))


def test_a_helper_entered_or_taken_out_after_the_finish_moves_the_cost(world, act, rate):
    with act():
        rate("60")
        made = finish(world, order(world, "arrive"), 20)
        line = domain.add_line(made, world.tom, kind="labour", text="Lea", minutes=7, person=world.lea)
        assert amounts(made) == (27, 27)
        domain.remove_line(line, world.tom)
        assert amounts(made) == (20, 20)


def test_without_a_rate_labour_costs_nothing_and_stays_so(world, act, rate):
    with act():
        made = finish(world, order(world, "arrive"), 20)
        rate("60")
        line = domain.add_line(made, world.tom, kind="labour", text="Lea", minutes=6, person=world.lea)
        assert line.amount == 0
        assert amounts(made) == (6, 6)


def test_the_rates_of_one_hospital_never_count_at_another(world, act, rate):
    with act():
        rate("60", site=world.b, by=world.max_b)
        assert amounts(finish(world, order(world, "arrive"), 20)) == (0, 0)


def test_who_may_set_rates_and_where(world, act, rate):
    with act():
        rate("60", by=world.max)
        rate("60", by=world.hal, department="maintenance")
        rate("60", by=world.hal, team=world.a.team)
        for by, whose in (
            (world.hal, {}),
            (world.hal, {"department": "cleaning"}),
            (world.hal, {"team": world.a.cleaners}),
            (world.lea, {"team": world.a.team}),
            (world.tom, {}),
            (world.max_b, {}),
            (world.kim, {}),
        ):
            with pytest.raises(PermissionDenied):
                rate("61", by=by, **whose)
        with pytest.raises(ValidationError) as refused:
            rates.set_rate(
                world.max, hospital=world.a.hospital, team=world.b.team, price=Decimal(1), valid_from=date(2026, 1, 1)
            )
        assert set(refused.value.error_dict) == {"whom"}
        for price in ("-1", "100000"):
            with pytest.raises(ValidationError) as refused:
                rate(price)
            assert set(refused.value.error_dict) == {"price"}


def test_the_page_of_rates_sets_one_and_walls_hold(world, act, rate, browse):
    with act():
        rate("60", site=world.b, by=world.max_b)
    page = browse(world.max)
    assert page.get("/labour-rates/").content.decode().count("60.00") == 0
    form = page.get("/labour-rates/new/").content.decode()
    assert "水电班" in form and "Bright Cleaning" in form
    whom = f"{world.a.hospital.pk}.maintenance.{world.a.team.pk}."
    sent = page.post("/labour-rates/new/", {"whom": whom, "price": "45.50", "valid_from": "2026-11-01"}, follow=True)
    assert "45.50" in sent.content.decode()
    with act():
        made = LabourRate.objects.get(team=world.a.team)
        assert (made.price, made.valid_from, made.set_by) == (Decimal("45.50"), date(2026, 11, 1), world.max)
    theirs = f"{world.b.hospital.pk}..."
    assert (
        page.post("/labour-rates/new/", {"whom": theirs, "price": "1", "valid_from": "2026-11-01"}).status_code == 422
    )
    assert browse(world.max_b).get(f"/labour-rates/{made.pk}/").status_code == 404
    assert browse(world.tom).get("/labour-rates/").status_code == 403
    assert browse(world.kim).get("/labour-rates/").status_code == 200
    assert browse(world.kim).get("/labour-rates/new/").status_code == 403


def test_the_record_shows_minutes_times_rate_to_who_may_see_cost(world, act, rate, browse):
    with act():
        rate("59.99")
        made = order(world, "arrive")
        domain.add_line(made, world.tom, kind="labour", text="Lea", minutes=7, person=world.lea)  # 7.00
        made = finish(world, made, 27)
    page = browse(world.dan).get(f"/orders/{made.pk}/").content.decode()
    for words in ("7 分", "20 分", "59.99", "7.00", "20.00", "27.00"):
        assert words in page
    assert "59.99" not in browse(world.rita).get(f"/orders/{made.pk}/").content.decode()
