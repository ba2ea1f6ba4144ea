"""Kim's office asks for power and water every month; Max of hospital A answers, from the first notice to the correction."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from flow.models import Event
from indicators import domain, plausibility, reminding, request_spans, requests
from indicators.machine import DUES
from indicators.models import Quantity, Return, ReturnDue, ReturnRequest
from indicators.requests import Line
from kpi.models import PeerMember
from notices.models import Notice
from tenancy.scope import scope
from tests.factories import requests as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOVEMBER = date(2026, 11, 22)


@pytest.fixture
def act(world):
    with scope(world.hospitals()):
        yield world


def values(due, **given):
    return {key: None if value is None else Decimal(value) for key, value in given.items()}


def test_periods_of_every_rhythm_begin_and_end_where_people_say():
    month = request_spans.containing(date(2028, 2, 29), "month")
    quarter = request_spans.containing(date(2026, 12, 31), "quarter")
    accounts = request_spans.containing(date(2026, 3, 31), "year", "04-01")

    assert month == (date(2028, 2, 1), date(2028, 2, 29))
    assert quarter == (date(2026, 10, 1), date(2026, 12, 31))
    assert accounts == (date(2025, 4, 1), date(2026, 3, 31))
    assert request_spans.before(month, "month") == (date(2028, 1, 1), date(2028, 1, 31))
    assert request_spans.year_before(month, "month") == (date(2027, 2, 1), date(2027, 2, 28))
    assert request_spans.before(accounts, "year") == (date(2024, 4, 1), date(2025, 3, 31))
    assert request_spans.year_before(accounts, "year") is None


def test_only_periods_that_are_over_and_asked_for_are_due():
    def asked(until, today):
        return [span[0].month for span in request_spans.over("month", "01-01", date(2026, 8, 20), until, today)]

    assert asked(None, NOVEMBER) == [8, 9, 10]
    assert asked(date(2026, 9, 3), NOVEMBER) == [8, 9]
    assert asked(None, date(2026, 8, 31)) == []
    assert asked(None, date(2026, 9, 1)) == [8]


def test_the_tick_makes_each_row_once_and_again_makes_nothing(act):
    asked = make.request(act, valid_from=timezone.localdate() - 95 * DAY)
    sites = [act.a.hospital, act.b.hospital]

    made = requests.make_due(sites, timezone.localdate())
    again = requests.make_due(sites, timezone.localdate())

    rows = ReturnDue.objects.filter(request=asked)
    assert (made, again, rows.count()) == (made, 0, made) and made >= 6
    assert Event.objects.filter(subject="indicators.returndue", verb="asked").count() == made
    told = Notice.objects.filter(subject="indicators.returndue", verb="asked")
    assert set(told.values_list("user", flat=True)) == {act.max.pk, act.max_b.pk}  # of the newest period, each once
    assert told.count() == 2


def test_nobody_is_late_on_the_day_they_are_first_asked(act):
    today = timezone.localdate()

    old, *_newer = make.dues(act, make.request(act, valid_from=today - 95 * DAY))

    assert old.due_on == today + 7 * DAY
    request = ReturnRequest(due_days=5, asked_on=date(2020, 1, 1))
    assert requests.due_on(request, date(2026, 10, 31)) == date(2026, 11, 5)


def test_a_peer_group_or_some_hospitals_are_asked_and_no_others(act):
    PeerMember.objects.create(hospital=act.a.hospital, group="综合")
    some = make.request(act, "some", audience="some", hospitals=[act.b.id])
    group = make.request(act, "group", audience="group", group="综合")

    make.dues(act, some)

    assert set(ReturnDue.objects.filter(request=some).values_list("hospital", flat=True)) == {act.b.id}
    assert set(ReturnDue.objects.filter(request=group).values_list("hospital", flat=True)) == {act.a.id}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"audience": "group"}, "group"),
        ({"audience": "some"}, "hospitals"),
        ({"valid_until": date(2000, 1, 1)}, "valid_until"),
        ({"valid_from": date(2001, 1, 1)}, "valid_from"),
        ({"begins": "02-30"}, "begins"),
        ({"name": ""}, "name"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_field(act, facts, field):
    with pytest.raises(ValidationError) as refused:
        make.request(act, **facts)

    assert field in refused.value.message_dict


def test_a_request_without_quantities_is_refused_and_new_ones_are_made(act):
    empty = ReturnRequest(consortium=act.consortium)
    facts = {"name": "x", "valid_from": timezone.localdate()}
    with pytest.raises(ValidationError):
        requests.arrange(act.kim, empty, [], **facts)

    requests.arrange(act.kim, ReturnRequest(consortium=act.consortium), [Line(None, "", "蒸汽", "t")], **facts)
    requests.arrange(
        act.kim, ReturnRequest(consortium=act.consortium), [Line(None, "", "蒸汽", "t")], **{**facts, "name": "y"}
    )

    assert Quantity.objects.filter(name="蒸汽", unit="t").count() == 1


def test_a_hospitals_administrator_asks_nobody_and_accepts_nothing(act):
    due = make.handed_in(act)

    with pytest.raises(PermissionDenied):
        requests.arrange(act.ada, ReturnRequest(consortium=act.consortium), [], name="x")
    with pytest.raises(ValidationError):
        DUES.move(due, "accept", act.ada)
    with pytest.raises(PermissionDenied):
        DUES.move(due, "accept", act.max)


def test_handing_in_writes_the_values_and_not_known_is_not_zero(act):
    due = make.dues(act)[0]

    row = DUES.move(due, "hand_in", act.max, values=values(due, power=0, water=None), notes={})

    assert list(Return.objects.filter(due=row).values_list("quantity__key", "value")) == [("power", Decimal(0))]
    assert (row.state, row.unknown, row.asked) == ("handed", ["water"], ["power", "water"])


def test_what_is_left_out_is_named_and_nothing_is_written(act):
    due = make.dues(act)[0]

    with pytest.raises(ValidationError) as refused:
        DUES.move(due, "hand_in", act.max, values=values(due, power=5), notes={})
    with pytest.raises(ValidationError) as strange:
        DUES.move(due, "hand_in", act.max, values=values(due, power=5, water=1, gas=2), notes={})

    assert list(refused.value.message_dict) == ["value.water"]
    assert "gas" in strange.value.messages[0]
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("now", "before", "unusual"),
    [("150", "100", False), ("150.0001", "100", True), ("50", "100", False), ("49.9999", "100", True),
     ("0", "100", True), ("1", "0", True), ("0", "0", False), ("5", None, False), (None, "5", False)],
)  # fmt: skip
def test_more_than_half_away_is_unusual(now, before, unusual):
    made = [None if text is None else Decimal(text) for text in (now, before)]

    assert plausibility.unusual(*made) is unusual


def test_an_unusual_value_needs_a_word(act):
    older, newer = make.dues(act, make.request(act, valid_from=timezone.localdate() - 62 * DAY))[:2]
    assert newer.first == older.last + DAY
    make.handed_in(act, older)

    with pytest.raises(ValidationError) as refused:
        DUES.move(newer, "hand_in", act.max, values=values(newer, power=1501, water=50), notes={"power": " "})
    row = DUES.move(newer, "hand_in", act.max, values=values(newer, power=1501, water=50), notes={"power": "扩建"})

    assert list(refused.value.message_dict) == ["note.power"]
    assert row.notes == {"power": "扩建"}


def test_the_office_sends_back_with_words_and_accepts_what_is_right(act):
    due = make.handed_in(act)
    first = due.handed_in_at
    until = timezone.localdate() + 2 * DAY

    back = DUES.move(due, "send_back", act.kim, reason="少了一个院区", due_on=until)
    again = make.handed_in(act, back, power=1100)
    done = DUES.move(again, "accept", act.kim)

    assert (back.state, back.due_on, back.times_returned) == ("returned", until, 1)
    assert again.handed_in_at == first
    assert done.state == "accepted" and done.accepted_at
    changed = Event.objects.get(
        subject_id=due.pk, verb="hand_in", subject="indicators.returndue", data__has_key="values", source="returned"
    )
    assert changed.data["values"] == [["power", "1000.0000", "1100.0000"]]
    assert Notice.objects.filter(user=act.max, verb="send_back").exists()


def test_a_correction_after_acceptance_keeps_both_values_and_tells_the_office(act):
    done = DUES.move(make.handed_in(act), "accept", act.kim)

    row = DUES.move(done, "correct", act.max, values=values(done, power=1200, water=None), notes={}, reason="电表读错")

    event = Event.objects.get(subject_id=row.pk, subject="indicators.returndue", verb="correct")
    assert (row.state, row.times_corrected) == ("handed", 1)
    assert event.data["values"] == [["power", "1000.0000", "1200.0000"], ["water", "50.0000", None]]
    assert event.data["after_acceptance"] and event.data["reason"] == "电表读错"
    assert Notice.objects.filter(user=act.kim, verb="correct").exists()
    with pytest.raises(ValidationError):
        DUES.move(row, "correct", act.max, values=values(row, power=1200, water=None), notes={}, reason="x")


def test_a_file_that_changes_what_was_accepted_is_noted_at_the_form(act):
    done = DUES.move(make.handed_in(act), "accept", act.kim)
    mapping = {"code": "code", "quantities": {"power": {"column": "power"}}}

    file = domain.hand_in(
        act.kim, act.consortium, content=b"code,power\nA,990\n", name="late.csv", mapping=mapping,
        first=done.first, last=done.last,
    )  # fmt: skip
    domain.take_in(act.kim, file)
    domain.take_in(
        act.kim,
        domain.hand_in(
            act.kim, act.consortium, content=b"code,power\nA,990\n", name="again.csv", mapping=mapping,
            first=done.first, last=done.last,
        ),
    )  # fmt: skip

    event = Event.objects.get(subject_id=done.pk, subject="indicators.returndue", verb="corrected")
    assert event.data == {"values": [["power", "1000.0000", "990.0000"]], "file": "late.csv", "after_acceptance": True}


def test_another_person_goes_on_and_two_at_once_do_not_lose_each_others_words(act):
    due = make.dues(act)[0]
    kept = requests.keep_draft(act.max, due, {"value.power": "7"}, "")

    with pytest.raises(ValidationError) as stale:
        requests.keep_draft(act.ada, due, {"value.power": "8"}, "")
    goes_on = requests.keep_draft(act.ada, due, {"value.power": "9"}, kept.draft["at"])

    assert stale.value.code == "stale" and "Max" in stale.value.messages[0]
    assert goes_on.draft["typed"] == {"value.power": "9"}
    assert make.handed_in(act, due).draft == {}


def test_a_person_is_given_the_form_and_hears_alone_from_then_on(act):
    due = make.dues(act)[0]

    row = requests.assign(act.max, due, person=act.ada)
    with pytest.raises(ValidationError):
        requests.assign(act.max, row, person=act.rita)
    later = requests.make_due([act.a.hospital], row.last + 40 * DAY)

    assert later >= 1
    newest = ReturnDue.objects.filter(hospital=act.a.id).latest("first")
    assert newest.person_id == act.ada.pk
    assert Notice.objects.filter(user=act.ada, verb="assigned").count() == 1
    assert set(Notice.objects.filter(subject_id=newest.pk, verb="asked").values_list("user", flat=True)) == {act.ada.pk}


def test_reminders_come_before_on_and_after_the_day_then_the_levels_hear_once(act):
    due = make.dues(act)[0]
    last = due.due_on

    heard = {}
    for days in (-4, -3, -3, 0, 1, 2, 3, 7, 30):
        reminding.watch(act.a.hospital, last + days * DAY)
        events = Event.objects.filter(subject_id=due.pk, subject="indicators.returndue", verb="escalated")
        heard[days] = [data["level"] for data in events.order_by("id").values_list("data", flat=True)]

    assert heard[-4] == [] and heard[-3] == ["soon"] and heard[0] == ["soon", "today"]
    assert heard[2] == ["soon", "today", "late"]
    assert heard[3][3:] == ["manager"] and heard[7][3:] == heard[30][3:] == ["manager", "office"]
    assert Notice.objects.filter(user=act.kim, verb="escalated").count() == 1


def test_who_has_handed_in_is_not_reminded(act):
    due = make.handed_in(act)

    assert reminding.watch(act.a.hospital, due.due_on + 30 * DAY) == 0


def test_the_office_reminds_once_a_day(act):
    asked = make.request(act)
    rows = make.dues(act, asked)

    assert requests.remind(act.kim, asked, rows) == 2
    assert requests.remind(act.kim, asked, rows) == 0
    with pytest.raises(PermissionDenied):
        requests.remind(act.max, asked, rows)


def test_the_figure_counts_what_was_in_on_time_and_complete(act):
    from indicators.kpis import IN_TIME

    asked = make.request(act, valid_from=timezone.localdate() - 125 * DAY)
    rows = [due for due in make.dues(act, asked) if due.hospital_id == act.a.id]
    right, late, unknown, _open = (row for row in rows[:4])
    make.handed_in(act, right)
    make.handed_in(act, unknown, water=None)
    ReturnDue.objects.filter(pk=make.handed_in(act, late).pk).update(due_on=timezone.localdate() - DAY)

    assert list(ReturnDue.objects.filter(IN_TIME)) == [right]


def test_a_second_request_of_the_same_name_is_refused_by_its_field(act):
    first = make.request(act)

    with pytest.raises(ValidationError) as told:
        make.request(act)

    assert list(told.value.error_dict) == ["name"]
    line = Line(Quantity.objects.get(key="power"))
    assert requests.arrange(act.kim, first, [line], name=first.name).pk == first.pk  # changing it is no second one


def test_a_quantity_named_twice_is_asked_once(act):
    power = Quantity.objects.get_or_create(
        consortium=act.consortium, key="power", defaults={"name": "用电量", "unit": "kWh"}
    )[0]
    lines = [
        Line(power, "抄表"),
        Line(None, "", "氧气", "m³"),
        Line(None, "再次", "氧气 ", "m³"),
        Line(None, "", "用电量", "kWh"),
    ]
    facts = {"name": "能耗", "rhythm": "month", "valid_from": timezone.localdate(), "role": "manager"}
    asked = requests.arrange(act.kim, ReturnRequest(consortium=act.consortium), lines, **facts)

    assert [(line.quantity.name, line.position, line.help) for line in asked.lines.order_by("position")] == [
        ("用电量", 1, "抄表"), ("氧气", 2, ""),
    ]  # fmt: skip
