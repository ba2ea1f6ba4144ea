"""The outer wall: what the database itself refuses, whatever the code above it forgot."""

import pytest
from django.db import DataError, Error, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from flow.models import Attachment, Event
from tenancy.models import Hospital, Membership, Place, Refusal, Team, Unit
from tenancy.rls import POLICY
from tenancy.scope import ScopeError, admit, current, scope, scope_of
from tests.factories import tenancy as make


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def counts(model):
    return dict.fromkeys(model.objects.values_list("hospital__code", flat=True))


# Loudness


def test_fresh_connection_without_scope_is_an_error_with_rows_present(transactional_db):
    hospital = make.hospital(make.consortium())
    with scope([hospital.pk]):
        assert Place.objects.count() == 1
    connection.close()
    with pytest.raises(ProgrammingError, match=r"app\.hospitals"):
        Place.objects.count()
    with scope([hospital.pk]):
        assert Place.objects.count() == 1
    with pytest.raises(DataError, match="malformed array"):
        Place.objects.count()


def test_after_a_scope_reading_is_an_error(world):
    with scope([world.a.id]):
        assert Unit.objects.exists()
    with pytest.raises(Error), transaction.atomic():
        Unit.objects.exists()


def test_after_a_scope_that_failed_reading_is_an_error(world):
    with pytest.raises(ZeroDivisionError), scope([world.a.id]):
        _ = 1 / 0
    assert current() is None
    with pytest.raises(Error), transaction.atomic():
        Unit.objects.exists()


def test_writing_without_a_scope_is_an_error(world):
    with pytest.raises(Error), transaction.atomic():
        Unit.objects.create(hospital=world.a.hospital, code="N", name="N")


def test_empty_scope_reads_nothing(world):
    with scope([]):
        assert not Unit.objects.exists()


def test_policy_reads_the_setting_once_a_statement(world):
    with scope([world.a.id]), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM tenancy_place")
        assert "InitPlan" in "\n".join(line for (line,) in cursor.fetchall())
    assert "(SELECT current_setting" in POLICY


# Narrowing


def test_scope_shows_only_its_hospitals(world):
    with scope([world.a.id]):
        assert set(counts(Unit)) == {"A"}
    with scope([world.a.id, world.b.id]):
        assert set(counts(Unit)) == {"A", "B"}


def test_nested_scope_narrows_and_the_outer_one_comes_back(world):
    with scope([world.a.id, world.b.id]):
        with scope([world.b.id]):
            assert set(counts(Unit)) == {"B"}
        assert set(counts(Unit)) == {"A", "B"}
        with pytest.raises(ZeroDivisionError), scope([world.a.id]):
            _ = 1 / 0
        assert set(counts(Unit)) == {"A", "B"}


def test_nested_scope_cannot_widen(world):
    with scope([world.a.id]), pytest.raises(ScopeError), scope([world.a.id, world.b.id]):
        pass
    with scope([world.a.id]), pytest.raises(ScopeError), scope_of(world.kim):
        pass


def test_scope_of_a_person_is_what_the_grants_reach(world):
    for user, codes in [
        (world.rita, {"A"}),
        (world.kim, {"A", "B"}),
        (world.cleo, {"A", "B"}),
        (world.olga, {"X"}),
    ]:
        with scope_of(user):
            assert set(counts(Place)) == codes


def test_scope_knows_the_consortia(world):
    with scope([world.outside.id]), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.consortia')")
        assert cursor.fetchone() == (f"{{{world.other_consortium.pk}}}",)


def test_admit_takes_a_new_hospital_in_only_for_this_scope(world):
    with scope([world.a.id]):
        admit(world.b.id)
        assert set(counts(Unit)) == {"A", "B"}
    assert current() is None


# Refused by the database: each statement is proved to work for the own hospital first


def test_insert_for_another_hospital_is_refused(world):
    sql = "INSERT INTO tenancy_unit (hospital_id, code, name, initials, kind, phone) VALUES (%s, 'NEW', 'n', '', 'clinical', '')"
    with scope([world.a.id]):
        assert run(sql, world.a.id) == 1
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(sql, world.b.id)


