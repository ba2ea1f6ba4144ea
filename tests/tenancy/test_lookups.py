"""Many ids go to the database as one array and find what a list of them finds."""

import pytest

from tenancy.lookups import MANY
from tenancy.models import Hospital, Place
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
OTHERS = list(range(900_000, 900_000 + MANY))  # of nobody


@pytest.fixture
def inside(world):
    with scope(world.hospitals()):
        yield world


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset])
def test_many_find_what_a_few_find(inside, kind):
    few, many = kind([inside.a.id]), kind([inside.a.id, *OTHERS])

    for name in ("hospital__in", "hospital_id__in", "hospital__pk__in"):
        found = set(Place.objects.filter(**{name: many}).values_list("pk", flat=True))
        assert found and found == set(Place.objects.filter(**{name: few}).values_list("pk", flat=True)), name
    assert [h.pk for h in Hospital.objects.filter(pk__in=many)] == [inside.a.id]


def test_many_leave_out_what_a_few_leave_out(inside):
    many = [inside.a.id, *OTHERS]

    assert {h.pk for h in Hospital.objects.exclude(pk__in=many)} == {
        pk for pk in inside.hospitals() if pk != inside.a.id
    }
    left = set(Place.objects.exclude(hospital__in=many).values_list("hospital", flat=True))
    assert inside.b.id in left and left <= set(inside.hospitals()) - {inside.a.id}


def test_many_are_one_parameter_and_a_few_are_not():
    assert len(Place.objects.filter(hospital__in=[1, *OTHERS]).query.sql_with_params()[1]) == 1
    assert len(Place.objects.filter(hospital__in=OTHERS).query.sql_with_params()[1]) == MANY


def test_rows_words_and_nothing_are_asked_as_ever(inside):
    here = list(Hospital.objects.all())

    assert Place.objects.filter(hospital__in=here).exists()
    assert Place.objects.filter(hospital__in=Hospital.objects.all()).exists()
    assert Place.objects.filter(hospital__in=[str(pk) for pk in [inside.a.id, *OTHERS]]).exists()
    assert not Place.objects.filter(hospital__in=[]).exists()
