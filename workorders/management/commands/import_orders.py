"""Bring in the work-order history of an older system from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from assets.permissions import ASSET_CHANGE
from exchange import domain
from exchange.models import Job
from exchange.states import DONE
from tenancy.actors import System
from tenancy.models import Hospital
from tenancy.scope import scope
from workorders.importers import ORDERS
from workorders.permissions import ORDER_IMPORT

ACTOR = System("import_orders", frozenset({ORDER_IMPORT, ASSET_CHANGE}))


def is_mapping(assigned: Any) -> bool:
    """Has the file the form that the help text shows?"""
    if not isinstance(assigned, dict) or not isinstance(options := assigned.get("options", {}), dict):
        return False
    plain = {name: value for name, value in options.items() if name != "services"}
    tables = (assigned.get("columns"), options.get("services", {}), plain)
    return all(isinstance(t, dict) and all(isinstance(v, str) for v in t.values()) for t in tables)


class Command(BaseCommand):
    help = """Bring in finished work orders from CSV or Excel. All or nothing: a bad cell is named and nothing is written,
    unless --skip-bad leaves its line out. The mapping is a JSON file:
    {"columns": {"reported_at": "Date", "title": "Text", "asset": "Machine", "type": "Kind", "cost": "Cost"},
     "options": {"service": "maintenance.other", "services": {"PM02": "maintenance.power"}, "date_format": "%d/%m/%Y",
                 "place": "B1", "make_assets": "Excavator"}}"""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--hospital", required=True, help="code of the hospital")
        parser.add_argument("--mapping", type=Path, required=True, help="JSON file: which column is which")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave lines with bad cells out, on purpose")

    def handle(self, *, file: Path, hospital: str, mapping: Path, **options: Any) -> None:
        try:
            content, assigned = file.read_bytes(), json.loads(mapping.read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if not is_mapping(assigned):
            raise CommandError(f'{mapping}: needs {{"columns": {{…}}, "options": {{…}}}}')
        found = Hospital.objects.filter(code=hospital.upper(), is_open=True).first()
        if found is None:
            raise CommandError(f"There is no hospital with the code {hospital}.")
        with scope([found.pk]), translation.override(options.get("language") or settings.LANGUAGE_CODE):
            self.bring_in(found, file.name, content, assigned, options)

    def bring_in(self, hospital: Hospital, name: str, content: bytes, assigned: dict[str, Any], options: Any) -> None:
        try:
            job = domain.hand_in(ACTOR, importer=ORDERS, hospital=hospital, content=content, name=name)
            rest = {"columns": assigned["columns"], "options": assigned.get("options", {})}
            job = self.run(domain.arrange(ACTOR, job, **rest))
            self.tell(job)
            if options["dry_run"]:
                transaction.set_rollback(True)
                return
            job = self.run(domain.bring_in(ACTOR, job, skip=options["skip_bad"]))
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(self.style.SUCCESS(", ".join(f"{count} {words}" for words, count in job.result["made"])))

    def run(self, job: Job) -> Job:
        done = domain.run(job.hospital_id, job.pk, actor=ACTOR)
        if done is None or done.state != DONE:
            raise CommandError(done.error if done else "The file is being brought in by somebody else.")
        return done

    def tell(self, job: Job) -> None:
        for name, value in job.result["summary"]:
            self.stdout.write(f"{name}: {value}")
        for fault in job.faults:
            self.stderr.write(f"{fault['cell']} ({fault['column']}): {fault['found']!r} → {fault['expected']}")
        if rest := job.result["fault_count"] - len(job.faults):
            self.stderr.write(f"… {rest}")
