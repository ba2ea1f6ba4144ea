"""Fill an empty database with a believable consortium of any size."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from logistics.fill import reports, run
from logistics.fill.people import DOMAIN
from logistics.fill.plan import SIZES, plan_of

PASSWORD = "fill-2026-logistics"
PEOPLE = (
    ("desk", "service desk of the largest hospital"),
    ("tech", "technician, two grants narrowed to places"),
    ("contractor", "a firm's manager in three hospitals"),
    ("office", "the consortium's office"),
)


class Command(BaseCommand):
    help = "Fill an empty database with a believable consortium: hospitals, people, equipment, years of orders with their events."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=list(SIZES), default="S", help="S 20,000 orders, M 200,000, L 2,000,000")
        for name, what in (
            ("hospitals", "how many"), ("years", "how far back"), ("orders", "of all hospitals together"),
            ("people", "of a hospital, on average"),
        ):  # fmt: skip
            parser.add_argument(f"--{name}", type=int, help=f"{what}; instead of the size's own number")
        parser.add_argument("--seed", type=int, default=1, help="the same seed and end make the same rows")
        parser.add_argument("--until", help="the moment everything counts back from, ISO 8601; default: now")
        parser.add_argument("--password", default=PASSWORD, help="of the accounts it prints")
        parser.add_argument(
            "--measure",
            action="store_true",
            help="measure the figures of all days as well, write the reports of the last months, hang up a wall screen",
        )

    def handle(self, *args: Any, **given: Any) -> None:
        began = time.monotonic()
        wanted = {name: given[name] for name in ("hospitals", "years", "orders", "people")}
        if any(number is not None and number < 1 for number in wanted.values()):
            raise CommandError("Hospitals, years, orders and people begin at 1.")
        plan = plan_of(given["size"], given["seed"], self._until(given["until"]), **wanted)
        try:
            run.fill(plan, given["password"], self.stdout.write)
        except run.FilledError as error:
            raise CommandError("There are hospitals in this database already: fill begins in an empty one.") from error
        if not connection.in_atomic_block:
            run.analyze()
        if given["measure"]:
            run.measure_all(plan, self.stdout.write)
            secret = reports.arrange(plan)
            if not connection.in_atomic_block:
                run.analyze()
        self.stdout.write(f"{plan.orders:,} orders of {plan.hospitals} hospitals in {time.monotonic() - began:.0f} s")
        for account, who in PEOPLE:
            self.stdout.write(f"  {account + '@' + DOMAIN:24} {who}")
        self.stdout.write(f"  password of all four: {given['password']}")
        if given["measure"]:
            self.stdout.write(f"  wall screen: {settings.BASE_URL}{reverse('wall:wall', args=[secret])}")

    def _until(self, text: str | None) -> datetime:
        if text is None:
            return timezone.now()
        until = parse_datetime(text)
        if until is None:
            raise CommandError("--until wants a moment like 2026-11-22T09:30+08:00.")
        until = until if timezone.is_aware(until) else timezone.make_aware(until)
        if until > timezone.now():
            raise CommandError("--until cannot lie ahead: nothing has happened there yet.")
        return until
