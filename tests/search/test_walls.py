"""A search never sees past the wall, nor past what a person was granted."""

import json

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from assets.models import Asset
from tenancy.models import Membership, Place, Unit
from tenancy.scope import scope, scope_of
from tenancy.search import found
from workorders.models import WorkOrder
from workorders.search import found_orders

FUNCTIONS = ("tenancy_place", "tenancy_unit", "tenancy_membership", "assets_asset", "hazards_hazard")
WORDS = {Place: "护士站", Unit: "心内科", Membership: "1003", Asset: "输液泵"}


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.parametrize("model", WORDS)
def test_rows_of_another_hospital_are_never_answered(site, model):
    with scope(site.hospitals()):
        of = dict(model.objects.values_list("pk", "hospital_id"))
        everywhere = found(model, [WORDS[model]])
    for hospital in (site.a.id, site.b.id):
        with scope([hospital]):
            inside = found(model, [WORDS[model]])
            assert inside and {of[pk] for pk in inside} == {hospital}
            assert set(found(model, [WORDS[model]], [site.a.id, site.b.id, site.outside.id])) == set(inside)
        assert set(inside) < set(everywhere)
    with scope([site.a.id]):
        assert found(model, [WORDS[model]], [site.b.id]) == []
    with scope([]):
        assert found(model, [WORDS[model]]) == []


@pytest.mark.parametrize("word", ["水龙头", "水", "a-7", "护士站", "输液泵", "Tom".lower(), "slt"])
def test_orders_of_another_hospital_are_never_answered(make_order, site, word):
    number = iter(range(70, 80))
    own = make_order(number=f"A-{next(number)}", assignee=site.tom, asset=site.pump)
    theirs = make_order(number=f"A-{next(number)}", assignee=site.tom_b, asset=site.pump_b, at=site.b)
    for hospital, order in ((site.a.id, own), (site.b.id, theirs)):
        with scope([hospital]):
            assert found_orders([word]) == [order.pk]
            assert found_orders([word], [site.a.id, site.b.id]) == [order.pk]
            assert found_orders([word], None, ["reported"]) == []
    with scope([site.a.id, site.b.id]):
        assert found_orders([word]) == [theirs.pk, own.pk]
        assert found_orders([word], [site.b.id]) == [theirs.pk]
    with scope([site.outside.id]):
        assert found_orders([word]) == []


@pytest.mark.parametrize(
    "call", [lambda model=model: found(model, ["1"]) for model in WORDS] + [lambda: found_orders(["1"])]
)
def test_without_a_scope_a_search_fails(site, call):
    with pytest.raises(DatabaseError), transaction.atomic():
        call()


def test_the_application_calls_what_answers_ids_and_nothing_behind_it(db):
    """Only the functions that cap their answer and apply the scope are the application's."""
    role = settings.APP_ROLE
    may = {
        name
        for (name,) in rows(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            " AND has_function_privilege(%s, oid, 'EXECUTE') AND proname ~ '_(search|find|around)$'",
            role,
        )
    }
    assert may == {f"{table}_search" for table in (*FUNCTIONS, "workorders_workorder")}
    behind = [f"{table}_find(ARRAY['a'], NULL)" for table in FUNCTIONS] + ["tenancy_place_around('a', NULL)"]
    for call in behind:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows(f"SELECT {call}")


def test_narrower_grants_hold(make_order, search, site):
    make_order("灯甲", team=site.a.team, assignee=site.tom)
    make_order("灯乙", team=site.a.other_team, place=site.a.root, unit=site.a.other_ward)
    make_order("灯丙", at=site.b)
    make_order("灯丁", unit=site.a.ward, place=site.a.root)
    make_order("灯戊", reporter=site.rita, place=site.a.root)
    make_order("灯己", department="cleaning", contractor=site.firm, place=site.a.root)
    assert search(site.dan, "灯") == sorted(["灯甲", "灯乙", "灯丁", "灯戊", "灯己"])
    assert search(site.tom, "灯") == ["灯甲"]
    assert search(site.rita, "灯") == ["灯丁"]
    assert search(site.cleo, "灯") == ["灯己"]
    assert search(site.kim, "灯") == sorted(["灯甲", "灯乙", "灯丙", "灯丁", "灯戊", "灯己"])
    assert search(site.olga, "灯") == []


def test_at_most_1001_ids_the_newest(make_order, site):
    with scope([site.a.id]):
        made = [Unit(hospital=site.a.hospital, code=f"Z{n}", name=f"测试科{n}") for n in range(1100)]
        newest = sorted((unit.pk for unit in Unit.objects.bulk_create(made)), reverse=True)[:1001]
        assert found(Unit, ["测试科"]) == newest
        assert found(Unit, ["测"]) == newest


def test_what_one_person_searches_for_does_not_stay_for_the_next(make_order, site):
    """The function's own settings of the planner end with it."""
    make_order()
    with scope_of(site.dan):
        before = rows("SELECT name, setting FROM pg_settings WHERE name ~ '^enable_|^work_mem$|^jit$' ORDER BY 1")
        found_orders(["水"])
        assert WorkOrder.objects.count() >= 1
        assert (
            rows("SELECT name, setting FROM pg_settings WHERE name ~ '^enable_|^work_mem$|^jit$' ORDER BY 1") == before
        )


@pytest.mark.parametrize("sign", ["\x01", "\x02", "'", "\\", "%", "{whole}"])
def test_nothing_typed_becomes_part_of_a_statement(make_order, site, sign):
    """The function runs as the owner: whoever calls it by hand with odd signs gets rows, or none, of the scope only."""
    make_order("甲", at=site.b)
    with scope([site.a.id]):
        for words, states in (
            ([f"{sign}' OR true --"], None),
            (["a"], [f"{sign}' OR true --"]),
            ([f"{sign}{sign}"], [sign]),
        ):
            assert found_orders(words, None, states) == []


def test_who_sees_a_part_finds_the_newest_of_that_part_behind_a_thousand_newer_ones(make_order, search, site):
    """Each of the old ones is seen by one of them; a thousand newer ones by none but the desk."""
    make_order("灯甲", team=site.a.team, assignee=site.tom, state="accepted")
    make_order("灯丁", unit=site.a.ward, place=site.a.root)
    make_order("灯己", department="cleaning", contractor=site.firm, place=site.a.root)
    newer = make_order("灯", team=site.a.other_team, place=site.a.root, unit=site.a.other_ward)
    with scope([site.a.id]):
        rows = WorkOrder.objects.filter(pk=newer.pk).values()[0]
        del rows["id"]
        WorkOrder.objects.bulk_create(WorkOrder(**rows | {"number": f"N-{n}", "form_key": None}) for n in range(1005))
    assert set(search(site.dan, "灯")) == {"灯"}
    for word in ("灯", "d"):
        assert search(site.tom, word) == ["灯甲"]
        assert search(site.rita, word) == ["灯丁"]
        assert search(site.cleo, word) == ["灯己"]
    assert search(site.tom, "灯", state="open") == ["灯甲"]


@pytest.mark.parametrize("odd", ["'", "x' OR true --", "\x01", "\x02", "%s"])
def test_no_narrowing_becomes_part_of_a_statement(make_order, site, odd):
    make_order("甲", at=site.b)
    with scope([site.a.id]):
        for facts in ({"path": odd}, {"department": odd}):
            assert found_orders(["甲"], None, None, json.dumps([{"hospitals": [site.a.id], **facts}])) == []
