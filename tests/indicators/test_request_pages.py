"""The pages: Kim arranges a request and watches who is late; Max opens the form from a notice, on whatever he has at hand."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from flow.models import Event
from indicators import due_sheets
from indicators.machine import DUES
from indicators.models import Quantity, Return, ReturnDue, ReturnRequest
from notices.models import Notice
from tenancy.scope import scope
from tests.factories import requests as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ROOT = "/indicators"


@pytest.fixture
def due(world):
    """October of hospital A, say, after a month with 1,000 kWh and 50 m³."""
    with scope(world.hospitals()):
        older, newer = make.dues(world, make.request(world, valid_from=timezone.localdate() - 62 * DAY))[:2]
        make.handed_in(world, older)
        return newer


def page(due):
    return f"{ROOT}/due/{due.pk}/"


def answer(**more):
    return {"value.power": "1,100", "value.water": "60", **more}


def fresh(world, due):
    with scope(world.hospitals()):
        return ReturnDue.objects.select_related("request", "hospital").get(pk=due.pk)


def test_the_notice_opens_the_form_with_what_stood_there_before(client, world, due):
    client.force_login(world.max)
    with scope(world.hospitals()):
        notice = Notice.objects.get(user=world.max, subject_id=due.pk, verb="asked")

    opened = client.get(f"/notices/{notice.pk}/", follow=True)

    assert opened.redirect_chain[-1][0] == page(due)
    text = opened.content.decode()
    assert "用电量" in text and "kWh" in text and 'data-before="1000.0000"' in text and "抄表 用电量" in text


def test_handing_in_twice_with_one_key_counts_once(client, world, due):
    client.force_login(world.max)
    key = "0b2f1a44-7d39-4b51-9a36-1ad1ac3e6a01"

    first = client.post(page(due), answer(form_key=key))
    second = client.post(page(due), answer(form_key=key))

    assert first.status_code == second.status_code == 303 and first.url == second.url == page(due)
    row = fresh(world, due)
    with scope(world.hospitals()):
        assert dict(Return.objects.filter(due=row).values_list("quantity__key", "value")) == {
            "power": Decimal(1100), "water": Decimal(60),
        }  # fmt: skip
        assert Event.objects.filter(subject_id=due.pk, subject="indicators.returndue", verb="hand_in").count() == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"value.power": "much"}, "value.power"),
        ({"value.power": "-1"}, "value.power"),
        ({"value.power": ""}, "value.power"),
        ({"value.power": "5", "unknown.power": "on"}, "value.power"),
        ({"value.power": "1501"}, "note.power"),
        ({"value.power": "0"}, "note.power"),
        ({"value.power": "1501", "note.power": "x" * 201}, "note.power"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_the_words_stay(client, world, due, given, told):
    client.force_login(world.max)

    refused = client.post(page(due), {**answer(), **given})

    assert refused.status_code == 422
    text = refused.content.decode()
    assert f'id="id_{told}_error"' in text and 'value="60"' in text
    assert fresh(world, due).state == "open"


def test_not_known_is_a_choice_and_no_zero(client, world, due):
    client.force_login(world.max)

    client.post(page(due), {"value.power": "0", "note.power": "停用", "unknown.water": "on"})

    row = fresh(world, due)
    text = client.get(page(due)).content.decode()
    assert (row.state, row.unknown) == ("handed", ["water"])
    assert "停用" in text
    with scope(world.hospitals()):
        assert list(Return.objects.filter(due=row).values_list("quantity__key", "value")) == [("power", Decimal(0))]


def test_a_draft_is_kept_by_script_and_another_goes_on(client, world, due):
    client.force_login(world.max)
    kept = client.post(f"{page(due)}draft/", {"value.power": "7"}, headers={"accept": "application/json"})
    client.force_login(world.ada)

    text = client.get(page(due)).content.decode()
    lost = client.post(f"{page(due)}draft/", {"value.power": "8"}, headers={"accept": "application/json"})
    right = client.post(f"{page(due)}draft/", {"value.power": "9", "seen": kept.json()["seen"]})

    assert 'value="7"' in text and "Max" in text and kept.json()["seen"] in text
    assert lost.status_code == 409 and "Max" in lost.json()["why"]
    assert right.status_code == 303 and 'value="9"' in client.get(page(due)).content.decode()


def test_who_only_reads_sees_what_was_handed_in_and_cannot_write(client, world, due):
    client.force_login(world.audrey)

    assert client.get(page(due)).status_code == 200
    for path in ("", "draft/", "sheet/", "assign/"):
        assert client.post(f"{page(due)}{path}", answer()).status_code == 403
    assert client.get(f"{page(due)}sheet/").status_code == 403
    client.force_login(world.max_b)
    assert client.get(page(due)).status_code == 404


def sheet_of(client, due):
    return load_workbook(io.BytesIO(client.get(f"{page(due)}sheet/").content))


def send(client, due, book, name="form.xlsx"):
    out = io.BytesIO()
    book.save(out)
    return client.post(f"{page(due)}sheet/", {"file": SimpleUploadedFile(name, out.getvalue())}, follow=True)


def column(book, title):
    return next(cell.column for cell in book.active[1] if cell.value == title)


def test_the_template_filled_in_comes_back_as_a_draft(client, world, due):
    client.force_login(world.max)
    book = sheet_of(client, due)
    sheet = book.active
    value = next(cell.column for cell in sheet[1] if cell.value in ("Value", "数值", "值"))
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["power", "water"]
    sheet.cell(2, value).value = 1234.5
    sheet.cell(3, value).value = "Not known"

    shown = send(client, due, book)

    text = shown.content.decode()
    assert shown.redirect_chain and 'value="1234.5"' in text and 'name="unknown.water"' in text
    assert fresh(world, due).draft["typed"] == {"value.power": "1234.5", "unknown.water": "on"}


def test_bad_cells_of_the_template_are_named_and_nothing_is_taken(client, world, due):
    client.force_login(world.max)
    book = sheet_of(client, due)
    sheet = book.active
    value = next(cell.column for cell in sheet[1] if cell.value in ("Value", "数值", "值"))
    sheet.cell(2, value).value = "lots"
    sheet.cell(3, 1).value = "gas"

    refused = send(client, due, book)

    text = refused.content.decode()
    assert refused.status_code == 422
    assert sheet.cell(2, value).coordinate in text and "A3" in text and "lots" in text and "用水量" in text
    assert fresh(world, due).draft == {}


def test_another_periods_template_a_lost_column_and_a_broken_file_are_refused(client, world, due):
    client.force_login(world.max)
    other, lost = sheet_of(client, due), sheet_of(client, due)
    other.active.title = "A 20200101-20200131"
    value = next(cell.column for cell in lost.active[1] if cell.value in ("Value", "数值", "值"))
    lost.active.cell(1, value).value = "Values"

    assert "A 20200101-20200131" in send(client, due, other).content.decode()
    assert send(client, due, lost).status_code == 422
    broken = client.post(f"{page(due)}sheet/", {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04rubbish")})
    nothing = client.post(f"{page(due)}sheet/", {})

    assert broken.status_code == nothing.status_code == 422
    assert fresh(world, due).draft == {}


def test_the_office_sees_who_is_missing_reminds_accepts_and_sends_back(client, world, due):
    with scope(world.hospitals()):
        make.handed_in(world, due)
        ReturnDue.objects.filter(hospital=world.b.id).update(due_on=timezone.localdate() - 2 * DAY)
    client.force_login(world.kim)
    where = f"{ROOT}/requests/{due.request_id}/?period={due.first}"

    text = client.get(where).content.decode()
    missing = client.get(f"{where}&state=missing").content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{where}&export=xlsx").content)).active
    client.post(f"{ROOT}/requests/{due.request_id}/remind/", {"period": str(due.first)})
    accepted = client.post(f"{page(due)}move/accept/")
    back = client.post(f"{page(due)}move/send_back/", {"reason": "缺东院区", "due_on": timezone.localdate()})

    assert world.a.hospital.name in text and world.b.hospital.name in text
    assert f"{page(due)}" not in missing and world.b.hospital.name in missing
    assert next([cell.value for cell in row][:2] for row in book.iter_rows(min_row=2)) == ["B", world.b.hospital.name]
    assert accepted.status_code == back.status_code == 303
    assert fresh(world, due).state == "returned"
    with scope(world.hospitals()):
        assert Notice.objects.filter(user=world.max_b, verb="reminded").count() == 1
        assert not Notice.objects.filter(user=world.max, verb="reminded").exists()
    client.force_login(world.max)
    assert "缺东院区" in client.get(page(due)).content.decode()


def test_a_correction_after_acceptance_asks_why_and_shows_both_values(client, world, due):
    with scope(world.hospitals()):
        DUES.move(make.handed_in(world, due), "accept", world.kim)
    client.force_login(world.max)

    form = client.get(f"{page(due)}?correct=1").content.decode()
    refused = client.post(page(due), answer(reason=" "))
    late = client.post(page(due), answer())
    client.post(page(due), answer(reason="抄错了"))

    assert 'name="reason"' in form and 'value="1000"' in form
    assert (refused.status_code, late.status_code) == (422, 409)  # a form that stood open says who was faster
    text = client.get(page(due)).content.decode()
    assert "用电量: 1000 → 1100" in text and "power:" not in text and "抄错了" in text
    assert fresh(world, due).times_corrected == 1


def test_of_two_who_correct_at_once_the_second_takes_nothing_back(client, world, due):
    with scope(world.hospitals()):
        make.handed_in(world, due)
    client.force_login(world.max)
    drawn = client.get(f"{page(due)}?correct=1").context["form"]
    seen = {name: drawn[name].value() or "" for name in drawn.fields} | {"unknown.water": "", "unknown.power": ""}

    first = client.post(page(due), {**seen, "value.water": "61", "reason": "水表"})
    second = client.post(page(due), {**seen, "value.power": "1,100", "reason": "电表"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert 'value="1,100"' in second.content.decode()  # what was typed is still there
    with scope(world.hospitals()):
        values = dict(
            Return.objects.filter(hospital=due.hospital_id, first=due.first).values_list("quantity__key", "value")
        )
    assert (values["power"], values["water"]) == (Decimal(1000), Decimal(61))


def test_the_office_writes_a_request_with_new_quantities_and_those_of_the_library(client, world):
    client.force_login(world.kim)
    facts = {
        "name": "后勤季报", "rhythm": "quarter", "begins": "01-01", "due_days": "10", "role": "manager", "audience": "all",
        "valid_from": str(timezone.localdate()), "new_name.0": "蒸汽", "new_unit.0": "t", "new_help.0": "锅炉房",
        "place.water_m3": "1",
    }  # fmt: skip

    assert client.post(f"{ROOT}/requests/new/", {**facts, "audience": "group"}).status_code == 422
    made = client.post(f"{ROOT}/requests/new/", facts)
    changed = client.get(f"{made.url}edit/").content.decode()

    with scope(world.hospitals()):
        request = ReturnRequest.objects.get(name="后勤季报")
        assert [line.quantity.key for line in request.lines.all()] == ["water_m3", "q2"]
        assert Quantity.objects.get(key="water_m3").unit == "立方米"  # stored in the language of most readers
    assert made.url == f"{ROOT}/requests/{request.pk}/" and "锅炉房" in changed


def test_a_hospitals_people_ask_nobody(client, world, due):
    for who in (world.max, world.ada):
        client.force_login(who)
        assert client.get(f"{ROOT}/requests/new/").status_code == 403
        assert client.get(f"{ROOT}/requests/{due.request_id}/").status_code == 404
        assert client.post(f"{ROOT}/requests/{due.request_id}/remind/", {"due": due.pk}).status_code == 404
        assert client.post(f"{page(due)}move/accept/").status_code in (403, 409)


def test_pages_cost_the_same_for_two_hospitals_and_many(client, world, due):
    client.force_login(world.kim)
    where = f"{ROOT}/requests/{due.request_id}/"
    client.get(where)
    with CaptureQueriesContext(
        connection,
    ) as some:
        client.get(where)
    with scope(world.hospitals()):
        make.dues(world, due.request, today=timezone.localdate() + 200 * DAY)
    with CaptureQueriesContext(connection) as more:
        client.get(where)

    assert len(more) == len(some) <= 14


def test_the_menu_leads_the_office_to_its_requests_and_a_hospital_to_its_forms(client, world, due):
    client.force_login(world.kim)
    office = client.get(f"{ROOT}/due/").content.decode()
    client.force_login(world.ada)
    hospital = client.get(f"{ROOT}/due/").content.decode()

    assert f'href="{ROOT}/requests/"' in office and f'href="{ROOT}/due/"' in office
    assert f'href="{ROOT}/requests/"' not in hospital and f'href="{ROOT}/due/"' in hospital


@pytest.mark.parametrize("typed", [{"value.power": "1\x002"}, {"value.\x00": "12", "value.power": "12"}])
def test_a_draft_keeps_nothing_but_what_the_form_asks_and_the_database_can_hold(client, world, due, typed):
    client.force_login(world.max)

    kept = client.post(
        f"{page(due)}draft/", {**typed, "value.nobody_asked": "1"}, headers={"accept": "application/json"}
    )

    assert kept.status_code == 200
    assert fresh(world, due).draft["typed"] == {"value.power": "12"}


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "编码"), ("zh-hant", "編碼")])
def test_template_names_the_key_by_our_word_and_no_other_package_s(language, word):
    with translation.override(language):
        assert due_sheets.heads()["key"] == word
