"""Print what a database administrator must run once, where the server is not the embedded one."""

from django.conf import settings
from django.core.management.base import BaseCommand

SQL = """-- Run as an administrator of the PostgreSQL server (15 or newer), then set the passwords.
CREATE ROLE {owner} LOGIN CREATEDB PASSWORD 'change-me';
CREATE ROLE {app} LOGIN PASSWORD 'change-me-too';
CREATE DATABASE {database} OWNER {owner};
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {app};
ALTER ROLE {app} SET statement_timeout = '60s';
ALTER ROLE {app} SET lock_timeout = '10s';
ALTER ROLE {app} SET idle_in_transaction_session_timeout = '60s';
"""


class Command(BaseCommand):
    help = "Print the SQL that makes both roles and the database."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        owner = settings.DATABASE_OWNER or {"USER": "logistics_owner", "NAME": "logistics"}
        self.stdout.write(SQL.format(owner=owner["USER"], app=settings.APP_ROLE, database=owner["NAME"]))
