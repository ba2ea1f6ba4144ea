"""Migration operations that build the wall. They are the last operations of the migration that makes the table."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from tenancy.fences import APPEND, FULL, OUTSIDE

# The sub-select makes PostgreSQL read the setting once a statement, not once a row. Without a scope the setting is
# unknown or empty and the statement fails: a forgotten scope is loud.
POLICY = "({column} = ANY ((SELECT current_setting('{setting}')::bigint[])::bigint[]))"


def _grant(table: str, privileges: str) -> str:
    return f'GRANT {privileges} ON "{table}" TO "{settings.APP_ROLE}";'


def _rule(column: str, setting: str) -> str:
    return POLICY.format(column=column, setting=setting)


SPAN = (
    f"({_rule('consortium_id', 'app.consortia')}"
    " AND hospitals <@ (SELECT current_setting('app.hospitals')::bigint[])::bigint[])"
)


def _fence(table: str, rule: str, privileges: str) -> str:
    return (
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;'
        f'CREATE POLICY tenant ON "{table}" USING {rule} WITH CHECK {rule};' + _grant(table, privileges)
    )


class ProtectTenant(migrations.RunSQL):
    """Fence a hospital's table; the application may read and write rows of the hospitals in scope."""

    def __init__(self, table: str, privileges: str = FULL) -> None:
        super().__init__(_fence(table, _rule("hospital_id", "app.hospitals"), privileges), migrations.RunSQL.noop)


class AppendOnly(ProtectTenant):
    """Fence a hospital's history: rows are added and read, never changed or deleted."""

    def __init__(self, table: str) -> None:
        super().__init__(table, APPEND)


class ProtectConsortium(migrations.RunSQL):
    """Fence a table shared by all hospitals of a consortium."""

    def __init__(self, table: str, privileges: str = FULL) -> None:
        super().__init__(_fence(table, _rule("consortium_id", "app.consortia"), privileges), migrations.RunSQL.noop)


class ProtectSpan(migrations.RunSQL):
    """Fence a table whose rows tell of several hospitals of a consortium: seen only where all of them are in scope."""

    def __init__(self, table: str, privileges: str = FULL) -> None:
        super().__init__(_fence(table, SPAN, privileges), migrations.RunSQL.noop)


class Outside(migrations.RunSQL):
    """A table outside the wall: what `fences.OUTSIDE` says of it."""

    def __init__(self, table: str) -> None:
        super().__init__(_grant(table, OUTSIDE[table][0]), migrations.RunSQL.noop)


class SameHospital(migrations.RunSQL):
    """A row may only point at a row of its own hospital (foreign-key checks do not see the wall)."""

    def __init__(self, table: str, column: str, target: str) -> None:
        name = f"{table}_{column}_same_hospital"[:63]
        super().__init__(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (hospital_id, {column})'
            f' REFERENCES "{target}" (hospital_id, id) DEFERRABLE INITIALLY IMMEDIATE;',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}";',
        )
