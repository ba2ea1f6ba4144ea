"""The nightly run: recent days, what only the clock has changed, figures that are new, a month of the past in its turn."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.models import Round
from kpi import measure, nightly, registry, tasks
from kpi.models import DirtyDay, Measurement, MonthFigure, Reckoned
from tenancy.scope import scope
from tests.factories import rounds
from tests.factories.orders import order
from tests.kpi import history
from tests.kpi.test_measure import measure_all, reckoned, stored
from workorders import catalogue
from workorders.models import WorkOrder

DAY = timedelta(days=1)


def tick(*sites):
    for site in sites:
        while measure.measure_next(site.id):
            pass


def test_recent_days_are_measured_though_nothing_was_marked(hospitals):
    history.write(hospitals, 11, number=60)
    DirtyDay.objects.all().delete()
    today = timezone.localdate()

    nightly.prepare(hospitals.a.id, today)
    tick(hospitals.a)

    since = today - timedelta(days=nightly.RECENT)
    expected = {key: value for key, value in reckoned(today).items() if key[0] == hospitals.a.id and key[2] >= since}
    assert expected and {key: value for key, value in stored().items() if key[2] >= since} == expected


def test_round_whose_time_ran_out_without_anybody_touching_it_counts_from_the_next_night(world):
    now, today = timezone.now(), timezone.localdate()
    due = now - timedelta(days=nightly.RECENT + 20)
    with scope([world.a.id]):
        made = rounds.plan(world, rounds.edition(world).checklist)
        one = rounds.due(world, made, due_at=due, opens_at=due - DAY, late_from=now + DAY)
        tick(world.a)
        assert not Measurement.objects.filter(kpi="inspections.missed").exists()

        Round.objects.filter(pk=one.pk).update(late_from=now - 2 * DAY)
        DirtyDay.objects.all().delete()
        nightly.prepare(world.a.id, today)
        tick(world.a)

        found = Measurement.objects.get(kpi="inspections.missed", kind="")
    assert (found.day, found.numerator) == (timezone.localdate(due), 1)


def test_figure_that_is_new_is_measured_over_the_whole_past_once(hospitals):
    history.write(hospitals, 12, number=60)
    today = measure_all(hospitals)
    DirtyDay.objects.all().delete()
    Reckoned.objects.bulk_create(
        Reckoned(hospital=hospitals.a.hospital, kpi=kpi.key)
        for kpi in registry.measured()
        if kpi.key != "workorders.rework"
    )
    Measurement.objects.filter(kpi="workorders.rework").delete()

    nightly.prepare(hospitals.a.id, today)
    tick(hospitals.a)

    at_a = {key: value for key, value in reckoned(today).items() if key[0] == hospitals.a.id}
    assert stored(hospital=hospitals.a.id) == at_a
    nightly.prepare(hospitals.a.id, today)
    marked = {timezone.localdate(moment) for moment in DirtyDay.objects.values_list("moment", flat=True)}
    first = MonthFigure.objects.filter(hospital=hospitals.a.id).earliest("month").month
    assert len(marked) < (today - first).days


@pytest.mark.parametrize("marked", [True, False])
def test_month_whose_turn_it_is_is_put_right_and_told(hospitals, caplog, marked):
    """What is marked is not wrong, only not measured yet."""
    service, site, today = hospitals.a.known[0], hospitals.a, timezone.localdate()
    month = (today.replace(day=1) - DAY).replace(day=1)
    order(site.hospital, service, site.room, at=measure.midnight(month) + DAY / 2)
    tick(site)
    WorkOrder.objects.update(reported_at=measure.midnight(month) + DAY)
    if not marked:
        DirtyDay.objects.all().delete()

    with caplog.at_level(logging.WARNING):
        wrong = nightly.recheck(site.id, today)

    right = stored() == {key: value for key, value in reckoned(today).items() if key[0] == site.id}
    assert (wrong > 0, right, "were not so" in caplog.text) == ((False,) * 3 if marked else (True,) * 3)


@pytest.mark.django_db(transaction=True)
def test_the_whole_night(world):
    with scope([world.a.id, world.b.id]):
        site = world.a
        catalogue.install(site.hospital)
        order(site.hospital, history.services(site)[0], site.room, at=timezone.now() - timedelta(days=50))

    tasks.measure_nightly()
    tasks.measure_nightly()

    with scope([world.a.id]):
        assert stored() == reckoned(timezone.localdate()) != {}
        assert Reckoned.objects.count() == len(registry.measured())
