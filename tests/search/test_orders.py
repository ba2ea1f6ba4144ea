"""The box above the list of orders finds what was meant, and nothing else."""

import random

import pytest
from django.utils import timezone
from pypinyin import Style, pinyin

from assets.models import Asset
from tenancy import domain
from tenancy.scope import scope
from tests.factories import tenancy as make
from tests.factories.orders import unsaved
from workorders.models import Service, WorkOrder
from workorders.search import found_orders

SIGNS = "电梯异响空调漏水灯管闪烁插座没锁坏了扇窗帘地板冰箱重长行Aa1２Ｂ-（）"


def many(site, titles):
    with scope(site.hospitals()):
        service = Service.objects.get(hospital=site.a.hospital, key="maintenance.water")
        made = [
            unsaved(site.a.hospital, service, site.a.other_room, title=title, number=f"N{n}")
            for n, title in enumerate(titles)
        ]
        return {order.pk: order.title for order in WorkOrder.objects.bulk_create(made)}


def folded(text):
    half = {0xFF01 + n: 0x21 + n for n in range(94)}
    return text.translate(half).lower()


def test_any_part_of_a_title_is_found_and_nothing_else(site):
    """Compared with plain Python over random titles; words with a Chinese character, which initials cannot meet."""
    dice = random.Random(20)
    titles = many(site, {"".join(dice.choices(SIGNS, k=dice.randint(1, 12))) for _ in range(300)})
    words = set()
    for title in titles.values():
        start = dice.randrange(len(title))
        words.add(title[start : start + dice.randint(1, 6)])
    words |= {"".join(dice.choices(SIGNS, k=3)) for _ in range(60)}
    words = {word for word in words if any("\u4e00" <= sign <= "\u9fff" for sign in word)}
    assert {len(word) for word in words} >= {1, 2, 3, 4, 5, 6}
    with scope([site.a.id]):
        for word in words:
            expected = {pk for pk, title in titles.items() if folded(word) in folded(title)}
            assert set(found_orders([folded(word)])) == expected, word


def test_initials_are_found_by_any_reading_and_nothing_else(site):
    dice = random.Random(21)
    signs = "电梯异响灯管闪烁插座锁坏窗帘地板冰箱B3"
    titles = many(site, {"".join(dice.choices(signs, k=dice.randint(2, 9))) for _ in range(200)})

    def letters(title):
        return "".join(pinyin(s, Style.FIRST_LETTER)[0][0].lower() for s in title)

    words = {"".join(dice.choices("dtyxgszhcbl3", k=dice.randint(1, 3))) for _ in range(80)}
    words |= {letters(title)[1:5] for title in list(titles.values())[:60]} - {""}
    behind = set("szwybdmlhtcr0123456789")  # letters that people, rooms and numbers of the world have too
    with scope([site.a.id]):
        for word in words:
            expected = {pk for pk, title in titles.items() if word in letters(title)}
            found = set(found_orders([word]))
            assert expected <= found, word
            if len(word) > 2 and not set(word) <= behind:
                assert found == expected, word


@pytest.mark.parametrize("word", ["kt", "ktbzl", "KTBZL", "kdbz", "zz", "bzl", "ｋｔ", "空调不", "制冷 重症"])
def test_a_character_with_two_readings_is_found_by_either(make_order, search, site, word):
    make_order("空调不制冷(重症)", place=site.a.other_room)
    make_order("马桶", place=site.a.other_room)
    assert search(site.dan, word) == ["空调不制冷(重症)"]


@pytest.mark.parametrize(
    "word",
    [
        "A-2611-004213",
        "a-2611-004213",
        "4213",
        "2611-0042",
        "Ａ-2611",
        "1390013",
        "0013888",
        "888",
        "张三",
        "zs",
        "嗡嗡响",
    ],
)
def test_order_is_found_by_number_phone_reporter_and_description(make_order, search, site, word):
    facts = {"number": "A-2611-004213", "phone": "13900138881", "reporter_name": "张三", "description": "半夜嗡嗡响"}
    make_order("门轴", place=site.a.other_room, **facts)
    make_order("马桶", place=site.a.other_room, number="A-2510-009999", phone="13711112222")
    assert search(site.dan, word) == ["门轴"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("B1-301", ["301"]),
        ("b1-30", ["301"]),
        ("8301", ["301"]),
        ("护士站", ["301"]),
        ("hsz", ["301"]),
        ("门诊楼", ["301", "floor"]),
        ("B1", ["301", "floor"]),  # the code of the building; the room's own begins with it too
        ("3 层", ["301", "floor"]),
        ("住院楼 301", []),
        ("门诊楼 floor", ["floor"]),
    ],
)
def test_order_is_found_by_its_room_and_what_lies_around_it(make_order, search, site, word, expected):
    make_order("301")
    make_order("floor", place=site.a.floor)
    make_order("else", place=site.a.other_room)
    assert search(site.dan, word) == expected


