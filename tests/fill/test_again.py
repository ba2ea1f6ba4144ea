"""Filling: the same seed makes the same rows, a failure leaves everything as it was, what is there is not touched."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from flow.models import Event
from hazards.models import Hazard
from inspections.models import Answer, Round
from kpi.models import Measurement
from logistics.fill import bulk, run
from logistics.fill.plan import SIZES, days_of, open_orders, plan_of
from tenancy.models import Consortium, Hospital, Membership, Place
from tests.fill.conftest import catalogue, nothing_stays, plan
from workorders.models import Line, WorkOrder

TOLD = (
    "title",
    "description",
    "state",
    "urgency",
    "channel",
    "reported_at",
    "due_at",
    "finished_at",
    "closed_at",
    "cost",
    "number",
)
SAID = ("verb", "source", "target", "at", "actor_name")


def rows(wanted):
    """Everything a filled database says, by words and moments instead of keys."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE assets_asset_id_seq RESTART")  # an empty register's numbers begin at one
        run.fill(wanted, "password-of-fill")
        of_orders = Event.objects.filter(subject="workorders.workorder")
        told = (
            list(
                WorkOrder.objects.order_by("id").values_list(
                    *TOLD, "hospital__code", "place__full_name", "assignee__name"
                )
            ),
            list(of_orders.order_by("id").values_list(*SAID)),
            list(Event.objects.order_by("at", *SAID).values_list(*SAID)),
            list(
                Membership.objects.order_by("id").values_list("name", "staff_number", "phone", "starts_on", "ends_on")
            ),
            list(Place.objects.order_by("id").values_list("full_name", "code")),
            list(Hazard.objects.order_by("id").values_list("number", "title", "state", "due_on", "found_at", "level")),
            list(Round.objects.order_by("due_at", "plan", "asset").values_list("state", "due_at", "done_at", "found")),
            list(Answer.objects.order_by("id").values_list("passed", "value", "text", "at")),
        )
        transaction.set_rollback(True)
    return told


def test_same_seed_makes_the_same_rows(empty):
    one = plan(seed=3, orders=200, hospitals=2, people=30)

    first, again, other = rows(one), rows(one), rows(plan(seed=4, orders=200, hospitals=2, people=30))

    assert [len(told) > 60 for told in first] == [True] * 8
    assert first == again
    assert first[0] != other[0] and first[3] != other[3]


def test_indexes_constraints_and_triggers_come_back(empty):
    before = catalogue()

    with nothing_stays():
        run.fill(plan(orders=100, hospitals=1, people=30), "password-of-fill")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert catalogue() == before

    assert len(before) > 200 and not [line for line in before if line.endswith("false")]


def test_failure_in_the_middle_leaves_everything_as_it_was(empty):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE flow_event ADD CONSTRAINT nothing_is_closed CHECK (verb <> 'close')")
    before = catalogue()

    with pytest.raises(IntegrityError, match="nothing_is_closed"):
        run.fill(plan(orders=100, hospitals=1, people=30), "password-of-fill")

    assert catalogue() == before
    assert not (Hospital.objects.exists() or User.objects.exists() or Event.objects.exists())


def test_row_that_breaks_a_constraint_taken_down_is_found(empty):
    before = catalogue()

    with pytest.raises(IntegrityError, match="workorders_line"), transaction.atomic(), bulk.taken_down(run.LARGE):
        Line.objects.create(hospital_id=10**9, order_id=10**9, kind="part", text="无主", at=plan().until)

    assert catalogue() == before


def test_database_with_hospitals_is_refused(empty):
    consortium = Consortium.objects.create(name="有了")
    Hospital.objects.create(consortium=consortium, code="X", name="已有医院", short_name="已有")

    with pytest.raises(CommandError, match="hospitals in this database already"):
        call_command("fill", "--orders", "100")

    assert not WorkOrder.objects.exists()


def test_table_with_rows_keeps_its_indexes(empty):
    with pytest.raises(bulk.NotEmptyError), bulk.taken_down(("django_migrations",)):
        raise AssertionError("never reached")


def test_command_names_its_accounts_and_leaves_fresh_keys(empty):
    said = StringIO()

    call_command("fill", "--orders=100", "--hospitals=1", "--people=30", "--years=1", "--measure", stdout=said)

    for name in ("desk", "tech", "contractor", "office"):
        assert f"{name}@fill.example" in said.getvalue()
    assert Measurement.objects.exists()
    with connection.cursor() as cursor:
        for table, model in (("workorders_workorder", WorkOrder), ("flow_event", Event), ("workorders_line", Line)):
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            assert cursor.fetchone()[0] > model.objects.order_by("-id").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("size", SIZES)
def test_plan_spreads_exactly_what_is_asked(size):
    made = plan_of(size, 1, plan().until)
    days, going_on = days_of(made), open_orders(made)

    assert sum(day.count for day in days) == made.orders
    assert all(a.first + a.count == b.first for a, b in pairwise(days))
    assert len(going_on) == len({n for n, _state in going_on}) == round(made.orders * 0.015)
    assert min(n for n, _state in going_on) > made.orders * 0.96
    assert {state for _n, state in going_on} == {"reported", "dispatched", "accepted", "arrived", "waiting"}


def test_largest_of_fifty_has_nine_in_a_hundred():
    shares = plan_of("L", 1, plan().until).shares()

    assert len(shares) == 50 and 0.085 < shares[0] < 0.095 and shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1) < 1e-9
