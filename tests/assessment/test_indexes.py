"""Indexes by the month, seen at work on years of months: of frozen figures, of published ones, of monthly reports."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from assessment import queries
from assessment.models import FrozenFigure, PublishedFigure
from reporting.models import Report
from reporting.permissions import REPORT_VIEW
from tenancy.scope import scope
from tests.conftest import as_owner

MONTHS = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(36)]
LAST = MONTHS[-1]
KEYS = 60


def fill(world):
    now = timezone.now()
    words = {"version": "x", "good": "up", "factor": 1, "digest": ""}
    sealed = {
        "kind": "computed",
        "definition": {},
        "inputs": {},
        "rows_sha256": "",
        "frozen_name": "x",
        "seal": "",
        **words,
    }
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            rows = [
                {
                    "hospital": site.hospital,
                    "month": month,
                    "first": month,
                    "last": month,
                    "key": f"k{n}",
                    "label": f"k{n}",
                }
                for month in MONTHS
                for n in range(KEYS)
            ]
            frozen = FrozenFigure.objects.bulk_create(FrozenFigure(frozen_at=now, **sealed, **row) for row in rows)
            PublishedFigure.objects.bulk_create(
                PublishedFigure(
                    consortium=world.consortium, frozen_id=one.pk, revision=1, cause="closing", published_name="x", **words, **row
                )
                for one, row in zip(frozen, rows, strict=True)
            )  # fmt: skip
            Report.objects.bulk_create(
                Report(hospital=site.hospital, month=date(1000 + n // 12, n % 12 + 1, 1)) for n in range(3000)
            )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_of_one_month_is_read_by_its_index(world):
    fill(world)
    here = [world.a.id, world.b.id]
    with scope(world.hospitals()):
        expected = {
            "frozen_month": FrozenFigure.objects.filter(hospital__in=here, month=LAST)
            .values("hospital")
            .order_by()
            .annotate(Count("pk")),
            "published_month": queries.published_rows(world.kim).filter(month=LAST),
            "report_month": Report.objects.for_user(world.kim, REPORT_VIEW)
            .select_related("hospital")
            .order_by("-month", "hospital__code")
            .defer("content", "words")[:50],
        }
        plans = {name: rows.explain() for name, rows in expected.items()}

    assert {name: plan for name, plan in plans.items() if name not in plan} == {}
