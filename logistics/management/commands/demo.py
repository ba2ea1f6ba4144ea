"""Load the demonstration, once; or list its accounts."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from accounts.models import User
from flow.origin import IMPORT, coming
from kpi.measure import measure, midnight
from kpi.models import DirtyDay
from logistics import crews
from logistics.demo import announcements, build, history, inspections, life, months, reports, returns, safety
from logistics.demo.cast import ACROSS, CONSORTIUM, DOMAIN, HOSPITALS, PASSWORD
from notices.models import Notice
from tenancy.actors import System
from tenancy.domain import sync_roles
from tenancy.models import Consortium
from tenancy.permissions import declared
from tenancy.scope import scope

SEED = 20261121
SINCE = timedelta(days=730)


@contextmanager
def without_savepoints() -> Iterator[None]:
    """The load is all or nothing: a savepoint around every step would only cost a quarter of its time."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


class Command(BaseCommand):
    help = "Load a consortium of three hospitals with two years of life; does nothing where it stands already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only list the accounts")

    def handle(self, *args: Any, accounts: bool = False, **options: Any) -> None:
        if accounts:
            self.list_accounts()
            return
        with transaction.atomic():
            with connection.cursor() as cursor:  # two starts at once load it once
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demonstration'))")
            if Consortium.objects.filter(name=CONSORTIUM).exists():
                self.stdout.write("The demonstration is there.")
                return
            with without_savepoints():
                self.load()

    def load(self) -> None:
        began = time.monotonic()
        now = timezone.localtime()
        actor = System("演示数据", frozenset(declared()))
        consortium = Consortium.objects.create(name=CONSORTIUM)
        sync_roles(consortium)
        firm = build.contractor(actor, consortium)
        with scope([]):  # each hospital that opens joins it
            built = [build.hospital(actor, consortium, plan, firm, (now - SINCE).date()) for plan in HOSPITALS]
            build.across(actor, consortium, firm, built, (now - SINCE).date())
            build.set_passwords()
            for number, one in enumerate(built):
                with translation.override("zh-hans"), coming(IMPORT):
                    brought = history.bring_in(actor, one, now, random.Random(SEED + 10 + number))
                there = crews.arrange(one.hospital, now, random.Random(SEED + 20 + number))
                lived = life.live(one, now, random.Random(SEED + number))
                crews.lately(there, crews.busy_days(now))
                announcements.announce(one, now)
                with translation.override("zh-hans"):
                    inspections.inspect(one, now)
                safety.keep(one, now)
                self.stdout.write(f"  {one.plan.name}: {brought} + {lived} … {time.monotonic() - began:.0f} s")
            with translation.override("zh-hans"), coming(IMPORT):
                returns.ask(consortium, built, now)
            Notice.objects.filter(created_at__lt=now - timedelta(days=1)).update(read_at=F("created_at"))
            for one in built:
                measure(one.hospital.pk, (now - SINCE).date(), now.date() + timedelta(days=1))
                # today and the days that limits end on are still to come
                DirtyDay.objects.filter(hospital=one.hospital, moment__lt=midnight(now.date())).delete()
            with translation.override("zh-hans"):
                months.close(consortium, built, now)
                reports.write(consortium, built, now)
        self.stdout.write(f"  demonstration loaded in {time.monotonic() - began:.0f} s")

    def list_accounts(self) -> None:
        emails = [f"{account}@{DOMAIN}" for plan in HOSPITALS for account in plan.named if "." in account]
        emails += [f"{account}@{DOMAIN}" for account in ACROSS]
        there = dict(User.objects.filter(email__in=emails).values_list("email", "name"))
        if there:
            self.stdout.write(f"Accounts, password {PASSWORD} for all:")
        for email in emails:
            if email in there:
                self.stdout.write(f"  {email:28} {there[email]}")
