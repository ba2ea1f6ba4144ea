"""Large workbooks: every row once, whoever is killed on the way; nothing for who may no longer see; one file for one person."""

import io
import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from exchange import exports, sheets, tasks
from exchange.lists import Export, ExportPart
from notices.models import Notice
from tenancy.models import Grant, Unit
from tenancy.scope import scope, scope_of
from ui import listing
from ui.listing import Asker, Listing, list_of

MANY = 1_207


def fill(world, count=MANY, site=None):
    site = site or world.a
    with scope([site.id]):
        rows = (
            Unit(hospital=site.hospital, code=f"N{n:05}", name=f"=1+{n}" if n % 2 else f"科 {n}") for n in range(count)
        )
        Unit.objects.bulk_create(rows)


def ask(user, query="", columns=(), hospital=None):
    with scope_of(user):
        return exports.ask(
            user, Listing(list_of("administration:unit"), Asker(user, hospital), QueryDict(query), columns)
        )


def run(export, **how):
    exports.run(list(export.hospitals), export.pk, **how)
    with scope(export.hospitals):
        export.refresh_from_db()
    return export


def rows_of(export):
    with scope(export.hospitals):
        content = exports.file_of(export).read()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(exports, "PART", 100)


@pytest.mark.django_db
def test_large_list_is_written_in_the_background_and_holds_every_row_once(client, world, small_parts):
    fill(world)
    client.force_login(world.ada)

    answer = client.get("/office/units/?export=xlsx&standing=open")
    assert answer["Location"] == "/lists/administration-unit/workbook/?standing=open"
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r"1\D?209<", page)
    place = client.post(answer["Location"])["Location"]
    with scope([world.a.id]):
        export = Export.objects.get(asked_by=world.ada)
    run(export)

    assert place == f"/lists/files/{export.pk}/"
    (sheet,) = rows_of(export)
    codes = [*(f"N{n:05}" for n in range(MANY)), "W1", "W2"]
    assert [row[1] for row in sheet[1:]] == codes  # as on the page: by code
    assert "/file/" in client.get(place).content.decode()
    answer = client.get(f"{place}file/")
    assert answer["Content-Disposition"].startswith('attachment; filename="unit-')
    cells = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows())
    assert {cell.data_type for row in cells for cell in row} <= {"s", "inlineStr", "n", "d"}  # nothing is a formula
    assert cells[2][0].value == "=1+1"


@pytest.mark.django_db
def test_small_list_comes_at_once_and_the_next_row_makes_it_wait(client, world):
    fill(world, 997)
    client.force_login(world.ada)
    with scope([world.a.id]):
        count = Unit.objects.count()
        Unit.objects.bulk_create(Unit(hospital=world.a.hospital, code=f"M{n}", name="x") for n in range(1000 - count))

    assert client.get("/office/units/?export=xlsx").status_code == 200
    with scope([world.a.id]):
        Unit.objects.create(hospital=world.a.hospital, code="L", name="one more")
    assert client.get("/office/units/?export=xlsx").status_code == 302


@pytest.mark.django_db
def test_each_task_goes_on_where_the_last_one_stopped(world, small_parts):
    fill(world, 250)
    export, states = ask(world.ada), []

    for _ in range(20):
        run(export, budget=-1)
        states.append((export.state, export.done))
        if export.state == "done":
            break

    assert states == [
        ("queued", 0),
        ("queued", 100),
        ("queued", 200),
        ("queued", 252),
        ("done", 252),
    ]
    assert len(rows_of(export)[0]) == 253


