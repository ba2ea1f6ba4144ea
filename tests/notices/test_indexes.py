"""Behind the wall an index serves only what leaks nothing: those of the outbox and of announcements are seen at work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notices import claiming
from notices.models import Announcement, Delivery, Robot
from notices.states import TROUBLE
from tenancy.scope import scope
from tests.conftest import as_owner


def fill(world):
    now = timezone.now()
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            robot = Robot.objects.create(hospital=site.hospital, kind="wecom", name="x", base_url="x", key="x")
            facts = {"hospital": site.hospital, "channel": "mail", "subject": "x", "subject_id": 1, "verb": "x"}
            to = [{"user": world.rita}, {"user": world.rita}, {"user": world.rita}, {"robot": robot}]
            Delivery.objects.bulk_create(
                Delivery(title="x", state="sent" if n % 50 else ("waiting", "given_up", "claimed")[n % 3],
                         claimed_at=now, **facts, **to[n % 4])
                for n in range(6000)
            )  # fmt: skip
            Announcement.objects.bulk_create(
                Announcement(hospital=site.hospital, text="x", made_by=world.dan, starts_at=now - timedelta(hours=n + 1),
                             ends_at=now - timedelta(hours=n))
                for n in range(3000)
            )  # fmt: skip
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@pytest.mark.django_db(transaction=True)
def test_outbox_and_announcements_are_read_by_their_indexes(world):
    fill(world)
    a, now = world.a.id, timezone.now()
    troubled = Delivery.objects.filter(state__in=TROUBLE)
    with scope(world.hospitals()):
        expected = {
            "delivery_due": Delivery.objects.filter(claiming._due(now), hospital_id=a).order_by("next_at")[:10],
            "delivery_trouble": troubled.order_by("-id")[:51],
            "delivery_trouble_hospital": troubled.filter(hospital_id=a).order_by("-id")[:51],
            "delivery_robot": Robot.objects.get(hospital_id=a).deliveries.order_by("-id")[:10],
            "announcement_ends": Announcement.objects.filter(hospital__in=[a], ends_at__gt=now),
        }
        plans = {name: rows.explain() for name, rows in expected.items()}

    assert {name: plan for name, plan in plans.items() if name not in plan and "_hospital" not in name} == {}
    assert "delivery_trouble" in plans["delivery_trouble_hospital"]
