"""A closed month: the same figures whoever counts, however often it is closed, and nobody alters them."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessment import freezing, integrity
from assessment.explaining import explain
from assessment.models import Exclusion, FrozenFigure, FrozenRows, LateChange, MonthClose, Recheck, RowsAnew
from kpi.days import next_month
from kpi.explaining import Asked
from tenancy.scope import scope
from tests.kpi import exported, plainly
from workorders.models import WorkOrder

SUMMED = {"workorders.cost", "workorders.repair", "workorders.response", "workorders.stars", "maintenance.restore"}


def plain_rows(hospital, month):
    """figure → part → {id of the record: what it counts} of a month, in plain Python."""
    found = {}
    for _table, row, (key, day, numerator, denominator) in plainly.added(exported.tables(), timezone.now()):
        if row["hospital_id"] == hospital.pk and day and day.replace(day=1) == month:
            if numerator or key in SUMMED:
                found.setdefault((key, "numerator"), {})[row["id"]] = Decimal(numerator)
            if denominator is not None:
                found.setdefault((key, "denominator"), {})[row["id"]] = Decimal(denominator)
    return found


def plain_sha(pairs):
    return hashlib.sha256(";".join(f"{pk}={pairs[pk]:.4f}" for pk in sorted(pairs)).encode()).hexdigest()


def test_frozen_figures_are_what_plain_reckoning_says(lived, last_month):
    hospital = lived.a.hospital

    freezing.close_month(lived.max, hospital, last_month)

    plain = plain_rows(hospital, last_month)
    figures = FrozenFigure.objects.filter(hospital=hospital, key__startswith="workorders.")
    assert figures.count() >= 15
    for figure in figures:
        above = plain.get((figure.key, "numerator"), {})
        assert figure.numerator == sum(above.values()), figure.key
        for row in figure.rows.all():
            pairs = plain.get((figure.key, row.part), {})
            assert row.sha256 == plain_sha(pairs), (figure.key, row.part)
            assert row.ids == sorted(pairs)
            assert dict(zip(row.ids, row.amounts or [1] * len(row.ids), strict=True)) == pairs
    on_time = figures.get(key="workorders.on_time")
    below = sum(plain["workorders.on_time", "denominator"].values())
    assert on_time.denominator == below
    assert on_time.value == (on_time.numerator * 100 / below).quantize(Decimal("1.0000000000"))
    assert (on_time.target, on_time.frozen_name, on_time.revision) == (95, "Max", 1)
    assert on_time.definition["numerator"]
    assert list(integrity.faults(hospital)) == []


def test_closing_again_writes_nothing(lived, last_month):
    first = freezing.close_month(lived.max, lived.a.hospital, last_month)
    before = list(FrozenFigure.objects.order_by("pk").values())
    WorkOrder.objects.filter(hospital=lived.a.hospital).update(returned=1)

    again = freezing.close_month(lived.kim, lived.a.hospital, last_month)

    assert again.pk == first.pk and first.figures == len(before)
    assert list(FrozenFigure.objects.order_by("pk").values()) == before


def test_killed_in_the_middle_leaves_nothing_and_goes_again(lived, last_month, monkeypatch):
    write = freezing.write

    def dies(found):
        write(found)
        raise KeyboardInterrupt

    monkeypatch.setattr(freezing, "write", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        freezing.close_month(lived.max, lived.a.hospital, last_month)
    assert not MonthClose.objects.exists() and not FrozenFigure.objects.exists() and not FrozenRows.objects.exists()

    monkeypatch.undo()
    freezing.close_month(lived.max, lived.a.hospital, last_month)
    assert list(integrity.faults(lived.a.hospital)) == []


def test_month_that_runs_or_belongs_to_others_is_not_closed(lived, last_month):
    with pytest.raises(ValidationError):
        freezing.close_month(lived.max, lived.a.hospital, next_month(last_month))
    for person in (lived.max_b, lived.rita, lived.hal, lived.audrey):
        with pytest.raises(PermissionDenied):
            freezing.close_month(person, lived.a.hospital, last_month)


def test_approved_exclusion_counts_neither_above_nor_below_and_is_listed(lived, last_month):
    hospital = lived.a.hospital
    counted = plain_rows(hospital, last_month)["workorders.on_time", "denominator"]
    late = next(pk for pk in counted if pk not in plain_rows(hospital, last_month)["workorders.on_time", "numerator"])
    facts = {"hospital": hospital, "key": "workorders.on_time", "month": last_month, "subject": "workorders.workorder"}
    for pk, name in ((late, "Flood"), (0, "Counts nowhere")):
        Exclusion.objects.create(
            **facts, subject_id=pk, name=name, label="x", reason="force", state="approved", asked_by=lived.max,
            decided_by=lived.kim, decided_name="Kim", decided_at=timezone.now(), decide_by=timezone.localdate(),
        )  # fmt: skip

    freezing.close_month(lived.max, hospital, last_month)

    figure = FrozenFigure.objects.get(hospital=hospital, key="workorders.on_time")
    assert figure.denominator == len(counted) - 1
    assert figure.excluded == 1
    assert [(e["record"], e["reason"], e["approved_by"]) for e in figure.exclusions] == [(late, "force", "Kim")]
    assert late not in figure.rows.get(part="denominator").ids
    assert FrozenFigure.objects.get(hospital=hospital, key="workorders.rework").excluded == 0


@pytest.mark.parametrize("model", [MonthClose, FrozenFigure, FrozenRows, RowsAnew, LateChange])
def test_application_cannot_alter_or_delete_what_is_frozen(lived, last_month, model):
    freezing.close_month(lived.max, lived.a.hospital, last_month)
    for act in (
        lambda: model.objects.all().update(hospital=lived.b.hospital),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_both_hospitals_have_chains_of_their_own(lived, last_month):
    for site in (lived.a, lived.b):
        freezing.close_month(lived.kim, site.hospital, last_month)

    for site in (lived.a, lived.b):
        found = list(FrozenFigure.objects.filter(hospital=site.hospital).order_by("pk"))
        assert found[0].previous == ""
        assert [f.previous for f in found[1:]] == [f.digest for f in found[:-1]]
        assert Recheck.objects.filter(hospital=site.hospital, month=last_month).exists()


def test_beat_closes_on_the_day_and_not_before(lived, last_month):
    from assessment import tasks

    due = timezone.localtime().replace(
        year=next_month(last_month).year,
        month=next_month(last_month).month,
        day=5,
        hour=2,
        minute=0,
        second=0,
        microsecond=0,
    )
    tasks.close_due(lived.a.hospital, due - timedelta(seconds=1))
    assert not MonthClose.objects.exists()
    tasks.close_due(lived.a.hospital, due)
    assert MonthClose.objects.get().by_name == "assessment.close_months"


def test_pages_of_figures_are_told_who_froze_it_when_and_with_which_value(lived, last_month):
    hospitals = (lived.a.id, lived.b.id)
    freezing.close_month(lived.max, lived.a.hospital, last_month)
    figure = FrozenFigure.objects.get(hospital=lived.a.hospital, key="workorders.received")

    def told(who, *at, key="workorders.received"):
        last = next_month(last_month) - timedelta(days=1)
        return list(explain(Asked(who, key, at, last_month, last)))

    (fact,) = told(lived.max, lived.a.id)
    assert fact.url == f"/assessment/figures/{figure.pk}/" and fact.text.endswith(f"· {lived.max.name}")
    assert f"{figure.numerator:.0f}" in fact.second and figure.version in fact.second
    (both,) = told(lived.kim, *hospitals)
    assert "1" in both.text and "2" in both.text and not both.url
    assert told(lived.max_b, lived.a.id) == told(lived.max, lived.b.id) == []


def test_the_check_on_the_command_line_knows_the_hospital_it_is_asked_about(world, last_month, capsys):
    with scope([world.a.id]):
        freezing.close_month(world.max, world.a.hospital, last_month)

    call_command("check_frozen", hospital="A")
    assert capsys.readouterr().out.startswith("A: ")
    with pytest.raises(CommandError, match="ZZZ"):
        call_command("check_frozen", hospital="ZZZ")