def test_update_and_delete_do_not_touch_another_hospital(world):
    with scope(world.hospitals()):
        mine = Unit.objects.create(hospital=world.a.hospital, code="DA", name="x").pk
        theirs = Unit.objects.create(hospital=world.b.hospital, code="DB", name="x").pk
    with scope([world.a.id]):
        for sql in ("UPDATE tenancy_unit SET name = 'y' WHERE id = %s", "DELETE FROM tenancy_unit WHERE id = %s"):
            assert (run(sql, mine), run(sql, theirs)) == (1, 0)
    with scope([world.b.id]):
        assert Unit.objects.get(pk=theirs).name == "x"


def test_moving_a_row_to_another_hospital_is_refused(world):
    sql = "UPDATE tenancy_unit SET hospital_id = %s WHERE id = %s"
    with scope([world.a.id]):
        unit = Unit.objects.create(hospital=world.a.hospital, code="MV", name="x").pk
        assert run(sql, world.a.id, unit) == 1
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(sql, world.b.id, unit)


@pytest.mark.parametrize(
    "table, column, part",
    [
        ("tenancy_place", "parent_id", "campus"),
        ("tenancy_unit", "place_id", "room"),
        ("tenancy_membership", "unit_id", "ward"),
        ("tenancy_membership", "team_id", "team"),
    ],
)
def test_pointing_at_a_row_of_another_hospital_is_refused_even_in_scope(world, table, column, part):
    sql = f"UPDATE {table} SET {column} = %s WHERE id = %s"
    with scope(world.hospitals()):
        row = {"tenancy_place": world.a.building, "tenancy_unit": world.a.ward}.get(table)
        row = row or Membership.objects.get(user=world.tom, hospital=world.a.hospital)
        assert run(sql, getattr(world.a, part).pk, row.pk) == 1
        with pytest.raises(IntegrityError, match="same_hospital"):
            run(sql, getattr(world.b, part).pk, row.pk)


def test_history_is_append_only(world):
    with scope([world.a.id]):
        event = Event.objects.create(
            hospital=world.a.hospital, subject="x", subject_id=1, verb="v", at="2026-01-01T00:00Z", actor_name="n"
        )
        for sql in (
            "UPDATE flow_event SET verb = 'other' WHERE id = %s",
            "DELETE FROM flow_event WHERE id = %s",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(sql, event.pk)
            assert run(sql.replace("flow_event", "flow_attachment").replace("verb = ", "name = "), 0) == 0
        with pytest.raises(ProgrammingError, match="permission denied"):
            run("TRUNCATE flow_event")
        assert Attachment.objects.count() == 0


@pytest.mark.parametrize("table", ["accounts_signin", "tenancy_refusal"])
def test_logs_are_append_only(world, table):
    Refusal.objects.create(path="/", method="GET", status=404)
    for sql in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE tenancy_unit DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON tenancy_unit",
        "SET LOCAL ROLE logistics_owner",
        "CREATE TABLE mine (id int)",
        "SELECT * FROM auth_permission",
    ],
)
def test_the_application_cannot_tear_the_wall_down(world, sql):
    with pytest.raises(ProgrammingError):
        run(sql)


# Through the middleware


@pytest.fixture
def browser(world):
    browser = Client(raise_request_exception=False)
    browser.force_login(world.kim)
    return browser


def test_a_refused_request_leaves_a_note_and_nothing_else(browser, world):
    assert browser.post("/scope/switch/", {"hospital": world.outside.id}).status_code == 404
    note = Refusal.objects.get()
    assert (note.user, note.path, note.method, note.status) == (world.kim, "/scope/switch/", "POST", 404)


def test_no_scope_is_left_after_a_request(browser):
    browser.get("/account/nothing/")
    assert current() is None
    with pytest.raises(Error), transaction.atomic():
        Team.objects.exists()


def test_closed_hospital_is_out_of_everybodys_scope(world):
    Hospital.objects.filter(pk=world.a.id).update(is_open=False)
    with scope_of(world.ada) as facts:
        assert facts["hospitals"] == []
