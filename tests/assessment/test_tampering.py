"""Whoever alters records after the month was closed, published values stand and the change is told; whoever alters what
is frozen is found out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from assessment import chain, domain, freezing, inputs, integrity, late, publishing, queries, tasks
from assessment.models import FrozenFigure, FrozenRows, MonthClose, PublishedFigure
from indicators import arranging
from indicators.library import definitions
from indicators.models import Indicator
from kpi.days import next_month
from kpi.measure import measure_next
from tenancy.scope import scope
from tests.assessment.test_freezing import plain_rows
from tests.conftest import as_owner
from tests.factories.assessment import orders
from tests.kpi import history
from workorders import catalogue
from workorders.models import WorkOrder

STEPS = 14
MOVES = {
    "sent back": "returned = 1 - least(returned, 1)",
    "moved in time": "due_at = due_at + interval '40 days', reported_at = reported_at - interval '40 days'",
    "later by hours": "due_at = due_at + interval '30 hours'",
    "cost": "cost = cost + 17",
    "given to another team": "team_id = NULL, assignee_id = NULL",
    "called otherwise": "title = title || '!'",
    "brought in": "channel = 'import'",
}


def kept():
    return (
        list(PublishedFigure.objects.order_by("pk").values()),
        list(FrozenFigure.objects.order_by("pk").values()),
        list(FrozenRows.objects.order_by("pk").values()),
    )


def tamper(dice, hospital):
    """One random change of one order, past everything: what was done, to which."""
    pointed_at = WorkOrder.objects.filter(hospital=hospital).exclude(duplicate_of=None).values("duplicate_of")
    rows = WorkOrder.objects.filter(hospital=hospital).exclude(pk__in=pointed_at)
    pk = dice.choice(list(rows.order_by("pk").values_list("pk", flat=True)))
    what = dice.choice(["deleted", *MOVES])
    with connection.cursor() as cursor:
        if what == "deleted":
            cursor.execute("DELETE FROM workorders_workorder WHERE id = %s", [pk])
        else:
            cursor.execute(f"UPDATE workorders_workorder SET {MOVES[what]} WHERE id = %s", [pk])
    return what


def compare_everything(hospital):
    while measure_next(hospital.pk):
        pass
    tasks.compare_all()  # what was taken away leaves no mark: the night finds it
    tasks.compare_closed()


def orders_only(rows):
    return {key: pairs for key, pairs in rows.items() if pairs}


def marked(hospital):
    figures = FrozenFigure.objects.filter(hospital=hospital)
    return {FrozenFigure.objects.get(pk=pk).key for pk in queries.late_of(figures.values_list("pk", flat=True))}


@pytest.mark.django_db(transaction=True)
def test_published_values_stand_whoever_alters_records_and_every_change_is_marked(world, last_month):
    dice, here, hospital = Random(5), [world.a.id, world.b.id], world.a.hospital
    with scope(here):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)
        history.write(world, 23, number=70, loop=False)
        for site in (world.a, world.b):
            freezing.close_month(world.kim, site.hospital, last_month)
        publishing.publish(world.kim, world.consortium, last_month)
        before, frozen = kept(), orders_only(plain_rows(hospital, last_month))
    told = set()
    for step in range(STEPS):
        if step % 2:
            with as_owner(), scope(here):
                what = tamper(dice, hospital)
        else:
            with scope(here):
                what = tamper(dice, hospital)
        compare_everything(hospital)
        with scope(here):
            now = orders_only(plain_rows(hospital, last_month))
            other = {
                key
                for key, _part in frozen.keys() | now.keys()
                if any(frozen.get((key, part)) != now.get((key, part)) for part in ("numerator", "denominator"))
            }
            assert marked(hospital) == other, what
            assert kept() == before, what
            assert list(integrity.faults(hospital)) == []
        told |= {what}
    assert other and len(told) > 3, "the dice were too tame to prove anything"


@pytest.mark.django_db(transaction=True)
def test_four_who_close_at_once_freeze_once(world, last_month):
    with scope([world.a.id]):
        catalogue.install(world.a.hospital)
        orders(world.a, last_month)

    def close(_number):
        try:
            with scope([world.a.id]):
                return freezing.close_month(world.max, world.a.hospital, last_month).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        told = set(threads.map(close, range(4)))

    with scope([world.a.id]):
        closed = MonthClose.objects.get()
        assert told == {closed.pk}
        assert FrozenFigure.objects.count() == closed.figures > 10
        assert list(integrity.faults(world.a.hospital)) == []


@pytest.mark.django_db(transaction=True)
def test_four_who_ask_for_the_same_exclusion_at_once_ask_once(world, last_month):
    with scope([world.a.id]):
        catalogue.install(world.a.hospital)
        orders(world.a, last_month)
        one = definitions(world.consortium.pk)["workorders.on_time"]
        rows = inputs.rows_of(one, world.a.id, last_month, next_month(last_month) - timedelta(days=1))
        record = (rows[1].subject, rows[1].ids[0])

    def ask(_number):
        facts = {"key": one.key, "month": last_month, "names": {}, "reason": "rule", "records": [record]}
        try:
            with scope([world.a.id]):
                return len(domain.ask_exclusions(world.max, world.a.hospital, **facts))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(ask, range(4))) == [0, 0, 0, 1]


ALTERED = (
    "UPDATE assessment_frozenfigure SET value = value + 1 WHERE id = %(one)s",
    "UPDATE assessment_frozenfigure SET numerator = 0 WHERE id = %(one)s",
    "UPDATE assessment_frozenfigure SET target = 1 WHERE id = %(one)s",
    "UPDATE assessment_frozenfigure SET frozen_name = 'Nobody' WHERE id = %(one)s",
    "UPDATE assessment_frozenfigure SET frozen_at = now() WHERE id = %(last)s",
    "UPDATE assessment_frozenfigure SET definition = '{}' WHERE id = %(one)s",
    "UPDATE assessment_frozenfigure SET seal = repeat('0', 64) WHERE id = %(one)s",
    "UPDATE assessment_frozenrows SET ids = array_append(ids, 1) WHERE figure_id = %(one)s",
    "UPDATE assessment_frozenrows SET ids = array_append(ids, 1), amounts = NULL WHERE figure_id = %(one)s",
    "DELETE FROM assessment_frozenrows WHERE figure_id = %(one)s",
    "DELETE FROM assessment_frozenrows WHERE figure_id = %(one)s; DELETE FROM assessment_action WHERE figure_id = %(one)s;"
    " DELETE FROM assessment_frozenfigure WHERE id = %(one)s",
    "DELETE FROM assessment_frozenrows WHERE figure_id = %(last)s; DELETE FROM assessment_action WHERE figure_id = %(last)s;"
    " DELETE FROM assessment_frozenfigure WHERE id = %(last)s",
    "UPDATE assessment_monthclose SET figures = figures - 1",
    "DELETE FROM assessment_monthclose",
    "UPDATE assessment_publishedfigure SET value = value + 1 WHERE frozen_id = %(one)s",
    "UPDATE assessment_publishedfigure SET frozen_id = 0 WHERE frozen_id = %(one)s",
)


class Undone(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_whoever_alters_what_is_frozen_is_found_out(world, last_month):
    here, hospital = [world.a.id, world.b.id], world.a.hospital
    with scope(here):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)
        history.write(world, 4, number=40, loop=False)
        freezing.close_month(world.max, hospital, last_month)
        publishing.publish(world.kim, world.consortium, last_month)
        ids = {
            "one": FrozenFigure.objects.get(key="workorders.on_time").pk,
            "last": FrozenFigure.objects.order_by("-pk").first().pk,
        }
        before = kept()

    for sql in ALTERED:
        with scope(here), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, ids)
        with as_owner(), pytest.raises(Undone), scope(here):
            with connection.cursor() as cursor:
                cursor.execute(sql, ids)
            assert list(integrity.faults(hospital)), sql
            raise Undone
    with as_owner(), pytest.raises(Undone), scope(here):
        _rewrite(hospital, ids["one"])
        found = list(integrity.faults(hospital))
        assert found and all("secret" in fault or "frozen" in fault or "gone" in fault for fault in found)
        raise Undone
    with scope(here):
        assert kept() == before
        assert list(integrity.faults(hospital)) == []


def _rewrite(hospital, pk):
    """The cleverest owner alters one value and writes the whole chain after it anew; the secret is not theirs."""
    previous = ""
    for figure in FrozenFigure.objects.filter(hospital=hospital).order_by("pk"):
        if figure.pk == pk:
            figure.value = 100
            chain.settle(figure)
        if previous:
            figure.previous = previous
        previous = figure.digest = chain.digest(figure)
        FrozenFigure.objects.filter(pk=figure.pk).update(
            value=figure.value,
            previous=figure.previous,
            digest=figure.digest,
            seal=chain.seal(figure.digest, "guessed"),
        )
        PublishedFigure.objects.filter(frozen_id=figure.pk).update(value=figure.value, digest=figure.digest)


def test_a_quiet_month_stays_quiet(lived, last_month):
    freezing.close_month(lived.kim, lived.a.hospital, last_month)
    assert timezone.localdate() - last_month > timedelta(days=27)
    assert late.compare(lived.a.hospital, last_month) == []


def test_records_are_watched_on_after_the_definition_has_changed(lived, last_month):
    """An indicator the office wrote is frozen, then written otherwise: that is no change of records; one taken away later is."""
    hospital, own = lived.a.hospital, Indicator(consortium=lived.consortium, key="share")
    arranging.arrange(
        lived.kim, own, name="当月完成比", numerator=["workorders.on_time/denominator"],
        denominator=["workorders.received/numerator"], factor=Decimal(100), unit="%", period="month",
    )  # fmt: skip
    freezing.close_month(lived.kim, hospital, last_month)
    figure = FrozenFigure.objects.get(hospital=hospital, key="own.share")

    arranging.arrange(lived.kim, own, numerator=["workorders.received/numerator"])
    assert late.compare(hospital, last_month) == [] and late.compare(hospital, last_month) == []
    gone = FrozenRows.objects.get(figure=figure, part="denominator").ids[0]
    WorkOrder.objects.filter(pk=gone).update(reported_at=F("reported_at") - timedelta(days=70))
    found = {one.figure_id: one for one in late.compare(hospital, last_month)}
    again = late.compare(hospital, last_month)

    assert {record["id"] for record in found[figure.pk].records} == {gone}
    assert {record["part"] for record in found[figure.pk].records} == {"numerator", "denominator"}
    assert found[figure.pk].value == 100  # by today's formula: as many above as below
    assert again == []
    figure.refresh_from_db()
    assert list(integrity.faults(hospital)) == []
