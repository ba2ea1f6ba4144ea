"""May the processes run as the role they log in as? The wall is no wall for an owner or superuser."""

from __future__ import annotations

from django.db import connection


def role_problems() -> list[str]:
    """What is wrong with the database role of this process; empty when the wall holds for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid"
            " AND relkind = 'r' AND relnamespace = 'public'::regnamespace) FROM pg_roles WHERE rolname = current_user"
        )
        name, superuser, bypass, owner = cursor.fetchone()
    problems = [(superuser, "is a superuser"), (bypass, "bypasses row-level security"), (owner, "owns tables")]
    return [f"The database role {name} {what}." for wrong, what in problems if wrong]
