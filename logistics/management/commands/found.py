"""The first step in a new installation: the consortium, its first hospital, its first administrator."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tenancy import domain, modules
from tenancy.actors import System
from tenancy.models import Consortium, Hospital
from tenancy.permissions import declared
from tenancy.scope import scope


class Command(BaseCommand):
    help = "Found a consortium with its first hospital and an administrator of all of it; prints a first password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--consortium", required=True, help="name of the consortium")
        parser.add_argument("--code", required=True, help="code of the first hospital, 1 to 6 letters or digits")
        parser.add_argument("--hospital", required=True, help="name of the first hospital")
        parser.add_argument("--kind", default="general", choices=Hospital.Kind.values)
        parser.add_argument("--administrator", required=True, help="name of the administrator")
        parser.add_argument("--email", required=True, help="the administrator's e-mail, to sign in with")

    @transaction.atomic
    def handle(self, *args: Any, **given: Any) -> None:
        if Consortium.objects.filter(name=given["consortium"]).exists():
            raise CommandError(f"There is a consortium called {given['consortium']} already.")
        actor = System("foundation", frozenset(declared()))
        consortium = Consortium.objects.create(name=given["consortium"])
        roles = domain.sync_roles(consortium)
        password = secrets.token_urlsafe(12)
        with scope([]):  # the hospital that opens joins it
            hospital = domain.open_hospital(
                actor,
                consortium=consortium,
                code=given["code"],
                name=given["hospital"],
                short_name=given["hospital"][:20],
                kind=given["kind"],
                modules=[slug for slug, _label in modules.choices()],
            )
            member = domain.add_person(
                actor,
                hospital=hospital,
                staff_number="admin",
                name=given["administrator"],
                email=given["email"],
                password=password,
                grants=[{"role": roles["administrator"], "consortium": consortium}],
            )
        member.user.must_change_password = True
        member.user.save(update_fields=["must_change_password"])
        self.stdout.write(f"Sign in as {given['email']} with the password {password} and choose one of your own.")
