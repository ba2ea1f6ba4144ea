"""Background work runs inside the walls of its hospital."""

import pytest
from celery import shared_task

from tenancy.models import Hospital, Unit
from tenancy.scope import current
from tenancy.tasks import HospitalTask, for_each_hospital


@shared_task(base=HospitalTask, name="tests.count_units")
def count_units(*, hospital_id):
    return set(Unit.objects.values_list("hospital_id", flat=True))


def test_hospital_task_runs_in_the_scope_of_its_hospital(world):
    assert count_units(hospital_id=world.a.id) == {world.a.id}
    assert current() is None


def test_each_open_hospital_has_its_turn_in_its_own_scope(world):
    Hospital.objects.filter(pk=world.b.id).update(is_open=False)
    seen = []
    for_each_hospital(lambda hospital: seen.append((hospital.pk, current())))
    assert seen == [(pk, frozenset([pk])) for pk in (world.a.id, world.outside.id)]


def test_one_hospital_that_fails_keeps_only_itself_from_its_turn(world):
    def rename(hospital):
        Unit.objects.update(name="renamed")
        if hospital.code == "A":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        for_each_hospital(rename)
    names = {}
    for_each_hospital(lambda h: names.update({h.code: set(Unit.objects.values_list("name", flat=True))}))
    assert "renamed" not in names["A"]
    assert names["B"] == {"renamed"}