def test_a_renamed_room_is_found_by_its_new_name_only(make_order, search, site):
    make_order("301")
    with scope([site.a.id]):
        site.a.room.refresh_from_db()
        domain.edit_place(make.setup(), site.a.room, name="治疗间")
    assert search(site.dan, "治疗间") == ["301"]
    assert search(site.dan, "护士站") == []


def test_a_room_moved_elsewhere_is_found_where_it_is_now(make_order, search, site):
    make_order("301")
    with scope([site.a.id]):
        domain.move_place(make.setup(), site.a.room, parent=site.a.other_building)
    assert search(site.dan, "住院楼") == ["301"]
    assert search(site.dan, "门诊楼") == []


@pytest.mark.parametrize("word", ["P-7731", "p-77", "7731", "输液泵", "syb", "SN-40", "迈瑞"])
def test_order_is_found_by_its_asset(make_order, search, site, word):
    make_order("pump", asset=site.pump, place=site.a.other_room)
    make_order("else", place=site.a.other_room)
    assert search(site.dan, word) == ["pump"]


@pytest.mark.parametrize("word", ["Tom", "TOM", "1003"])
def test_order_is_found_by_its_technician(make_order, search, site, word):
    make_order("his", assignee=site.tom, place=site.a.other_room, number="A-1")
    make_order("else", assignee=site.lea, place=site.a.other_room, number="A-2")
    assert search(site.dan, word) == ["his"]


def test_all_words_must_fit(make_order, search, site):
    make_order("灯不亮", assignee=site.tom)
    make_order("灯管闪", place=site.a.other_room)
    make_order("门锁坏", assignee=site.tom)
    assert search(site.dan, "灯 tom") == ["灯不亮"]
    assert search(site.dan, "灯 B1-301 不亮") == ["灯不亮"]
    assert search(site.dan, "灯  锁") == []
    assert search(site.dan, " ") == ["灯不亮", "灯管闪", "门锁坏"]


@pytest.mark.parametrize(
    "word", ["%", "_", "\\", "'", '"', "{", "}", ",", "$$", "{a", "%s", "%L", "a%", "(", "[", ".*", "NULL"]
)
def test_signs_are_only_signs(make_order, search, site, word):
    make_order(f"x{word}y", place=site.a.other_room)
    make_order("马桶", place=site.a.other_room)
    assert search(site.dan, word) == [f"x{word}y"]
    assert search(site.dan, f"x{word}y") == [f"x{word}y"]
    assert search(site.dan, f"{word} x{word}y {word}{word}") == []


def test_a_zero_byte_and_a_very_long_word_break_nothing(make_order, search, site):
    make_order("灯不亮", place=site.a.other_room)
    assert search(site.dan, "灯" * 5000) == []
    with scope([site.a.id]):
        assert found_orders(["灯" * 5000]) == []
    assert search(site.dan, "a b c d e f g h i j") == []


def test_open_ones_are_found_among_very_many_closed_ones(site, search):
    """The newest thousand are of those that the other filters leave, not of all."""
    with scope(site.hospitals()):
        service = Service.objects.get(hospital=site.a.hospital, key="maintenance.water")
        place = site.a.other_room
        at = timezone.now()
        old = unsaved(site.a.hospital, service, place, "reported", title="旧灯", at=at)
        closed = [unsaved(site.a.hospital, service, place, title=f"灯{n}", at=at) for n in range(1100)]
        WorkOrder.objects.bulk_create([old, *closed])
    assert search(site.dan, "灯", state="open") == ["旧灯"]
    assert search(site.dan, "灯", state="reported") == ["旧灯"]
    assert search(site.dan, "灯", state="waiting") == []
    everything = search(site.dan, "灯")
    assert (len(everything), "旧灯" in everything) == (1000, False)


@pytest.mark.parametrize("word", ["泵", "离心泵", "lxb", "lx", "泵 心"])
def test_a_word_of_very_many_assets_finds_the_same_orders(make_order, site, word):
    """A word that hundreds of assets have is read off the newest orders; what is found is what plain Python finds."""
    pump = site.pump
    facts = {"hospital": site.a.hospital, "kind": pump.kind, "place": site.a.other_building}
    with scope(site.hospitals()):
        pumps = Asset.objects.bulk_create(Asset(code=f"L{n}", name=f"离心泵{n}", **facts) for n in range(320))
    dice, expected = random.Random(22), set()
    for n in range(60):
        title, asset = dice.choice(["水管滴", "离心泵响", "泵"]), dice.choice([None, pumps[n]])
        made = make_order(f"{title}{n}", asset=asset, place=site.a.other_room, number=f"N{n}")
        has_word = title == "离心泵响" or (title == "泵" and word == "泵")
        if asset or has_word:
            expected.add(made.pk)
    make_order("离心泵响", at=site.b)
    assert 20 < len(expected) < 60
    for hospitals in ([site.a.id], [site.a.id, site.outside.id]):
        with scope(hospitals):
            assert set(found_orders(word.split())) == expected
    with scope([site.a.id]):
        assert found_orders(["泵"], None, ["reported"]) == []
