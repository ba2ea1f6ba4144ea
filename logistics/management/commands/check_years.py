"""Are there rows of years that cannot be?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from logistics import years
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope


class Command(BaseCommand):
    help = """Name every row whose years no form takes any more (readings of meters, duties, certificates, values reported,
    requests for returns), each with the page where an administrator puts it right. Changes nothing; ends with an error
    if there is one."""

    def handle(self, **options: Any) -> None:
        found = 0
        for consortium in Consortium.objects.order_by("pk"):
            ours = list(Hospital.objects.filter(consortium=consortium).order_by("code"))
            with scope([one.pk for one in ours]):
                wrong = [(consortium.name, row) for row in years.of_consortium(consortium.pk)]
                wrong += [(one.code, row) for one in ours for row in years.of_hospital(one)]
            found += len(wrong)
            for whose, row in wrong:
                self.stderr.write(f"{whose}: {row}")
        if found:
            raise CommandError(f"{found} rows of years that cannot be")
        self.stdout.write("Every row is of a year that can be.")
