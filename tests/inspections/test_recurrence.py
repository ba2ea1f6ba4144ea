"""Dates of plans, against dateutil and a walk from day to day that share nothing with the product."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from dateutil import rrule

from inspections.recurrence import Rule, due, first_of, next_of, upcoming, working_days
from workorders.sla import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = range(2023, 2028)
CHINA = holidays.country_holidays("CN", years=YEARS)
OFFICIAL = {day for day in CHINA if day.year in YEARS}
MADE_UP = {day for day in CHINA.weekend_workdays if day.year in YEARS}
SHIFT = ((time(8), time(12)), (time(14), time(17, 30)))
WEEK = (SHIFT,) * 5 + ((), ())
CALENDAR = WorkingCalendar(WEEK, {**dict.fromkeys(OFFICIAL, ()), **dict.fromkeys(MADE_UP, SHIFT)})
DAY = timedelta(days=1)
STEPS = ["hour", "day", "workday", "week", "month", "year"]


# The other implementation ------------------------------------------------------------------------------------------


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFFICIAL)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def natural(rule: Rule, first: date, last: date) -> list[tuple[date, time]]:
    """Days and times of the pattern, before anything is moved."""
    if rule.step == "hour":
        return by_hour(rule, first, last)
    return [(day, rule.at) for day in by_day(rule, first, last)]


def by_hour(rule: Rule, first: date, last: date) -> list[tuple[date, time]]:
    if rule.until is None:
        back = 24 * rule.every * max(0, (rule.starts_on - first).days // rule.every + 2)
        start = datetime.combine(rule.starts_on, rule.at) - timedelta(hours=back)
        found = rrule.rrule(rrule.HOURLY, start, interval=rule.every).between(
            midnight(first), midnight(last + DAY) - timedelta(seconds=1), inc=True
        )
        return [(moment.date(), moment.time()) for moment in found]
    found = []
    for n in range((last - first).days + 1):
        day = first + n * DAY
        moment, closing = datetime.combine(day, rule.at), datetime.combine(day, rule.until)
        while moment <= closing:
            found.append((day, moment.time()))
            moment += timedelta(hours=rule.every)
    return found


def by_day(rule: Rule, first: date, last: date) -> list[date]:
    if rule.step == "workday":
        return by_workday(rule, first, last)
    options: dict = {"interval": rule.every}
    anchor = midnight(rule.starts_on)
    if rule.step == "day":
        kind, begin = rrule.DAILY, anchor - timedelta(days=rule.every * (130 // rule.every + 1))
    elif rule.step == "week":
        kind, begin = rrule.WEEKLY, anchor - timedelta(weeks=rule.every * (20 // rule.every + 1))
        options |= {"byweekday": rule.weekdays or rule.starts_on.weekday(), "wkst": 0}
    else:
        years = rule.every
        kind = rrule.MONTHLY if rule.step == "month" else rrule.YEARLY
        begin = anchor.replace(day=1, year=anchor.year - years, month=anchor.month if rule.step == "month" else 1)
        if rule.step == "year":
            options["bymonth"] = rule.months or rule.starts_on.month
        options |= within_month(rule)
    if rule.step == "week":
        begin -= timedelta(days=begin.weekday())
    found = rrule.rrule(kind, begin, **options)
    return [moment.date() for moment in found.between(midnight(first), midnight(last), inc=True)]


def within_month(rule: Rule) -> dict:
    if rule.nth is not None:
        return {"byweekday": rrule.weekday(rule.weekday)(rule.nth)}
    wanted = rule.month_day or rule.starts_on.day
    if wanted == -1:
        return {"bymonthday": -1}
    if wanted <= 28:
        return {"bymonthday": wanted}
    return {"bymonthday": range(28, wanted + 1), "bysetpos": -1}


def by_workday(rule: Rule, first: date, last: date) -> list[date]:
    """Count from the start, both ways, day by day."""
    found, number, day = [], 0, rule.starts_on
    while day <= last:
        if works(day):
            if number % rule.every == 0 and day >= first:
                found.append(day)
            number += 1
        day += DAY
    number, day = 0, rule.starts_on - DAY
    while day >= first:
        if works(day):
            number += 1
            if number % rule.every == 0 and day <= last:
                found.append(day)
        day -= DAY
    return found


def moved(rule: Rule, day: date, span) -> date | None:
    by_name = (
        rule.step == "week" or (rule.step in ("month", "year") and rule.nth is not None)
    ) and not rule.offset_days
    off = day in OFFICIAL if by_name else not works(day)
    if not off or rule.on_holiday == "keep":
        return day
    if rule.on_holiday == "skip":
        return None
    before = [day - n * DAY for n in range(1, 32) if span(day - n * DAY) and works(day - n * DAY)]
    after = [day + n * DAY for n in range(1, 32) if span(day + n * DAY) and works(day + n * DAY)]
    both = before[:1] + after[:1] if rule.on_holiday == "earlier" else after[:1] + before[:1]
    return both[0] if both else day


def expected(rule: Rule, first: date, last: date) -> list[datetime]:
    def span(day):
        return day >= rule.starts_on and not (rule.ends_on and day > rule.ends_on)

    found = set()
    far = timedelta(days=40 + abs(rule.offset_days))
    for base, clock in natural(rule, first - far, last + far):
        day = base + timedelta(days=rule.offset_days)
        if (rule.months and base.month not in rule.months) or not span(day):
            continue
        goal = moved(rule, day, span)
        if goal is not None and first <= goal <= last:
            found.add(datetime.combine(goal, clock, SHANGHAI))
    return sorted(found)


def some_rule(dice: random.Random) -> Rule:
    step = dice.choice(STEPS)
    starts_on = date(2024, 1, 1) + timedelta(days=dice.randrange(900))
    ends_on = starts_on + timedelta(days=dice.randrange(400)) if dice.random() < 0.3 else None
    months = tuple(sorted(dice.sample(range(1, 13), dice.randint(1, 6)))) if dice.random() < 0.3 else ()
    by_weekday = step in ("month", "year") and dice.random() < 0.4
    until = time(dice.randint(12, 23), 30) if step == "hour" and dice.random() < 0.6 else None
    month_day = dice.choice([None, -1, *range(1, 32)]) if step in ("month", "year") and not by_weekday else None
    if step == "year" and len(months) > 1 and (month_day or starts_on.day) > 28:
        month_day = -1
    return Rule(
        starts_on=starts_on,
        ends_on=ends_on,
        step=step,
        every=dice.choice([1, 1, 2, 3, 4, 5, 7, 15]) if step != "year" else dice.choice([1, 1, 2, 3]),
        weekdays=tuple(dice.sample(range(7), dice.randint(0, 4))) if step == "week" else (),
        month_day=month_day,
        nth=dice.choice([1, 2, 3, 4, 5, -1]) if by_weekday else None,
        weekday=dice.randrange(7) if by_weekday else None,
        offset_days=dice.randint(-20, 20) if dice.random() < 0.2 else 0,
        months=months,
        on_holiday=dice.choice(["keep", "skip", "earlier", "later"]),
        at=time(dice.randint(0, 11), dice.choice([0, 15, 30])),
        until=until,
    )


@pytest.mark.parametrize(("seed", "count"), [(1, 2000), pytest.param(2, 20_000, marks=pytest.mark.hammer)])
def test_dates_are_those_of_another_implementation(seed, count):
    dice = random.Random(seed)
    some = 0
    for _n in range(count):
        rule = some_rule(dice)
        first = rule.starts_on + timedelta(days=dice.randint(-40, 300))
        last = first + timedelta(days=dice.randint(0, 90))
        wanted = expected(rule, first, last)
        assert due(rule, CALENDAR, first, last) == wanted, (rule, first, last)
        some += bool(wanted)
    assert some > count / 2


def test_spans_laid_together_have_the_dates_of_the_whole():
    dice = random.Random(3)
    for _n in range(300):
        rule = some_rule(dice)
        first = rule.starts_on + timedelta(days=dice.randint(-10, 200))
        cut, last = first + timedelta(days=dice.randint(0, 40)), first + timedelta(days=60)
        assert due(rule, CALENDAR, first, cut) + due(rule, CALENDAR, cut + DAY, last) == due(
            rule, CALENDAR, first, last
        )


# By hand -----------------------------------------------------------------------------------------------------------


def days(rule, first, last, calendar=CALENDAR):
    return [f"{moment:%m-%d}" for moment in due(rule, calendar, date.fromisoformat(first), date.fromisoformat(last))]


def rule_from(day, **fields):
    return Rule(starts_on=date.fromisoformat(day), **fields)


def test_day_31_is_the_last_of_shorter_months():
    rule = rule_from("2026-01-01", step="month", month_day=31)
    assert days(rule, "2026-01-01", "2026-06-30") == ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"]
    twice = rule_from("2026-01-31", step="year", months=(2, 9), month_day=31)
    assert days(twice, "2026-01-01", "2028-12-31") == ["02-28", "09-30", "02-28", "09-30", "02-29", "09-30"]


def test_every_second_working_day_leaves_new_year_out_and_takes_make_up_days():
    rule = rule_from("2026-02-11", step="workday", every=2)
    # working: We 11, Th 12, Fr 13, Sa 14 (made up); 15 to 23 off; Tu 24, We 25, Th 26, Fr 27, Sa 28 (made up)
    assert days(rule, "2026-02-11", "2026-02-28") == ["02-11", "02-13", "02-24", "02-26", "02-28"]


def test_three_days_of_a_holiday_come_to_one_date_after_it():
    rule = rule_from("2026-04-01", step="day", on_holiday="later")
    assert days(rule, "2026-04-03", "2026-04-08") == ["04-03", "04-07", "04-08"]  # Qingming: 4 to 6 April


def test_date_never_leaves_the_span_it_is_planned_for():
    rule = rule_from("2026-10-01", step="month", month_day=1, on_holiday="earlier")
    assert days(rule, "2026-09-01", "2026-10-29") == [
        "10-08"
    ]  # before the start is no day of the plan: after the holiday
    ends = rule_from("2026-05-01", step="month", month_day=1, on_holiday="later", ends_on=date(2026, 10, 3))
    assert days(ends, "2026-09-01", "2026-10-31") == ["09-01", "09-30"]


def test_weekend_that_was_named_is_no_day_off():
    saturdays = rule_from("2026-09-12", step="week", weekdays=(5,), on_holiday="skip")
    assert days(saturdays, "2026-09-12", "2026-10-12") == ["09-12", "09-19", "09-26", "10-10"]  # 3 October: holiday


def test_two_days_before_the_last_friday():
    rule = rule_from("2026-01-01", step="month", nth=-1, weekday=4, offset_days=-2)
    assert days(rule, "2026-01-01", "2026-03-31") == ["01-28", "02-25", "03-25"]


def test_night_rounds_belong_to_the_day_on_which_the_night_begins():
    rule = rule_from("2026-03-02", step="hour", every=3, at=time(21), until=time(6))
    found = due(rule, CALENDAR, date(2026, 3, 2), date(2026, 3, 2))
    assert [f"{moment:%d %H}" for moment in found] == ["02 21", "03 00", "03 03", "03 06"]


def test_summer_time_makes_neither_two_nor_none():
    """New York: 02:00 to 03:00 on 8 March 2026 is left out, 01:00 to 02:00 on 1 November comes twice."""
    calendar = WorkingCalendar(WEEK, {}, ZoneInfo("America/New_York"))
    half_past_two = rule_from("2026-01-01", step="day", at=time(2, 30))
    found = due(half_past_two, calendar, date(2026, 3, 7), date(2026, 3, 9))
    assert [f"{moment:%d %H:%M %z}" for moment in found] == ["07 02:30 -0500", "08 03:30 -0400", "09 02:30 -0400"]
    half_past_one = rule_from("2026-01-01", step="day", at=time(1, 30))
    assert len(due(half_past_one, calendar, date(2026, 10, 31), date(2026, 11, 2))) == 3
    hourly = rule_from("2026-01-01", step="hour", every=1)
    moments = [moment.astimezone(UTC) for moment in due(hourly, calendar, date(2026, 3, 8), date(2026, 3, 8))]
    assert len(moments) == len(set(moments)) == 23


@pytest.mark.parametrize(
    ("fields", "done", "after"),
    [
        ({"step": "day", "every": 15}, "2026-03-02 10:10", "2026-03-17 08:00"),
        ({"step": "day", "every": 1, "on_holiday": "later"}, "2026-04-03 10:10", "2026-04-07 08:00"),
        ({"step": "day", "every": 1, "on_holiday": "skip"}, "2026-04-03 10:10", "2026-04-07 08:00"),
        ({"step": "day", "every": 2, "on_holiday": "earlier"}, "2026-04-03 10:10", "2026-04-07 08:00"),
        ({"step": "workday", "every": 2}, "2026-02-14 10:10", "2026-02-25 08:00"),
        ({"step": "week", "every": 2}, "2026-03-02 10:10", "2026-03-16 08:00"),
        ({"step": "week", "every": 1, "weekdays": (3, 0)}, "2026-03-03 10:10", "2026-03-12 08:00"),
        ({"step": "month", "every": 1}, "2026-01-31 10:10", "2026-02-28 08:00"),
        ({"step": "month", "every": 1, "months": (5, 6)}, "2026-06-20 10:10", "2027-05-01 08:00"),
        ({"step": "year", "every": 1}, "2028-02-29 10:10", "2029-02-28 08:00"),
        ({"step": "hour", "every": 4, "until": time(18)}, "2026-03-02 12:20", "2026-03-02 16:20"),
        ({"step": "hour", "every": 4, "until": time(18)}, "2026-03-02 16:20", "2026-03-03 08:00"),
        ({"step": "hour", "every": 12}, "2026-03-02 16:20", "2026-03-03 04:20"),
        ({"step": "month", "ends_on": date(2026, 4, 1)}, "2026-03-02 10:10", None),
    ],
)
def test_next_is_reckoned_from_when_it_was_done(fields, done, after):
    found = next_of(rule_from("2026-01-01", **fields), CALENDAR, datetime.fromisoformat(done).replace(tzinfo=SHANGHAI))
    assert (found and f"{found:%Y-%m-%d %H:%M}") == after


def test_first_of_a_chain_is_the_first_moment_that_is_not_over():
    rule = rule_from("2026-01-01", step="month", on_holiday="later")
    ten = datetime(2026, 4, 3, 10, 0, tzinfo=SHANGHAI)
    assert f"{first_of(rule, CALENDAR, ten):%m-%d %H:%M}" == "04-07 08:00"
    assert f"{first_of(rule, CALENDAR, ten.replace(hour=7)):%m-%d %H:%M}" == "04-03 08:00"


def test_upcoming_looks_as_far_as_it_must():
    rule = rule_from("2024-02-29", step="year", every=4, month_day=29)
    found = upcoming(rule, CALENDAR, datetime(2026, 1, 1, tzinfo=SHANGHAI), 3)
    assert [moment.year for moment in found] == [2028, 2032, 2036]
    ended = rule_from("2024-02-29", step="day", ends_on=date(2024, 3, 1))
    assert upcoming(ended, CALENDAR, datetime(2026, 1, 1, tzinfo=SHANGHAI), 3) == []


def test_working_days_are_counted_both_ways():
    for first, last in ((date(2026, 2, 1), date(2026, 3, 9)), (date(2025, 9, 3), date(2026, 10, 20))):
        walked = sum(works(first + n * DAY) for n in range((last - first).days))
        assert working_days(CALENDAR, first, last) == walked
        assert working_days(CALENDAR, last, first) == -walked
