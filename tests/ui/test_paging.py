"""Turning pages by key, with ties and nulls."""

import pytest

from tenancy.models import Unit
from tenancy.scope import scope
from ui.paging import decode, paginate, total

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(world):
    """Eleven units of three names, some without a place."""
    with scope([world.a.id]):
        Unit.objects.bulk_create(
            Unit(
                hospital=world.a.hospital,
                code=f"T{n:02}",
                name=f"name {n % 3}",
                place=world.a.room if n % 2 else None,
            )
            for n in range(11)
        )
        yield Unit.objects.filter(code__startswith="T")


@pytest.mark.parametrize(
    "ordering",
    [("code", "pk"), ("-name", "-pk"), ("name", "pk"), ("place__name", "pk"), ("-place__name", "-pk"), ("-pk",)],
)
def test_pages_forth_and_back_agree_with_the_whole(many, ordering):
    whole = list(many.order_by(*ordering).values_list("pk", flat=True))

    forth, cursor = [], ""
    while True:
        page = paginate(many, ordering, cursor, {"pk"}, 3)
        forth.append([row["pk"] for row in page.rows])
        if not page.next:
            break
        cursor = page.next
    back = []
    while page.previous:
        page = paginate(many, ordering, page.previous, {"pk"}, 3)
        back.insert(0, [row["pk"] for row in page.rows])

    assert [pk for page in forth for pk in page] == whole
    assert back == forth[:-1]


@pytest.mark.parametrize("cursor", ["", "rubbish", "W10", "eyJhIjoxfQ", "WyI-IiwiYSJd", "é"])
def test_broken_cursor_is_the_first_page(many, cursor):
    assert decode(cursor, ("code", "pk"), Unit) == (False, None)


def test_total_is_exact_up_to_a_thousand_and_then_stops(world):
    with scope([world.a.id]):
        Unit.objects.bulk_create(Unit(hospital=world.a.hospital, code=f"T{n}", name="n") for n in range(1001))
        rows = Unit.objects.filter(code__startswith="T")

        assert total(rows) == "1\u202f000+"
        assert total(rows.filter(code="T1")) == "1"
