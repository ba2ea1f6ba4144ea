"""Every table of the database: which wall stands around it, and what the application may do with it."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from tenancy.checks import role_problems
from tenancy.fences import APPEND, FULL, OUTSIDE, UNUSED
from tenancy.models import ConsortiumModel, SpanModel, TenantModel

RULE = "({column} = ANY (( SELECT (current_setting('{setting}'::text))::bigint[] AS current_setting)::bigint[]))"
SPAN = (
    "((consortium_id = ANY (( SELECT (current_setting('app.consortia'::text))::bigint[] AS current_setting)::bigint[]))"
    " AND (hospitals <@ ( SELECT (current_setting('app.hospitals'::text))::bigint[] AS current_setting)))"
)
PRIVILEGES = {"a": "INSERT", "r": "SELECT", "w": "UPDATE", "d": "DELETE"}


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def fenced(base):
    return {m._meta.db_table: m for m in apps.get_models(include_auto_created=True) if issubclass(m, base)}


TENANT, CONSORTIUM = fenced(TenantModel), fenced(ConsortiumModel)
ACROSS = fenced(SpanModel)
FENCED = {**TENANT, **CONSORTIUM}


def tables():
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def declared(table):
    if table in OUTSIDE:
        return set(OUTSIDE[table][0].split(", "))
    return set((APPEND if FENCED[table].append_only else FULL).split(", "))


def test_every_table_stands_inside_a_wall_or_is_listed_outside(db):
    assert tables() == FENCED.keys() | OUTSIDE.keys() | UNUSED
    assert not FENCED.keys() & OUTSIDE.keys()


def test_every_fenced_table_has_exactly_the_one_policy(db):
    policies = rows(
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' ORDER BY 1"
    )
    expected = []
    for table in sorted(FENCED):
        column, setting = ("hospital_id", "app.hospitals") if table in TENANT else ("consortium_id", "app.consortia")
        rule = SPAN if table in ACROSS else RULE.format(column=column, setting=setting)
        expected.append((table, "tenant", "PERMISSIVE", "{public}", "ALL", rule, rule))
    assert policies == expected
    on = {name for (name,) in rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")}
    assert on == FENCED.keys()


def test_the_application_may_exactly_what_is_declared(db):
    found = {}
    for table, grantee, privilege in rows(
        "SELECT c.relname, coalesce(g.rolname, 'PUBLIC'), a.privilege_type FROM pg_class c,"
        " aclexplode(c.relacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')"
        " AND a.grantee <> c.relowner"
    ):
        found.setdefault((table, grantee), set()).add(privilege)
    assert found == {(table, settings.APP_ROLE): declared(table) for table in FENCED.keys() | OUTSIDE.keys()}


def test_no_column_sequence_or_schema_is_given_apart(db):
    columns = rows(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE attacl IS NOT NULL AND c.relnamespace = 'public'::regnamespace"
    )
    sequences = rows(
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
        " AND has_sequence_privilege(current_user, oid, 'UPDATE')"
    )
    creates = rows("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
    assert (columns, sequences, creates) == ([], [], [(False,)])


def test_there_are_no_views_that_would_read_past_the_wall(db):
    assert rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []


def test_the_application_owns_nothing_and_bypasses_nothing(db):
    assert role_problems() == []
    assert rows("SELECT current_user") == [(settings.APP_ROLE,)]
    owned = "SELECT relname FROM pg_class WHERE relowner = current_user::regrole"
    memberships = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = current_user::regrole"
    assert (rows(owned), rows(memberships)) == ([], [])


def test_functions_of_the_owner_are_pinned_and_not_for_everybody(db):
    """Functions that see past the wall: fixed search path, called by the application only."""
    for name, config, acl in rows(
        "SELECT proname, proconfig, proacl::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ):
        assert config and config[0].startswith("search_path=pg_catalog"), name
        assert acl and not acl.startswith("{=") and ",=" not in acl, name


def same_hospital():
    """(table, column, target) of every pointer from a fenced row to a fenced row."""
    for table, model in sorted(TENANT.items()):
        for field in model._meta.concrete_fields:
            if field.is_relation and issubclass(field.related_model, TenantModel):
                yield table, field.column, field.related_model._meta.db_table


@pytest.mark.parametrize("table, column, target", list(same_hospital()))
def test_every_pointer_between_hospitals_rows_stays_in_the_hospital(db, table, column, target):
    found = rows(
        "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass AND confrelid = %s::regclass"
        " AND pg_get_constraintdef(oid) LIKE %s",
        f"public.{table}",
        f"public.{target}",
        f"FOREIGN KEY (hospital_id, {column}) REFERENCES {target}(hospital_id, id)%",
    )
    assert found == [(1,)], f"SameHospital({table!r}, {column!r}, {target!r}) is missing"
