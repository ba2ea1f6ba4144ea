"""The clock against a map of seconds: ten thousand random orders, calendars and pauses; then cases reckoned by hand.

The map is one long number with a bit per second that is set while the clock runs. It is built from the random hours
directly and shares nothing with the product: no calendar, no spans, no dates.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from workorders import sla
from workorders.sla import Clock, WorkingCalendar, due, elapsed, lateness, moved_on, next_working_moment, parse_hours

DAYS, DAY = 6, 86_400
WHOLE = DAYS * DAY  # seconds on the map
MONDAY = date(2026, 3, 2)
ZERO = datetime(2026, 3, 1, 16, tzinfo=UTC)  # midnight of that Monday in China, which keeps one time all year
ROUNDS, PER_ROUND = 200, 50


def at(second):
    return ZERO + timedelta(seconds=second)


def second(moment):
    return (moment - ZERO).total_seconds()


def ones(begin, end):
    return ((1 << (end - begin)) - 1) << begin if end > begin else 0


def nth(bits, n):
    """The place of the n-th bit that is set, from the bottom."""
    place, size = 0, WHOLE
    while size > 1:
        half = size // 2
        low = bits & ((1 << half) - 1)
        below = low.bit_count()
        if n <= below:
            bits, size = low, half
        else:
            bits, n, place, size = bits >> half, n - below, place + half, size - half
    return place


def first(bits):
    return (bits & -bits).bit_length() - 1


def some_hours(dice):
    """One to three spans of a day as pairs of seconds, now and then until midnight; or a day without."""
    if dice.random() < 0.25:
        return []
    cuts = sorted(dice.sample(range(1440), 2 * dice.randint(1, 3)))
    spans = [(60 * a, 60 * b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    if dice.random() < 0.1:
        spans[-1] = (spans[-1][0], DAY)
    return spans


def clock_time(seconds):
    return time(seconds // 3600 % 24, seconds % 3600 // 60)


def some_calendar(dice):
    """The same random hours twice: as the product's calendar, and as a map of seconds."""
    week = [some_hours(dice) for _ in range(7)]
    week[dice.randrange(5)] = [(8 * 3600, 12 * 3600), (14 * 3600, 17 * 3600 + 1800)]
    special = {n: some_hours(dice) for n in range(DAYS) if dice.random() < 0.2}
    bits = 0
    for n in range(DAYS):
        for begin, end in special.get(n, week[n % 7]):
            bits |= ones(n * DAY + begin, n * DAY + end)

    def hours(spans):
        return tuple((clock_time(a), clock_time(b)) for a, b in spans)

    days = {MONDAY + timedelta(days=n): hours(spans) for n, spans in special.items()}
    return WorkingCalendar(tuple(hours(spans) for spans in week), days), bits


