"""Take in a year of hospitals' returns from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from indicators import domain, spans
from indicators.models import ReturnFile
from indicators.permissions import RETURN_CHANGE
from tenancy.actors import System
from tenancy.models import Consortium, Hospital
from tenancy.permissions import HOSPITAL_CHANGE
from tenancy.scope import scope

ACTOR = System("import_returns", frozenset({RETURN_CHANGE, HOSPITAL_CHANGE}))


class Command(BaseCommand):
    help = """Take in a file of returns (CSV or Excel): hospitals that are new are opened, quantities and indicators made.
    All or nothing: a damaged or missing column is refused by name, a bad cell is named and nothing is written, unless
    --skip-bad leaves its line out. How the mapping looks is told in docs/indicators.md."""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--period", required=True, help="2016, 2016-17, 2016-Q4 or 2016-11")
        parser.add_argument("--mapping", type=Path, required=True, help="JSON file: which column is which")
        parser.add_argument("--consortium", help="name of the consortium, where there are several")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave lines with bad cells out, on purpose")

    def handle(self, *, file: Path, period: str, mapping: Path, **options: Any) -> None:
        try:
            content, assigned = file.read_bytes(), json.loads(mapping.read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        consortium = self.consortium(options["consortium"])
        members = Hospital.objects.filter(consortium=consortium).values_list("pk", flat=True)
        with scope(list(members)), translation.override(settings.LANGUAGE_CODE):
            try:
                begins = assigned.get("year_begins", spans.APRIL) if isinstance(assigned, dict) else spans.APRIL
                first, last = spans.parse(period, str(begins))
                found = domain.hand_in(
                    ACTOR, consortium, content=content, name=file.name, mapping=assigned, first=first, last=last
                )
                self.tell(found)
                if options["dry_run"]:
                    transaction.set_rollback(True)
                    domain.refuse_faults(found.result["fault_count"], skip_bad=options["skip_bad"])
                    return
                found = domain.take_in(ACTOR, found, skip_bad=options["skip_bad"])
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(self.style.SUCCESS(f"{found.result['right']} hospitals, {found.result['written']} values"))

    @staticmethod
    def consortium(name: str | None) -> Consortium:
        found = list(Consortium.objects.filter(name=name) if name else Consortium.objects.all()[:2])
        if len(found) != 1:
            raise CommandError("Name the consortium: --consortium" if found else "There is no such consortium.")
        return found[0]

    def tell(self, file: ReturnFile) -> None:
        result = file.result
        self.stdout.write(
            f"{spans.written(file.first, file.last)}: {result['right']} lines, {result['values']} values, "
            f"{len(result['new_hospitals'])} new hospitals"
        )
        for key, count in result["empty"].items():
            if count:
                self.stdout.write(f"{key}: {count} lines leave it empty")
        for fault in result["faults"]:
            self.stderr.write(f"{fault['cell']} ({fault['column']}): {fault['found']!r} → {fault['expected']}")
        if rest := result["fault_count"] - len(result["faults"]):
            self.stderr.write(f"… {rest}")
