"""What departments ship: complete, cited, in three languages, and without a figure that nobody has verified."""

import re
from itertools import chain

import pytest
from django.utils.translation import override

from departments.registry import departments
from inspections.catalogue import shipped
from inspections.models import Checklist, Edition, Item
from inspections.shipping import ship
from inspections.states import ACTIONS, CHOICE, CURRENT, KINDS, PHOTOS, STEPS, VALUE, WEIGHTS
from tenancy.scope import scope
from workorders import work_types

# Every limit that may stand in a shipped checklist, with the text it was read in.
VERIFIED = {
    ("security.records", "days"): ("30", None),  # 保安服务管理条例 art. 25
    ("catering.samples", "grams"): ("125", None),  # GB 31654-2021
    ("catering.samples", "hours"): ("48", None),  # GB 31654-2021
    ("cleaning.waste_store", "days"): (None, "2"),  # 医疗废物管理条例 art. 17
    ("cleaning.disinfection", "chlorine"): ("400", "700"),  # WS/T 367
    ("cleaning.disinfection", "minutes"): ("30", None),  # WS/T 367
    ("cleaning.linen", "hot"): ("70", "90"),  # WS/T 508-2025
    ("cleaning.linen", "a0"): ("600", None),  # WS/T 508-2025
}
# Known from memory only: never shipped.
UNVERIFIED = (
    r"CFU", r"6\.5", r"7\.5", r"WS/T ?512", r"508-2016", r"GB ?25201", r"GB ?15982", r"TSG", r"T5002", r"3/4", r"四分之三",
    r"three quarters", r"九项规定", r"nine rules", r"每半年.{0,4}演练", r"half-yearly drill", r"等级(医院)?评审", r"每 ?2 ?小时",
    r"every 2 hours", r"(白天|日间).{0,6}(两次|2 ?次)", r"每日 ?[12] ?[-~至到] ?2 ?次", r"100 ?cm",
)  # fmt: skip
STATUTORY = {
    "maintenance.lift": ("特种设备安全监察条例", "第31条", 15, "day"),
    "maintenance.special_equipment": ("特种设备安全监察条例", "第27条", 1, "month"),
    "security.fire_yearly": ("中华人民共和国消防法", "第16条", 1, "year"),
    "security.fire_monthly": ("中华人民共和国消防法", "第16条", 1, "month"),
    "security.fire_patrol": ("中华人民共和国消防法", "第17条", 1, "day"),
    "security.records": ("保安服务管理条例", "第25条", 1, "month"),
    "catering.kitchen": ("食品安全法实施条例", "第28条", 1, "day"),
    "catering.samples": ("GB 31654-2021", "", 1, "day"),
    "cleaning.waste_store": ("医疗废物管理条例", "第17条", 1, "day"),
}
BY_THE_YEAR = {  # what the work report names
    *("generator", "motors", "electrical", "air_handler", "water_boiler", "steam_generator", "chiller", "ward_round"),
    "appliances",
}
ALL = list(shipped().values())
LINES = [(definition, item) for definition in ALL for item in definition.items]


def said(definition, item):
    """Everything a person reads of an item, in both languages."""
    labels = (definition.label, item.text, item.section, item.hint, *item.options)
    for language in ("zh-hans", "en"):
        with override(language):
            yield from (str(label) for label in labels)
    yield from (
        item.unit,
        item.standard,
        item.clause,
        definition.standard,
        definition.clause,
        definition.standard_edition,
    )


def test_enough_of_them_and_each_of_a_usable_length():
    assert len(ALL) >= 20 and {d.department for d in ALL} == {"maintenance", "security", "catering", "cleaning"}
    assert {d.key: len(d.items) for d in ALL if not 5 <= len(d.items) <= 15} == {}
    assert {f"maintenance.{name}" for name in BY_THE_YEAR} <= set(shipped()) and "security.leaving" in shipped()


def test_every_limit_is_verified():
    limits = {(d.key, i.key): (i.low, i.high) for d, i in LINES if (i.low, i.high) != (None, None)}

    assert limits == VERIFIED


def test_no_figure_from_memory_stands_in_a_checklist():
    texts = [(d.key, i.key, text) for d, i in LINES for text in said(d, i)]
    found = [line for line in texts for pattern in UNVERIFIED if re.search(pattern, line[2], re.IGNORECASE)]

    assert found == [] and len(texts) > 2000
    assert re.search(UNVERIFIED[0], "200 CFU/100 cm2"), "the search finds what it looks for"


def test_statutory_ones_cite_their_article_and_rhythm():
    found = {d.key: (d.standard, d.clause, d.rhythm.every, d.rhythm.step) for d in ALL if d.statutory}

    assert found == STATUTORY


def test_every_checklist_names_its_source():
    assert [d.key for d in ALL if not d.standard] == []


def test_fields_are_of_the_declared_lists():
    services = set(work_types.services())
    for definition, item in LINES:
        where = (definition.key, item.key)
        assert item.kind in KINDS and item.weight in WEIGHTS and item.photo in PHOTOS and item.on_fail in ACTIONS, where
        assert not item.service_key or item.service_key in services, where
        assert (item.kind == CHOICE) == bool(item.options) and (item.kind == VALUE or item.low is item.high is None), (
            where
        )
        assert len(item.unit) <= 12 and len(item.key) <= 40, where
    assert all(d.rhythm.step in STEPS and d.rhythm.minutes > 0 for d in ALL)
    assert all(len({i.key for i in d.items}) == len(d.items) for d in ALL)


def test_only_assessments_give_points_and_they_add_up_to_a_hundred():
    points = {d.key: sum(float(i.points) for i in d.items) for d in ALL if any(float(i.points) for i in d.items)}

    assert points == {"catering.contractor": 100, "cleaning.contractor": 100}
    assert {d.key for d in ALL if d.assesses} == set(points)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_text_is_translated(language):
    labels = [label for d, i in LINES for label in (i.text, i.section, i.hint, *i.options) if label]
    with override(language):
        plain = {str(label) for label in chain(labels, (d.label for d in ALL)) if str(label).isascii()}

    assert plain - {"pH"} == set()


def test_all_of_them_become_rows_and_a_fallback_in_chinese(world):
    with scope([world.a.id]):
        ship(world.consortium)
        assert Checklist.objects.count() == Edition.objects.filter(state=CURRENT).count() == len(ALL)
        assert Item.objects.count() == len(LINES)
        assert not [item for item in Item.objects.all() if item.text.isascii() and item.text != "pH"]
        assert Item.objects.get(edition__checklist__key="maintenance.sewage", key="ph").low is None


def test_departments_hand_theirs_in():
    assert {d.slug: len(d.checklists) for d in departments().values() if d.checklists} == {
        "maintenance": 12, "security": 5, "catering": 3, "cleaning": 4,
    }  # fmt: skip
