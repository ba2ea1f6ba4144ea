"""Figures and times as people say them; expected values by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from ui import formats

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai


@pytest.mark.parametrize(
    ("hours", "chinese", "english"),
    [
        (-2, "今天 14:00", "today 14:00"),
        (-17, "昨天 23:00", "yesterday 23:00"),
        (9, "明天 01:00", "tomorrow 01:00"),
        (-72, "11-18 16:00", "11-18 16:00"),
        (-24 * 400, "2025-10-17", "2025-10-17"),
    ],
)
def test_times_are_what_people_say(hours, chinese, english):
    at = NOW + timedelta(hours=hours)

    with translation.override("zh-hans"):
        assert formats.spoken(at, NOW) == chinese
    with translation.override("en"):
        assert formats.spoken(at, NOW) == english


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "0 分"),
        (59 * 60, "59 分"),
        (3600, "1 小时"),
        (7800, "2 小时 10 分"),
        (-7800, "2 小时 10 分"),
        (86400, "1 天"),
        (86400 * 3 + 4 * 3600 + 59, "3 天 4 小时"),
    ],
)
def test_durations_in_their_two_largest_units(seconds, words):
    with translation.override("zh-hans"):
        assert formats.duration(seconds) == formats.duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "—"), (0, "0"), (1234567, "1\u202f234\u202f567"), (Decimal("0.50"), "0.5"), (12.345, "12.35"), (-3, "-3")],
)
def test_numbers_are_grouped_thinly(value, words):
    assert formats.number(value) == words


def test_money_has_two_digits_and_nought_is_no_dash():
    assert formats.money(Decimal("1280")) == "¥\u202f1\u202f280.00"
    assert formats.money(0) == "¥\u202f0.00"
    assert formats.money("-3.5") == "−¥\u202f3.50"
    assert formats.money(None) == "—"


def test_days_are_named_near_today():
    with translation.override("zh-hans"):
        near = [formats.day(date(2026, 11, d), NOW) for d in (20, 21, 22, 25)]

    assert near == ["昨天", "今天", "明天", "11-25"]


def test_items_of_a_list_stand_apart_as_the_language_has_it():
    with translation.override("zh-hans"):
        assert formats.listed(["维修", "保洁"]) == "维修、保洁"
    with translation.override("zh-hant"):
        assert formats.listed(["維修", "保潔"]) == "維修、保潔"
    with translation.override("en"):
        assert formats.listed(["Maintenance", "Cleaning"]) == "Maintenance, Cleaning"


def test_no_page_writes_the_separator_of_one_language(settings):
    pages = [page for page in (settings.BASE_DIR / "templates").rglob("*.html") if "、" in page.read_text()]

    assert pages == []