@pytest.mark.django_db
def test_killed_worker_leaves_nothing_twice(world, small_parts):
    fill(world, 250)
    export = ask(world.ada)
    with scope(export.hospitals):
        exports._claim(export.pk, "killed")
    for _ in range(2):  # it counts, it writes one part, and then it is killed
        exports._step(world.ada.pk, export.pk, "killed")

    run(export)
    assert (export.state, export.done) == ("running", 100)  # somebody is at work, for all one knows
    with scope(export.hospitals):
        Export.objects.update(beat_at=timezone.now() - timedelta(minutes=4))
    tasks.run_waiting_exports()

    with scope(export.hospitals):
        export.refresh_from_db()
        assert export.state == "done"
    assert len({row[1] for row in rows_of(export)[0][1:]}) == len(rows_of(export)[0]) - 1 == 252
    with pytest.raises(exports.Over):
        exports._step(world.ada.pk, export.pk, "killed")  # it was only slow
    with scope(export.hospitals):
        assert not ExportPart.objects.filter(is_file=False).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_file(world, small_parts):
    fill(world, 1_050)
    export = ask(world.ada)

    def work():
        try:
            exports.run(list(export.hospitals), export.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with scope(export.hospitals):
        export.refresh_from_db()
        assert (export.state, export.done) == ("done", 1_052)
        assert Notice.objects.filter(user=world.ada, verb="exported").count() == 1
    assert len(rows_of(export)[0]) == 1_053


@pytest.mark.django_db
def test_who_may_no_longer_see_gets_nothing_more(world, small_parts):
    fill(world, 250)
    export = ask(world.ada)
    run(export, budget=-1)
    run(export, budget=-1)
    assert export.done == 100
    yesterday = timezone.localdate() - timedelta(days=1)
    Grant.objects.filter(user=world.ada).update(starts_on=yesterday, ends_on=yesterday)

    run(export)

    assert export.state == "failed" and export.error
    with scope([world.a.id]):
        assert not ExportPart.objects.exists()


@pytest.mark.django_db
def test_who_lost_one_of_two_hospitals_no_longer_reaches_the_file(client, world, small_parts):
    fill(world, 60)
    fill(world, 60, world.b)
    export = run(ask(world.kim))
    assert (export.state, export.done, sorted(export.hospitals)) == ("done", 124, [world.a.id, world.b.id])
    client.force_login(world.kim)
    assert client.get(f"/lists/files/{export.pk}/file/").status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    grant = Grant.objects.filter(user=world.kim).first()
    Grant.objects.filter(user=world.kim).update(starts_on=yesterday, ends_on=yesterday)
    Grant.objects.create(user=world.kim, role=grant.role, hospital=world.a.hospital)

    assert client.get("/office/units/").status_code == 200
    assert client.get(f"/lists/files/{export.pk}/file/").status_code == 404
    assert client.get(f"/lists/files/{export.pk}/").status_code == 404


@pytest.mark.django_db
def test_file_is_for_the_one_who_asked_and_for_seven_days(client, world, small_parts):
    export = run(ask(world.ada))

    for somebody in (world.max, world.ada_b, world.kim, world.olga):
        client.force_login(somebody)
        for page in ("", "progress/", "file/"):
            assert client.get(f"/lists/files/{export.pk}/{page}").status_code == 404
    client.force_login(world.ada)
    assert client.get(f"/lists/files/{export.pk}/file/").status_code == 200
    assert str(export.pk) in client.get("/lists/files/").content.decode()

    exports.clear(timezone.now() + timedelta(days=6, hours=23))
    assert client.get(f"/lists/files/{export.pk}/file/").status_code == 200
    exports.clear(timezone.now() + timedelta(days=7, minutes=1))
    assert client.get(f"/lists/files/{export.pk}/").status_code == 404
    with scope([world.a.id]):
        assert not ExportPart.objects.exists()


@pytest.mark.django_db
def test_bell_tells_who_asked_and_leads_to_the_file(client, world):
    export = run(ask(world.ada))

    with scope([world.a.id]):
        notice = Notice.objects.get(subject="exchange.export")
    assert (notice.user_id, notice.url) == (world.ada.pk, f"/lists/files/{export.pk}/")


@pytest.mark.django_db
def test_columns_and_order_of_the_list_are_those_of_the_file(world, small_parts):
    fill(world, 120)
    export = run(ask(world.ada, "sort=-code&kind=clinical", columns=["code", "name", "phone"]))

    (sheet,) = rows_of(export)
    assert sheet[0] == ["编码", "名称", "分机号"]
    assert [row[0] for row in sheet[1:]] == ["W2", "W1", *(f"N{n:05}" for n in reversed(range(120)))]


@pytest.mark.django_db
def test_second_tap_asks_for_nothing_new_and_nobody_asks_for_everything_at_once(world):
    first = ask(world.ada)
    assert ask(world.ada).pk == first.pk
    ask(world.ada, "search=1")
    ask(world.ada, "search=2")
    with pytest.raises(exports.ValidationError):
        ask(world.ada, "search=3")


@pytest.mark.django_db
def test_rows_beyond_one_sheet_stand_on_the_next(world, monkeypatch):
    monkeypatch.setattr(exports, "PART", 40)
    monkeypatch.setattr(sheets, "PER_SHEET", 100)
    fill(world, 250)

    found = rows_of(run(ask(world.ada)))

    assert [len(sheet) for sheet in found] == [101, 101, 53]
    assert [row[1] for sheet in found for row in sheet[1:]] == [*(f"N{n:05}" for n in range(250)), "W1", "W2"]
    assert found[0][0] == found[1][0] == found[2][0]


@pytest.mark.django_db
def test_days_times_and_money_keep_their_kinds_in_every_part(world):
    day, moment = timezone.localdate(), timezone.now().replace(microsecond=0)
    packed, widths = sheets.piece(["a", "b", "c"], [["x", 1, None], [day, moment, exports_amount()]], 0)
    again, _ = sheets.piece(["a", "b", "c"], [[exports_amount(), day, timedelta(hours=30)]], 2)
    out = io.BytesIO()

    sheets.pour(out, "T", ["a", "b", "c"], 3, widths, lambda sheet: iter([packed, again]))

    cells = list(load_workbook(io.BytesIO(out.getvalue())).active.iter_rows(min_row=2))
    local = timezone.localtime(moment).replace(tzinfo=None)
    assert [cell.value for cell in cells[1]][1:] == [local, 12.5] and cells[1][0].value.date() == day
    assert cells[2][1].value.date() == day and cells[2][1].number_format == cells[1][0].number_format == "yyyy-mm-dd"
    assert cells[2][0].number_format == "0.00" and cells[2][2].number_format == "[h]:mm:ss"


def exports_amount():
    from decimal import Decimal

    return Decimal("12.50")


def test_every_list_says_its_columns_apart():
    list_of("administration:unit")
    for crud in listing._lists.values():
        keys = [column.key for column in crud.table.columns]
        assert len(keys) == len(set(keys)), crud.name
