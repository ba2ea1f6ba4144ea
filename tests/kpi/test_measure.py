"""What is stored is what is so: measured figures against a second, independent reckoning, and against live rows."""

import random
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from kpi import measure, passes, registry, tasks
from kpi.models import DirtyDay, Measurement, MonthFigure
from tenancy import domain
from tenancy.scope import scope
from tests.factories.orders import order
from tests.kpi import exported, history, plainly
from workorders import catalogue
from workorders import domain as work
from workorders.models import Service, WorkOrder

KEY = ("hospital_id", "kpi", "day", "department", "kind", "ref")
FIRST = timedelta(days=history.DAYS + 1)
GONE = {  # table → times that decide on which day a row counts
    "workorders_workorder": ("finished_at", "reported_at", "due_at", "signed_at", "closed_at"),
    "inspections_round": ("done_at", "due_at"),
    "hazards_hazard": ("found_at", "due_on::timestamptz"),
    "indicators_returndue": ("due_on::timestamptz",),
    "assessment_appeal": ("decided_at",),
    "assessment_action": ("due_on::timestamptz",),
}


def stored(**narrow):
    return {
        row[:6]: row[6:] for row in Measurement.objects.filter(**narrow).values_list(*KEY, "numerator", "denominator")
    }


def reckoned(end):
    days = {key: value for key, value in plainly.measure(exported.tables(), timezone.now()).items() if key[2] < end}
    return plainly.as_kept(days, end)


def measure_all(world):
    today = timezone.localdate()
    for site in (world.a, world.b):
        measure.measure(site.id, today - FIRST, today)
    return today


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.hammer) for seed in range(20, 30))])
def test_measurement_equals_plain_reckoning_at_every_level(hospitals, seed):
    history.write(hospitals, seed)

    today = measure_all(hospitals)

    assert stored() == reckoned(today)
    assert {key[1] for key in stored()} == {kpi.key for kpi in registry.measured()}


def test_measurement_equals_live_for_any_day(hospitals):
    history.write(hospitals, 4)
    today = measure_all(hospitals)

    for days in (1, 2, 30, history.DAYS):
        day = today - timedelta(days=days)
        live = {}
        for kpi in registry.measured():
            sql, params = passes.fanned(kpi, day, day + timedelta(days=1), hospital_id=hospitals.a.id)
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                for hospital, on, department, kind, ref, _path, numerator, denominator in cursor.fetchall():
                    live[hospital, kpi.key, on, department, kind, ref] = (numerator, denominator)
        kept = stored(day=day, hospital=hospitals.a.id)
        assert of_days(live) == of_days(kept) != {}


def of_days(rows):
    """But for the parts that are kept by month."""
    return {
        key: value
        for key, value in rows.items()
        if not key[4] or (key[1] not in plainly.BY_MONTH and key[2] >= plainly.young(timezone.localdate()))
    }


def test_parts_of_a_month_are_the_sum_of_what_is_read_day_by_day(hospitals):
    history.write(hospitals, 4)
    today = measure_all(hospitals)
    first = (today - timedelta(days=history.DAYS)).replace(day=1)
    months = set()
    for kpi in registry.measured():
        found = {}
        sql, params = passes.fanned(kpi, first, today, hospital_id=hospitals.a.id)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for hospital, on, department, kind, ref, _path, numerator, denominator in cursor.fetchall():
                found[hospital, kpi.key, on, department, kind, ref] = (numerator, denominator)
        kept = stored(kpi=kpi.key, hospital=hospitals.a.id, day__gte=first)
        assert plainly.as_kept(found, today) == kept and {"", *kpi.dimensions} >= {row[4] for row in kept}
        months |= {kpi.key for row in kept if row[4] and row[2] < plainly.young(timezone.localdate())}
    assert len(months) > 20


