"""The search functions read by their index, called as the application calls them.

What a function does inside stands in no plan of its caller, and its statement for orders is only written while it runs. So the
database's own count of this transaction is asked: how often was each index read, how often a whole table?
"""

import pytest
from django.db import connection

from assets.models import Asset
from tenancy.models import Membership, Place, Unit
from tenancy.scope import scope
from tenancy.search import found
from workorders.models import WorkOrder
from workorders.search import found_orders

INDEXES = {model: f"{model._meta.db_table}_search" for model in (Place, Unit, Membership, Asset)} | {
    WorkOrder: "order_search"
}


def read(name):
    """Reads of this index, or of this whole table from end to end, since the transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(pg_stat_get_xact_numscans(%s::regclass), 0)", [name])
        return cursor.fetchone()[0]


def reads_of(ask):
    """What asking read: by index, and the whole tables."""
    names = [*INDEXES.values(), *(model._meta.db_table for model in INDEXES)]
    before = {name: read(name) for name in names}
    ask()
    return {name for name in names if read(name) > before[name]}


@pytest.mark.parametrize("word", ["水", "水电", "b1-301", "301", "hsz", "13800138"])
@pytest.mark.parametrize("model", [Place, Unit, Membership, Asset])
def test_a_table_is_searched_by_its_index_alone(site, model, word):
    with scope([site.a.id]):
        assert reads_of(lambda: found(model, [word])) == {INDEXES[model]}
    with scope(site.hospitals()):
        assert reads_of(lambda: found(model, [word, "x"])) == {INDEXES[model]}


@pytest.mark.parametrize(
    ("words", "states"),
    [(["138"], None), (["13800138"], None), (["灯"], ["reported"]), (["水龙头", "滴"], None), (["kt"], None)],
)
def test_orders_are_searched_by_their_index(make_order, site, words, states):
    """And what stands behind an order by the indexes of places, assets and people."""
    make_order()
    behind = {INDEXES[model] for model in (Place, Asset, Membership)}
    with scope([site.a.id]):
        read = reads_of(lambda: found_orders(words, None, states))
    assert "order_search" in read and behind <= read
    assert "workorders_workorder" not in read


def test_reading_a_whole_table_is_told(site):
    """The count tells an index from a table."""
    with scope([site.a.id]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        assert reads_of(lambda: cursor.execute("SELECT count(name) FROM tenancy_unit")) >= {"tenancy_unit"}
