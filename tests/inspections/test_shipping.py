"""Shipped checklists become rows: once, in the reader's language, and never over what a consortium wrote itself."""

import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy, override

from inspections import catalogue, editions
from inspections.catalogue import ChecklistDef, ItemDef
from inspections.models import Checklist, Edition, Item
from inspections.shipping import ship, ship_everywhere
from inspections.states import CHOICE, CURRENT, OFFERED, OLD, VALUE
from tenancy.scope import scope
from tests.factories import tenancy as make

FIRST = ChecklistDef(
    key="maintenance.test",
    label=gettext_lazy("Water and drains"),
    items=(
        ItemDef("oil", gettext_lazy("Something spilled"), section=gettext_lazy("Cleaning")),
        ItemDef("volts", gettext_lazy("Electricity and lighting"), VALUE, unit="V", low="24", high="28.5"),
        ItemDef(
            "seen",
            "?",
            CHOICE,
            options=(gettext_lazy("Waste"), gettext_lazy("Pests")),
            passing=(gettext_lazy("Waste"),),
        ),
    ),
    standard="特种设备安全监察条例",
    clause="第31条",
    statutory=True,
)


@pytest.fixture
def only(monkeypatch):
    """The catalogue holds nothing but this."""

    def hold(*definitions):
        monkeypatch.setattr(catalogue, "_checklists", {d.key: d for d in definitions})

    hold(FIRST)
    return hold


@pytest.fixture
def at_a(world):
    with scope([world.a.id, world.b.id]):
        yield world


def states(checklist):
    return list(checklist.editions.order_by("number").values_list("number", "state", "shipped_number"))


def test_shipping_makes_rows_once(at_a, only):
    assert ship(at_a.consortium) == 1
    assert ship(at_a.consortium) == 0
    row = Checklist.objects.get(key="maintenance.test")
    edition = row.editions.get()

    assert (row.department, row.home, row.shipped_name) == ("maintenance", None, "给排水")
    assert (edition.state, edition.number, edition.lines, edition.statutory) == (CURRENT, 1, 3, True)
    assert list(edition.items.values_list("key", "order", "low", "high")) == [
        ("oil", 1, None, None),
        ("volts", 2, Decimal(24), Decimal("28.5")),
        ("seen", 3, None, None),
    ]


def test_texts_stand_in_the_readers_language(at_a, only):
    ship(at_a.consortium)
    oil, _volts, seen = Item.objects.order_by("order")
    chinese, english = [], []
    for language, found in (("zh-hans", chinese), ("en", english)):
        with override(language):
            found += [oil.words, oil.heading, [label for _value, label in seen.choices], str(Checklist.objects.get())]

    assert english == ["Something spilled", "Cleaning", ["Waste", "Pests"], "Water and drains"]
    assert chinese == [oil.text, oil.section, seen.options, "给排水"]
    assert oil.text and not oil.text.isascii() and seen.passing == [seen.options[0]]


def test_text_that_code_no_longer_knows_stays_chinese(at_a, only):
    ship(at_a.consortium)
    item = Item(text="机油液位", msgids={"text": "A text that was taken out of the code"})
    with override("zh-hant"):
        assert item.words == "机油液位"
    with override("en"):
        assert item.words == "A text that was taken out of the code"
    only()
    with override("en"):
        assert str(Checklist.objects.get()) == "给排水"


def test_higher_edition_replaces_the_shipped_one(at_a, only):
    ship(at_a.consortium)
    only(replace(FIRST, edition=2, items=FIRST.items[:2]))

    assert ship(at_a.consortium) == 1
    row = Checklist.objects.get()
    assert states(row) == [(1, OLD, 1), (2, CURRENT, 2)]
    assert row.editions.get(state=CURRENT).items.count() == 2


def test_own_edition_stays_and_the_shipped_one_is_offered(at_a, only):
    ship(at_a.consortium)
    row = Checklist.objects.get()
    editions.publish(at_a.kim, editions.draft(at_a.kim, row), "our own")
    only(replace(FIRST, edition=2))
    ship(at_a.consortium)
    assert states(row) == [(1, OLD, 1), (2, CURRENT, None), (3, OFFERED, 2)]

    only(replace(FIRST, edition=3))
    ship(at_a.consortium)
    ship(at_a.consortium)
    assert states(row) == [(1, OLD, 1), (2, CURRENT, None), (3, OLD, 2), (4, OFFERED, 3)]

    editions.publish(at_a.kim, row.editions.get(number=4))
    assert states(row)[1:] == [(2, OLD, None), (3, OLD, 2), (4, CURRENT, 3)]


def test_declined_offer_is_not_made_again(at_a, only):
    ship(at_a.consortium)
    row = Checklist.objects.get()
    editions.publish(at_a.kim, editions.draft(at_a.kim, row))
    only(replace(FIRST, edition=2))
    ship(at_a.consortium)
    editions.discard(at_a.kim, row.editions.get(state=OFFERED))

    assert ship(at_a.consortium) == 0
    assert row.editions.get(state=CURRENT).number == 2


def test_new_hospital_finds_the_checklists_of_its_consortium(db, only):
    first = make.hospital(make.consortium(), "N1")
    with scope([first.pk]):
        assert Edition.objects.filter(state=CURRENT).count() == 1
    second = make.hospital(first.consortium, "N2")
    with scope([second.pk]):
        assert Checklist.objects.count() == 1


def test_every_consortium_gets_them_with_the_migrations(world, only):
    ship_everywhere()
    ship_everywhere()
    for site in (world.a, world.outside):
        with scope([site.id]):
            assert [c.consortium_id for c in Checklist.objects.all()] == [site.hospital.consortium_id]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_ship_once(only):
    hospital = make.hospital(make.consortium(), "N1")
    only(replace(FIRST, key="maintenance.other"), FIRST)
    start, added = threading.Barrier(2), []

    def run():
        start.wait()
        try:
            with scope([hospital.pk]):
                added.append(ship(hospital.consortium))
        finally:
            connection.close()

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(added) == [0, 1]
    with scope([hospital.pk]):
        assert Edition.objects.filter(checklist__key="maintenance.other").count() == 1