def some_pauses(dice):
    """Up to four pauses in order, now and then touching; as seconds."""
    cuts = sorted(dice.sample(range(WHOLE // 2), 2 * dice.randint(0, 4)))
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def rounds():
    for number in range(ROUNDS):
        dice = Random(number)
        calendar, bits = (None, ones(0, WHOLE)) if number % 5 == 0 else some_calendar(dice)
        yield dice, calendar, bits


def test_every_moment_equals_the_map_of_seconds_for_ten_thousand_orders():
    orders = 0
    for dice, calendar, bits in rounds():
        for _ in range(PER_ROUND):
            start, pauses = dice.randrange(WHOLE // 2), some_pauses(dice)
            runs = bits & ~ones(0, start)
            for begin, end in pauses:
                runs &= ~ones(begin, end)
            room = runs.bit_count()
            if not room:
                continue
            length = dice.randint(1, room)
            spans = [(at(a), at(b)) for a, b in pauses]
            limit = due(at(start), timedelta(seconds=length), calendar, spans)
            assert second(limit) == nth(runs, length) + 1
            until = dice.randrange(WHOLE)
            assert elapsed(at(start), at(until), calendar, spans).total_seconds() == (runs & ones(0, until)).bit_count()
            past = (runs & ones(int(second(limit)), until)).bit_count()
            assert lateness(limit, at(until), calendar, spans).total_seconds() == past
            orders += 1
    assert orders > 9_000


def test_no_reminder_rings_outside_working_time_unless_round_the_clock():
    asleep = 0
    for dice, calendar, bits in rounds():
        for _ in range(PER_ROUND):
            start, pauses = dice.randrange(WHOLE // 3), some_pauses(dice)
            runs = bits & ~ones(0, start)
            for begin, end in pauses:
                runs &= ~ones(begin, end)
            if (room := runs.bit_count() // 20) < 2:
                continue
            length, share, after = 20 * dice.randint(1, room - 1), dice.randrange(10, 105, 5), dice.randint(0, 19)
            if dice.random() < 0.1 and (closing := runs & ~(runs >> 1) & ~ones(WHOLE - 1, WHOLE)):
                length, share, after = (runs & ones(0, first(closing) + 1)).bit_count(), 100, 0  # ends as work ends
            clock = Clock(at(start), at(nth(runs, length) + 1), calendar, [(at(a), at(b)) for a, b in pauses])
            if dice.random() < 0.5:
                rings, ran = clock.reminder_at(share), length * share // 100
            else:
                rings, ran = clock.escalation_at(timedelta(seconds=after)), length + after
            reached = nth(runs, ran) + 1 if ran else start
            awake = bits & ~ones(0, reached)
            if not awake:  # the next opening lies beyond the map
                continue
            assert second(rings) == first(awake)
            assert bits >> int(second(rings)) & 1
            asleep += second(rings) != reached
    assert asleep > 100  # some fell on closing time and waited for the next opening


def test_pauses_that_end_one_by_one_move_the_limit_exactly_as_all_of_them_together():
    moved = 0
    for dice, calendar, bits in rounds():
        for _ in range(PER_ROUND // 5):
            start, pauses = dice.randrange(WHOLE // 4), some_pauses(dice)
            pauses = [(max(a, start), b) for a, b in pauses if b > start]
            runs = bits & ~ones(0, start)
            length = dice.randint(1, max(1, runs.bit_count() // 4))
            if runs.bit_count() < length:
                continue
            limit = due(at(start), timedelta(seconds=length), calendar)
            for begin, end in pauses:
                if (runs & ~ones(begin, end)).bit_count() < length:
                    break
                runs = runs if second(limit) <= begin else runs & ~ones(begin, end)
                fresh = moved_on(limit, at(begin), at(end), calendar)
                moved += fresh != limit
                limit = fresh
                assert second(limit) == nth(runs, length) + 1
    assert moved > 300


def test_the_two_clocks_know_nothing_of_each_other():
    """Whatever happens to one clock (pauses, its limit, a hold), the moments of the other stay."""
    dice = Random(7)
    calendar, _bits = some_calendar(dice)
    answer = Clock(at(0), at(30_000), calendar)
    before = [answer.reminder_at(50), answer.reminder_at(100), answer.escalation_at(timedelta(minutes=10))]
    done = Clock(at(0), at(90_000), calendar, [(at(100), at(20_000))], held_since=at(40_000))
    assert [done.reminder_at(50), done.reminder_at(100), done.escalation_at(timedelta(0))] == [None, None, None]
    assert before == [answer.reminder_at(50), answer.reminder_at(100), answer.escalation_at(timedelta(minutes=10))]
    assert None not in before


OFFICE = parse_hours("08:00-12:00 14:00-17:30")
HOLIDAYS_2026 = {
    **{date(2026, 2, d): () for d in (16, 17, 18, 19, 20, 23)},
    **{date(2026, 2, d): OFFICE for d in (14, 28)},
    **{date(2026, 10, d): () for d in (1, 2, 3, 5, 6, 7)},
    date(2026, 10, 10): OFFICE,
    date(2027, 1, 1): (),
}
CHINA = WorkingCalendar((OFFICE,) * 5 + ((), ()), HOLIDAYS_2026)


def china(text):
    """A moment on the clock of the hospital's wall."""
    return datetime.fromisoformat(text + "+08:00")


@pytest.mark.parametrize(
    ("reported", "minutes", "limit", "why"),
    [
        ("2026-03-03T09:00", 120, "2026-03-03T11:00", "within the morning"),
        ("2026-03-03T11:30", 60, "2026-03-03T14:30", "over the lunch break"),
        ("2026-03-03T12:30", 30, "2026-03-03T14:30", "reported at lunch: the clock starts at two"),
        ("2026-03-03T17:00", 60, "2026-03-04T08:30", "over the night"),
        ("2026-03-03T17:00", 30, "2026-03-03T17:30", "until closing time"),
        ("2026-03-06T17:00", 60, "2026-03-09T08:30", "over the weekend"),
        ("2026-03-03T23:59:59", 1, "2026-03-04T08:01", "just before midnight"),
        ("2026-02-13T17:00", 60, "2026-02-14T08:30", "the Saturday before Chinese New Year is worked"),
        ("2026-02-14T17:00", 60, "2026-02-24T08:30", "over Chinese New Year: Sunday 15th to Monday 23rd"),
        ("2026-02-17T03:00", 30, "2026-02-24T08:30", "in the night of the festival"),
        ("2026-02-27T17:15", 30, "2026-02-28T08:15", "the Saturday after it makes up for a day"),
        ("2026-09-30T16:30", 90, "2026-10-08T08:30", "over National Day and its weekend"),
        ("2026-10-09T17:00", 60, "2026-10-10T08:30", "the make-up Saturday after National Day"),
        ("2026-10-10T17:00", 60, "2026-10-12T08:30", "and no make-up Sunday"),
        ("2026-12-31T17:00", 60, "2027-01-04T08:30", "over the end of the year, a Friday off, a weekend"),
        ("2026-03-03T08:00", 450, "2026-03-03T17:30", "a whole working day"),
        ("2026-03-03T08:00", 451, "2026-03-04T08:01", "and a minute"),
    ],
)
def test_limit_in_working_time(reported, minutes, limit, why):
    assert due(china(reported), timedelta(minutes=minutes), CHINA) == china(limit), why


def test_limit_round_the_clock_knows_no_night_and_no_year():
    assert due(china("2026-12-31T23:30"), timedelta(minutes=45), None) == china("2027-01-01T00:15")


def test_hold_over_lunch_and_night_counts_working_time_only():
    """Reported at nine with four hours; on hold from eleven until half past eight next morning: two hours are left."""
    limit = due(china("2026-03-03T09:00"), timedelta(hours=4), CHINA)
    assert limit == china("2026-03-03T15:00")
    moved = moved_on(limit, china("2026-03-03T11:00:07"), china("2026-03-04T08:30:00"), CHINA)
    assert moved == china("2026-03-04T10:29:53")


def test_hold_after_the_limit_does_not_mend_it():
    limit = china("2026-03-03T11:00")
    assert moved_on(limit, china("2026-03-03T11:00"), china("2026-03-03T15:00"), None) == limit


def test_reminder_at_closing_time_waits_for_the_morning():
    clock = Clock(china("2026-03-03T16:30"), china("2026-03-03T17:30"), CHINA)
    assert clock.reminder_at(50) == china("2026-03-03T17:00")
    assert clock.reminder_at(100) == china("2026-03-04T08:00")
    assert clock.escalation_at(timedelta(minutes=15)) == china("2026-03-04T08:15")


def test_nothing_rings_while_the_clock_stands_still():
    clock = Clock(china("2026-03-03T09:00"), china("2026-03-03T11:00"), None, held_since=china("2026-03-03T09:30"))
    assert clock.reminder_at(50) is None
    assert clock.escalation_at(timedelta(0)) is None


def test_next_working_moment():
    assert next_working_moment(china("2026-03-03T12:00"), CHINA) == china("2026-03-03T14:00")
    assert next_working_moment(china("2026-03-03T09:13:05"), CHINA) == china("2026-03-03T09:13:05")
    assert next_working_moment(china("2026-03-03T12:00"), None) == china("2026-03-03T12:00")


@pytest.mark.parametrize("text", ["8", "12:00-08:00", "08:00-12:00 11:00-13:00", "25:00-26:00", "08:00-08:00", "a-b"])
def test_hours_nobody_can_read_are_refused(text):
    with pytest.raises(ValueError):
        parse_hours(text)


def test_hours_are_read_as_people_write_them():
    assert parse_hours(" 8:00 – 12:00，14：00-17:30 ") == OFFICE
    assert sla.write_hours(parse_hours("18:00-24:00")) == "18:00-24:00"
    assert parse_hours("") == ()


def test_week_without_hours_is_refused():
    with pytest.raises(ValueError):
        WorkingCalendar(((),) * 7)
