"""Say why a person may or may not do something: every grant, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenancy.backends import find
from tenancy.models import Hospital
from tenancy.permissions import declared
from tenancy.queries import explain
from tenancy.scope import scope


class Command(BaseCommand):
    help = "Why may a person, or why not? Example: why A/1001 tenancy.unit.view tenancy.unit 7"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="e-mail, or hospital code and staff number: A/1001")
        parser.add_argument("permission", help="for example workorders.order.view")
        parser.add_argument("model", nargs="?", help="for example tenancy.unit")
        parser.add_argument("id", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        user = find(options["login"])
        if user is None:
            raise CommandError("Nobody signs in with this.")
        if options["permission"] not in declared():
            raise CommandError("There is no such permission. Known: " + ", ".join(sorted(declared())))
        with scope(Hospital.objects.values_list("pk", flat=True)):
            row = self._row(options["model"], options["id"]) if options["model"] else None
            reasons = explain(user, options["permission"], row)
            for reason in reasons:
                mark = "yes" if reason.reaches else "no "
                self.stdout.write(f"{mark}  {reason.grant.role} @ {reason.where}: {reason.why}")
        answer = "may" if any(reason.reaches for reason in reasons) else "may not"
        self.stdout.write(f"{user.name} {answer}: {options['permission']}" + (f" on {row}" if row is not None else ""))

    def _row(self, name: str, pk: int) -> Any:
        try:
            model = apps.get_model(name)
        except (LookupError, ValueError) as error:
            raise CommandError(f"There is no model {name}.") from error
        row = model._default_manager.filter(pk=pk).first()
        if row is None:
            raise CommandError(f"There is no {name} {pk}.")
        return row
