"""Does everything frozen and published still stand as it was written?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment import chain, integrity
from assessment.models import FrozenFigure
from tenancy.models import Hospital
from tenancy.scope import scope


class Command(BaseCommand):
    help = """Check the chain of every hospital's frozen figures: their rows, digests and seals, and what was published of
    them. Names what does not hold and ends with an error; else prints how many figures hold and the last digest of each
    hospital, which may be kept on paper."""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--hospital", help="code of one hospital")

    def handle(self, *, hospital: str | None = None, **options: Any) -> None:
        found, asked = 0, Hospital.objects.filter(**{"code": hospital} if hospital else {})
        if hospital and not asked.exists():
            raise CommandError(f"There is no hospital {hospital}.")
        for one in asked:
            with scope([one.pk]):
                for fault in integrity.faults(one):
                    found += 1
                    self.stderr.write(f"{one.code}: {fault}")
                count, last = FrozenFigure.objects.filter(hospital=one).count(), chain.last_digest(one.pk)
            self.stdout.write(f"{one.code}: {count} figures {last}")
        if found:
            raise CommandError(f"{found} faults")