def test_days_become_a_month_when_they_are_old_and_places_keep_the_path_they_had(hospitals):
    """What was kept by day, as it was before its month was over for long, is a month when it is measured again."""
    history.write(hospitals, 6, number=200)
    today = measure_all(hospitals)
    months, old = (
        stored(),
        Measurement.objects.filter(hospital=hospitals.a.id, kind="place", day__lt=plainly.young(timezone.localdate())),
    )
    row = old.filter(kpi="workorders.received", numerator__gt=1).order_by("-day").first()
    facts = {name: getattr(row, name) for name in ("hospital_id", "kpi", "department", "kind", "ref", "measured_at")}
    Measurement.objects.filter(pk=row.pk).delete()
    for number, amount in ((3, 1), (17, row.numerator - 1)):
        Measurement.objects.create(**facts, path="where.it.was.", day=row.day.replace(day=number), numerator=amount)

    measure.measure(hospitals.a.id, row.day.replace(day=9), row.day.replace(day=10))

    assert stored() == months and today
    assert Measurement.objects.get(pk=row.pk).path == "where.it.was."


def test_measuring_again_changes_nothing(hospitals):
    history.write(hospitals, 5, number=100)
    measure_all(hospitals)
    before, months = stored(), MonthFigure.objects.count()
    versions = set(Measurement.objects.values_list("pk", "measured_at"))

    measure_all(hospitals)

    assert stored() == before and MonthFigure.objects.count() == months
    assert set(Measurement.objects.values_list("pk", "measured_at")) == versions


def test_only_what_differs_is_written_and_what_is_no_longer_counted_goes(hospitals):
    history.write(hospitals, 8, number=300)
    today = measure_all(hospitals)
    before = dict(Measurement.objects.values_list("pk", "measured_at"))
    gone = WorkOrder.objects.filter(hospital=hospitals.a.id, channel="web", state="closed", due_at__lt=timezone.now())
    WorkOrder.objects.filter(pk=gone.earliest("reported_at").pk).update(channel="import")

    changed = measure.measure(hospitals.a.id, today - FIRST, today)

    after = dict(Measurement.objects.values_list("pk", "measured_at"))
    written = {key for key in after if after[key] != before.get(key)}
    assert stored() == reckoned(today)
    assert changed == len(written) + len(before.keys() - after.keys()) and 0 < changed < 100


def test_figures_are_counted_in_as_few_passes_as_there_are_times():
    found = passes.passes(kpi for kpi in registry.measured() if kpi.key.startswith("workorders."))

    assert len(found) == len({str(passes.plainly_counted(kpi).at) for one in found for kpi in one.kpis})


def test_month_is_the_sum_of_its_days(hospitals):
    history.write(hospitals, 6, number=100)
    measure_all(hospitals)

    total = {}
    for (hospital, kpi, day, department, kind, _ref), (numerator, denominator) in stored().items():
        if kind == "":
            entry = total.setdefault((hospital, kpi, day.replace(day=1), department), [0, None])
            entry[0] += numerator
            entry[1] = denominator if entry[1] is None else entry[1] + denominator
    rows = MonthFigure.objects.values_list("hospital_id", "kpi", "month", "department", "numerator", "denominator")
    assert {row[:4]: list(row[4:]) for row in rows} == total


def test_every_change_marks_its_days_and_the_tick_measures_them(hospitals):
    history.write(hospitals, 7, number=60)
    a = hospitals.a
    while measure.measure_next(a.id) or measure.measure_next(hospitals.b.id):
        pass
    today = timezone.localdate()
    assert stored() == reckoned(today)
    assert not DirtyDay.objects.filter(moment__lt=measure.midnight(today)).exists()

    # whatever happens to orders, through the domain or past it
    WorkOrder.objects.filter(state="reported").update(urgency="urgent", due_at=F("due_at") + timedelta(days=1))
    WorkOrder.objects.filter(unit=a.ward).update(unit=a.other_ward)
    WorkOrder.objects.filter(state="done").update(finished_at=F("finished_at") - timedelta(days=1))
    domain.merge_units(hospitals.setup, a.ward, into=a.other_ward)
    late = order(
        a.hospital, a.known[0], a.room, "arrived", at=timezone.now() - timedelta(days=9), assignee=hospitals.tom
    )
    work.add_line(late, hospitals.ada, kind="part", text="tap", price=12)
    while measure.measure_next(a.id) or measure.measure_next(hospitals.b.id):
        pass

    assert stored() == reckoned(today)


def test_figure_with_nothing_to_divide_by_is_none(hospitals):
    kpi = registry.get("workorders.on_time")

    assert kpi.value(None, None) is None
    assert kpi.value(0, 0) is None
    assert registry.get("workorders.received").value(None, None) == 0


def test_place_keeps_the_path_of_its_day(hospitals):
    a, at = hospitals.a, timezone.now() - timedelta(days=3)
    order(a.hospital, a.known[0], a.room, at=at)
    measure_all(hospitals)
    was = a.room.path

    domain.move_place(hospitals.setup, a.room, parent=a.other_building)
    measure_all(hospitals)

    rows = Measurement.objects.filter(kind="place", ref=a.room.pk)
    assert {row.path for row in rows} == {was}


def test_today_is_never_stored(hospitals):
    a = hospitals.a
    order(a.hospital, a.known[0], a.room, "reported", at=timezone.now())

    while measure.measure_next(a.id):
        pass

    assert not Measurement.objects.exists()
    assert DirtyDay.objects.exists()


def test_short_gaps_are_measured_together():
    day = timezone.localdate()
    days = [day, day + timedelta(days=3), day + timedelta(days=40)]

    assert measure.spans(days) == [
        (day, day + timedelta(days=4)),
        (day + timedelta(days=40), day + timedelta(days=41)),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_measuring_at_once_and_one_killed_leave_one_truth(world):
    a = world.a
    with scope([a.id]):
        catalogue.install(a.hospital)
        service = Service.objects.filter(hospital=a.hospital, department="maintenance").first()
        for days in range(1, 40):
            order(a.hospital, service, a.room, at=timezone.now() - timedelta(days=days))

    class Killed(Exception):
        pass

    with pytest.raises(Killed), transaction.atomic():
        measure.measure_next(a.id)
        raise Killed
    with scope([a.id]):
        assert not Measurement.objects.exists()

    failures = []

    def tick():
        try:
            tasks.measure_dirty_days()
        except Exception as error:  # told to the test, whatever it is
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tasks.measure_dirty_days()

    assert not failures
    with scope([a.id]):
        assert stored() == reckoned(timezone.localdate())


@pytest.mark.parametrize("table", GONE)
def test_deleted_records_mark_their_days(hospitals, table):
    """The platform deletes none; whoever does it in a session of the database leaves a mark on every day the row counted on."""
    with scope([hospitals.a.id, hospitals.b.id]), connection.cursor() as cursor:
        for site in (hospitals.a, hospitals.b):
            site.known = history.services(site)
        history.write(hospitals, 5, number=60)
        DirtyDay.objects.all().delete()
        times = ", ".join(GONE[table])
        cursor.execute(f"SELECT id, hospital_id, {times} FROM {table} WHERE {GONE[table][0]} IS NOT NULL ORDER BY id")
        pk, hospital, *moments = cursor.fetchone()
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])

        marked = {(row.hospital_id, timezone.localdate(row.moment)) for row in DirtyDay.objects.all()}
    assert marked == {(hospital, timezone.localdate(moment)) for moment in moments if moment}


@pytest.mark.django_db(transaction=True)
def test_session_that_is_killed_while_it_measures_leaves_nothing_and_loses_no_mark(world):
    a = world.a
    with scope([a.id]):
        catalogue.install(a.hospital)
        a.known, world.b.known = history.services(a), []
        WorkOrder.objects.bulk_create(history.of_site(world, a, random.Random(9), 60))
        marks = DirtyDay.objects.count()
    started, found, died = threading.Event(), {}, []

    def work():
        try:
            with scope([a.id]), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                found["pid"] = cursor.fetchone()[0]
                measure.measure_next(a.id)
                found["rows"] = Measurement.objects.count()
                started.set()
                cursor.execute("SELECT pg_sleep(30)")
        except OperationalError as error:
            died.append(error)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert started.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [found["pid"]])
    worker.join()

    with scope([a.id]):
        assert died and found["rows"] > 100
        assert not Measurement.objects.exists() and DirtyDay.objects.count() == marks
    tasks.measure_dirty_days()
    with scope([a.id]):
        assert stored() == reckoned(timezone.localdate())
